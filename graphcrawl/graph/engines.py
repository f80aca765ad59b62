"""What looks for communities of large modularity: other people's libraries, one seed each."""

from __future__ import annotations

import math
from collections.abc import Callable
from concurrent.futures import Executor
from importlib import metadata
from operator import attrgetter
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from graphcrawl.graph.core_groups import agreed, contracted
from graphcrawl.graph.options import ClusterOptions, Engine, Method, has_networkit
from graphcrawl.graph.ties import Ties, Whole


class Effort(NamedTuple):
    """How hard Leiden looks in a graph of up to so many ties."""

    ties: float
    trials: int
    iterations: int


EFFORTS: Final = (
    Effort(2_000, trials=8, iterations=10),
    Effort(10_000, trials=4, iterations=5),
    Effort(250_000, trials=2, iterations=2),
    Effort(math.inf, trials=1, iterations=1),
)
"""What takes a tenth of a second or two, and beyond that what is good enough: see
benchmarks/README.md for the modularity and the seconds of each."""

JOINT_ITERATIONS: Final = 5
"""On what the trials agree on: a graph of a few hundred nodes."""

NETWORKIT_ITERATIONS: Final = 3

NETWORKIT_FROM: Final = 5_000_000
"""Ties from which networkit, where it is installed, is taken. Of a million accounts with as many
ties: one iteration of graspologic's .6244 in 8.7 s, 1.29 GB at the peak, edges included; 3 of
networkit's .6241 in 9.6 s, 0.82 GB, 5 .6243 in 14.4, 10 .6245 in 30."""


_GRASPOLOGIC: Final = "graspologic-native"
_NETWORKIT: Final = "networkit"
_ENGINES: Final = {_GRASPOLOGIC: Engine.GRASPOLOGIC, _NETWORKIT: Engine.NETWORKIT}

Search = Callable[[Ties, ClusterOptions, Executor], Callable[[], Whole]]
"""Begins to look for communities, in threads of the executor's; what it gives waits for them, and
labels each account. So whoever calls can do something else meanwhile, and no engine that is ready
waits for an interpreter that others keep busy."""


class Finder(NamedTuple):
    """A library, and how it is asked."""

    library: str
    begin: Search


def finder_of(options: ClusterOptions, ties: int) -> Finder:
    """Say what looks for communities in a graph of so many ties."""
    if options.method is Method.LOUVAIN:
        return Finder("networkx", _louvain)
    is_wanted = options.engine is Engine.NETWORKIT
    if is_wanted or (options.engine is Engine.AUTO and ties >= NETWORKIT_FROM and has_networkit()):
        return Finder(_NETWORKIT, _networkit)
    return Finder(_GRASPOLOGIC, _graspologic)


def engine_of(found_by: str) -> Engine:
    """Say which engine finds the same again; `AUTO` where none is to be chosen, or not here.

    Parameters
    ----------
    found_by : str
        What `version_of` gave then.
    """
    engine = _ENGINES.get(found_by.partition(" ")[0], Engine.AUTO)
    return Engine.AUTO if engine is Engine.NETWORKIT and not has_networkit() else engine


def version_of(library: str) -> str:
    """Name a library with its version."""
    return f"{library} {metadata.version(library)}"


def _graspologic(ties: Ties, options: ClusterOptions, pool: Executor) -> Callable[[], Whole]:
    """Run the algorithm of Traag, Waltman and van Eck (2019) some times, and join what it found.

    The engine lets go of the interpreter, so the trials run at once; each has a seed of its own,
    and the first of equals is kept, so that it does not matter which of them ends first.
    """
    effort = next(effort for effort in EFFORTS if len(ties.one) <= effort.ties)
    count = effort.trials
    try_it = _leiden(ties, options.resolution, effort.iterations)
    running = [pool.submit(try_it, count * options.rng_seed + trial) for trial in range(count)]

    def joined() -> Whole:
        trials = [one.result() for one in running]
        if count > 1:
            groups = agreed([trial.labels for trial in trials])
            joint = _leiden(contracted(ties, groups), options.resolution, JOINT_ITERATIONS)
            quality, labels = joint(options.rng_seed)
            trials.append(Trial(quality, labels[groups]))
        return max(trials, key=attrgetter("quality")).labels

    return joined


class Trial(NamedTuple):
    """What one run of Leiden found: its modularity, and each account's community."""

    quality: float
    labels: Whole


def _leiden(ties: Ties, resolution: float, iterations: int) -> Callable[[int], Trial]:
    """Give what runs Leiden on a graph with a seed."""
    from graspologic_native import leiden_csr

    starts, ends, weights = _rows(ties)

    def run(seed: int) -> Trial:
        quality, found = leiden_csr(
            starts, ends, weights, ties.size, resolution, iterations=iterations, seed=seed
        )
        labels = np.fromiter((found[place] for place in range(ties.size)), np.int64, ties.size)
        return Trial(quality, labels)

    return run


def _rows(ties: Ties) -> tuple[Whole, NDArray[np.int32], NDArray[np.float64]]:
    """Give the symmetric matrix of ties, row by row: where rows start, columns, weights."""
    sources = np.concatenate([ties.one, ties.other])
    targets = np.concatenate([ties.other, ties.one])
    order = np.argsort(sources * ties.size + targets)
    counts = np.bincount(sources, minlength=ties.size)
    starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    return starts, targets.astype(np.int32)[order], np.tile(ties.weight.astype(float), 2)[order]


def _networkit(ties: Ties, options: ClusterOptions, pool: Executor) -> Callable[[], Whole]:
    return pool.submit(_by_networkit, ties, options).result


def _by_networkit(ties: Ties, options: ClusterOptions) -> Whole:
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


def _louvain(ties: Ties, options: ClusterOptions, pool: Executor) -> Callable[[], Whole]:
    return pool.submit(_by_louvain, ties, options).result


def _by_louvain(ties: Ties, options: ClusterOptions) -> Whole:
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
