from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graphcrawl.model import Answer, Certainty
from graphcrawl.store import Store, read_graph
from tests.worlds import (
    World,
    account,
    answer,
    by_id,
    by_name,
    certainties,
    crawl,
    found,
    new_store,
    rows,
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "g.db") as opened:
        yield opened


def in_the_view(store: Store) -> dict[tuple[str, str], str]:
    sql = (
        "SELECT s.social_id, t.social_id, certainty FROM edge_list l "
        "JOIN nodes s ON s.id = l.source_id JOIN nodes t ON t.id = l.target_id"
    )
    return {(str(a), str(b)): str(certainty) for a, b, certainty in rows(store, sql)}


def changes(store: Store) -> list[tuple[object, ...]]:
    sql = (
        "SELECT s.social_id, t.social_id, present FROM edge_changes c "
        "JOIN nodes s ON s.id = c.source_id JOIN nodes t ON t.id = c.target_id "
        "ORDER BY c.answer_id, 1, 2"
    )
    return rows(store, sql)


def test_certainty_says_what_is_known_and_no_more(store: Store) -> None:
    world = World({"s": ["a", "b", "gone", "rim"], "a": ["s", "rim"], "b": ["far"]})
    crawl_id = crawl(store, world, by_id("s"), 2)
    truth = {
        ("s", "a"): "mutual",
        ("a", "s"): "mutual",
        ("s", "b"): "one-way",
        ("s", "gone"): "unknown",
        ("s", "rim"): "unknown",
        ("a", "rim"): "unknown",
        ("b", "far"): "unknown",
    }
    assert certainties(store, crawl_id) == truth
    assert certainties(store) == truth
    assert in_the_view(store) == truth


def test_the_view_names_both_ends(store: Store) -> None:
    crawl(store, World({"s": ["a"]}), by_id("s"), 1)
    columns = (
        "source_network, source_username, target_network, target_username, certainty, position"
    )
    assert rows(store, f"SELECT {columns} FROM edge_list") == [
        ("instagram", "name.s", "instagram", "name.a", "unknown", 0)
    ]


IDS = [f"u{number}" for number in range(7)]
partial_lists = st.dictionaries(
    st.sampled_from(IDS),
    st.tuples(st.lists(st.sampled_from(IDS), unique=True, max_size=4), st.booleans()),
    max_size=7,
)


@given(first=partial_lists, second=partial_lists, depth=st.sampled_from([1, 2, 3]))
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
def test_crawls_keep_their_edges_and_nothing_unknown_is_one_way(
    tmp_path_factory: pytest.TempPathFactory,
    first: dict[str, tuple[list[str], bool]],
    second: dict[str, tuple[list[str], bool]],
    depth: int,
) -> None:
    """Two crawls of a world that changed in between, some answers of which were partial."""
    with new_store(tmp_path_factory.mktemp("reader") / "g.db") as store:
        one, edges_one = crawled(store, first, depth)
        before = found(store, one), certainties(store, one)
        two, edges_two = crawled(store, second, depth)
        assert found(store, one) == before[0]
        assert found(store, one).edges == edges_one
        assert found(store, two).edges == edges_two
        assert in_the_view(store) == certainties(store)
        for crawl_id, world in ((one, first), (two, second)):
            for (source, target), certainty in certainties(store, crawl_id).items():
                back, whole = world.get(target, ([], False))
                asked = target in found(store, crawl_id).asked and target in world
                if asked and source in back:
                    assert certainty == "mutual"
                elif asked and whole:
                    assert certainty == "one-way"
        for (_, target), certainty in certainties(store).items():
            if certainty == "one-way":
                assert any(world.get(target, ([], False))[1] for world in (first, second))


def crawled(
    store: Store, lists: dict[str, tuple[list[str], bool]], depth: int
) -> tuple[int, set[tuple[str, str]]]:
    answers: dict[str, list[Answer | Exception]] = {
        one: [answer(one, *(to for to in listed if to != one), skipped=() if whole else ("cut",))]
        for one, (listed, whole) in lists.items()
    }
    world = World({}, answers)
    crawl_id = crawl(store, world, by_id("u0"), depth)
    told = {one: listed for one, (listed, _) in lists.items() if one in world.asked}
    return crawl_id, {(a, b) for a, listed in told.items() for b in listed if a != b}


def test_edges_vanish_and_come_back(store: Store) -> None:
    one = crawl(store, World({"s": ["a", "b"]}), by_id("s"), 1)
    two = crawl(store, World({"s": ["b", "c"]}), by_id("s"), 1)
    standing = found(store).edges
    three = crawl(store, World({"s": ["c", "a"]}), by_id("s"), 1)
    assert standing == {("s", "b"), ("s", "c")}
    assert found(store).edges == {("s", "a"), ("s", "c")}
    assert [found(store, number).edges for number in (one, two, three)] == [
        {("s", "a"), ("s", "b")},
        {("s", "b"), ("s", "c")},
        {("s", "a"), ("s", "c")},
    ]
    assert changes(store) == [("s", "a", 0), ("s", "a", 1), ("s", "b", 0)]
    removed = "SELECT social_id, removed_at IS NULL FROM edges JOIN nodes ON id = target_id"
    assert sorted(rows(store, removed)) == [("a", 1), ("b", 0), ("c", 1)]


def test_each_edge_has_its_own_newest_change(store: Store) -> None:
    """Another edge's later change does not hide that this one had vanished."""
    crawl(store, World({"s": ["a", "t"], "t": ["x", "y"]}), by_id("s", "t"), 1)
    two = crawl(store, World({"s": ["t"], "t": ["x"]}), by_id("s", "t"), 1, workers=1)
    three = crawl(store, World({"s": ["t"], "t": []}), by_id("s", "t"), 1, workers=1)
    assert found(store, two).edges == {("s", "t"), ("t", "x")}
    assert found(store, three).edges == {("s", "t")}


def test_a_partial_answer_removes_nothing_and_expands_nothing(store: Store) -> None:
    crawl(store, World({"s": ["a", "b"], "b": []}), by_id("s"), 2)
    partial = World({}, {"s": [answer("s", "b", skipped=["result[1]: no type"])]})
    second = crawl(store, partial, by_id("s"), 1)
    assert found(store).edges == {("s", "a"), ("s", "b")}
    assert found(store, second).edges == {("s", "b")}
    assert changes(store) == []
    fresh = World({}, {"t": [answer("t", "s", skipped=["result[1]: no type"])]})
    crawl(store, fresh, by_id("t"), 1)
    expanded = "SELECT social_id FROM nodes WHERE expanded_at IS NOT NULL ORDER BY 1"
    assert rows(store, expanded) == [("b",), ("s",)]


def test_an_account_partly_known_lists_nobody_for_certain(store: Store) -> None:
    said = {"t": [answer("t", "x", skipped=["cut"])]}
    crawl_id = crawl(store, World({"s": ["t"]}, said), by_id("s"), 2)
    assert certainties(store, crawl_id) == {("s", "t"): "unknown", ("t", "x"): "unknown"}


def test_a_later_crawl_changes_nothing_that_an_earlier_one_saw(store: Store) -> None:
    one = crawl(store, World({"s": ["a"], "a": ["s"]}), by_id("s"), 2)
    two = crawl(store, World({"s": ["a"], "a": []}), by_id("s"), 2)
    assert certainties(store, one) == {("s", "a"): "mutual", ("a", "s"): "mutual"}
    assert certainties(store, two) == {("s", "a"): "one-way"} == certainties(store)
    three = crawl(store, World({"s": ["a"], "a": ["s"]}), by_id("s"), 2)
    assert certainties(store, two) == {("s", "a"): "one-way"}
    assert certainties(store, three) == certainties(store) == certainties(store, one)


def test_where_a_crawl_asked_nothing_the_database_knows(store: Store) -> None:
    crawl(store, World({"a": ["s"], "b": []}), by_id("a", "b"), 1)
    two = crawl(store, World({"s": ["a", "b", "c"]}), by_id("s"), 1)
    assert certainties(store, two) == {
        ("s", "a"): "mutual",
        ("s", "b"): "one-way",
        ("s", "c"): "unknown",
    }


def test_both_ends_of_every_edge_are_there_and_all_is_in_order(store: Store) -> None:
    crawl(store, World({"s": ["z", "a"], "a": ["m"]}), by_id("s"), 2)
    crawl_id = crawl(store, World({"a": ["s", "q"]}), [*by_id("a"), *by_name("none")], 1)
    for facts in (read_graph(store), read_graph(store, crawl_id)):
        ids = {node.id for node in facts.nodes}
        assert all({edge.source, edge.target} <= ids for edge in facts.edges)
        assert len(ids) == len(facts.nodes)
        keys = [(node.network, node.social_id or "") for node in facts.nodes]
        assert keys == sorted(keys)
        edges = [(edge.source, edge.position, edge.target) for edge in facts.edges]
        assert edges == sorted(edges)
        assert all(isinstance(edge.certainty, Certainty) for edge in facts.edges)


def test_positions_follow_the_newest_answer_without_the_own_row(store: Store) -> None:
    crawl(store, World({"s": ["a", "b", "c"]}), by_id("s"), 1)
    crawl(store, World({"s": ["c", "a", "d"]}), by_id("s"), 1)
    names = {node.id: node.social_id for node in read_graph(store).nodes}
    places = {names[edge.target]: edge.position for edge in read_graph(store).edges}
    assert places == {"c": 0, "a": 1, "d": 2}


def test_of_several_visits_the_one_that_says_most_is_shown(store: Store) -> None:
    crawl(store, World({"s": ["a", "b"], "a": []}), by_id("s"), 2)
    crawl(store, World({"t": ["a", "s"]}), by_id("t"), 1)
    shown = {
        node.social_id: (node.depth, node.visit, node.cause) for node in read_graph(store).nodes
    }
    assert shown == {
        "s": (0, "done", None),
        "t": (0, "done", None),
        "a": (1, "done", None),
        "b": (1, "failed", "not-found"),
    }


def test_a_profile_is_read_back_as_it_came(store: Store) -> None:
    hostile = account(
        "a", title="<script>'\"; DROP TABLE nodes;--", er=0.0, subscribers_count=2**40
    )
    crawl(store, World({}, {"s": [Answer(account("s"), (hostile,))]}), by_id("s"), 1)
    (node,) = (one for one in read_graph(store).nodes if one.social_id == "a")
    assert (node.title, node.er, node.subscribers_count) == (hostile.title, 0.0, 2**40)
