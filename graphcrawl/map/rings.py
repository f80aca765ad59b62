"""One island: rings by depth around its seeds, each account near what it is tied to."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from graphcrawl.map.angles import TURN, directions
from graphcrawl.map.items import Item
from graphcrawl.map.nearness import Neighbours
from graphcrawl.map.spacing import STRETCH, Point, on_ring, separate, spread

GROWTHS: Final = 14
GROWTH: Final = 1.07
BOXED_AT_MOST: Final = 160
"""Items of which every pair is looked at; more are parted as discs."""


@dataclass(frozen=True, slots=True)
class Ring:
    """The ellipse around everything up to `depth`; its middle and half axes in map units."""

    depth: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class _Band:
    """One depth: where its items lie before stretching, and between which two distances."""

    depth: int
    members: tuple[int, ...]
    points: tuple[Point, ...]
    least: float
    most: float
    reach: float


def lay_rings(
    items: Sequence[Item], depths: Sequence[int], near: Neighbours, kin: Sequence[Sequence[int]]
) -> tuple[list[Point], list[Ring]]:
    """Lay items out in rings by depth.

    Parameters
    ----------
    items : sequence of Item
    depths : sequence of int
        Each item's.
    near, kin : sequence of sequence of int
        Which items each one is tied to, and which have its owner.

    Returns
    -------
    middles : list of (float, float)
        Where each item's middle lies, map units. No two boxes overlap, but where more than
        `BOXED_AT_MOST` leave no other way.
    rings : list of Ring
    """
    angles = directions(depths, near, kin=kin)
    slack = 1.0
    for _ in range(GROWTHS):
        bands = _bands(items, depths, angles, slack)
        middles, left = _parted(items, bands)
        if not left:
            break
        slack *= GROWTH
    rings = [
        Ring(band.depth, 0.0, 0.0, round(band.reach * STRETCH, 1), round(band.reach, 1))
        for band in bands
    ]
    return middles, rings


def _parted(items: Sequence[Item], bands: Sequence[_Band]) -> tuple[list[Point], int]:
    middles: list[Point] = [(0.0, 0.0)] * len(items)
    limits = [(0.0, 0.0)] * len(items)
    for band in bands:
        for at, (x, y) in zip(band.members, band.points, strict=True):
            middles[at] = (x * STRETCH, y)
            limits[at] = (band.least, band.most)
    if len(items) > BOXED_AT_MOST:
        return middles, 0
    return separate(middles, [item.half for item in items], limits)


def _bands(
    items: Sequence[Item], depths: Sequence[int], angles: Sequence[float], slack: float
) -> list[_Band]:
    groups: dict[int, list[int]] = defaultdict(list)
    for at, depth in enumerate(depths):
        groups[depth].append(at)
    bands = []
    reach = 0.0
    for depth, members in sorted(groups.items()):
        members.sort(key=lambda at: (angles[at], at))
        band = _band(depth, members, items, angles, reach, slack)
        bands.append(band)
        reach = band.reach
    return bands


def _band(
    depth: int,
    members: Sequence[int],
    items: Sequence[Item],
    angles: Sequence[float],
    inside: float,
    slack: float,
) -> _Band:
    """Place one depth outside `inside`."""
    sizes = [items[at].size * slack for at in members]
    typical = sum(sizes) / len(sizes)
    if inside == 0.0 and len(members) == 1:
        # The mark itself lies in the middle, with its label below.
        (x, y), *_ = items[members[0]].offsets
        return _Band(depth, tuple(members), ((-x / STRETCH, -y),), abs(y), abs(y), typical * 0.75)
    margin = max(items[at].reach for at in members)
    inner = inside + max(typical * 0.5, margin)
    wanted = [angles[at] for at in members]
    if sum(sizes) <= TURN * inner:
        radii = [inner] * len(members)
        gaps = [size / inner for size in sizes]
    else:
        radii, gaps = _rows(sizes, inner, typical)
    turned = spread(wanted, gaps)
    points = tuple(on_ring(angle, radius) for radius, angle in zip(radii, turned, strict=True))
    outer = max(radii)
    reach = outer + max(typical * 0.4, margin)
    return _Band(depth, tuple(members), points, inside + margin, reach - margin, reach)


def _rows(sizes: Sequence[float], inner: float, typical: float) -> tuple[list[float], list[float]]:
    """Stagger a crowd over several rows, evenly by area, and say what angle each one takes.

    Taken in the order of their angle, the rows follow multiples of the golden ratio, so that
    neighbours in angle are far apart in radius, as the seeds of a sunflower are.
    """
    area = sum(size * size for size in sizes)
    width = math.sqrt(inner * inner + 1.15 * area / math.pi) - inner
    rows = max(2, round(width / typical))
    if rows <= 3:
        radii = [inner + typical * 0.9 * (at % rows) for at in range(len(sizes))]
        return radii, [0.95 * TURN * size / sum(sizes) for size in sizes]
    golden = (math.sqrt(5) - 1) / 2
    outer = inner + width
    radii = [
        math.sqrt(inner * inner + (at * golden % 1.0) * (outer * outer - inner * inner))
        for at in range(len(sizes))
    ]
    return radii, [0.9 * TURN * size * size / area for size in sizes]
