"""What several partitions of a graph agree on, and the graph of these groups.

Ovelgönne and Geyer-Schulz, An ensemble learning strategy for graph clustering (2012): accounts that
every one of some good partitions keeps together belong together, so that a search that starts from
these groups is short, and finds more than the best of the partitions.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from graphcrawl.graph.ties import Ties, Whole, summed


def agreed(partitions: Sequence[Whole]) -> Whole:
    """Group the accounts that are together in every partition.

    Parameters
    ----------
    partitions : sequence of arrays of int64
        Of the same accounts, one or more; each account's community, from 0, below the number of
        accounts.

    Returns
    -------
    array of int64
        Each account's group, from 0 without gaps.
    """
    groups, *others = partitions
    for labels in others:
        _, groups = np.unique(groups * len(labels) + labels, return_inverse=True)
    _, groups = np.unique(groups, return_inverse=True)
    return groups


def contracted(ties: Ties, groups: Whole) -> Ties:
    """Make one node of each group, such that modularity stays what it was.

    What is tied within a group would be a loop at its node. Engines read loops each in its own way,
    so it is a leaf here, tied to the node by as much: it adds the same to both sums of modularity,
    and no community gains by leaving a leaf to itself (Arenas and others, 2007).

    Parameters
    ----------
    ties : Ties
    groups : array of int64
        As `agreed` gives them.

    Returns
    -------
    Ties
        The groups come first, by their numbers, then the leaves.
    """
    count = int(groups.max(initial=-1)) + 1
    one, other = groups[ties.one], groups[ties.other]
    inside = one == other
    loops = summed(one[inside], ties.weight[inside], count)
    bearers = np.flatnonzero(loops)
    low, high = np.minimum(one, other)[~inside], np.maximum(one, other)[~inside]
    pairs, at = np.unique(low * count + high, return_inverse=True)
    one = np.concatenate([pairs // max(count, 1), bearers])
    other = np.concatenate([pairs % max(count, 1), count + np.arange(len(bearers))])
    weight = np.concatenate([summed(at, ties.weight[~inside], len(pairs)), loops[bearers]])
    order = np.lexsort((other, one))
    return Ties(count + len(bearers), one[order], other[order], weight[order])
