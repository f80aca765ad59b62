"""Where the map draws accounts, as plain values for programs that draw by themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

from graphcrawl.graph import ConnectionGraph, Found, Node
from graphcrawl.map.groups import COLOURED
from graphcrawl.map.marks import OTHER, SHAPES
from graphcrawl.map.options import Color, MapOptions
from graphcrawl.map.scene import membership, placed
from graphcrawl.map.words import Standing, stands

_COLOUR: Final = re.compile(r"--([\w-]+): #([0-9a-f]{6});")
_PALE: Final = 0.25
"""As in theme.js: how much of its colour an account keeps whose connections are not known."""

Rgb = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Drawn:
    """An account as the map draws it.

    Attributes
    ----------
    x, y, radius : float
        Map units; `y` grows downwards.
    color : (int, int, int)
        Red, green and blue of the light theme, 0-255; pale where its connections are not known.
    """

    x: float
    y: float
    radius: float
    color: Rgb


def drawn(
    graph: ConnectionGraph, found: Found, options: MapOptions | None = None
) -> Iterator[Drawn]:
    """Draw a graph as `draw` does, and give its accounts in the order of its nodes."""
    lie = placed(graph, found, options or MapOptions())
    places = membership(lie.clusters)
    spots = zip(graph.nodes, lie.layout.points, lie.radii, strict=True)
    for at, (node, (x, y), radius) in enumerate(spots):
        hue = _by_cluster(places.get(at)) if lie.color == Color.CLUSTER else _by_network(node)
        yield Drawn(x, y, radius, _dressed(hue, asked=stands(node) == Standing.ASKED))


def _by_network(node: Node) -> str:
    return node.network if node.network in SHAPES else OTHER


def _by_cluster(cluster: int | None) -> str:
    return OTHER if cluster is None or cluster >= COLOURED else f"cluster-{cluster}"


@cache
def _dressed(hue: str, *, asked: bool) -> Rgb:
    color = _palette()[hue]
    return color if asked else _mixed(color, _palette()["paper"])


def _mixed(color: Rgb, paper: Rgb) -> Rgb:
    red, green, blue = (
        round(one * _PALE + other * (1 - _PALE)) for one, other in zip(color, paper, strict=True)
    )
    return red, green, blue


@cache
def _palette() -> Mapping[str, Rgb]:
    """Read the colours where the page has them: in the first rule of its style sheet."""
    style = resources.files("graphcrawl.map").joinpath("assets/map.css").read_text("utf-8")
    return {
        name: (int(value[:2], 16), int(value[2:4], 16), int(value[4:], 16))
        for name, value in _COLOUR.findall(style.partition("}")[0])
    }
