"""Where the map draws accounts, as plain values for programs that draw by themselves."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

from graphcrawl.graph import ConnectionGraph, Found
from graphcrawl.map.groups import COLOURED
from graphcrawl.map.marks import OTHER, Mark
from graphcrawl.map.options import Color, MapOptions
from graphcrawl.map.scene import compose
from graphcrawl.map.words import Heading, Standing

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


def drawn(graph: ConnectionGraph, found: Found, options: MapOptions | None = None) -> list[Drawn]:
    """Draw a graph as `draw` does, and give its accounts in the order of its nodes."""
    scene = compose(graph, heading=Heading("", ""), found=found, options=options)
    hue = _by_cluster if scene.color == Color.CLUSTER else _by_network
    return [Drawn(mark.x, mark.y, mark.radius, _dressed(mark, hue)) for mark in scene.marks]


def _by_network(mark: Mark) -> str:
    return mark.kind


def _by_cluster(mark: Mark) -> str:
    return OTHER if mark.cluster is None or mark.cluster >= COLOURED else f"cluster-{mark.cluster}"


def _dressed(mark: Mark, hue: Callable[[Mark], str]) -> Rgb:
    color = _palette()[hue(mark)]
    return color if mark.standing == Standing.ASKED else _mixed(color, _palette()["paper"])


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
