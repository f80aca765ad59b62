"""Who is tied to whom, how far from a seed, and what hangs together; by the nodes' indices."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence

from graphcrawl.graph import ConnectionGraph

Neighbours = Sequence[Sequence[int]]


def neighbours(graph: ConnectionGraph) -> list[list[int]]:
    """Return, for each node by its index, the indices it is tied to in either direction."""
    index = {node.id: at for at, node in enumerate(graph.nodes)}
    tied: list[set[int]] = [set() for _ in graph.nodes]
    for edge in graph.edges:
        source, target = index[edge.source], index[edge.target]
        if source != target:
            tied[source].add(target)
            tied[target].add(source)
    return [sorted(ends) for ends in tied]


def hops(graph: ConnectionGraph, near: Neighbours) -> list[int]:
    """Return each node's depth; one outside any crawl gets its distance from what is known."""
    depths = {at: node.depth for at, node in enumerate(graph.nodes) if node.depth is not None}
    _reach(depths, near, list(depths))
    start = 1 if depths else 0
    for node in sorted(range(len(near)), key=lambda at: (-len(near[at]), at)):
        if node not in depths:
            depths[node] = start
            start = 1
            _reach(depths, near, [node])
    return [depths[at] for at in range(len(near))]


def _reach(depths: dict[int, int], near: Neighbours, starts: Iterable[int]) -> None:
    waiting = [(depths[node], node) for node in starts]
    heapq.heapify(waiting)
    while waiting:
        depth, node = heapq.heappop(waiting)
        for other in near[node]:
            if other not in depths:
                depths[other] = depth + 1
                heapq.heappush(waiting, (depth + 1, other))


def islands(near: Neighbours, depths: Sequence[int]) -> list[list[int]]:
    """Return what hangs together: what joins several seeds first, then the larger, then in order.

    Parameters
    ----------
    near : sequence of sequence of int
        As `neighbours` returns them.
    depths : sequence of int
        As `hops` returns them.

    Returns
    -------
    list of list of int
        Every index in exactly one of them, ascending.
    """
    found, seen = [], [False] * len(near)
    for start in range(len(near)):
        if seen[start]:
            continue
        seen[start] = True
        island = [start]
        for node in island:
            fresh = [other for other in near[node] if not seen[other]]
            for other in fresh:
                seen[other] = True
            island += fresh
        found.append(sorted(island))
    seeds = [sum(depths[node] == 0 for node in island) for island in found]
    order = sorted(range(len(found)), key=lambda at: (-seeds[at], -len(found[at]), at))
    return [found[at] for at in order]
