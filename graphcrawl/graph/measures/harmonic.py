"""Harmonic closeness: how near an account is to all others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from graphcrawl.graph.arrays import Whole
from graphcrawl.graph.measures.lists import Lists
from graphcrawl.graph.measures.measured import Measured
from graphcrawl.graph.measures.pivots import draw, estimated
from graphcrawl.graph.measuring import MeasureOptions

EXACT: Final = 10_000
SAMPLES: Final = 2_000

_BITS: Final = 64

Words = NDArray[np.uint64]


def harmonic(lists: Lists, options: MeasureOptions) -> Measured:
    """Sum up, for each account, 1 / the hops from each other account that a path leads from.

    Parameters
    ----------
    lists : Lists
        Where paths may go on.
    options : MeasureOptions

    Returns
    -------
    Measured
        From 0 to the number of the other accounts, which it is where all of them are one hop
        away; sampled beyond `EXACT` accounts, with its standard error.

    Notes
    -----
    Marchiori and Latora (2000), Boldi and Vigna (2014). Accounts are searched from 64 starts at
    once, a bit each (Then and others, The more the merrier, 2014).
    """
    size = lists.size
    pivots = draw(size, options, exact=EXACT, usual=SAMPLES)
    sums, squares = np.zeros(size), np.zeros(size)
    into = lists.turned()
    for first in range(0, len(pivots.places), _BITS):
        found = _levels(into, pivots.places[first : first + _BITS])
        for hops, reached in enumerate(found, start=1):
            counts = np.bitwise_count(reached)
            sums += counts / hops
            squares += counts / hops**2
    return estimated(sums, squares, pivots, scale=1.0, sure=into.lengths() == 0)


def _levels(into: Lists, pivots: Whole) -> Iterator[Words]:
    """Give, hop by hop, which of the pivots are first met there, as bits of each account."""
    rows = np.flatnonzero(into.lengths())
    if not len(rows):
        return
    front = np.zeros(into.size, np.uint64)
    front[pivots] = np.uint64(1) << np.arange(len(pivots), dtype=np.uint64)
    seen = front.copy()
    while True:
        # Accounts that nobody leads to have no stretch of their own in `ends`.
        met = np.bitwise_or.reduceat(front[into.ends], into.starts[rows])
        front = np.zeros(into.size, np.uint64)
        front[rows] = met & ~seen[rows]
        if not front.any():
            return
        seen |= front
        yield front
