"""Moving things apart: angles on a circle, discs, and boxes that keep to their rings."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

TURN: Final = 2 * math.pi
STRETCH: Final = 1.6
"""Width to height of a ring: labels are wider than tall, and so are most screens."""

SQUARENESS: Final = 4
"""Exponent of the superellipse that a ring is (Lamé, 1818): 2 is an ellipse, which leaves a fifth
of a screen empty in its corners."""

TOUCH: Final = 0.01
"""Map units by which boxes may overlap: what merely touches does not."""
LOOK_AGAIN: Final = 6
"""Rounds after which boxes are looked for that have come near each other."""

Point = tuple[float, float]
Floats = NDArray[np.float64]
Whole = NDArray[np.int64]


def spread(wanted: Sequence[float], gaps: Sequence[float]) -> list[float]:
    """Move angles apart as little as possible, in the sense of least squares.

    Isotonic regression by pooling neighbours (Barlow and others, 1972), on a circle cut where
    it is emptiest.

    Parameters
    ----------
    wanted : sequence of float
        Angles in radians, ascending, within one turn.
    gaps : sequence of float
        The angle that each one needs, half on either side.

    Returns
    -------
    list of float
        Angles in the same order; each pair of neighbours is at least half its two gaps apart,
        where the circle has room, otherwise all are squeezed alike.
    """
    count = len(wanted)
    squeeze = min(1.0, TURN / sum(gaps))
    cut = max(range(count), key=lambda at: ((wanted[at] - wanted[at - 1]) % TURN, -at))
    order = [(cut + step) % count for step in range(count)]
    offsets, total = [], 0.0
    for at in order:
        offsets.append(total + gaps[at] * squeeze / 2)
        total += gaps[at] * squeeze
    first = wanted[cut]
    free = [(wanted[at] - first) % TURN - o for at, o in zip(order, offsets, strict=True)]
    pooled = _ascending(free)
    middle, slack = (pooled[0] + pooled[-1]) / 2, (TURN - total) / 2
    result = [0.0] * count
    for at, offset, value in zip(order, offsets, pooled, strict=True):
        result[at] = first + offset + min(max(value, middle - slack), middle + slack)
    return result


def _ascending(values: Sequence[float]) -> list[float]:
    pools: list[tuple[float, int]] = []
    for value in values:
        total, count = value, 1
        while pools and pools[-1][0] / pools[-1][1] > total / count:
            last_total, last_count = pools.pop()
            total, count = total + last_total, count + last_count
        pools.append((total, count))
    return [total / count for total, count in pools for _ in range(count)]


def part(points: Sequence[Point], radii: Sequence[float], *, gap: float) -> list[Point]:
    """Push overlapping discs apart, a few rounds at most.

    Parameters
    ----------
    points : sequence of (float, float)
    radii : sequence of float
    gap : float
        Least distance between two discs, in map units.
    """
    moved = list(points)
    cell = 2 * max(radii, default=0.0) + gap
    for _ in range(12):
        if not _push(moved, radii, gap, cell):
            break
    return moved


def _push(points: list[Point], radii: Sequence[float], gap: float, cell: float) -> bool:
    grid: dict[tuple[int, int], list[int]] = defaultdict(list)
    for node, (x, y) in enumerate(points):
        grid[math.floor(x / cell), math.floor(y / cell)].append(node)
    pushed = False
    for (column, row), members in grid.items():
        for c, r in ((0, 0), (1, 0), (-1, 1), (0, 1), (1, 1)):
            others = grid.get((column + c, row + r), ())
            for one in members:
                for other in others:
                    if one < other or (c, r) != (0, 0):
                        pushed |= _push_pair(points, radii, gap, one, other)
    return pushed


def _push_pair(
    points: list[Point], radii: Sequence[float], gap: float, one: int, other: int
) -> bool:
    (x, y), (u, v) = points[one], points[other]
    need = radii[one] + radii[other] + gap
    dx, dy = u - x, v - y
    apart = dx * dx + dy * dy
    if apart >= need * need * 0.999:
        return False
    distance = math.sqrt(apart)
    # Two discs on one spot have no direction to part in: sideways will do.
    dx, dy, distance = (dx, dy, distance) if distance > 1e-6 else (1.0, 0.0, 1.0)
    shift = (need - math.sqrt(apart)) / 2 / distance
    points[one] = (x - dx * shift, y - dy * shift)
    points[other] = (u + dx * shift, v + dy * shift)
    return True


def on_ring(angle: float, reach: float) -> Point:
    """Return the point of a ring of this reach in this direction, before stretching."""
    x, y = math.cos(angle), math.sin(angle)
    factor = reach / distance_of((x, y))
    return x * factor, y * factor


def distance_of(point: Point) -> float:
    """Return the reach of the ring that a point lies on, before stretching."""
    x, y = point
    return float((abs(x) ** SQUARENESS + abs(y) ** SQUARENESS) ** (1 / SQUARENESS))


def separate(
    middles: Sequence[Point],
    halves: Sequence[Point],
    bands: Sequence[tuple[float, float]],
    *,
    rounds: int = 300,
) -> tuple[list[Point], int]:
    """Push overlapping boxes apart, each within its ring.

    Now and then all pairs are looked at, so it is for a few hundred boxes at most.

    Parameters
    ----------
    middles : sequence of (float, float)
        Map units, stretched.
    halves : sequence of (float, float)
        Half the width and half the height of each box.
    bands : sequence of (float, float)
        The least and the largest reach of each middle's ring, before stretching.
    rounds : int

    Returns
    -------
    points : list of (float, float)
    left : int
        How many pairs overlap all the same.
    """
    points, half = np.array(middles, float).reshape(-1, 2), np.array(halves, float).reshape(-1, 2)
    least, most = np.array(bands, float).reshape(-1, 2).T
    for at in range(rounds):
        if at % LOOK_AGAIN == 0:
            near = _near(points, half, float(half.mean()))
        shift, left = _shift(points, half, near)
        if not left and not len(_near(points, half, -TOUCH)[0]):
            break
        points = _within(points + shift, least, most)
    return [(x, y) for x, y in points.tolist()], len(_near(points, half, -TOUCH)[0])


def _near(points: Floats, half: Floats, margin: float) -> tuple[Whole, Whole]:
    """Give the pairs of boxes that are less than a margin apart; the first of each is the later."""
    over = np.ones((len(points), len(points)), bool)
    for axis in (0, 1):
        apart = np.abs(points[:, None, axis] - points[None, :, axis])
        over &= apart < half[:, None, axis] + half[None, :, axis] + margin
    one, other = np.nonzero(np.tril(over, -1))
    return one, other


def _shift(points: Floats, half: Floats, near: tuple[Whole, Whole]) -> tuple[Floats, int]:
    """Say where each box is pushed, and how many of the pairs overlap."""
    one, other = near
    apart = points[one] - points[other]
    need = half[one] + half[other] - np.abs(apart)
    over = np.all(need > TOUCH, axis=1)
    one, other, apart, need = one[over], other[over], apart[over], need[over]
    # Two boxes on one spot have no direction to part in: the later one goes right and down.
    push = np.where(apart < 0, -need, need) / 2
    # Along the way that is shorter; labels are wide, so upwards and downwards a little sooner.
    push[np.arange(len(push)), (need[:, 0] * 0.7 <= need[:, 1]).astype(int)] = 0.0
    shift = np.zeros_like(points)
    np.add.at(shift, one, push)
    np.add.at(shift, other, -push)
    crowd = np.bincount(np.concatenate([one, other]), minlength=len(points))
    return 1.05 * shift / np.sqrt(np.maximum(1, crowd))[:, None], len(one)


def _within(points: Floats, least: Floats, most: Floats) -> Floats:
    """Bring points back between two distances from the origin, before stretching."""
    flat = points / (STRETCH, 1.0)
    distance = (np.abs(flat) ** SQUARENESS).sum(axis=1) ** (1 / SQUARENESS)
    held = np.clip(distance, least, most)
    factor = np.divide(held, distance, out=np.ones_like(held), where=distance > 1e-9)
    moved: Floats = points * factor[:, None]
    return moved
