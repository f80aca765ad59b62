"""Where the lobes of places lie: around the middle of their place, and with it on the map."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from graphcrawl.graph.ties import Ties, Whole
from graphcrawl.map.bodies import Bodies, pack, shelve
from graphcrawl.map.cells import Plots, discs, grown

Reals = NDArray[np.float64]

STRETCH: Final = 1.6
"""Width to height of the whole: most screens are as wide."""

_SHAPES: Final = (1.3, 2.0, 3.0, 4.5)
"""Widths to height that are aimed at; what comes out is less wide."""

_TRIED_AT_MOST: Final = 120
"""Places up to which all shapes are tried."""

_PACKED_AT_MOST: Final = 1500
"""Places that are packed near what they are tied to; the time grows with their square."""

_GROWN_AT_MOST: Final = 2000


def settle(ties: Ties, groups: Whole, lobe: Whole, area: Reals, *, street: float) -> Plots:
    """Find a plot for each lobe.

    Parameters
    ----------
    ties : Ties
    groups, lobe : array of int64, shape (n,)
        Each account's place and lobe, both from 0 without gaps.
    area : array of float, shape (n,)
        What each account takes.
    street : float
        Room between places.

    Returns
    -------
    Plots
        Those of a place are side by side, turned to what they are tied to; places are near those
        they are tied to, and those tied to none stand in rows below.
    """
    place = np.empty(int(lobe.max()) + 1, np.int64)
    place[lobe] = groups
    reach = np.sqrt(np.bincount(lobe, area) / np.pi)
    inner = _inside(place, reach, lobe, ties)
    bodies = Bodies(inner, reach + street / 2, place)
    tied = _tied(bodies.reach(), groups, ties)
    outer = _on_the_map(bodies, tied, groups, ties)
    bodies = Bodies(_turned(inner, outer, place, lobe, ties), bodies.radii, place)
    middles = _on_the_map(bodies, tied, groups, ties)[place] + bodies.offsets
    plots = discs(middles, reach)
    some = np.flatnonzero(np.isin(place, tied))
    if 1 < len(some) <= _GROWN_AT_MOST:
        larger = grown(middles[some], reach[some], place[some], street=street, stretch=STRETCH)
        plots.middles[some], plots.reach[some] = larger.middles, larger.reach
    _shelve_others(plots, bodies, tied, some)
    return plots


def _tied(outline: Reals, groups: Whole, ties: Ties) -> Whole:
    """Choose the places to be packed; where none is tied to another, the largest is the city."""
    one, other, _ = _between(groups, len(outline), ties)
    found = np.unique(np.concatenate([one, other]))
    if not len(found):
        found = np.array([int(np.argmax(outline))])
    return np.sort(found[np.argsort(-outline[found], kind="stable")][:_PACKED_AT_MOST])


def _on_the_map(bodies: Bodies, tied: Whole, groups: Whole, ties: Ties) -> Reals:
    """Pack the chosen places; the others stay at the origin."""
    outline = bodies.reach()
    one, other, many = _between(groups, len(outline), ties)
    number = np.full(len(outline), -1, np.int64)
    number[tied] = np.arange(len(tied))
    both = (number[one] >= 0) & (number[other] >= 0)
    share = many / np.sqrt(outline[one] * outline[other])
    weight = _matrix(len(tied), number[one[both]], number[other[both]], share[both])
    middles = np.zeros((len(outline), 2))
    middles[tied] = _filling(bodies.only(tied), weight)
    return middles


def _filling(bodies: Bodies, weight: Reals) -> Reals:
    """Pack in several shapes, and keep the one that fills a screen best."""
    shapes = _SHAPES if len(weight) <= _TRIED_AT_MOST else _SHAPES[1:2]
    packed = [pack(bodies, weight, stretch=stretch) for stretch in shapes]
    return min(packed, key=lambda middles: _size(bodies, middles))


def _size(bodies: Bodies, middles: Reals) -> float:
    """Give the height of the screen that holds it all."""
    spots = middles[bodies.body] + bodies.offsets
    radii = bodies.radii[:, None]
    wide, tall = ((spots + radii).max(axis=0) - (spots - radii).min(axis=0)).tolist()
    return max(float(wide) / STRETCH, float(tall))


def _shelve_others(plots: Plots, bodies: Bodies, tied: Whole, some: Whole) -> None:
    """Move what is not packed into rows below, so wide that the whole keeps its shape."""
    outline = bodies.reach()
    rest = np.setdiff1d(np.arange(len(outline)), tied)
    rest = rest[np.argsort(-outline[rest], kind="stable")]
    spots, reach = plots.middles[some], plots.reach[some].max(axis=1)
    left, right = (spots[:, 0] - reach).min(), (spots[:, 0] + reach).max()
    bottom = (spots[:, 1] + reach).max()
    area = 4 * float((outline[rest] ** 2).sum() + (reach**2).sum())
    width = max(float(right - left), float(np.sqrt(area * STRETCH)))
    middles = np.zeros((len(outline), 2))
    middles[rest] = shelve(outline[rest], width) + np.array([(left + right) / 2, bottom])
    others = np.setdiff1d(np.arange(len(bodies.body)), some)
    plots.middles[others] = middles[bodies.body[others]] + bodies.offsets[others]


def _turned(inner: Reals, outer: Reals, place: Whole, lobe: Whole, ties: Ties) -> Reals:
    """Turn each place, or turn its mirror image, so that its lobes look to what they are tied to.

    The angle is that of the least squares between the lobes' offsets and their pulls (Procrustes
    in the plane, which has a closed form).
    """
    count = len(place)
    one, other, many = _between(lobe, count, ties)
    away = outer[place[other]] - outer[place[one]]
    unit = away / np.maximum(np.hypot(*away.T), 1e-9)[:, None] * many[:, None]
    pull = np.zeros((count, 2))
    for axis in (0, 1):
        pull[:, axis] = np.bincount(one, unit[:, axis], count) - np.bincount(
            other, unit[:, axis], count
        )
    x, y = inner.T
    u, v = pull.T
    best = inner.copy()
    gain = np.full(int(place.max()) + 1, -1.0)
    for mirrored in (1.0, -1.0):
        along = np.bincount(place, x * u + mirrored * y * v)
        across = np.bincount(place, x * v - mirrored * y * u)
        length = np.hypot(along, across)
        better = (length > gain)[place]
        gain = np.maximum(gain, length)
        cos, sin = (
            np.where(length > 0, part / np.maximum(length, 1e-12), flat)[place]
            for part, flat in ((along, 1.0), (across, 0.0))
        )
        turned = np.stack([cos * x - sin * mirrored * y, sin * x + cos * mirrored * y], axis=1)
        best[better] = turned[better]
    return best


def _inside(place: Whole, reach: Reals, lobe: Whole, ties: Ties) -> Reals:
    """Pack the lobes of each place around its middle."""
    count = len(place)
    one, other, many = _between(lobe, count, ties)
    near = place[one] == place[other]
    one, other, many = one[near], other[near], many[near]
    middles = np.zeros((count, 2))
    first = np.searchsorted(place, np.arange(int(place.max()) + 2))
    bounds = np.searchsorted(place[one], np.arange(int(place.max()) + 2))
    for number in np.flatnonzero(np.diff(first) > 1).tolist():
        start, stop = int(first[number]), int(first[number + 1])
        among = slice(int(bounds[number]), int(bounds[number + 1]))
        weight = _matrix(stop - start, one[among] - start, other[among] - start, many[among])
        packed = pack(Bodies.discs(reach[start:stop]), weight, stretch=1.0)
        area = reach[start:stop] ** 2
        middles[start:stop] = packed - (packed * area[:, None]).sum(axis=0) / area.sum()
    return middles


def _matrix(count: int, one: Whole, other: Whole, many: Reals) -> Reals:
    weight = np.zeros((count, count))
    weight[one, other] = weight[other, one] = many
    return weight


def _between(labels: Whole, count: int, ties: Ties) -> tuple[Whole, Whole, Reals]:
    """Count the ties between labelled sets: the two, ascending, and how many."""
    one, other = labels[ties.one], labels[ties.other]
    low, high = np.minimum(one, other), np.maximum(one, other)
    keys, many = np.unique((low * count + high)[low != high], return_counts=True)
    return keys // count, keys % count, many.astype(np.float64)
