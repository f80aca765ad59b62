"""What is drawn: every account as a mark, every connection as a line, all of it frozen values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from graphcrawl.graph import ConnectionGraph, Found
from graphcrawl.graph.own import Own
from graphcrawl.map.added import Column, added_to, columns_of
from graphcrawl.map.city import build
from graphcrawl.map.groups import Cluster, Owner, clusters_of, owners_of
from graphcrawl.map.layout import Layout, arrange
from graphcrawl.map.marks import Line, Mark, Telling, lines_of, mark_of, radius_of, shares
from graphcrawl.map.options import Arrangement, Color, MapOptions, Size
from graphcrawl.map.portrait import portray
from graphcrawl.map.rings import Ring
from graphcrawl.map.shades import Shading, shade
from graphcrawl.map.words import LONGEST_TEXT, MEANINGS, NOTICES, Heading, readable
from graphcrawl.model import Origin

ALL_LABELLED: Final = 150
"""Up to this many accounts each gets room for its own label."""

_TELLING: Final = 5
"""Accounts that a cluster needs for its colour to say something."""


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything the page draws and says.

    Attributes
    ----------
    origin : Origin
    notice : str or None
        There when the data did not come from the vendor.
    columns : tuple of Column
        Of users' own: what marks' `added.values` are indices of.
    shading : Shading or None
        What colours tell of one of them, if they can.
    color : Color
        What colours tell at first; never ``auto``.
    city : bool
        Whether clusters decide where marks lie, and are drawn as places.
    command : str
        The command that asks an account, with ``ACCOUNT`` where its name or ID goes.
    left_out : tuple of str
        Sentences about what the graph holds and the page does not draw.
    """

    heading: Heading
    origin: Origin
    notice: str | None
    meaning: str
    marks: tuple[Mark, ...]
    lines: tuple[Line, ...]
    rings: tuple[Ring, ...]
    clusters: tuple[Cluster, ...]
    owners: tuple[Owner, ...]
    columns: tuple[Column, ...]
    shading: Shading | None
    labelled: bool
    size: Size
    color: Color
    city: bool
    command: str
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """Where accounts lie, what groups them, and what colours tell; as in `Scene`.

    Attributes
    ----------
    radii : tuple of float
        Map units, in the order of the nodes, as are `layout.points` and, unless it is empty,
        `tellings`.
    """

    clusters: tuple[Cluster, ...]
    owners: tuple[Owner, ...]
    radii: tuple[float, ...]
    layout: Layout
    tellings: Sequence[Telling]
    labelled: bool
    city: bool
    color: Color


def placed(graph: ConnectionGraph, found: Found, options: MapOptions) -> Placed:
    """Decide where a graph's accounts lie and what their colours tell, and make no mark of them."""
    clusters, owners = clusters_of(graph, found), owners_of(graph, found)
    city = _is_city(options.layout, clusters, len(graph.nodes))
    labelled = len(graph.nodes) <= ALL_LABELLED and not city
    radii = tuple(radius_of(share, labelled=labelled) for share in shares(graph, options.size))
    layout, tellings = _laid_out(graph, radii, clusters, owners, city=city, labelled=labelled)
    color = _color(options, clusters, city=city)
    return Placed(clusters, owners, radii, layout, tellings, labelled, city, color)


def compose(
    graph: ConnectionGraph,
    *,
    heading: Heading,
    found: Found | None = None,
    options: MapOptions | None = None,
    left_out: Iterable[str] = (),
    own: Own | None = None,
    like: Shading | None = None,
) -> Scene:
    """Decide what a graph's page draws and says.

    Parameters
    ----------
    graph : ConnectionGraph
    heading : Heading
        As `describe` makes it; its text is made readable once more.
    found : Found or None
        Clusters and owners; what of them is not in the graph is not drawn.
    options : MapOptions or None
        How it is drawn; what is drawn was chosen before.
    left_out : iterable of str
        Sentences about what is not in this graph and would be, but for a choice.
    own : Own or None
        What users added to its accounts.
    like : Shading or None
        Of another view on the same page, whose colours mean the same here.

    Raises
    ------
    InputError
        If colours are to tell of a column that is not there.
    """
    found, options, own = found or Found(), options or MapOptions(), own or Own()
    lie = placed(graph, found, options)
    shading = _shading(graph, options, own, like)
    demo = " --demo" if graph.origin is Origin.SIMULATED else ""
    return Scene(
        heading=Heading(readable(heading.title), readable(heading.sentence, 2 * LONGEST_TEXT)),
        origin=graph.origin,
        notice=NOTICES.get(graph.origin),
        meaning=MEANINGS[graph.origin],
        marks=_with_added(_marks(graph, lie), own, shading),
        lines=tuple(lines_of(graph)),
        rings=lie.layout.rings if any(node.depth is not None for node in graph.nodes) else (),
        clusters=lie.clusters,
        owners=lie.owners,
        columns=columns_of(own),
        shading=shading,
        labelled=lie.labelled,
        size=options.size,
        color=lie.color,
        city=lie.city,
        command=f"graphcrawl seed ACCOUNT --depth 1{demo}",
        left_out=tuple(readable(sentence, 2 * LONGEST_TEXT) for sentence in left_out),
    )


def _laid_out(
    graph: ConnectionGraph,
    radii: Sequence[float],
    clusters: Sequence[Cluster],
    owners: Sequence[Owner],
    *,
    city: bool,
    labelled: bool,
) -> tuple[Layout, Sequence[Telling]]:
    if city:
        return build(graph, radii, clusters), ()
    return portray(graph, radii, owners) if labelled else (arrange(graph, radii), ())


def _is_city(layout: Arrangement, clusters: Sequence[Cluster], accounts: int) -> bool:
    if layout == Arrangement.AUTO:
        return bool(clusters) and accounts > ALL_LABELLED
    return bool(clusters) and layout == Arrangement.CLUSTERS


def _color(options: MapOptions, clusters: Sequence[Cluster], *, city: bool) -> Color:
    if options.column is not None and options.color in (Color.AUTO, Color.OWN):
        return Color.OWN
    if not clusters:
        return Color.NETWORK
    if options.color != Color.AUTO:
        return options.color
    telling = sum(len(one.members) >= _TELLING for one in clusters) > 1
    return Color.CLUSTER if city or telling else Color.NETWORK


def _marks(graph: ConnectionGraph, lie: Placed) -> tuple[Mark, ...]:
    cluster, owner = membership(lie.clusters), membership(lie.owners)
    marks = (
        mark_of(node, point, radius, graph.origin)
        for node, point, radius in zip(graph.nodes, lie.layout.points, lie.radii, strict=True)
    )
    return tuple(
        replace(
            mark,
            cluster=cluster.get(at),
            owner=owner.get(at),
            telling=lie.tellings[at] if lie.tellings else Telling.ALL,
        )
        for at, mark in enumerate(marks)
    )


def _shading(
    graph: ConnectionGraph, options: MapOptions, own: Own, like: Shading | None
) -> Shading | None:
    if options.column is None:
        return None
    return shade(own, options.column, (node.id for node in graph.nodes), like=like)


def _with_added(marks: tuple[Mark, ...], own: Own, shading: Shading | None) -> tuple[Mark, ...]:
    if own == Own():
        return marks
    shades = shading.of if shading else {}
    return tuple(
        replace(mark, added=added_to(own, mark.id), shade=shades.get(mark.id)) for mark in marks
    )


def membership(groups: Sequence[Cluster | Owner]) -> Mapping[int, int]:
    """Give, by indices of marks, which of the groups they are in."""
    return {member: at for at, group in enumerate(groups) for member in group.members}
