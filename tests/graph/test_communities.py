"""Communities of whole graphs: the same in every process, steady as graphs grow, good enough."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from dataclasses import replace
from typing import Final

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphcrawl.graph import ConnectionGraph, Edge
from graphcrawl.graph.communities import Communities, find_communities
from graphcrawl.graph.numbering import Earlier
from graphcrawl.graph.options import ClusterOptions, Method, Weight
from tests.conftest import FacebookPages
from tests.graph.pages import whole
from tests.map.graphs import crawl, graph, hostile, node
from tests.repository import ROOT

SCRIPT: Final = """
from graphcrawl.graph.communities import find_communities
from graphcrawl.graph.options import ClusterOptions, Method, Weight
from tests.map.graphs import crawl, hostile

for made in (crawl(400, 6), hostile()):
    for method in Method:
        for weight in Weight:
            options = ClusterOptions(method=method, weight=weight, rng_seed=3)
            print(ascii(find_communities(made, options)))
"""


def of_ids(found: Communities) -> list[tuple[int, str, list[str | None], float | None]]:
    return [
        (one.number, one.name, [node.social_id for node in one.members], one.inside)
        for one in found.communities
    ]


def rekeyed(whole: ConnectionGraph, rng_seed: int) -> ConnectionGraph:
    """Return the same graph as another database would hold it: other keys, another order."""
    draw = random.Random(rng_seed)
    keys = {node.id: key for key, node in enumerate(draw.sample(whole.nodes, len(whole.nodes)))}
    nodes = [replace(node, id=keys[node.id]) for node in whole.nodes]
    edges = [
        Edge(keys[edge.source], keys[edge.target], edge.position, edge.certainty)
        for edge in whole.edges
    ]
    draw.shuffle(nodes)
    draw.shuffle(edges)
    return ConnectionGraph(tuple(nodes), tuple(edges), whole.origin)


def test_every_process_finds_the_same() -> None:
    written = [
        subprocess.run(
            [sys.executable, "-c", SCRIPT],
            cwd=ROOT,
            check=True,
            capture_output=True,
            env={**os.environ, "PYTHONHASHSEED": hash_seed},
        ).stdout
        for hash_seed in ("1", "2")
    ]
    assert written[0] == written[1]
    assert written[0].count(b"Communities(") == 12


@pytest.mark.parametrize("method", list(Method))
@pytest.mark.parametrize("weight", list(Weight))
def test_keys_and_order_of_a_database_change_nothing(method: Method, weight: Weight) -> None:
    options = ClusterOptions(method=method, weight=weight)
    made = crawl(300, 6)
    found = find_communities(made, options)
    assert len(found.communities) > 1 or method is Method.COMPONENTS
    for rng_seed in range(3):
        again = find_communities(rekeyed(made, rng_seed), options)
        assert of_ids(again) == of_ids(found)
        assert again.modularity == found.modularity


@given(st.integers(1, 60), st.integers(0, 5), st.integers(0, 100), st.sampled_from(Method))
def test_all_accounts_are_numbered_once(
    size: int, breadth: int, rng_seed: int, method: Method
) -> None:
    made = crawl(size, max(breadth, 1), rng_seed=rng_seed)
    found = find_communities(made, ClusterOptions(method=method, rng_seed=rng_seed))
    members = [node.id for one in found.communities for node in one.members]
    assert sorted(members) == sorted(node.id for node in made.nodes)
    assert [one.number for one in found.communities] == list(range(1, len(found.communities) + 1))
    sizes = [len(one.members) for one in found.communities]
    assert sizes == sorted(sizes, reverse=True)
    assert len(found.numbers()) == len(made.nodes)
    for one in found.communities:
        assert one.inside is None or 0 <= one.inside <= 1
        assert set(one.leaders) <= set(one.members)


def circles(sizes: list[int], *, more: int = 0) -> ConnectionGraph:
    """Return complete circles of accounts; each has `more` newcomers that list two of it."""
    lists: dict[int, list[int]] = {}
    for at, size in enumerate(sizes):
        circle = [1000 * at + place for place in range(size)]
        for one in circle:
            lists[one] = [other for other in circle if other != one]
        for late in range(1000 * at + 500, 1000 * at + 500 + more):
            lists[late] = circle[:2]
    return graph([node(at, visit="done") for at in sorted(lists)], lists)


def test_numbers_stay_when_the_graph_grows() -> None:
    first = find_communities(circles([4, 6, 5]))
    assert [len(one.members) for one in first.communities] == [6, 5, 4]
    grown = circles([40, 6, 5, 30], more=1)
    later = find_communities(grown, earlier=Earlier(first.numbers(), 3))
    numbers = later.numbers()
    assert all(numbers[account] == number for account, number in first.numbers().items())
    assert [one.number for one in later.communities] == [3, 4, 1, 2]


def test_an_empty_graph_has_no_communities() -> None:
    found = find_communities(graph([], {}))
    assert (found.communities, found.modularity) == ((), None)


def test_hostile_texts_are_only_texts() -> None:
    found = find_communities(hostile())
    assert sum(len(one.members) for one in found.communities) == len(hostile().nodes)
    assert all(one.name for one in found.communities)


def test_mutual_ties_may_weigh_more() -> None:
    """A chain of accounts: each lists the next one, and every second pair lists each other."""
    lists = {at: [at + 1] + ([at - 1] if at % 2 else []) for at in range(7)} | {7: [6]}
    made = graph([node(at, visit="done") for at in range(8)], lists)
    plain = find_communities(made, ClusterOptions(resolution=2.5))
    mutual = find_communities(made, ClusterOptions(resolution=2.5, weight=Weight.MUTUAL))
    assert plain.modularity != mutual.modularity
    pairs = [sorted(node.id for node in one.members) for one in mutual.communities]
    assert sorted(pairs) == [[0, 1], [2, 3], [4, 5], [6, 7]]


@pytest.mark.facebook
def test_leiden_is_no_worse_than_networkx_louvain(facebook_pages: FacebookPages) -> None:
    made = whole(facebook_pages)
    assert (len(made.nodes), len(made.edges)) == (22_470, 2 * 170_823)
    judge = nx.Graph([(edge.source, edge.target) for edge in made.edges])
    judge.add_nodes_from(node.id for node in made.nodes)
    louvain = nx.community.louvain_communities(judge, seed=0)
    least = nx.community.modularity(judge, louvain) - 0.001
    assert least > 0.8
    for rng_seed in (0, 1):
        found = find_communities(made, ClusterOptions(rng_seed=rng_seed))
        parts = [{node.id for node in one.members} for one in found.communities]
        expected = nx.community.modularity(judge, parts)
        assert found.modularity == pytest.approx(expected, abs=1e-9)
        assert expected >= least
    assert all(nx.is_connected(judge.subgraph(part)) for part in parts)
