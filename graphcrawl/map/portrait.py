"""A small map: every account has room for its label, and an owner's accounts share a hull."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

from graphcrawl.graph import ConnectionGraph, Node
from graphcrawl.map.groups import Owner
from graphcrawl.map.items import Hull, hull_name_size, label_size
from graphcrawl.map.layout import Layout, arrange
from graphcrawl.map.marks import Telling, label_of, name_of
from graphcrawl.map.nearness import hops, islands, neighbours
from graphcrawl.map.spacing import Point
from graphcrawl.wording import plural

LABEL_SCALE: Final = 0.6
"""Pixels of the screen for a map unit, at which labels are to have room. A crowd is shown smaller
than that, and the page then cuts labels short; marks keep their share of the room."""


def portray(
    graph: ConnectionGraph, radii: Sequence[float], owners: Sequence[Owner]
) -> tuple[Layout, list[Telling]]:
    """Lay out a small graph, and say what each account's label has to tell.

    Parameters
    ----------
    graph : ConnectionGraph
    radii : sequence of float
        Each node's radius, in map units.
    owners : sequence of Owner

    Returns
    -------
    layout : Layout
    tellings : list of Telling
        In the order of the nodes.
    """
    tellings = _tellings(graph, owners)
    labels = [
        _scaled(label_size(label_of(node, telling)))
        for node, telling in zip(graph.nodes, tellings, strict=True)
    ]
    hulls = [
        Hull(owner.members, _scaled(hull_name_size([" ".join(row) for row in hull_name(owner)])))
        for owner in owners
    ]
    return arrange(graph, radii, labels, hulls=hulls), tellings


def hull_name(owner: Owner) -> tuple[tuple[str, ...], ...]:
    """Return the rows above an owner's hull, in parts: ``NASA``, ``· 3 networks``; ``@nasa``."""
    first = (owner.name, f"· {plural(owner.networks, 'network')}")
    return (first, (f"@{owner.username}",)) if owner.username else (first,)


def _scaled(size: Point) -> Point:
    return size[0] / LABEL_SCALE, size[1] / LABEL_SCALE


def _tellings(graph: ConnectionGraph, owners: Sequence[Owner]) -> list[Telling]:
    tellings = [Telling.ALL] * len(graph.nodes)
    for owner, member in _side_by_side(graph, owners):
        tellings[member] = _telling(graph.nodes[member], owner)
    return tellings


def _telling(node: Node, owner: Owner) -> Telling:
    if name_of(node) != owner.name or not node.username:
        return Telling.ALL
    return Telling.COUNT if owner.username else Telling.HANDLE


def _side_by_side(graph: ConnectionGraph, owners: Sequence[Owner]) -> Iterator[tuple[Owner, int]]:
    """Yield the accounts that lie beside another one of their owner, on the same ring."""
    near = neighbours(graph)
    depths = hops(graph, near)
    island = {node: at for at, nodes in enumerate(islands(near, depths)) for node in nodes}
    for owner in owners:
        rings: dict[tuple[int, int], list[int]] = defaultdict(list)
        for member in owner.members:
            rings[island[member], depths[member]].append(member)
        for members in rings.values():
            yield from ((owner, member) for member in members if len(members) > 1)
