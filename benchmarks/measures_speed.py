"""Measures of accounts: graphcrawl's against networkx's, on the same connections.

Each begins with what it works on in memory, arrays here and a networkx graph there, and ends with
a number for every account; the largest difference between both is printed, too. One graph has
2,000 accounts and 8,000 connections, and on it every shortest path is followed. The other has
100,000 and 500,000: networkx takes hours for its paths, so only pagerank and cores are compared
there, and what graphcrawl samples is timed alone.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Mapping
from typing import TypeVar

import networkx as nx
import numpy as np

from graphcrawl.graph.arrays import GraphArrays
from graphcrawl.graph.measures import Measured, measure
from graphcrawl.model import Origin

T = TypeVar("T")
Peer = Callable[[nx.DiGraph, nx.Graph], Mapping[int, float]]

PEERS: Mapping[str, Peer] = {
    "pagerank": lambda one_way, both: nx.pagerank(one_way, tol=1e-9 / len(both)),
    "betweenness": lambda one_way, both: nx.betweenness_centrality(both),
    "core": lambda one_way, both: nx.core_number(both),
    "harmonic": lambda one_way, both: nx.harmonic_centrality(both),
}
SMALL, LARGE = (2_000, 8_000), (100_000, 500_000)
BEYOND = ("betweenness", "harmonic")
"""What networkx takes too long for in the larger graph."""


def world(accounts: int, connections: int) -> GraphArrays:
    """Draw connections between accounts of which some are drawn much more often than others."""
    chance = np.random.default_rng(0)
    weights = chance.permutation(np.arange(1, accounts + 1) ** -0.6)
    ends = chance.choice(accounts, (2, connections * 11 // 10), p=weights / weights.sum())
    pairs = np.unique(ends[0] * accounts + ends[1])
    pairs = pairs[pairs // accounts != pairs % accounts]
    pairs = np.sort(chance.permutation(pairs)[:connections])
    sources, targets = np.divmod(pairs, accounts)
    return GraphArrays(
        ids=np.arange(accounts),
        asked=np.ones(accounts, np.bool_),
        followers=np.full(accounts, -1),
        sources=sources,
        targets=targets,
        ways_back=np.zeros((2, 0), np.int64),
        origin=Origin.SIMULATED,
    )


def converted(arrays: GraphArrays) -> nx.DiGraph:
    """Give the connections as networkx has them."""
    made = nx.DiGraph()
    made.add_nodes_from(range(arrays.size))
    made.add_edges_from(zip(arrays.sources.tolist(), arrays.targets.tolist(), strict=True))
    return made


def timed(work: Callable[[], T], rounds: int) -> tuple[float, T]:
    """Run something, and give the median of its seconds with what it gave last."""
    seconds = []
    for _ in range(rounds):
        began = time.perf_counter()
        given = work()
        seconds.append(time.perf_counter() - began)
    return statistics.median(seconds), given


def compare(name: str, arrays: GraphArrays, one_way: nx.DiGraph, both: nx.Graph) -> str:
    """Measure by both and say how long each took."""
    mine, found = timed(lambda: measure(arrays, name), 3)
    its, given = timed(lambda: PEERS[name](one_way, both), 1)
    apart = np.abs(found.values - [given[at] for at in range(arrays.size)]).max()
    return f"{name:12} {mine:8.3f} {its:9.2f} {its / mine:7.0f}   {apart:.1e}"


def alone(name: str, arrays: GraphArrays) -> str:
    """Measure what networkx is too slow for."""
    seconds, found = timed(lambda: measure(arrays, name), 1)
    return f"{name:12} {seconds:8.3f} {'-':>9} {'-':>7}   {off(found)}"


def off(found: Measured) -> str:
    """Say how large the errors of the first ten are, in shares of their values."""
    first = np.argsort(-found.values)[:10]
    share = float(np.median(found.beside["error"][first] / found.values[first]))
    return f"{found.exactness}: {share:.1%} of the first ten's values, in the middle"


def main() -> None:
    """Print one table for each graph."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    for accounts, connections in (SMALL, LARGE):
        arrays = world(accounts, connections)
        one_way = converted(arrays)
        both = one_way.to_undirected()
        print(f"{accounts:,} accounts, {len(arrays.sources):,} connections")
        print(f"{'':12} {'seconds':>8} {'networkx':>9} {'times':>7}   largest difference")
        for name in PEERS:
            is_beyond = accounts == LARGE[0] and name in BEYOND
            print(alone(name, arrays) if is_beyond else compare(name, arrays, one_way, both))


if __name__ == "__main__":
    main()
