"""Cores: how deep an account lies in the densest part of the graph."""

from __future__ import annotations

import numpy as np

from graphcrawl.graph.arrays import Whole
from graphcrawl.graph.measures.lists import Lists


def core_numbers(ties: Lists) -> Whole:
    """Give each account the largest k for which it is in a group tied to k others of the group.

    Parameters
    ----------
    ties : Lists
        Both ways.

    Returns
    -------
    array of int64, one an account
        0 without ties.

    Notes
    -----
    Seidman (1983). Accounts with the fewest ties left are taken away first, as Batagelj and
    Zaversnik (2003) do, all of them at once.
    """
    left = ties.lengths()
    core = np.zeros(ties.size, np.int64)
    rest = np.arange(ties.size)
    while len(rest):
        fewest = int(left[rest].min())
        leaving = rest[left[rest] == fewest]
        while len(leaving):
            core[leaving] = fewest
            left[leaving] = -1
            _, met = ties.of(leaving)
            met = met[left[met] >= 0]
            np.subtract.at(left, met, 1)
            leaving = np.unique(met[left[met] <= fewest])
        rest = rest[left[rest] >= 0]
    return core
