"""Many discs, and none over another in the end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Reals = NDArray[np.float64]
Whole = NDArray[np.int64]

_ROUNDS: Final = 16
_STEPS: Final = 12
"""Steps in a round, for which the pairs found at its start serve: discs move little in so few."""

_LOOSER: Final = 1.02
"""How much all distances grow between rounds: room for what is pushed."""

_NEARLY: Final = 1.03
"""Wanted distance to that of the worst pair, from which the rest is left to the cure."""

_SKIN: Final = 6.0
"""How much further apart than wanted two discs may be that are looked at, in map units."""

_APART: Final = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class Crowd:
    """Discs in groups.

    Attributes
    ----------
    radii : array of float, shape (n,)
        Half the gap between neighbours included.
    groups : array of int, shape (n,)
    street : float
        Room between discs of two groups, beside what the radii give.
    """

    radii: Reals
    groups: Whole
    street: float

    def part(self, points: Reals) -> Reals:
        """Push apart what overlaps.

        Pairs are found once for several steps (Verlet, 1967). What still overlaps in the end is
        cured by enlarging the distances of all.

        Parameters
        ----------
        points : array of float, shape (n, 2)
            Not far from free of overlaps, or the whole grows large.
        """
        moved = points.copy()
        for _ in range(_ROUNDS):
            pairs = self._pairs(moved)
            # Each axis in one stretch of memory: what is gathered from it comes sooner.
            x, y = np.ascontiguousarray(moved[pairs.order].T)
            closest = [pairs.push(x, y) for _ in range(_STEPS)]
            moved[pairs.order] = np.column_stack([x, y])
            if closest[-1] < _NEARLY:
                break
            moved *= _LOOSER
        return moved * max(1.0, self._pairs(moved).worst(moved) * 1.0001)

    def _pairs(self, points: Reals) -> _Pairs:
        """Give the pairs that may touch soon, and the distance that each wants."""
        reach = 2 * self.radii.max(initial=0.0) + self.street + _SKIN
        order, one, other = near_pairs(points, reach)
        x, y = points[order].T
        radii, groups = self.radii[order], self.groups[order]
        need = radii[one] + radii[other]
        across, down = x[other] - x[one], y[other] - y[one]
        soon = across * across + down * down < (need + (self.street + _SKIN)) ** 2
        one, other, need = one[soon], other[soon], need[soon]
        need += np.where(groups[one] == groups[other], 0.0, self.street)
        area = radii * radii
        return _Pairs(order, one, other, need, area[other] / (area[one] + area[other]))


@dataclass(frozen=True, slots=True, eq=False)
class _Pairs:
    """Pairs of discs, by their places in an order in which what is near lies together.

    Attributes
    ----------
    order, one, other : array of int64
    need : array of float
        The distance that each pair wants.
    share : array of float
        Which part of a shift the first of a pair takes: the larger one moves less.
    """

    order: Whole
    one: Whole
    other: Whole
    need: Reals
    share: Reals

    def push(self, x: Reals, y: Reals) -> float:
        """Move each close pair apart; say how close the closest one was, as `worst` does."""
        across = x.take(self.other) - x.take(self.one)
        down = y.take(self.other) - y.take(self.one)
        apart = across * across + down * down
        close = np.flatnonzero(apart < self.need * self.need)
        if not len(close):
            return 1.0
        one, other, need = self.one[close], self.other[close], self.need[close]
        # Two on one spot have no direction to part in: any will do.
        distance = np.maximum(np.sqrt(apart[close]), _APART)
        across = np.where(distance > _APART, across[close], _APART)
        down = down[close]
        shift = (need - distance) / distance * 0.5
        first, last = shift * self.share[close], shift * (1 - self.share[close])
        for axis, way in ((x, across), (y, down)):
            axis += np.bincount(other, last * way, len(axis))
            axis -= np.bincount(one, first * way, len(axis))
        return float((need / distance).max())

    def worst(self, points: Reals) -> float:
        """Give the greatest wanted distance in units of the actual one; 1 or less is free."""
        apart = points[self.order][self.other] - points[self.order][self.one]
        distance = np.maximum(np.hypot(apart[:, 0], apart[:, 1]), _APART)
        return float((self.need / distance).max(initial=0.0))


def near_pairs(points: Reals, reach: float) -> tuple[Whole, Whole, Whole]:
    """Find each pair of points in nearby cells of a grid, once.

    Parameters
    ----------
    points : array of float, shape (n, 2)
    reach : float
        No pair nearer than that is missed.

    Returns
    -------
    order, one, other : array of int64
        An order of the points, and places in this order.
    """
    # Half as wide as the reach, cells hold a third fewer pairs that are not near after all.
    spots = (points - points.min(axis=0, initial=0.0)) / (reach / 2)
    columns, rows = np.floor(spots).astype(np.int64).T
    wide = int(columns.max(initial=0)) + 5
    cells = (rows + 2) * wide + columns + 2
    order = np.argsort(cells, kind="stable")
    ranked, own = cells[order], np.arange(len(cells))
    # Cells beside each other in a row are one stretch: two to the right, five in each row below.
    stretches = [_ranges(own, own + 1, np.searchsorted(ranked, ranked + 2, side="right"))]
    for below in (wide, 2 * wide):
        first = np.searchsorted(ranked, ranked + below - 2, side="left")
        last = np.searchsorted(ranked, ranked + below + 2, side="right")
        stretches.append(_ranges(own, first, last))
    one, other = map(np.concatenate, zip(*stretches, strict=True))
    return order, one, other


def _ranges(own: Whole, first: Whole, last: Whole) -> tuple[Whole, Whole]:
    """Pair each place with all from its first to before its last one."""
    counts = np.maximum(last - first, 0)
    one = np.repeat(own, counts)
    return one, np.arange(len(one)) + np.repeat(first - np.cumsum(counts) + counts, counts)
