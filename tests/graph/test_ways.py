"""Shortest ways are networkx's, all of them; and where there is none, all that was reached."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice, pairwise

import networkx as nx
from hypothesis import given
from hypothesis import strategies as st

from graphcrawl.graph.ways import NoWay, Ways, find_ways

NODES = 9
graphs = st.lists(st.tuples(st.integers(0, NODES - 1), st.integers(0, NODES - 1)), max_size=40)


def directed(pairs: Iterable[tuple[int, int]]) -> nx.DiGraph:
    graph = nx.DiGraph((one, other) for one, other in pairs if one != other)
    graph.add_nodes_from(range(NODES))
    return graph


def ways_in(graph: nx.DiGraph | nx.Graph, start: int = 0, end: int = 1) -> Ways | NoWay:
    def forward(nodes: Sequence[int]) -> Iterable[tuple[int, int]]:
        return [(node, other) for node in nodes for other in graph[node]]

    def backward(nodes: Sequence[int]) -> Iterable[tuple[int, int]]:
        before = graph.pred if graph.is_directed() else graph.adj
        return [(node, other) for node in nodes for other in before[node]]

    return find_ways(start, end, forward, backward)


def assert_as_networkx(graph: nx.DiGraph | nx.Graph) -> None:
    found = ways_in(graph)
    if not nx.has_path(graph, 0, 1):
        assert isinstance(found, NoWay)
        reached = nx.descendants(graph, 0) | {0}
        assert found.reached == reached
        return
    assert isinstance(found, Ways)
    truth = [tuple(way) for way in nx.all_shortest_paths(graph, 0, 1)]
    assert found.length == nx.shortest_path_length(graph, 0, 1)
    assert list(found.listed(lambda node: node)) == sorted(truth)
    assert list(found.listed(lambda node: -node)) == sorted(truth, reverse=True)
    assert found.count == len(truth)
    for node in graph:
        assert found.count_over(node) == sum(node in way for way in truth)


@given(graphs)
def test_as_networkx_has_them(pairs: list[tuple[int, int]]) -> None:
    assert_as_networkx(directed(pairs))


@given(graphs)
def test_whichever_of_two_lists_the_other(pairs: list[tuple[int, int]]) -> None:
    assert_as_networkx(directed(pairs).to_undirected())


def test_more_ways_than_anybody_can_list() -> None:
    # A ladder of 60 rungs of three: 3 ** 60 ways, each of 61 steps.
    rungs = 60
    levels = [[0], *([10 + 3 * rung + place for place in range(3)] for rung in range(rungs)), [1]]
    graph = nx.DiGraph(
        (one, other) for before, after in pairwise(levels) for one in before for other in after
    )
    found = ways_in(graph)
    assert isinstance(found, Ways)
    assert (found.length, found.count) == (rungs + 1, 3**rungs)
    first, second = islice(found.listed(lambda node: node), 2)
    assert first[:-2] == second[:-2]
    assert first[-2] + 1 == second[-2]


def test_only_what_the_way_needs_is_asked_for() -> None:
    # A star of 1,000 behind the start: the end's side is smaller, and goes all the way.
    graph = nx.DiGraph([(0, 2), (2, 3), (3, 1), *((2, leaf) for leaf in range(10, 1_010))])
    asked: list[int] = []

    def forward(nodes: Sequence[int]) -> Iterable[tuple[int, int]]:
        asked.extend(nodes)
        return [(node, other) for node in nodes for other in graph[node]]

    def backward(nodes: Sequence[int]) -> Iterable[tuple[int, int]]:
        asked.extend(nodes)
        return [(node, other) for node in nodes for other in graph.pred[node]]

    found = find_ways(0, 1, forward, backward)
    assert isinstance(found, Ways)
    assert found.layers == ((0,), (2,), (3,), (1,))
    assert len(asked) < 5
