"""Where the accounts of a large map lie: communities as places, near those they are tied to.

Pure and deterministic: the order of the nodes decides every tie, and nothing is drawn by lot.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from graphcrawl.graph import ConnectionGraph
from graphcrawl.graph.options import Weight
from graphcrawl.graph.ties import Ties, Whole, ties_between
from graphcrawl.map.cells import Plots, discs, grown
from graphcrawl.map.crowd import Crowd
from graphcrawl.map.groups import Cluster
from graphcrawl.map.layout import Layout
from graphcrawl.map.lobes import lobes
from graphcrawl.map.packing import Bodies, pack, shelve

Reals = NDArray[np.float64]

STRETCH: Final = 1.6
"""Width to height of the whole: most screens are as wide."""

GAP: Final = 3.0
"""Least room between two marks, in map units."""

STREET: Final = 14.0
"""Least room between the marks of two places, in map units."""

_GOLDEN_ANGLE: Final = np.pi * (3 - np.sqrt(5))
_LOOSE: Final = 1.14
"""The area a mark takes in a spiral, in squares of its diameter."""

_SHAPES: Final = (1.3, 2.0, 3.0, 4.5)
"""Widths to height that are tried; what comes out is less wide than what is aimed at."""

_TRIED_AT_MOST: Final = 120
_GROWN_AT_MOST: Final = 2000
_PACKED_AT_MOST: Final = 1500
"""Places that are packed near what they are tied to; the time grows with their square."""


def build(graph: ConnectionGraph, radii: Sequence[float], clusters: Sequence[Cluster]) -> Layout:
    """Lay a graph out as a city.

    Places are packed like discs, each near those it is tied to; within a place its lobes are,
    turned so that they look to what they are tied to; within a lobe the largest marks lie in the
    middle. Then all is pressed together, which rounds off what the discs have left.

    Parameters
    ----------
    graph : ConnectionGraph
    radii : sequence of float
        Each node's radius, in map units.
    clusters : sequence of Cluster
        The places; an account in none is a place of its own.

    Returns
    -------
    Layout
        Without rings. No two marks overlap; those of two places lie further apart.
    """
    if not graph.nodes:
        return Layout((), ())
    ties = ties_between(graph.nodes, graph, Weight.ONE)
    groups = _groups(len(graph.nodes), clusters)
    room = np.asarray(radii, np.float64) + GAP / 2
    parts = _Parts.of(ties, groups, room)
    points = parts.points(ties, room)
    parted = Crowd(room, groups, STREET).part(points)
    middle = (parted.min(axis=0) + parted.max(axis=0)) / 2
    return Layout(tuple((x, y) for x, y in np.round(parted - middle, 1).tolist()), ())


def _groups(count: int, clusters: Sequence[Cluster]) -> Whole:
    """Give each account its place, from 0 without gaps; those in no cluster come last."""
    groups = np.full(count, -1, np.int64)
    for number, cluster in enumerate(clusters):
        groups[list(cluster.members)] = number
    lone = groups < 0
    groups[lone] = len(clusters) + np.arange(np.count_nonzero(lone))
    return groups


@dataclass(frozen=True, slots=True, eq=False)
class _Parts:
    """Lobes as discs that lie where they are to lie.

    Attributes
    ----------
    lobe : array of int64, shape (n,)
        Each account's.
    plots : Plots
    """

    lobe: Whole
    plots: Plots

    @classmethod
    def of(cls, ties: Ties, groups: Whole, room: Reals) -> _Parts:
        lobe = lobes(ties.within(groups), groups)
        count = int(lobe.max()) + 1
        place = np.empty(count, np.int64)
        place[lobe] = groups
        reach = np.sqrt(np.bincount(lobe, 4 * room * room * _LOOSE) / np.pi)
        inner = _inside(place, reach, lobe, ties)
        bodies = Bodies(inner, reach + STREET / 2, place)
        outer = _on_the_map(bodies, groups, ties)
        turned = _turned(inner, outer, place, lobe, ties)
        bodies = Bodies(turned, reach + STREET / 2, place)
        outer = _on_the_map(bodies, groups, ties)
        return cls(lobe, _plots(outer[place] + turned, reach, place, lobe, ties))

    def points(self, ties: Ties, room: Reals) -> Reals:
        """Place every account in its lobe: a spiral, the largest first."""
        size, lobe = len(room), self.lobe
        degrees = ties.degrees()
        order = np.lexsort((np.arange(size), -degrees, -room, lobe))
        counts = np.bincount(lobe)
        first = np.cumsum(counts) - counts
        rank = np.empty(size, np.int64)
        rank[order] = np.arange(size) - first[lobe[order]]
        area = (4 * room * room * _LOOSE)[order]
        total = np.cumsum(area)
        start = (total - area)[first]
        whole = np.bincount(lobe, 4 * room * room * _LOOSE)
        away = np.empty(size)
        away[order] = np.sqrt((total - area / 2 - start[lobe[order]]) / whole[lobe[order]])
        # The first one lies in the very middle.
        away[rank == 0] = np.where(counts == 1, 0.0, away[order[first]] * 0.4)
        angle = self._leaning(rank, rank * _GOLDEN_ANGLE % (2 * np.pi), ties)
        return self.plots.within(lobe, away, angle)

    def _leaning(self, rank: Whole, angle: Reals, ties: Ties) -> Reals:
        """Swap the angles of accounts that lie equally far out, so that each leans to its ties.

        Angles are sorted from the direction that the lobe as a whole is drawn to, on both sides.
        """
        pull = _pull(self.plots.middles[self.lobe], ties)
        whole = np.stack([np.bincount(self.lobe, axis) for axis in pull.T], axis=1)
        ahead = np.arctan2(whole[:, 1], whole[:, 0])[self.lobe]
        free = np.hypot(*pull.T) < 1e-9
        wanted = np.where(free, angle, np.arctan2(pull[:, 1], pull[:, 0]))
        turn = np.floor((np.sqrt(1 + 4 * rank / 3) - 1) / 2).astype(np.int64)
        spots = np.lexsort((_around(angle, ahead), turn, self.lobe))
        takers = np.lexsort((_around(wanted, ahead), turn, self.lobe))
        # A spot is an angle with its distance; turns hold marks of like size, so that any fits.
        given = np.empty(len(angle))
        given[takers] = angle[spots]
        return given


def _around(angle: Reals, ahead: Reals) -> Reals:
    around: Reals = (angle - ahead + np.pi) % (2 * np.pi)
    return around


def _pull(points: Reals, ties: Ties) -> Reals:
    """Sum up for each account the unit vectors to its neighbours elsewhere."""
    away = points[ties.other] - points[ties.one]
    length = np.hypot(*away.T)
    unit = away / np.maximum(length, 1e-9)[:, None] * (length > 1e-9)[:, None]
    pull = np.zeros_like(points)
    for axis in (0, 1):
        there = np.bincount(ties.one, unit[:, axis], len(points))
        back = np.bincount(ties.other, unit[:, axis], len(points))
        pull[:, axis] = there - back
    return pull


def _between(labels: Whole, count: int, ties: Ties) -> tuple[Whole, Whole, Reals]:
    """Count the ties between labelled sets: the two, ascending, and how many."""
    one, other = labels[ties.one], labels[ties.other]
    low, high = np.minimum(one, other), np.maximum(one, other)
    keys, many = np.unique((low * count + high)[low != high], return_counts=True)
    return keys // count, keys % count, many.astype(np.float64)


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


def _on_the_map(bodies: Bodies, groups: Whole, ties: Ties) -> Reals:
    """Pack the places that are tied to others; the rest stand in rows below."""
    outline = bodies.reach()
    count = len(outline)
    one, other, many = _between(groups, count, ties)
    tied = np.zeros(count, bool)
    tied[one] = tied[other] = True
    inner = np.flatnonzero(tied)
    if not len(inner):
        # One place alone, or none tied to another: the largest is the city.
        inner = np.array([int(np.argmax(outline))])
    inner = np.sort(inner[np.argsort(-outline[inner], kind="stable")][:_PACKED_AT_MOST])
    number = np.full(count, -1, np.int64)
    number[inner] = np.arange(len(inner))
    both = (number[one] >= 0) & (number[other] >= 0)
    share = many / np.sqrt(outline[one] * outline[other])
    weight = _matrix(len(inner), number[one[both]], number[other[both]], share[both])
    middles = np.zeros((count, 2))
    middles[inner] = _filling(bodies.only(inner), weight)
    rest = np.flatnonzero(number < 0)
    rest = rest[np.argsort(-outline[rest], kind="stable")]
    middles[rest] = _below(outline[rest], middles[inner], outline[inner])
    return middles


def _plots(middles: Reals, reach: Reals, place: Whole, lobe: Whole, ties: Ties) -> Plots:
    """Let the lobes of tied places grow together; what stands in rows stays as it is."""
    count = int(place.max()) + 1
    size = np.bincount(place, minlength=count)
    groups = place[lobe]
    one, other, _ = _between(groups, count, ties)
    tied = size > 1
    tied[one] = tied[other] = True
    inner = np.flatnonzero(tied[place])
    plots = discs(middles, reach)
    if 1 < len(inner) <= _GROWN_AT_MOST:
        some = grown(middles[inner], reach[inner], place[inner], street=STREET, stretch=STRETCH)
        plots.middles[inner], plots.reach[inner] = some.middles, some.reach
    return plots


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


def _below(radii: Reals, middles: Reals, outline: Reals) -> Reals:
    """Place rows under what is packed, so wide that the whole keeps its shape."""
    left, right = (middles[:, 0] - outline).min(), (middles[:, 0] + outline).max()
    bottom = (middles[:, 1] + outline).max()
    area = 4 * float((radii**2).sum() + (outline**2).sum())
    width = max(float(right - left), float(np.sqrt(area * STRETCH)))
    rows = shelve(radii, width)
    middle: Reals = rows + np.array([(left + right - width) / 2, bottom])
    return middle


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
