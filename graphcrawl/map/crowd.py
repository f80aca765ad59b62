"""Many discs pressed together, and none over another in the end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Reals = NDArray[np.float64]
Whole = NDArray[np.int64]

_ROUNDS: Final = 16
_PULLED: Final = 4
_LOOSER: Final = 1.006
_NEARLY: Final = 1.03
_STEP: Final = 1.2
_HOLD: Final = 0.6
_STEPS: Final = 6
"""Steps in a round, for which the pairs found at its start serve: discs move little in so few."""

_SKIN: Final = 4.0
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

    def press(self, points: Reals, *, stretch: float) -> Reals:
        """Draw groups together and to the middle, and push apart what overlaps.

        Pairs are found once for several steps (Verlet, 1967). What still overlaps in the end is
        cured by enlarging the distances of all.

        Parameters
        ----------
        points : array of float, shape (n, 2)
            Not far from free of overlaps.
        stretch : float
            How much wider than tall the whole is to be.
        """
        moved = points.copy()
        for turn in range(_ROUNDS):
            one, other, need = self._pairs(moved)
            worst = 0.0
            for _ in range(_STEPS):
                if turn < _PULLED:
                    moved += self._inward(moved, stretch)
                worst = self._push(moved, one, other, need)
            if turn >= _PULLED and worst < _NEARLY:
                break
            if turn >= _PULLED:
                moved *= _LOOSER
        return moved * self._cure(moved)

    def _inward(self, points: Reals, stretch: float) -> Reals:
        """Give a short step to the middle of each group, and with the group to that of all."""
        count = np.bincount(self.groups)
        middles = np.stack([np.bincount(self.groups, axis) / count for axis in points.T], axis=1)
        ahead = -middles / np.array([stretch, 1.0])
        ahead *= (_STEP / np.maximum(np.hypot(*ahead.T), _STEP))[:, None]
        inward = middles[self.groups] - points
        inward *= (_HOLD / np.maximum(np.hypot(*inward.T), _STEP))[:, None]
        return inward + ahead[self.groups]

    def _push(self, points: Reals, one: Whole, other: Whole, need: Reals) -> float:
        apart = points[other] - points[one]
        distance = np.hypot(apart[:, 0], apart[:, 1])
        close = distance < need
        worst = float((need / np.maximum(distance, _APART)).max(initial=0.0))
        one, other, distance = one[close], other[close], distance[close]
        # Two on one spot have no direction to part in: any will do.
        apart = apart[close] + np.where(distance < _APART, _APART, 0.0)[:, None]
        shift = apart * ((need[close] - distance) / np.maximum(distance, _APART))[:, None] * 0.5
        share = self.radii[other] ** 2
        share = share / (share + self.radii[one] ** 2)
        for axis in (0, 1):
            back = np.bincount(one, shift[:, axis] * share, len(points))
            forth = np.bincount(other, shift[:, axis] * (1 - share), len(points))
            points[:, axis] += forth - back
        return worst

    def _cure(self, points: Reals) -> float:
        one, other, need = self._pairs(points)
        apart = points[other] - points[one]
        distance = np.maximum(np.hypot(apart[:, 0], apart[:, 1]), _APART)
        return float(max(1.0, (need / distance).max(initial=1.0) * 1.0001))

    def _pairs(self, points: Reals) -> tuple[Whole, Whole, Reals]:
        """Give the pairs that may touch soon, and the distance that each wants."""
        reach = 2 * self.radii.max(initial=0.0) + self.street + _SKIN
        order, one, other = near_pairs(points, reach)
        # In the grid's order what is read together lies together: twice as fast.
        x, y = points[order].T
        radii, groups = self.radii[order], self.groups[order]
        need = radii[one] + radii[other]
        across, down = x[other] - x[one], y[other] - y[one]
        soon = across * across + down * down < (need + (self.street + _SKIN)) ** 2
        one, other, need = one[soon], other[soon], need[soon]
        need += np.where(groups[one] == groups[other], 0.0, self.street)
        return order[one], order[other], need


def near_pairs(points: Reals, reach: float) -> tuple[Whole, Whole, Whole]:
    """Find each pair of points in the same or neighbouring cells of a grid, once.

    Parameters
    ----------
    points : array of float, shape (n, 2)
    reach : float
        The side of a cell: no pair nearer than that is missed.

    Returns
    -------
    order, one, other : array of int64
        An order of the points, and places in this order.
    """
    columns, rows = np.floor((points - points.min(axis=0, initial=0.0)) / reach).astype(np.int64).T
    wide = int(columns.max(initial=0)) + 3
    cells = (rows + 1) * wide + columns + 1
    order = np.argsort(cells, kind="stable")
    ranked = cells[order]
    # Cells that follow one another in a row are one stretch: itself and its right, three below.
    after = np.searchsorted(ranked, ranked + 1, side="right")
    first = np.searchsorted(ranked, ranked + wide - 1, side="left")
    last = np.searchsorted(ranked, ranked + wide + 1, side="right")
    own = np.arange(len(ranked))
    one, other = _ranges(own, own + 1, after)
    below_one, below_other = _ranges(own, first, last)
    return order, np.concatenate([one, below_one]), np.concatenate([other, below_other])


def _ranges(own: Whole, first: Whole, last: Whole) -> tuple[Whole, Whole]:
    counts = np.maximum(last - first, 0)
    one = np.repeat(own, counts)
    return one, np.arange(len(one)) + np.repeat(first - np.cumsum(counts) + counts, counts)
