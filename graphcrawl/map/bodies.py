"""Discs side by side: each near what it is tied to, none over another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Reals = NDArray[np.float64]
Whole = NDArray[np.int64]
Discs = tuple[Reals, Reals]
"""Middles and radii."""

_NEAREST: Final = 12
"""Placed discs around which room for the next one is looked for first."""

_TURNS: Final = np.linspace(0, 2 * np.pi, 16, endpoint=False)
_MIDDLE: Final = 0.3
"""How much being near the middle counts against being near what it is tied to."""


@dataclass(frozen=True, slots=True, eq=False)
class Bodies:
    """Rigid things, each made of discs; a thing may be one disc.

    Attributes
    ----------
    offsets : array of float, shape (d, 2)
        Where each disc lies, from the middle of its thing.
    radii : array of float, shape (d,)
        The room between things included.
    body : array of int, shape (d,)
        Which thing a disc belongs to, ascending from 0.
    """

    offsets: Reals
    radii: Reals
    body: Whole

    @classmethod
    def discs(cls, radii: Reals) -> Bodies:
        """Take each disc for a thing of its own."""
        return cls(np.zeros((len(radii), 2)), radii, np.arange(len(radii)))

    def only(self, kept: Whole) -> Bodies:
        """Take some of the things, by ascending numbers."""
        there = np.isin(self.body, kept)
        numbers = np.searchsorted(kept, self.body[there])
        return Bodies(self.offsets[there], self.radii[there], numbers)

    def reach(self) -> Reals:
        """Give the radius of the circle around each thing's middle that holds it."""
        reach = np.zeros(int(self.body.max(initial=-1)) + 1)
        np.maximum.at(reach, self.body, np.hypot(*self.offsets.T) + self.radii)
        return reach


def pack(bodies: Bodies, weight: Reals, *, stretch: float) -> Reals:
    """Place things one after another, the largest first, as near as there is room.

    Each is placed as the circle around it, and then slides to what it is tied to, and to the
    middle, until it touches another.

    Parameters
    ----------
    bodies : Bodies
        k of them.
    weight : array of float, shape (k, k)
        How much each two want to be near; symmetric, 0 or more.
    stretch : float
        How much wider than tall the whole is to be.

    Returns
    -------
    array of float, shape (k, 2)
        The middles. The time grows with the square of k.
    """
    reach = bodies.reach()
    middles = np.zeros((len(reach), 2))
    order = np.lexsort((np.arange(len(reach)), -reach))
    discs, radii = np.zeros((0, 2)), np.zeros(0)
    for count, one in enumerate(order.tolist()):
        own = slice(*np.searchsorted(bodies.body, [one, one + 1]).tolist())
        offsets, sizes = bodies.offsets[own], bodies.radii[own]
        if count:
            placed = order[:count]
            pull = weight[one, placed]
            total = pull.sum()
            target = pull @ middles[placed] / total if total else np.zeros(2)
            spot = _nearest_room(middles[placed], reach[placed], reach[one], target, stretch)
            for goal in (target, np.zeros(2)) if len(radii) > count or len(sizes) > 1 else ():
                spot = _slid(spot, goal, (offsets, sizes), (discs, radii))
            middles[one] = spot
        discs = np.concatenate([discs, offsets + middles[one]])
        radii = np.concatenate([radii, sizes])
    return middles


def _slid(spot: Reals, goal: Reals, own: Discs, others: Discs) -> Reals:
    """Move along a line to where a thing touches others first."""
    way = goal - spot
    far = float(np.hypot(*way))
    if far < 1e-9:
        return spot
    unit = way / far
    # Along the way, a disc meets another where the distance of their middles is the sum of radii.
    apart = (others[0][None] - own[0][:, None] - spot).reshape(-1, 2)
    need = (own[1][:, None] + others[1][None]).ravel()
    along = apart @ unit
    aside = np.einsum("ij,ij->i", apart, apart) - along * along
    meets = (along > 0) & (aside < need * need)
    stops = along[meets] - np.sqrt(need[meets] ** 2 - aside[meets])
    return spot + unit * max(0.0, min(far, float(stops.min(initial=far)) * 0.9999))


def _nearest_room(
    middles: Reals, radii: Reals, radius: float, target: Reals, stretch: float
) -> Reals:
    """Find room beside a placed disc; the outermost ones always have some."""
    squeezed = np.array([1 / stretch, 1.0])
    away = np.hypot(*((middles - target) * squeezed).T) - radii * squeezed[0]
    near = np.argsort(away, kind="stable")
    rays = np.stack([np.cos(_TURNS), np.sin(_TURNS)], axis=1)
    for start in range(0, len(near), _NEAREST):
        beside = near[start : start + _NEAREST]
        reach = (radii[beside] + radius)[:, None, None] * 1.0001
        spots = (middles[beside][:, None] + reach * rays).reshape(-1, 2)
        across = spots[:, 0, None] - middles[:, 0]
        down = spots[:, 1, None] - middles[:, 1]
        free = across * across + down * down >= (radii + radius) ** 2
        spots = spots[free.all(axis=1)]
        if len(spots):
            return _best(spots, target, stretch)
    raise AssertionError("the rightmost disc has room at its right")


def _best(spots: Reals, target: Reals, stretch: float) -> Reals:
    squeezed = np.array([1 / stretch, 1.0])
    cost = np.hypot(*((spots - target) * squeezed).T) + _MIDDLE * np.hypot(*(spots * squeezed).T)
    best: Reals = spots[int(np.argmin(np.round(cost, 6)))]
    return best


def shelve(radii: Reals, width: float) -> Reals:
    """Place discs in rows, in their order, the first row below (0, 0) and all centred on it.

    Parameters
    ----------
    radii : array of float, shape (k,)
        Descending; a row is as tall as its first disc.
    width : float
        A row holds one disc at least.
    """
    middles = np.zeros((len(radii), 2))
    start, top = 0, 0.0
    ends = np.cumsum(2 * radii)
    while start < len(radii):
        before = ends[start] - 2 * radii[start]
        stop = max(start + 1, int(np.searchsorted(ends, before + width, side="right")))
        row = slice(start, stop)
        middles[row, 0] = ends[row] - radii[row] - (before + ends[stop - 1]) / 2
        middles[row, 1] = top + radii[start]
        top += 2 * radii[start]
        start = stop
    return middles
