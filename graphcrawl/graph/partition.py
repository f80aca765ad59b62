"""Which accounts belong together: the engines, and what holds whichever of them is used."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from importlib import metadata
from operator import itemgetter
from typing import Final

import numpy as np

from graphcrawl.graph.options import ClusterOptions, Method
from graphcrawl.graph.ties import Ties, Whole, components

ITERATIONS: Final = 3
TRIALS: Final = 2
"""Leiden's. The least and the middle modularity of 20 and more seeds on the Facebook pages, and
the seconds of one core: 3 iterations of 1 trial .8151, .8179 in 0.28; of 2 trials .8156, .8182 in
0.57; of 3 .8175, .8182 in 0.84. The best that networkx's Louvain was seen to give is .8160."""

ENGINES: Final = {Method.LEIDEN: "graspologic-native", Method.LOUVAIN: "networkx"}


@dataclass(frozen=True, slots=True, eq=False)
class Partition:
    """Every account in exactly one community, and every community in one piece.

    Attributes
    ----------
    labels : array of int64
        For each account the place of its community's first account.
    modularity : float or None
        At the weights and the resolution that were asked for; None where nothing is tied.
    engine : str
        What found it, with its version.
    """

    labels: Whole
    modularity: float | None
    engine: str


def divide(ties: Ties, options: ClusterOptions) -> Partition:
    """Part accounts into communities.

    Engines may leave a community in several pieces; each piece becomes one of its own, which
    never lowers modularity.

    Parameters
    ----------
    ties : Ties
        Their order decides what chance decides, so it has to be the same for the same graph.
    options : ClusterOptions
        Checked.

    Returns
    -------
    Partition
    """
    labels = components(ties.within(_found(ties, options)))
    return Partition(labels, modularity(ties, labels, options.resolution), engine_of(options))


def engine_of(options: ClusterOptions) -> str:
    """Name what finds communities, with its version."""
    library = ENGINES.get(options.method, "graphcrawl")
    return f"{library} {metadata.version(library)}"


def _found(ties: Ties, options: ClusterOptions) -> Whole:
    if options.method is Method.COMPONENTS or not len(ties.one):
        return np.zeros(ties.size, np.int64)
    return _leiden(ties, options) if options.method is Method.LEIDEN else _louvain(ties, options)


def _leiden(ties: Ties, options: ClusterOptions) -> Whole:
    """Run the algorithm of Traag, Waltman and van Eck (2019), and keep the best of some trials.

    The engine lets go of the interpreter, so the trials run at once; each has a seed of its own,
    and the first of equals is kept, so that it does not matter which of them ends first.
    """
    from graspologic_native import leiden_csr

    starts, ends, weights = _rows(ties)
    try_it = partial(
        leiden_csr,
        starts,
        ends.astype(np.int32),
        weights.astype(np.float64),
        ties.size,
        options.resolution,
        iterations=ITERATIONS,
    )
    seeds = [TRIALS * options.rng_seed + trial for trial in range(TRIALS)]
    with ThreadPoolExecutor(TRIALS) as pool:
        trials = list(pool.map(lambda seed: try_it(seed=seed), seeds))
    _, found = max(trials, key=itemgetter(0))
    return np.fromiter((found[place] for place in range(ties.size)), np.int64, ties.size)


def _rows(ties: Ties) -> tuple[Whole, Whole, Whole]:
    """Give the symmetric matrix of ties, row by row: where rows start, columns, weights."""
    sources = np.concatenate([ties.one, ties.other])
    targets = np.concatenate([ties.other, ties.one])
    order = np.lexsort((targets, sources))
    counts = np.bincount(sources, minlength=ties.size)
    starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    return starts, targets[order], np.tile(ties.weight, 2)[order]


def _louvain(ties: Ties, options: ClusterOptions) -> Whole:
    """Run the algorithm of Blondel and others (2008)."""
    import networkx as nx

    graph = nx.Graph()
    graph.add_nodes_from(range(ties.size))
    graph.add_weighted_edges_from(
        zip(ties.one.tolist(), ties.other.tolist(), ties.weight.tolist(), strict=True)
    )
    labels = np.zeros(ties.size, np.int64)
    found = nx.community.louvain_communities(
        graph, weight="weight", resolution=options.resolution, seed=options.rng_seed
    )
    for number, members in enumerate(found):
        labels[list(members)] = number
    return labels


def modularity(ties: Ties, labels: Whole, resolution: float = 1.0) -> float | None:
    """Say how much more is tied within communities than chance would tie.

    Parameters
    ----------
    ties : Ties
    labels : array of int64
        Each account's community, below the number of accounts.
    resolution : float
        What chance weighs.

    Returns
    -------
    float or None
        At most 1; None where nothing is tied.

    Notes
    -----
    Newman and Girvan (2004), with the resolution of Reichardt and Bornholdt (2006).
    """
    total = int(ties.weight.sum())
    if not total:
        return None
    inside = int(ties.within(labels).weight.sum())
    ends = np.bincount(labels, weights=ties.degrees(), minlength=ties.size)
    return float(inside / total - resolution * np.sum((ends / (2 * total)) ** 2))
