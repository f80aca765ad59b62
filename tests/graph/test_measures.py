"""Measures: as networkx has them, honest about what is not known, right on average when sampled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphcrawl.errors import InputError
from graphcrawl.graph.arrays import GraphArrays, arrays_of
from graphcrawl.graph.communities import find_communities
from graphcrawl.graph.measures import Measured, clusters_in, measure, ranking
from graphcrawl.graph.measuring import Measure, MeasureOptions, measure_name
from graphcrawl.graph.own import Own
from graphcrawl.graph.ties import in_order
from tests.graph.test_communities import circles
from tests.map.graphs import crawl, graph, node

DIRECTED = MeasureOptions(directed=True)

sizes = st.shared(st.integers(1, 12), key="size")
listings = sizes.flatmap(
    lambda size: st.dictionaries(
        st.integers(0, size - 1), st.sets(st.integers(0, size - 1), max_size=size), max_size=size
    )
)


def arrays(size: int, lists: Mapping[int, Sequence[int] | set[int]]) -> GraphArrays:
    """Give accounts of one network at the places of their numbers; those that list were asked."""
    accounts = [
        node(at, network="instagram", visit="done" if at in lists else "skipped")
        for at in range(size)
    ]
    return arrays_of(graph(accounts, {at: sorted(set(lists[at]) - {at}) for at in lists}))


def judge(made: GraphArrays) -> nx.DiGraph:
    found = nx.DiGraph()
    found.add_nodes_from(range(made.size))
    found.add_edges_from(zip(made.sources.tolist(), made.targets.tolist(), strict=True))
    return found


def random_world(size: int, connections: int, *, rng_seed: int = 0) -> GraphArrays:
    """Give accounts of very different importance, of whom one in four was not asked."""
    chance = np.random.default_rng(rng_seed)
    weights = np.arange(1, size + 1) ** -0.8
    lists: dict[int, set[int]] = {at: set() for at in range(size) if at % 4}
    for source, target in chance.choice(size, (connections, 2), p=weights / weights.sum()).tolist():
        lists.get(source, set()).add(target)
    return arrays(size, lists)


def assert_as_networkx(made: GraphArrays) -> None:
    directed = judge(made)
    both = directed.to_undirected()
    expected = {
        (Measure.IN_DEGREE, False): dict(directed.in_degree),
        (Measure.DEGREE, False): dict(both.degree),
        (Measure.PAGERANK, False): nx.pagerank(directed, tol=1e-12, max_iter=1000),
        (Measure.CORE, False): nx.core_number(both),
        (Measure.BETWEENNESS, False): nx.betweenness_centrality(both),
        (Measure.BETWEENNESS, True): nx.betweenness_centrality(directed),
        (Measure.HARMONIC, False): nx.harmonic_centrality(both),
        (Measure.HARMONIC, True): nx.harmonic_centrality(directed),
    }
    for (name, is_directed), values in expected.items():
        found = measure(made, name, options=DIRECTED if is_directed else None)
        wanted = [values[at] for at in range(made.size)]
        assert found.values == pytest.approx(wanted, abs=1e-8), (name, is_directed)
        assert not found.exactness
    out = measure(made, Measure.OUT_DEGREE)
    assert out.values.tolist() == [directed.out_degree(at) for at in range(made.size)]


@settings(max_examples=60)
@given(sizes, listings)
def test_measures_are_those_of_networkx(size: int, lists: dict[int, set[int]]) -> None:
    assert_as_networkx(arrays(size, lists))


def test_so_they_are_where_accounts_are_searched_in_several_parts() -> None:
    made = random_world(230, 900)
    assert_as_networkx(made)
    assert max(nx.core_number(judge(made).to_undirected()).values()) > 4


def test_far_is_no_farther_than_a_small_number_holds() -> None:
    size = 300
    chain = arrays(size, {at: [at + 1] for at in range(size - 1)})
    last = measure(chain, Measure.HARMONIC, options=DIRECTED).values[-1]
    assert last == pytest.approx(sum(1 / hops for hops in range(1, size)))


def test_no_account_is_tied_to_itself() -> None:
    made = arrays(2, {0: [1]})
    itself = replace(made, sources=np.array([0, 0]), targets=np.array([0, 1]))
    for name in (Measure.DEGREE, Measure.CORE, Measure.HARMONIC):
        assert measure(itself, name).values.tolist() == [1, 1]


def test_of_nobody_nothing_is_measured() -> None:
    nobody, alone = arrays(0, {}), arrays(1, {})
    for name in Measure:
        assert len(measure(nobody, name).values) == 0
        assert len(ranking(measure(alone, name))[0]) == (name is not Measure.OUT_DEGREE)


def test_who_was_not_asked_has_not_listed_nobody() -> None:
    made = arrays(4, {0: [1, 2], 1: []})
    out = measure(made, Measure.OUT_DEGREE)
    assert out.known.tolist() == [True, True, False, False]
    assert out.values[:2].tolist() == [2, 0]
    assert measure(made, Measure.BETWEENNESS, options=DIRECTED).known.tolist() == out.known.tolist()
    assert measure(made, Measure.BETWEENNESS).known.all()


def test_unknown_followers_are_not_none() -> None:
    made = arrays_of(graph([node(0, subscribers_count=0), node(1, subscribers_count=None)], {}))
    found = measure(made, Measure.SUBSCRIBERS)
    assert (found.known.tolist(), found.values[0]) == ([True, False], 0)


def spread(made: GraphArrays, name: str, count: int) -> list[Measured]:
    return [
        measure(made, name, options=MeasureOptions(samples=40, rng_seed=seed))
        for seed in range(count)
    ]


@pytest.mark.parametrize("name", [Measure.BETWEENNESS, Measure.HARMONIC])
def test_samples_are_right_on_average_and_within_their_error(name: Measure) -> None:
    made = random_world(160, 700)
    exact = measure(made, name).values
    drawn = spread(made, name, 300)
    first = ranking(measure(made, name))[0][:20]
    values = np.array([one.values[first] for one in drawn])
    errors = np.array([one.beside["error"][first] for one in drawn])
    off = values - exact[first]
    mean_error = off.std(0) / np.sqrt(len(drawn))
    assert (np.abs(off.mean(0)) < 4 * mean_error).all(), "biased"
    assert (off**2).mean(0) == pytest.approx((errors**2).mean(0), rel=0.3)
    assert (np.abs(off) < 2 * errors)[:, :10].mean() > 0.8
    assert "40 of 160 accounts" in drawn[0].exactness


def test_a_sample_of_all_is_exact_and_its_error_nothing() -> None:
    made = random_world(100, 300)
    for name in (Measure.BETWEENNESS, Measure.HARMONIC):
        every = measure(made, name, options=MeasureOptions(samples=100, rng_seed=5))
        assert (every.values == measure(made, name).values).all()
        assert not every.exactness
        assert not every.beside["error"].any()


def test_chance_is_repeatable_and_the_seeds() -> None:
    made = random_world(100, 300)
    one, again, other = (
        measure(made, "betweenness", options=MeasureOptions(10, seed)).values for seed in (1, 1, 2)
    )
    assert (one == again).all()
    assert (one != other).any()


def test_where_no_sample_came_by_the_error_is_not_known() -> None:
    # Two chains: of the account in the middle of each, half of the samples of two say nothing.
    made = arrays(6, {0: [1], 1: [2], 3: [4], 4: [5]})
    found = measure(made, "betweenness", options=MeasureOptions(samples=2, rng_seed=1))
    seen = found.values > 0
    assert seen.any()
    middle = np.array([at in (1, 4) for at in range(6)])
    error = found.beside["error"]
    assert np.isnan(error[middle & ~seen]).all()
    assert (error[~middle] == 0).all(), "ends are surely between nobody"
    assert (middle & ~seen).any()


def test_large_graphs_are_sampled_without_being_told(monkeypatch: pytest.MonkeyPatch) -> None:
    made = random_world(100, 300)
    monkeypatch.setattr("graphcrawl.graph.measures.betweenness.EXACT", 99)
    monkeypatch.setattr("graphcrawl.graph.measures.betweenness.SAMPLES", 50)
    assert "50 of 100 accounts" in measure(made, "betweenness").exactness


@given(sizes, listings, st.lists(st.integers(-2, 2), min_size=12, max_size=12))
def test_a_bridge_counts_ties_to_other_clusters(
    size: int, lists: dict[int, set[int]], labels: list[int]
) -> None:
    made = arrays(size, lists)
    found = measure(made, Measure.BRIDGE, clusters=np.array(labels[:size]))
    both = judge(made).to_undirected()
    for at in range(size):
        met = Counter(labels[other] for other in both[at])
        others = {label: count for label, count in met.items() if label != labels[at]}
        assert found.values[at] == sum(others.values())
        assert found.beside["clusters"][at] == len(others)
        shares = [count / both.degree(at) for count in met.values()]
        expected = 1 - sum(share**2 for share in shares) if shares else np.nan
        assert found.beside["participation"][at] == pytest.approx(expected, nan_ok=True)


def test_clusters_are_those_that_are_found_by_default() -> None:
    for mixed in (circles([5, 6, 7], more=3), crawl(300, 6)):
        made = replace(mixed, nodes=tuple(in_order(mixed.nodes)))
        labels = clusters_in(arrays_of(made))
        numbers = find_communities(made).numbers()
        pairs = {
            (label, numbers[one.id]) for label, one in zip(labels.tolist(), made.nodes, strict=True)
        }
        assert len(pairs) == len(set(numbers.values())) == len(set(labels.tolist()))


def test_a_bridge_finds_clusters_itself() -> None:
    lists = {at: [other for other in range(5) if other != at] for at in range(5)}
    lists |= {5 + at: [5 + other for other in range(5) if other != at] for at in range(5)}
    lists[2] = [*lists[2], 7]
    found = measure(arrays(10, lists), Measure.BRIDGE)
    assert np.flatnonzero(found.values).tolist() == [2, 7]


def test_equal_values_share_a_rank_and_unknown_ones_have_none() -> None:
    values = np.array([1.0, 3.0, np.nan, 3.0 + 1e-14, 0.5])
    known = np.array([True, True, False, True, True])
    places, ranks = ranking(Measured(values, known))
    assert (places.tolist(), ranks.tolist()) == ([1, 3, 0, 4], [1, 1, 3, 4])


def test_a_column_of_ones_own_is_a_measure() -> None:
    made = arrays(4, {})
    own = Own(columns={"reach": {0: 3, 2: 7.5, 3: float("nan")}, "core": {1: 2}})
    found = measure(made, "reach", own=own)
    assert found.known.tolist() == [True, False, True, False]
    assert found.values[[0, 2]].tolist() == [3, 7.5]
    whole = measure(made, "reach", own=Own(columns={"reach": {1: -2, 3: 2**60 + 1}}))
    assert (whole.known.tolist(), whole.values[3]) == ([False, True, False, True], 2**60 + 1)
    assert measure(made, "reach", own=Own(columns={"reach": {1: 2**70}})).values[1] == 2.0**70
    assert measure(made, "column:core", own=own).known.tolist() == [False, True, False, False]
    assert measure(made, "core", own=own).values.tolist() == [0, 0, 0, 0]


@pytest.mark.parametrize("values", [{0: "much"}, {0: True}, {0: 1, 1: "two"}])
def test_a_column_of_words_is_none(values: dict[int, int | str | bool]) -> None:
    with pytest.raises(InputError, match="column:reach: this column holds no numbers"):
        measure(arrays(2, {}), "reach", own=Own(columns={"reach": values}))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("PageRank", "pagerank"),
        ("in_degree", "in-degree"),
        (" out-degree ", "out-degree"),
        ("followers", "subscribers"),
        ("k-core", "core"),
        ("Reach", "column:Reach"),
        ("column:core", "column:core"),
    ],
)
def test_names_are_read_as_people_type_them(text: str, name: str) -> None:
    assert measure_name(text, ["Reach", "core"]) == name


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("pagerang", "did you mean pagerank?"),
        ("indegre", "did you mean in-degree?"),
        ("reech", "did you mean column:reach?"),
        ("column:pagerank", "did you mean pagerank?"),
        ("Followrs", "did you mean subscribers?"),
        ("zzzzzz", "there are subscribers, in-degree, out-degree, degree, pagerank, "),
        ("", "there are"),
        ("\x1b[31m" + "x" * 9000, r"'\\x1b[31mxxx"),
    ],
)
def test_an_unknown_name_is_told_what_there_is(text: str, hint: str) -> None:
    with pytest.raises(InputError) as refused:
        measure_name(text, ["reach"])
    said = str(refused.value)
    assert hint in said
    assert said.isprintable()
    assert len(said) < 400


@pytest.mark.parametrize(
    ("name", "options", "said"),
    [
        ("harmonic", MeasureOptions(samples=1), "--samples 1: give 2 to"),
        ("betweenness", MeasureOptions(samples=-3), "--samples -3: give 2 to"),
        ("pagerank", MeasureOptions(rng_seed=-1), "--rng-seed -1: give 0 to"),
        ("pagerank", MeasureOptions(samples=5), "--samples is for measures that follow paths"),
        ("degree", MeasureOptions(directed=True), "--directed is for measures that follow paths"),
    ],
)
def test_options_that_make_no_sense_are_refused(
    name: str, options: MeasureOptions, said: str
) -> None:
    with pytest.raises(InputError, match=said):
        measure(arrays(3, {}), name, options=options)
