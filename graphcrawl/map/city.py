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
from graphcrawl.map.cells import Plots
from graphcrawl.map.crowd import Crowd
from graphcrawl.map.groups import Cluster
from graphcrawl.map.layout import Layout
from graphcrawl.map.lobes import lobes
from graphcrawl.map.places import settle

Reals = NDArray[np.float64]

GAP: Final = 3.0
"""Least room between two marks, in map units."""

STREET: Final = 18.0
"""Least room between the marks of two places, in map units."""

_GOLDEN_ANGLE: Final = np.pi * (3 - np.sqrt(5))
_LOOSE: Final = 1.14
"""The area a mark takes in a spiral, in squares of its diameter."""


def build(graph: ConnectionGraph, radii: Sequence[float], clusters: Sequence[Cluster]) -> Layout:
    """Lay a graph out as a city.

    Places are packed like discs, each near those it is tied to; within a place its lobes are,
    turned so that they look to what they are tied to; within a lobe the largest marks lie in the
    middle. Before that, lobes grow into the room that discs leave between them.

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
    lobe = lobes(ties.within(groups), groups)
    area = 4 * room * room * _LOOSE
    plots = settle(ties, groups, lobe, area, street=STREET)
    points = _Spirals(lobe, plots).points(ties, room, area)
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
class _Spirals:
    """Accounts in the plots of their lobes.

    Attributes
    ----------
    lobe : array of int64, shape (n,)
        Each account's.
    plots : Plots
    """

    lobe: Whole
    plots: Plots

    def points(self, ties: Ties, room: Reals, area: Reals) -> Reals:
        """Place every account in its lobe: a spiral, the largest first."""
        size, lobe = len(room), self.lobe
        degrees = ties.degrees()
        order = np.lexsort((np.arange(size), -degrees, -room, lobe))
        counts = np.bincount(lobe)
        first = np.cumsum(counts) - counts
        rank = np.empty(size, np.int64)
        rank[order] = np.arange(size) - first[lobe[order]]
        whole = np.bincount(lobe, area)
        total = np.cumsum(area[order])
        start = (total - area[order])[first]
        away = np.empty(size)
        away[order] = np.sqrt((total - area[order] / 2 - start[lobe[order]]) / whole[lobe[order]])
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
