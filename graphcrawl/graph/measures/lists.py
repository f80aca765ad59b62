"""Whom each account leads to, as compressed rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from graphcrawl.graph.arrays import GraphArrays, Whole


@dataclass(frozen=True, slots=True, eq=False)
class Lists:
    """For each account the places that it leads to, no pair twice and none to itself.

    Attributes
    ----------
    starts : array of int64
        One more than there are accounts: those of account i are ``ends[starts[i]:starts[i + 1]]``.
    ends : array of int64
    """

    starts: Whole
    ends: Whole

    @property
    def size(self) -> int:
        """How many accounts there are."""
        return len(self.starts) - 1

    def lengths(self) -> Whole:
        """Count whom each account leads to."""
        return np.diff(self.starts)

    def sources(self) -> Whole:
        """Give for each of `ends` the account that leads there."""
        return np.repeat(np.arange(self.size), self.lengths())

    def of(self, places: Whole) -> tuple[Whole, Whole]:
        """Give how many each of some accounts leads to, and all of these one after another."""
        lengths = self.starts[places + 1] - self.starts[places]
        before = np.cumsum(lengths) - lengths
        at = np.arange(lengths.sum()) + np.repeat(self.starts[places] - before, lengths)
        return lengths, self.ends[at]

    def turned(self) -> Lists:
        """Give who leads to each account."""
        order = np.argsort(self.ends, kind="stable")
        return Lists(_starts(self.ends, self.size), self.sources()[order])


def listed(arrays: GraphArrays) -> Lists:
    """Give whom each account lists."""
    return _of_pairs(arrays.sources * arrays.size + arrays.targets, arrays)


def tied(arrays: GraphArrays) -> Lists:
    """Give whom each account is tied to: two accounts are when either lists the other."""
    size = arrays.size
    there = arrays.sources * size + arrays.targets
    back = arrays.targets * size + arrays.sources
    return _of_pairs(np.concatenate([there, back]), arrays)


def _of_pairs(keys: Whole, arrays: GraphArrays) -> Lists:
    size = max(arrays.size, 1)
    # Sorted and compared by hand: half the time of numpy's unique, which hashes first.
    keys = np.sort(keys)
    keys = keys[np.concatenate([[True], keys[1:] != keys[:-1]])] if len(keys) else keys
    one, other = np.divmod(keys, size)
    apart = one != other
    return Lists(_starts(one[apart], arrays.size), other[apart])


def _starts(places: Whole, size: int) -> Whole:
    return np.concatenate([[0], np.cumsum(np.bincount(places, minlength=size))])
