"""What ties accounts together, against what networkx says of the ways between them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations

import networkx as nx
from hypothesis import given
from hypothesis import strategies as st

from graphcrawl.graph.between import Between, find_between

NODES = 10
GIVEN = (0, 1, 2)
graphs = st.lists(st.tuples(st.integers(0, NODES - 1), st.integers(0, NODES - 1)), max_size=25)


def made(pairs: Iterable[tuple[int, int]]) -> nx.Graph:
    graph = nx.Graph((one, other) for one, other in pairs if one != other)
    graph.add_nodes_from(range(NODES))
    return graph


def between(graph: nx.Graph, given_nodes: Sequence[int] = GIVEN) -> Between:
    return find_between(
        given_nodes, lambda nodes: [(node, other) for node in nodes for other in graph[node]]
    )


@given(graphs)
def test_ties_and_connectors_are_those_of_the_shortest_ways(pairs: list[tuple[int, int]]) -> None:
    graph = made(pairs)
    found = between(graph)
    expected: dict[int, dict[int, int]] = {}
    linked = {
        node for node in set(graph) - set(GIVEN) if sum(one in graph[node] for one in GIVEN) > 1
    }
    for node in linked:
        expected[node] = {one: 1 for one in GIVEN if one in graph[node]}
    for tie, (one, other) in zip(found.ties, combinations(GIVEN, 2), strict=True):
        assert (tie.one, tie.other) == (one, other)
        if not nx.has_path(graph, one, other):
            assert (tie.distance, tie.count) == (None, 0)
            continue
        ways = list(nx.all_shortest_paths(graph, one, other))
        assert (tie.distance, tie.count) == (len(ways[0]) - 1, len(ways))
        if len(ways[0]) > 3:
            for way in ways:
                for place, node in enumerate(way):
                    if node not in GIVEN:
                        ends = {one: place, other: len(way) - 1 - place}
                        expected.setdefault(node, {}).update(ends)
    assert {one.node: dict(one.distances) for one in found.connectors} == expected
    for connector in found.connectors:
        assert (connector.share is None) == (connector.node in linked)
        assert list(connector.distances) == [one for one in GIVEN if one in connector.distances]


@given(graphs)
def test_the_best_connectors_come_first(pairs: list[tuple[int, int]]) -> None:
    ranks = [one.rank for one in between(made(pairs)).connectors]
    assert ranks == sorted(ranks)


def test_who_is_linked_to_most_comes_before_who_is_near() -> None:
    graph = made([(0, 3), (1, 3), (2, 3), (0, 4), (1, 4)])
    found = between(graph)
    assert [(one.node, one.linked, one.share) for one in found.connectors] == [
        (3, 3, None),
        (4, 2, None),
    ]


def test_an_account_that_all_ways_cross_comes_before_one_of_many() -> None:
    # 0 - 5 - (6 | 7 | 8) - 1: all three ways cross 5.
    graph = made([(0, 5), (5, 6), (5, 7), (5, 8), (6, 1), (7, 1), (8, 1)])
    first, *others = between(graph, (0, 1)).connectors
    assert (first.node, first.share) == (5, 1.0)
    assert [round(one.share or 0, 3) for one in others] == [0.333] * 3
