"""Betweenness: which share of all shortest paths leads through an account."""

from __future__ import annotations

from typing import Final

import numpy as np

from graphcrawl.graph.arrays import Flags, Whole
from graphcrawl.graph.measures.lists import Lists
from graphcrawl.graph.measures.measured import Floats, Measured
from graphcrawl.graph.measures.pivots import draw, estimated
from graphcrawl.graph.measuring import MeasureOptions

EXACT: Final = 5_000
SAMPLES: Final = 500
"""Up to 5,000 accounts with 20,000 ties all paths take some 5 s; beyond, 500 starts at 100,000
accounts with 500,000 ties some 9 s."""

_AT_ONCE: Final = 10_000
"""Cells searched together: small graphs are searched from several starts at once, since numpy's
calls would take longer than what they do."""

Step = tuple[Whole, Whole]
"""Connections along which shortest paths go on: from where, to where."""


def betweenness(lists: Lists, options: MeasureOptions) -> Measured:
    """Give the share of shortest paths that lead through each account, of all pairs of others.

    A pair with several shortest paths counts each in part. A pair without a path counts as one
    that no path leads through.

    Parameters
    ----------
    lists : Lists
        Where paths may go on.
    options : MeasureOptions

    Returns
    -------
    Measured
        0-1; sampled beyond `EXACT` accounts, with its standard error.

    Notes
    -----
    Freeman (1977) by the algorithm of Brandes (2001), level by level.
    """
    size = lists.size
    pivots = draw(size, options, exact=EXACT, usual=SAMPLES)
    sums, squares = np.zeros(size), np.zeros(size)
    at_once = max(1, _AT_ONCE // max(size, 1))
    for first in range(0, len(pivots.places), at_once):
        part = _dependencies(lists, pivots.places[first : first + at_once])
        sums += part.sum(0)
        squares += (part**2).sum(0)
    pairs = (size - 1) * (size - 2)
    scale = 1 / pairs if pairs > 0 else 0.0
    return estimated(sums, squares, pivots, scale=scale, sure=_on_no_path(lists))


def _on_no_path(lists: Lists) -> Flags:
    """Say who is surely between no others: led to by none, or leading to none but the one."""
    into = lists.turned()
    there, back = lists.lengths(), into.lengths()
    sure: Flags = (there == 0) | (back == 0)
    leaf = np.flatnonzero((there == 1) & (back == 1))
    sure[leaf] = lists.ends[lists.starts[leaf]] == into.ends[into.starts[leaf]]
    return sure


def _dependencies(lists: Lists, pivots: Whole) -> Floats:
    """Give for each pivot what share of its paths to all others leads through each account."""
    size = lists.size
    starts = np.arange(len(pivots)) * size + pivots
    paths, steps = _search(lists, starts, len(pivots) * size)
    through = np.zeros(len(paths))
    for source, target in reversed(steps):
        _add(through, source, paths[source] * ((1 + through[target]) / paths[target]))
    through[starts] = 0
    return through.reshape(len(pivots), size)


def _search(lists: Lists, starts: Whole, cells: int) -> tuple[Floats, list[Step]]:
    """Count the shortest paths to each cell, breadth-first, and give the steps they are made of.

    A cell is an account as one pivot sees it; cells of one pivot lie in a row.
    """
    paths, seen = np.zeros(cells), np.zeros(cells, np.bool_)
    paths[starts], seen[starts] = 1, True
    last = np.empty(cells, np.int64)
    front, steps = starts, []
    while len(front):
        places = front % lists.size
        lengths, ends = lists.of(places)
        targets = ends + np.repeat(front - places, lengths)
        is_new = ~seen[targets]
        targets, sources = targets[is_new], np.repeat(front, lengths)[is_new]
        _add(paths, targets, paths[sources])
        seen[targets] = True
        # Each once: the one that was written last.
        numbers = np.arange(len(targets))
        last[targets] = numbers
        front = targets[last[targets] == numbers]
        steps.append((sources, targets))
    return paths, steps


def _add(sums: Floats, at: Whole, values: Floats) -> None:
    """Add values that may meet in one place, in the way that is quicker for so many."""
    if len(at) * 8 > len(sums):
        sums += np.bincount(at, weights=values, minlength=len(sums))
    else:
        np.add.at(sums, at, values)
