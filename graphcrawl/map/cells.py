"""Discs that have grown into the room between them: the plots that accounts lie in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Reals = NDArray[np.float64]
Whole = NDArray[np.int64]

_RAYS: Final = 48
_ANGLES: Final = np.arange(_RAYS) * (2 * np.pi / _RAYS)
_UNITS: Final = np.stack([np.cos(_ANGLES), np.sin(_ANGLES)])
_NEIGHBOURS: Final = 14
"""Plots looked at for borders: those further off have others in between."""

_ROUNDS: Final = 24
_LOOKED_UP: Final = 6
"""Rounds after which the neighbours are looked up again."""

_COAST: Final = 1.22
"""How far a plot may reach where nothing is beside it, in its disc's radii."""

_HELD: Final = 0.02
"""How much of the way to its group's middle a disc is drawn in a round."""

_WIDENED: Final = 1.015
"""By how much the whole is widened and flattened in a round at most."""


@dataclass(frozen=True, slots=True, eq=False)
class Plots:
    """Star-shaped areas.

    Attributes
    ----------
    middles : array of float, shape (k, 2)
    reach : array of float, shape (k, rays)
        How far each reaches from its middle, in directions evenly around it.
    """

    middles: Reals
    reach: Reals

    def within(self, plot: Whole, away: Reals, angle: Reals) -> Reals:
        """Carry points of a disc into plots, so that equal areas stay equal.

        Parameters
        ----------
        plot : array of int, shape (n,)
        away : array of float, shape (n,)
            From the disc's middle, 0 to 1.
        angle : array of float, shape (n,)
            0 to 2 pi.

        Returns
        -------
        array of float, shape (n, 2)
        """
        # A wedge of the plot has as much of its area as that of the disc.
        wedges = (self.reach**2 + np.roll(self.reach, -1, axis=1) ** 2) / 2
        share = np.cumsum(wedges / wedges.sum(axis=1, keepdims=True), axis=1)
        wanted = angle / (2 * np.pi)
        keys = (np.arange(len(share))[:, None] + np.minimum(share, 1 - 1e-12)).ravel()
        at = np.searchsorted(keys, plot + wanted, side="right") - plot * _RAYS
        at = np.clip(at, 0, _RAYS - 1)
        ends = share[plot, at]
        starts = np.where(at > 0, share[plot, at - 1], 0.0)
        part = np.clip((wanted - starts) / np.maximum(ends - starts, 1e-12), 0.0, 1.0)
        turned = (at + part) * (2 * np.pi / _RAYS)
        far = self.reach[plot, at] * (1 - part) + self.reach[plot, (at + 1) % _RAYS] * part
        unit = np.stack([np.cos(turned), np.sin(turned)], axis=1)
        points: Reals = self.middles[plot] + (away * far)[:, None] * unit
        return points


def discs(middles: Reals, radii: Reals) -> Plots:
    """Leave discs as they are."""
    return Plots(middles, np.repeat(radii[:, None], _RAYS, axis=1))


def grown(middles: Reals, radii: Reals, groups: Whole, *, street: float, stretch: float) -> Plots:
    """Let discs take the room between them while all draw together, each keeping its area.

    The borders are those of a power diagram (Aurenhammer, 1987), whose weights and sites are
    moved until areas are as wanted, as in Balzer and Heck (2008).

    Parameters
    ----------
    middles : array of float, shape (k, 2)
        Discs must not overlap. The time grows with the square of k.
    radii : array of float, shape (k,)
    groups : array of int, shape (k,)
    street : float
        Room left between plots of two groups.
    stretch : float
        How much wider than tall the whole is to be.
    """
    if len(radii) < 2:
        return discs(middles, radii)
    sites, weights = middles.copy(), radii**2
    for turn in range(_ROUNDS):
        if turn % _LOOKED_UP == 0:
            near = _nearest(sites, radii)
        reach = _reach(sites, weights, radii, groups, near, street)
        share = (reach**2).mean(axis=1) / radii**2
        weights = np.clip(weights + 0.35 * radii**2 * (1 - share), 0.3 * radii**2, 2.2 * radii**2)
        # From the site to the middle of its plot's area, a wedge's lying two thirds out.
        gravity = (reach**3 @ _UNITS.T) / 3 / _RAYS / (reach**2).mean(axis=1, keepdims=True) * 2
        mean = float(np.average(share, weights=radii**2))
        sites = (sites + 0.5 * gravity) * min(1.01, max(0.975, mean**-0.5))
        sites += _HELD * (_middles(sites, radii, groups) - sites)
        sites *= _widened(sites, radii, stretch)
    return Plots(sites, _reach(sites, weights, radii, groups, near, street))


def _middles(sites: Reals, radii: Reals, groups: Whole) -> Reals:
    """Give for each disc the middle of its group."""
    area = np.maximum(np.bincount(groups, radii**2), 1e-9)
    middles = [np.bincount(groups, radii**2 * axis) / area for axis in sites.T]
    return np.stack(middles, axis=1)[groups]


def _widened(sites: Reals, radii: Reals, stretch: float) -> Reals:
    """Say by how much to widen and to flatten, a little at a time."""
    wide, tall = (sites + radii[:, None]).max(axis=0) - (sites - radii[:, None]).min(axis=0)
    more = float(np.clip((stretch * tall / wide) ** 0.1, 1 / _WIDENED, _WIDENED))
    return np.array([more, 1 / more])


def _nearest(sites: Reals, radii: Reals) -> Whole:
    apart = np.hypot(sites[:, 0, None] - sites[:, 0], sites[:, 1, None] - sites[:, 1])
    apart -= radii[:, None] + radii
    np.fill_diagonal(apart, np.inf)
    count = min(_NEIGHBOURS, len(radii) - 1)
    return np.argpartition(apart, count - 1, axis=1)[:, :count].astype(np.int64)


def _reach(
    sites: Reals, weights: Reals, radii: Reals, groups: Whole, near: Whole, street: float
) -> Reals:
    """Measure from each site, in every direction, to the border with whoever comes first."""
    away = sites[near] - sites[:, None]
    apart = np.maximum(np.hypot(away[..., 0], away[..., 1]), 1e-9)
    border = (apart * apart + weights[:, None] - weights[near]) / (2 * apart)
    border -= np.where(groups[near] == groups[:, None], 0.0, street / 2)
    border = np.clip(border, 0.35 * radii[:, None], None)
    facing = (away / apart[..., None]) @ _UNITS
    far = np.where(facing > 0.05, border[..., None] / np.maximum(facing, 0.05), np.inf)
    reach = np.minimum(far.min(axis=1), _COAST * radii[:, None])
    # Corners are rounded off.
    for _ in range(2):
        reach = (np.roll(reach, 1, axis=1) + 2 * reach + np.roll(reach, -1, axis=1)) / 4
    rounded: Reals = reach
    return rounded
