"""Whatever engine is used: a partition, every part in one piece, modularity as networkx has it."""

from __future__ import annotations

import itertools

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphcrawl.errors import InputError
from graphcrawl.graph.options import LARGEST_RNG_SEED, ClusterOptions, Method, Weight
from graphcrawl.graph.partition import divide, modularity
from graphcrawl.graph.ties import Ties, Whole, components, in_order, ties_between
from tests.map.graphs import graph, node

sizes = st.shared(st.integers(1, 25), key="size")
tied = sizes.flatmap(
    lambda size: st.dictionaries(
        st.tuples(st.integers(0, size - 1), st.integers(0, size - 1)).filter(lambda p: p[0] < p[1]),
        st.integers(1, 3),
        max_size=60,
    )
)
resolutions = st.floats(0.01, 50)


def ties_of(size: int, weights: dict[tuple[int, int], int]) -> Ties:
    pairs = sorted(weights)
    return Ties(
        size,
        np.array([one for one, _ in pairs], np.int64),
        np.array([other for _, other in pairs], np.int64),
        np.array([weights[pair] for pair in pairs], np.int64),
    )


def judge(size: int, weights: dict[tuple[int, int], int]) -> nx.Graph:
    found = nx.Graph()
    found.add_nodes_from(range(size))
    found.add_weighted_edges_from((one, other, w) for (one, other), w in weights.items())
    return found


def parts(labels: Whole) -> list[set[int]]:
    return [set(np.flatnonzero(labels == label).tolist()) for label in np.unique(labels)]


@settings(max_examples=60)
@given(sizes, tied, st.sampled_from(Method), resolutions, st.integers(0, LARGEST_RNG_SEED))
def test_every_account_is_in_one_community_and_every_community_in_one_piece(
    size: int,
    weights: dict[tuple[int, int], int],
    method: Method,
    resolution: float,
    rng_seed: int,
) -> None:
    options = ClusterOptions(method=method, resolution=resolution, rng_seed=rng_seed)
    partition = divide(ties_of(size, weights), options)
    found, whole = parts(partition.labels), judge(size, weights)
    assert sorted(place for part in found for place in part) == list(range(size))
    assert all(nx.is_connected(whole.subgraph(part)) for part in found)
    if weights:
        expected = nx.community.modularity(whole, found, resolution=resolution)
        assert partition.modularity == pytest.approx(expected, abs=1e-9)
    else:
        assert partition.modularity is None


@given(sizes, tied, st.data())
def test_modularity_is_networkx_modularity_of_any_parts(
    size: int, weights: dict[tuple[int, int], int], data: st.DataObject
) -> None:
    drawn = data.draw(st.lists(st.integers(0, size - 1), min_size=size, max_size=size))
    labels = np.array(drawn, np.int64)
    mine = modularity(ties_of(size, weights), labels, 1.3)
    if weights:
        whole = judge(size, weights)
        expected = nx.community.modularity(whole, parts(labels), resolution=1.3)
        assert mine == pytest.approx(expected, abs=1e-9)
    else:
        assert mine is None


@given(sizes, tied)
def test_components_are_networkx_components(size: int, weights: dict[tuple[int, int], int]) -> None:
    labels = components(ties_of(size, weights))
    expected = sorted(map(sorted, nx.connected_components(judge(size, weights))))
    assert sorted(map(sorted, parts(labels))) == expected


@pytest.mark.parametrize("size", [1, 2, 3, 1000])
def test_a_long_path_is_one_component(size: int) -> None:
    order = np.random.default_rng(size).permutation(size).tolist()
    pairs = {(min(p), max(p)): 1 for p in itertools.pairwise(order)}
    assert components(ties_of(size, pairs)).tolist() == [0] * size


def test_no_account_at_all() -> None:
    for method in Method:
        partition = divide(ties_of(0, {}), ClusterOptions(method=method))
        assert (partition.labels.tolist(), partition.modularity) == ([], None)


TWO_CLIQUES = {
    (one, other): 1 for start in (0, 5) for one in range(start, start + 5) for other in
    range(one + 1, start + 5)
} | {(0, 5): 1}  # fmt: skip


@pytest.mark.parametrize("method", [Method.LEIDEN, Method.LOUVAIN])
def test_two_cliques_are_two_communities(method: Method) -> None:
    labels = divide(ties_of(10, TWO_CLIQUES), ClusterOptions(method=method)).labels.tolist()
    assert labels == [0] * 5 + [5] * 5


def test_a_larger_resolution_gives_smaller_communities() -> None:
    ties = ties_of(10, TWO_CLIQUES)
    counts = [
        len(parts(divide(ties, ClusterOptions(resolution=resolution)).labels))
        for resolution in (0.01, 1.0, 30.0)
    ]
    assert counts == [1, 2, 10]


def test_ties_have_no_direction_and_count_once() -> None:
    whole = graph([node(at, visit="done") for at in range(3)], {0: [1, 0, 2], 1: [0]})
    nodes = in_order(whole.nodes)
    places = {one.id: place for place, one in enumerate(nodes)}
    plain = ties_between(nodes, whole, Weight.ONE)
    pairs = {tuple(sorted((places[a], places[b]))) for a, b in ((0, 1), (0, 2))}
    assert set(zip(plain.one.tolist(), plain.other.tolist(), strict=True)) == pairs
    assert plain.weight.tolist() == [1, 1]
    mutual = ties_between(nodes, whole, Weight.MUTUAL)
    weights = dict(
        zip(zip(mutual.one.tolist(), mutual.other.tolist(), strict=True), mutual.weight.tolist(),
            strict=True)
    )  # fmt: skip
    assert weights[tuple(sorted((places[0], places[1])))] == 2  # type: ignore[index]
    assert sorted(weights.values()) == [1, 2]


@pytest.mark.parametrize(
    "options",
    [
        ClusterOptions(resolution=0.0),
        ClusterOptions(resolution=-1.0),
        ClusterOptions(resolution=float("nan")),
        ClusterOptions(resolution=float("inf")),
        ClusterOptions(rng_seed=-1),
        ClusterOptions(rng_seed=LARGEST_RNG_SEED + 1),
    ],
)
def test_what_no_engine_can_use_is_refused(options: ClusterOptions) -> None:
    with pytest.raises(InputError, match=r"--(resolution|rng-seed)"):
        options.check()


@pytest.mark.parametrize("resolution", [1e-300, 1e300])
@pytest.mark.parametrize("method", list(Method))
def test_the_ends_of_what_is_allowed_are_usable(method: Method, resolution: float) -> None:
    options = ClusterOptions(method=method, resolution=resolution, rng_seed=LARGEST_RNG_SEED)
    options.check()
    assert len(divide(ties_of(10, TWO_CLIQUES), options).labels) == 10
