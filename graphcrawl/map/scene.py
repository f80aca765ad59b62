"""What is drawn: every account as a mark, every connection as a line, all of it frozen values."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from graphcrawl.addresses import profile_url
from graphcrawl.graph import ConnectionGraph, Node
from graphcrawl.map.layout import Ring, arrange
from graphcrawl.map.words import (
    LONGEST_TEXT,
    MEANING,
    SIMULATED,
    Heading,
    Standing,
    readable,
    remark,
    report_state,
    stands,
)
from graphcrawl.model import Certainty, Network, Origin
from graphcrawl.wording import people_count

SHAPES: Final[Mapping[str, str]] = {
    Network.INSTAGRAM.value: "dot",
    Network.YOUTUBE.value: "triangle",
    Network.TWITTER.value: "diamond",
    Network.TIKTOK.value: "square",
    Network.TWITCH.value: "hexagon",
    Network.SNAPCHAT.value: "star",
}
"""vis-network's shape for each network, so that colour is never the only sign."""

OTHER: Final = "other"
OTHER_SHAPE: Final = "triangleDown"

# vis-network's size is half a side, half a diagonal or a radius: these make equal areas.
_EVEN_AREA: Final = {
    "dot": 1.0,
    "triangle": 1.17,
    "triangleDown": 1.17,
    "diamond": 1.25,
    "square": 0.89,
    "hexagon": 1.1,
    "star": 1.3,
}

ALL_LABELLED: Final = 150
"""Up to this many accounts each gets room for its own label."""

_FEWEST, _MOST = 2.0, 8.5  # powers of ten of followers between which the area grows
_LONGEST_NAME: Final = 100


@dataclass(frozen=True, slots=True)
class Mark:
    """One account as it is drawn and told.

    Attributes
    ----------
    id : int
        The node's key.
    x, y, radius : float
        Map units; `radius` is that of a disc of the mark's area.
    kind : str
        The network's name, or ``other``: what colour and shape follow.
    size : float
        `radius` as vis-network wants it for this shape.
    name, username, network, state, remark : str
        Foreign text, made one line and bounded; still markup to be escaped.
    followers : str
        As people read it; a question mark where nobody knows.
    """

    id: int
    x: float
    y: float
    radius: float
    size: float
    kind: str
    shape: str
    standing: Standing
    seed: bool
    name: str
    username: str
    network: str
    followers: str
    state: str
    remark: str
    depth: int | None
    url: str | None


@dataclass(frozen=True, slots=True)
class Line:
    """One connection, or two that answer each other; both ends are indices of marks."""

    source: int
    target: int
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything the page draws and says; `notice` is there when the data is simulated."""

    heading: Heading
    notice: str | None
    meaning: str
    marks: tuple[Mark, ...]
    lines: tuple[Line, ...]
    rings: tuple[Ring, ...]
    labelled: bool


def compose(graph: ConnectionGraph, *, heading: Heading) -> Scene:
    """Decide what a graph's page draws and says.

    Parameters
    ----------
    graph : ConnectionGraph
    heading : Heading
        As `describe` makes it; its text is made readable once more.
    """
    labelled = len(graph.nodes) <= ALL_LABELLED
    radii = [_radius(node, labelled=labelled) for node in graph.nodes]
    layout = arrange(graph, radii, pitch=92.0 if labelled else 5.0)
    simulated = graph.origin == Origin.SIMULATED
    marks = tuple(
        _mark(node, point, radius, linked=not simulated)
        for node, point, radius in zip(graph.nodes, layout.points, radii, strict=True)
    )
    return Scene(
        heading=Heading(readable(heading.title), readable(heading.sentence, 2 * LONGEST_TEXT)),
        notice=SIMULATED if simulated else None,
        meaning=MEANING,
        marks=marks,
        lines=tuple(_lines(graph)),
        rings=layout.rings if any(node.depth is not None for node in graph.nodes) else (),
        labelled=labelled,
    )


def _radius(node: Node, *, labelled: bool) -> float:
    """Let the area grow with the logarithm of the followers: they span eight powers of ten."""
    least, most = (9.0, 27.0) if labelled else (4.5, 16.0)
    power = math.log10(max(node.subscribers_count or 0, 1))
    share = min(max((power - _FEWEST) / (_MOST - _FEWEST), 0.0), 1.0)
    return round(math.sqrt(least * least + share * (most * most - least * least)), 2)


def _mark(node: Node, point: tuple[float, float], radius: float, *, linked: bool) -> Mark:
    kind = node.network if node.network in SHAPES else OTHER
    shape = SHAPES.get(kind, OTHER_SHAPE)
    username = readable(node.username or "", _LONGEST_NAME)
    return Mark(
        id=node.id,
        x=point[0],
        y=point[1],
        radius=radius,
        size=round(radius * _EVEN_AREA[shape], 2),
        kind=kind,
        shape=shape,
        standing=stands(node),
        seed=node.depth == 0,
        name=readable(node.title or "") or username or _nameless(node),
        username=username,
        network=readable(node.network, _LONGEST_NAME),
        followers=people_count(node.subscribers_count),
        state=report_state(node),
        remark=remark(node),
        depth=node.depth,
        # The simulator's names are made up: their profiles would be strangers'.
        url=profile_url(node.network, node.username, node.social_id) if linked else None,
    )


def _nameless(node: Node) -> str:
    return f"id {readable(node.social_id, _LONGEST_NAME)}" if node.social_id else "no name"


def _lines(graph: ConnectionGraph) -> Iterable[Line]:
    """Yield each edge as a line, the two of a mutual pair as one."""
    index = {node.id: at for at, node in enumerate(graph.nodes)}
    drawn: set[tuple[int, int]] = set()
    for edge in graph.edges:
        ends = index[edge.source], index[edge.target]
        if edge.certainty == Certainty.MUTUAL:
            pair = min(ends), max(ends)
            if pair in drawn:
                continue
            drawn.add(pair)
        yield Line(*ends, edge.certainty)
