"""What looks for communities of large modularity: other people's libraries, one seed each."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from importlib import metadata
from operator import itemgetter
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from graphcrawl.graph.options import ClusterOptions, Engine, Method, has_networkit
from graphcrawl.graph.ties import Ties, Whole

ITERATIONS: Final = 3
TRIALS: Final = 2
"""Leiden's. The least and the middle modularity of 20 and more seeds on the Facebook pages, and
the seconds of one core: 3 iterations of 1 trial .8151, .8179 in 0.28; of 2 trials .8156, .8182 in
0.57; of 3 .8175, .8182 in 0.84. The best that networkx's Louvain was seen to give is .8160."""

LARGE: Final = 250_000
"""Ties beyond which one iteration of one trial has to do: of 100,000 accounts with 476,000 ties it
gives .6257 in 0.46 s, 3 iterations .6261 in 1.06; networkx's Louvain .6254 in 13.4."""

NETWORKIT_ITERATIONS: Final = 3

NETWORKIT_FROM: Final = 5_000_000
"""Ties from which networkit, where it is installed, is taken. Of a million accounts with as many
ties: one iteration of graspologic's .6244 in 8.7 s, 1.29 GB at the peak, edges included; 3 of
networkit's .6241 in 9.6 s, 0.82 GB, 5 .6243 in 14.4, 10 .6245 in 30."""


class Finder(NamedTuple):
    """A library, and how it is asked."""

    library: str
    find: Callable[[Ties, ClusterOptions], Whole]


def finder_of(options: ClusterOptions, ties: int) -> Finder:
    """Say what looks for communities in a graph of so many ties."""
    if options.method is Method.LOUVAIN:
        return Finder("networkx", _louvain)
    is_wanted = options.engine is Engine.NETWORKIT
    if is_wanted or (options.engine is Engine.AUTO and ties >= NETWORKIT_FROM and has_networkit()):
        return Finder("networkit", _networkit)
    return Finder("graspologic-native", _graspologic)


def version_of(library: str) -> str:
    """Name a library with its version."""
    return f"{library} {metadata.version(library)}"


def _graspologic(ties: Ties, options: ClusterOptions) -> Whole:
    """Run the algorithm of Traag, Waltman and van Eck (2019), and keep the best of some trials.

    The engine lets go of the interpreter, so the trials run at once; each has a seed of its own,
    and the first of equals is kept, so that it does not matter which of them ends first.
    """
    from graspologic_native import leiden_csr

    starts, ends, weights = _rows(ties)
    iterations, count = (ITERATIONS, TRIALS) if len(ties.one) <= LARGE else (1, 1)
    try_it = partial(
        leiden_csr,
        starts,
        ends,
        weights,
        ties.size,
        options.resolution,
        iterations=iterations,
    )
    seeds = [TRIALS * options.rng_seed + trial for trial in range(count)]
    with ThreadPoolExecutor(count) as pool:
        trials = list(pool.map(lambda seed: try_it(seed=seed), seeds))
    _, found = max(trials, key=itemgetter(0))
    return np.fromiter((found[place] for place in range(ties.size)), np.int64, ties.size)


def _rows(ties: Ties) -> tuple[Whole, NDArray[np.int32], NDArray[np.float64]]:
    """Give the symmetric matrix of ties, row by row: where rows start, columns, weights."""
    sources = np.concatenate([ties.one, ties.other])
    targets = np.concatenate([ties.other, ties.one])
    order = np.argsort(sources * ties.size + targets)
    counts = np.bincount(sources, minlength=ties.size)
    starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    return starts, targets.astype(np.int32)[order], np.tile(ties.weight.astype(float), 2)[order]


def _networkit(ties: Ties, options: ClusterOptions) -> Whole:
    """Run the parallel Leiden algorithm of NetworKit on one thread.

    With more threads than one, what is found depends on which of them is the faster. And a seed
    holds for the first run after it only, so that it is set before every run.
    """
    import networkit

    threads = networkit.getMaxNumberOfThreads()
    networkit.setNumberOfThreads(1)
    try:
        graph = networkit.GraphFromCoo(
            (ties.weight.astype(np.float64), (ties.one, ties.other)),
            n=ties.size,
            weighted=bool((ties.weight != 1).any()),
        )
        networkit.setSeed(options.rng_seed, False)
        leiden = networkit.community.ParallelLeiden(
            graph, iterations=NETWORKIT_ITERATIONS, gamma=options.resolution
        )
        found = leiden.run().getPartition().getVector()
    finally:
        networkit.setNumberOfThreads(threads)
    _, labels = np.unique(np.array(found), return_inverse=True)
    return labels.astype(np.int64)


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
