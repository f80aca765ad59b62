"""PageRank: listed by many, and by those who matter."""

from __future__ import annotations

from typing import Final

import numpy as np

from graphcrawl.graph.arrays import GraphArrays
from graphcrawl.graph.measures.measured import Floats

DAMPING: Final = 0.85
TOLERANCE: Final = 1e-9
"""The last step moves no more than this of the whole rank of 1; so every value is within
``TOLERANCE * DAMPING / (1 - DAMPING)``, 6e-9, of its limit. It takes 128 steps at most."""


def pagerank(arrays: GraphArrays) -> Floats:
    """Give each account its share of all visits of a reader who follows connections at random.

    Each step, with the probability `DAMPING` the reader goes on to an account that the present
    one lists, and else to any account at all. From an account without known connections, most
    often one that was not asked, the reader goes on to any account.

    Returns
    -------
    array of float64, one an account
        0-1, in sum 1.

    Notes
    -----
    Brin and Page (1998), by power iteration; accounts without connections as in networkx.
    """
    size = arrays.size
    if not size:
        return np.zeros(0)
    order = np.argsort(arrays.targets, kind="stable")
    givers, takers = arrays.sources[order], arrays.targets[order]
    lists = np.bincount(givers, minlength=size)
    lists_none = lists == 0
    share = DAMPING / np.maximum(lists, 1)
    rank = np.full(size, 1 / size)
    moved = 1.0
    while moved > TOLERANCE:
        spread = (1 - DAMPING + DAMPING * rank[lists_none].sum()) / size
        given = np.bincount(takers, weights=(rank * share)[givers], minlength=size) + spread
        moved = float(np.abs(given - rank).sum())
        rank = given
    return rank
