"""What lies together: an account with its label, or an owner's accounts of one depth."""

from __future__ import annotations

import math
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from graphcrawl.map.spacing import STRETCH, Point

LABEL_GAP: Final = 6.0
"""Pixels between a mark's rim and its label, as the page writes it."""
WIDEST_LABEL: Final = 160.0
"""Pixels at which the page cuts a line of a label."""
LINE_HEIGHT: Final = 14.0
WIDEST_HULL_NAME: Final = 240.0
HULL_MARGIN: Final = 16.0
"""Map units around the marks in a hull."""

_WIDE: Final = 12.5
_BOLD: Final = 7.5
_PLAIN: Final = 6.6


@dataclass(frozen=True, slots=True)
class Hull:
    """An owner's accounts, by the indices of their nodes, and the size of the name above them."""

    members: tuple[int, ...]
    name: Point


@dataclass(frozen=True, slots=True)
class Item:
    """Marks that are placed as one.

    Attributes
    ----------
    members : tuple of int
        Indices of nodes.
    offsets : tuple of (float, float)
        Each mark's place from the item's middle, map units.
    half : (float, float)
        Half its width and half its height, labels included, map units.
    """

    members: tuple[int, ...]
    offsets: tuple[Point, ...]
    half: Point

    @property
    def reach(self) -> float:
        """How far from its middle a mark lies, before stretching."""
        return max(math.hypot(x / STRETCH, y) for x, y in self.offsets)

    @property
    def size(self) -> float:
        """The side of a square of its area, before stretching."""
        return math.sqrt(4 * self.half[0] * self.half[1] / STRETCH)


def label_size(lines: Sequence[str]) -> Point:
    """Estimate the width and height of a label in pixels; the browser's fonts are not known here.

    Parameters
    ----------
    lines : sequence of str
        The first one is bold.
    """
    widths = [_width(line, _PLAIN if at else _BOLD) for at, line in enumerate(lines)]
    return min(WIDEST_LABEL, max(widths, default=0.0)), LABEL_GAP + LINE_HEIGHT * len(lines)


def hull_name_size(lines: Sequence[str]) -> Point:
    """Estimate the width and height of a hull's name in pixels; see `label_size`."""
    widest = max((_width(line, _PLAIN) for line in lines), default=0.0)
    return min(WIDEST_HULL_NAME, widest), LINE_HEIGHT * len(lines)


def _width(text: str, letter: float) -> float:
    wide = sum(unicodedata.east_asian_width(sign) in "WF" for sign in text)
    return wide * _WIDE + (len(text) - wide) * letter


def items_of(
    depths: Mapping[int, int],
    radii: Sequence[float],
    labels: Sequence[Point],
    hulls: Iterable[Hull],
) -> list[Item]:
    """Join an owner's accounts of one depth; every other account is an item of its own.

    Parameters
    ----------
    depths : mapping of int to int
        Of the nodes that are to be placed, by index.
    radii : sequence of float
        Map units, by index.
    labels : sequence of (float, float)
        Width and height, map units, by index.
    hulls : iterable of Hull
        Of their members, those not to be placed are passed over.

    Returns
    -------
    list of Item
        Every node in exactly one, ordered by the first member.
    """
    items, taken = [], set()
    for hull in hulls:
        joined: dict[int, list[int]] = defaultdict(list)
        for node in hull.members:
            if node in depths:
                joined[depths[node]].append(node)
        for group in joined.values():
            if len(group) > 1:
                items.append(_group(group, hull.name, radii, labels))
                taken.update(group)
    items += [_single(node, radii, labels) for node in depths if node not in taken]
    return sorted(items, key=lambda item: item.members[0])


def _single(node: int, radii: Sequence[float], labels: Sequence[Point]) -> Item:
    width, height = _cell([node], radii, labels)
    return Item((node,), ((0.0, -labels[node][1] / 2),), (width / 2, height / 2))


def _group(
    members: Sequence[int], name: Point, radii: Sequence[float], labels: Sequence[Point]
) -> Item:
    """Set accounts in rows, under room for the name of their hull."""
    width, height = _cell(members, radii, labels)
    columns = len(members) if len(members) < 6 else math.ceil(math.sqrt(len(members)))
    rows = math.ceil(len(members) / columns)
    top = -(rows * height) / 2 + name[1] / 2
    offsets = []
    for at, node in enumerate(members):
        row, column = divmod(at, columns)
        inside = min(columns, len(members) - row * columns)
        x = (column - (inside - 1) / 2) * width
        offsets.append((x, top + (row + 0.5) * height - labels[node][1] / 2))
    half = (
        max(columns * width, name[0]) / 2 + HULL_MARGIN,
        (rows * height + name[1]) / 2 + HULL_MARGIN,
    )
    return Item(tuple(members), tuple(offsets), half)


def _cell(members: Iterable[int], radii: Sequence[float], labels: Sequence[Point]) -> Point:
    widths, heights = zip(
        *(
            (max(2 * radii[node], labels[node][0]) + 12, 2 * radii[node] + labels[node][1] + 8)
            for node in members
        ),
        strict=True,
    )
    return max(widths), max(heights)
