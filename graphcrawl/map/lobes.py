"""The inner shape of communities: parts whose accounts are tied to one another more than to others.

Everything is done for all communities at once, in arrays.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from graphcrawl.graph.ties import Ties, Whole

Reals = NDArray[np.float64]

_SWEEPS: Final = 16
_VOTES: Final = 3
_ACCOUNTS_A_LOBE: Final = 60
"""In a community of as many; the lobes of larger ones grow with the root of their size."""

_LOBES: Final = 9
"""The most that a community is parted into."""

_FEWEST: Final = 15
"""Accounts below which a lobe would be a splinter."""


def lobes(inner: Ties, groups: Whole) -> Whole:
    """Part each community into lobes, a small one into one.

    Accounts are ordered around a circle by two slow vectors of the random walk within their
    community (after Koren, 2005), cut into arcs with as many accounts each, and then moved to
    the lobe that most of their neighbours are in.

    Parameters
    ----------
    inner : Ties
        Those within communities only.
    groups : array of int64
        Each account's community, from 0 without gaps.

    Returns
    -------
    array of int64
        Each account's lobe, from 0 without gaps, in the order of the communities.
    """
    if not len(groups):
        return groups
    sizes = np.bincount(groups)
    wanted = np.clip(np.round(np.sqrt(sizes / _ACCOUNTS_A_LOBE)), 1, _LOBES).astype(np.int64)
    first = np.cumsum(wanted) - wanted
    across, along = _slow(inner, groups, sizes)
    order = np.lexsort((np.arctan2(along, across), groups))
    rank = np.empty(len(groups), np.int64)
    rank[order] = np.arange(len(groups)) - (np.cumsum(sizes) - sizes)[groups[order]]
    labels = first[groups] + rank * wanted[groups] // sizes[groups]
    for _ in range(_VOTES):
        labels = _voted(inner, labels)
    labels = _joined(labels, groups)
    return np.unique(labels, return_inverse=True)[1].astype(np.int64)


def _joined(labels: Whole, groups: Whole) -> Whole:
    """Add lobes of a few accounts to the largest of their community."""
    sizes = np.bincount(labels)
    order = np.lexsort((-labels, sizes[labels], groups))
    largest = np.empty(int(groups.max()) + 1, np.int64)
    # The last one written stays: the largest.
    largest[groups[order]] = labels[order]
    return np.where(sizes[labels] < _FEWEST, largest[groups], labels)


def _slow(inner: Ties, groups: Whole, sizes: Whole) -> tuple[Reals, Reals]:
    """Smooth two vectors over ties, within each community free of its mean and of each other."""
    degrees = np.bincount(inner.one, minlength=inner.size) + np.bincount(
        inner.other, minlength=inner.size
    )
    count = np.maximum(degrees, 1)
    # Any start will do, but it has to be the same in every process.
    places = np.arange(inner.size)
    first, second = np.sin(places * 1.618 + 0.5), np.cos(places * 2.414 + 1.1)

    def _rid(vector: Reals, of: Reals | None = None) -> Reals:
        if of is None:
            return vector - (np.bincount(groups, vector) / sizes)[groups]
        share = np.bincount(groups, vector * of) / np.maximum(np.bincount(groups, of * of), 1e-12)
        return vector - share[groups] * of

    def _unit(vector: Reals) -> Reals:
        length = np.sqrt(np.bincount(groups, vector * vector) / sizes)
        return vector / np.maximum(length, 1e-9)[groups]

    for _ in range(_SWEEPS):
        first = _unit(_rid(first + _mean(inner, first, count)))
        second = _unit(_rid(_rid(second + _mean(inner, second, count)), first))
    return first, second


def _mean(inner: Ties, vector: Reals, count: Whole) -> Reals:
    """Give each account the mean of its neighbours."""
    there = np.bincount(inner.one, vector[inner.other], inner.size)
    back = np.bincount(inner.other, vector[inner.one], inner.size)
    return (there + back) / count


def _voted(inner: Ties, labels: Whole) -> Whole:
    """Move each account to the lobe most of its neighbours are in; a tie leaves it."""
    many = int(labels.max()) + 1
    keys = np.concatenate(
        [
            inner.one * many + labels[inner.other],
            inner.other * many + labels[inner.one],
            np.arange(inner.size) * many + labels,
        ]
    )
    keys, votes = np.unique(keys, return_counts=True)
    own = labels[keys // many] == keys % many
    order = np.lexsort((own, votes, keys // many))
    chosen = np.empty(inner.size, np.int64)
    # The last one written stays: that with the most votes.
    chosen[keys[order] // many] = keys[order] % many
    return chosen
