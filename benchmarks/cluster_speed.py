"""Clusters of whole graphs: graphcrawl's Leiden against networkx's Louvain.

In memory, both begin with the same graph (accounts, connections with both ends) and end with every
account's cluster; graphcrawl also numbers and names them. Rounds alternate in one process, each
with a seed of its own, and networkx judges the modularity of both. What begins in databases is in
`cluster_databases.py`, and runs from here too.
"""

from __future__ import annotations

import argparse
import csv
import gc
import gzip
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import cluster_databases
import networkx as nx

from graphcrawl.graph import ConnectionGraph, Edge, Node
from graphcrawl.graph.communities import find_communities
from graphcrawl.graph.options import ClusterOptions
from graphcrawl.graph.partition import divide
from graphcrawl.graph.ties import in_order, ties_between
from graphcrawl.model import Certainty, Origin

Parts = list[set[int]]
PEER = "networkx Louvain"
PARTS = ("memory", "process", "large", "huge")


def rows(file: Path) -> Iterator[list[str]]:
    """Read a table without its header."""
    with gzip.open(file, "rt", encoding="utf-8", newline="") as opened:
        lines = csv.reader(opened)
        next(lines)
        yield from lines


def read(data: Path) -> ConnectionGraph:
    """Read the page graph: every like both ways."""
    titles = {page: title for page, title, *_ in rows(data / "nodes.csv.gz")}
    keys = {page: key for key, page in enumerate(sorted(titles))}
    nodes = (
        Node(key, "instagram", page, None, titles[page], None, None, None)
        for page, key in keys.items()
    )
    edges = (
        Edge(keys[source], keys[target], 0, Certainty.MUTUAL)
        for one, other in rows(data / "edges.csv.gz")
        for source, target in ((one, other), (other, one))
    )
    return ConnectionGraph(tuple(nodes), tuple(edges), Origin.SIMULATED)


def converted(graph: ConnectionGraph) -> nx.Graph:
    """Give the graph as networkx has it."""
    made = nx.Graph()
    made.add_nodes_from(node.id for node in graph.nodes)
    made.add_edges_from((edge.source, edge.target) for edge in graph.edges)
    return made


def louvain(graph: ConnectionGraph, seed: int) -> Parts:
    """Run networkx's Louvain, conversion included."""
    parts: Parts = nx.community.louvain_communities(converted(graph), seed=seed)
    return parts


def whole(graph: ConnectionGraph, seed: int) -> Parts:
    """Run all of graphcrawl's: conversion, Leiden, pieces, numbers, names."""
    found = find_communities(graph, ClusterOptions(rng_seed=seed))
    return [{node.id for node in one.members} for one in found.communities]


def leiden(graph: ConnectionGraph, seed: int) -> Parts:
    """Run graphcrawl's up to the partition: conversion, Leiden, pieces."""
    options = ClusterOptions(rng_seed=seed)
    nodes = in_order(graph.nodes)
    labels = divide(ties_between(nodes, graph, options.weight), options).labels
    parts: dict[int, set[int]] = {}
    for node, label in zip(nodes, labels.tolist(), strict=True):
        parts.setdefault(label, set()).add(node.id)
    return list(parts.values())


CONTESTANTS: dict[str, Callable[[ConnectionGraph, int], Parts]] = {
    "graphcrawl, named and numbered": whole,
    "graphcrawl, the partition alone": leiden,
    PEER: louvain,
}


def main() -> None:
    """Run the parts that are wanted; print medians and ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the page graph")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--folder", type=Path, default=Path("../bench"), help="for databases")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    if "memory" in options.only:
        in_memory(options.data, options.rounds)
    if "process" in options.only:
        cluster_databases.process(options.folder, options.data, options.rounds)
    if "large" in options.only:
        cluster_databases.large(options.folder, options.rounds)
    if "huge" in options.only:
        cluster_databases.huge(options.folder)


def in_memory(data: Path, rounds: int) -> None:
    """Alternate on the page graph in memory."""
    graph = read(data)
    judge = converted(graph)
    # Or the collector would walk the graph that both were given, in whose time it pleases.
    gc.collect()
    gc.freeze()
    seconds: dict[str, list[float]] = {name: [] for name in CONTESTANTS}
    quality: dict[str, list[float]] = {name: [] for name in CONTESTANTS}
    for seed in range(rounds):
        for name, find in CONTESTANTS.items():
            began = time.perf_counter()
            parts = find(graph, seed)
            seconds[name].append(time.perf_counter() - began)
            quality[name].append(nx.community.modularity(judge, parts))
    print(f"{'':32} {'seconds':>7} {'min':>5} {'max':>5}  modularity (min-max)   times as fast")
    for name, took in seconds.items():
        ratio = statistics.median(its / mine for mine, its in zip(took, seconds[PEER], strict=True))
        good = quality[name]
        print(
            f"{name:32} {statistics.median(took):7.2f} {min(took):5.2f} {max(took):5.2f}"
            f"  {statistics.median(good):.4f} ({min(good):.4f}-{max(good):.4f})  {ratio:.1f}"
        )


if __name__ == "__main__":
    main()
