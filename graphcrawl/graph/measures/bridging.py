"""Bridges: accounts whose ties lead out of their own cluster."""

from __future__ import annotations

import numpy as np

from graphcrawl.graph.arrays import Whole
from graphcrawl.graph.measures.lists import Lists
from graphcrawl.graph.measures.measured import Measured, everywhere
from graphcrawl.graph.options import ClusterOptions
from graphcrawl.graph.partition import divide
from graphcrawl.graph.ties import Ties


def bridge(ties: Lists, clusters: Whole) -> Measured:
    """Count each account's ties that lead to accounts of other clusters.

    Parameters
    ----------
    ties : Lists
        Both ways.
    clusters : array of int64, one an account
        The same label for accounts of one cluster; any int.

    Returns
    -------
    Measured
        Beside it `clusters`, how many other clusters these ties lead to, and `participation`:
        1 minus the sum over all clusters of the squared share of the account's ties that lead
        there. That is 0 where all lead to one cluster, near 1 where they are spread over many, and
        not known without ties.

    Notes
    -----
    The participation coefficient is that of Guimera and Amaral (2005).
    """
    labels, clusters = np.unique(clusters, return_inverse=True)
    sources = ties.sources()
    keys, counts = np.unique(sources * len(labels) + clusters[ties.ends], return_counts=True)
    accounts, met = keys // max(len(labels), 1), keys % max(len(labels), 1)
    is_other = clusters[accounts] != met
    every = ties.lengths()
    squares = np.bincount(accounts, weights=counts.astype(np.float64) ** 2, minlength=ties.size)
    with np.errstate(invalid="ignore"):
        participation = 1 - squares / every.astype(np.float64) ** 2
    outside = np.bincount(accounts[is_other], weights=counts[is_other], minlength=ties.size)
    return everywhere(
        outside.astype(np.int64),
        beside={
            "clusters": np.bincount(accounts[is_other], minlength=ties.size),
            "participation": participation,
        },
    )


def clusters_of(ties: Lists) -> Whole:
    """Find the clusters of a graph as they are found by default, each by one label."""
    one, other = ties.sources(), ties.ends
    once = one < other
    pairs = one[once], other[once], np.ones(int(once.sum()), np.int64)
    return divide(Ties(ties.size, *pairs), ClusterOptions()).labels
