from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graphcrawl.crawl import Asker, Crawl, StopSignal, Unlimited
from graphcrawl.errors import ReportForbidden, ReportNotFound
from graphcrawl.model import AccountRef, Answer
from graphcrawl.store import (
    CrawlFrontier,
    Store,
    crawl_record,
    finish_crawl,
    forget_account,
    read_graph,
    start_crawl,
)
from tests.worlds import (
    HASTY,
    NETWORK,
    World,
    account,
    answer,
    assert_true_crawl,
    by_id,
    by_name,
    certainties,
    crawl,
    expected,
    found,
    name_of,
    new_store,
    random_lists,
    rows,
    statuses,
)

DAY = timedelta(days=1)
CHAIN = {f"u{n}": [f"u{n + 1}", "u1"] for n in range(1, 20)}
LISTS = {"s": ["a", "b", "gone"], "a": ["s", "c"], "b": ["c"], "c": ["far"]}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "g.db") as opened:
        yield opened


def reusing(
    store: Store,
    source: World,
    seeds: Sequence[AccountRef],
    depth: int | None,
    max_age: timedelta = DAY,
    *,
    workers: int = 4,
) -> int:
    crawl_id = start_crawl(store, seeds, {"depth": depth, "max_age": int(max_age.total_seconds())})
    stop = StopSignal()
    frontier = CrawlFrontier(store, crawl_id, depth, reuse_since=datetime.now(UTC) - max_age)
    asker = Asker(source, Unlimited(), stop, policy=HASTY)
    Crawl(frontier, asker, stop, workers=workers).run()
    finish_crawl(store, crawl_id, "complete", None)
    return crawl_id


def grow_old(store: Store, *ids: str, days: float = 40) -> None:
    """Move answers about accounts into the past."""
    moment = datetime.now(UTC) - days * DAY
    with store.engine.begin() as connection:
        for one in ids:
            connection.exec_driver_sql(
                "UPDATE answers SET asked_at = ? "
                "WHERE node_id IN (SELECT id FROM nodes WHERE social_id = ?)",
                (f"{moment:%Y-%m-%d %H:%M:%S.%f}", one),
            )


def pictured(store: Store, crawl_id: int) -> tuple[object, ...]:
    """A crawl as people see it."""
    facts = read_graph(store, crawl_id)
    record = crawl_record(store, crawl_id)
    return (
        facts,
        record.accounts,
        record.connections,
        record.asked,
        dict(record.statuses),
    )


def answers(store: Store) -> int:
    return int(str(rows(store, "SELECT count(*) FROM answers")[0][0]))


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize("depth", [0, 1, 2, 3, None])
def test_over_a_fresh_crawl_nothing_is_asked_and_all_is_the_same(
    store: Store, named: bool, depth: int | None
) -> None:
    private = ReportForbidden("b: private", account="b", status=403)
    lists = {**LISTS, "b": []}
    world = World(lists, answers={"b": [private]})
    seeds = by_name("s") if named else by_id("s")
    first = crawl(store, world, seeds, depth)
    asked, stored = len(world.asked), answers(store)
    again = reusing(store, world, seeds, depth)
    assert len(world.asked) == asked
    assert answers(store) == stored
    assert pictured(store, again) == pictured(store, first)
    record = crawl_record(store, again)
    assert (record.requests, record.reused.answers) == (0, len(expected(lists, ["s"], depth).asked))
    errors = "SELECT error FROM visits WHERE status = 'failed' AND crawl_id = ? ORDER BY node_id"
    assert rows(store, errors, again) == rows(store, errors, first)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    seed=st.integers(0, 10**6),
    old=st.sets(st.integers(0, 11)),
    depth=st.sampled_from([1, 2, 3, None]),
    named=st.booleans(),
)
def test_of_mixed_ages_exactly_the_older_are_asked(
    tmp_path_factory: pytest.TempPathFactory,
    seed: int,
    old: set[int],
    depth: int | None,
    named: bool,
) -> None:
    lists = random_lists(12, 3, seed)
    world = World(lists)
    seeds = ["u0", "u5"]
    refs = by_name(*seeds) if named else by_id(*seeds)
    with new_store(tmp_path_factory.mktemp("mixed") / "g.db") as store:
        first = crawl(store, world, refs, depth)
        aged = {f"u{number}" for number in old}
        grow_old(store, *aged)
        world.refs.clear()
        again = reusing(store, world, refs, depth, 30 * DAY)
        truth = expected(lists, seeds, depth)
        assert sorted(world.asked) == sorted(truth.asked & aged)
        assert_true_crawl(store, again, world, seeds, depth)
        assert certainties(store, again) == certainties(store, first)
        assert crawl_record(store, again).reused.answers == len(truth.asked - aged)


def test_what_is_asked_anew_changes_what_lies_behind_it(store: Store) -> None:
    crawl(store, World(LISTS), by_id("s"), 3)
    grow_old(store, "a")
    world = World({**LISTS, "a": ["s", "new"], "new": ["c"]})
    again = reusing(store, world, by_id("s"), 3)
    assert sorted(world.asked) == ["a", "new"]
    assert_true_crawl(store, again, world, ["s"], 3)


def test_a_partial_answer_is_asked_for_again(store: Store) -> None:
    partial = answer("a", "c", skipped=["row 3"])
    crawl(store, World(LISTS, answers={"a": [partial]}), by_id("s"), 3)
    world = World(LISTS)
    again = reusing(store, world, by_id("s"), 3)
    assert world.asked == ["a"]
    assert_true_crawl(store, again, world, ["s"], 3)


def test_a_younger_partial_answer_does_not_hide_a_whole_one(store: Store) -> None:
    crawl(store, World(LISTS), by_id("s"), 3)
    partial = answer("a", "c", skipped=["row 3"])
    crawl(store, World(LISTS, answers={"a": [partial]}), by_id("a"), 1)
    world = World(LISTS)
    again = reusing(store, world, by_id("s"), 3)
    assert world.asked == []
    assert_true_crawl(store, again, world, ["s"], 3)


def test_the_newest_word_counts(store: Store) -> None:
    crawl(store, World(LISTS), by_id("s"), 3)
    private = ReportForbidden("a: private", account="a", status=403)
    crawl(store, World(LISTS, answers={"a": [private]}), by_id("a"), 1)
    world = World(LISTS)
    again = reusing(store, world, by_id("s"), 3)
    assert world.asked == []
    assert statuses(store, again)["a"] == ("failed", "private")
    assert ("a", "s") not in found(store, again).edges


def test_forgotten_accounts_stay_forgotten(store: Store) -> None:
    crawl(store, World(LISTS), by_id("s"), 3)
    forget_account(store, AccountRef(NETWORK, social_id="a"))
    world = World(LISTS)
    again = reusing(store, world, by_id("s"), 3)
    assert world.asked == []
    assert "a" not in found(store, again).depths
    assert found(store, again).edges == {("s", "b"), ("s", "gone"), ("b", "c"), ("c", "far")}


def test_a_name_that_two_accounts_bear_is_asked(store: Store) -> None:
    twin = account("twin", username=name_of("s"))
    world = World({**LISTS, "twin": []})
    crawl(store, world, by_name("s"), 2)
    crawl(store, World({}, answers={"x": [Answer(None, (twin,))]}), by_id("x"), 1)
    world.refs.clear()
    again = reusing(store, world, by_name("s"), 2)
    assert world.asked == ["s"]
    assert_true_crawl(store, again, world, ["s"], 2)


def test_a_seed_by_name_that_another_stored_answer_lists(store: Store) -> None:
    lists = {"s": ["a"], "a": ["s", "b"], "b": []}
    crawl(store, World(lists), by_id("s", "a"), 2)
    grow_old(store, "a")
    world = World(lists)
    again = reusing(store, world, [*by_name("a"), *by_id("s")], 2)
    assert world.asked == ["a"]
    assert_true_crawl(store, again, world, ["s", "a"], 2)


def test_many_are_settled_turn_by_turn(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graphcrawl.store.frontier.SETTLED_AT_ONCE", 3)
    crawl(store, World(CHAIN), by_id("u1"), None)
    crawl_id = start_crawl(store, by_id("u1"), {"depth": None})
    turns = 0
    frontier = CrawlFrontier(store, crawl_id, None, reuse_since=datetime.now(UTC) - DAY)
    while frontier.turn([], 1).next_due == 0.0:
        turns += 1
    assert turns > 3
    assert_true_crawl(store, crawl_id, World(CHAIN), ["u1"], None)


def test_killed_between_turns_it_goes_on_to_the_same_graph(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graphcrawl.store.frontier.SETTLED_AT_ONCE", 2)
    crawl(store, World(CHAIN), by_id("u1"), None)
    crawl_id = start_crawl(store, by_id("u1"), {"depth": None})
    while True:
        # A process that dies after each turn: nothing but the database goes on.
        frontier = CrawlFrontier(store, crawl_id, None, reuse_since=datetime.now(UTC) - DAY)
        if frontier.turn([], 2).next_due is None:
            break
    assert_true_crawl(store, crawl_id, World(CHAIN), ["u1"], None)


def test_a_crawl_asks_again_where_its_own_first_answer_was_no_last_word(store: Store) -> None:
    lists = {"s": ["x"], "x": ["s"]}
    unknown = ReportNotFound("x: no report", account="x", status=404)
    world = World(lists, answers={"x": [unknown]})
    again = reusing(store, world, [*by_name("x"), *by_id("s")], 1, workers=1)
    assert world.asked == ["x", "s", "x"]
    assert_true_crawl(store, again, world, ["s", "x"], 1)


def test_an_answer_that_its_visit_calls_incomplete_is_asked_for_again(store: Store) -> None:
    first = crawl(store, World(LISTS), by_id("s"), 3)
    with store.engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE visits SET cause = 'cut' WHERE crawl_id = ? "
            "AND node_id = (SELECT id FROM nodes WHERE social_id = 'a')",
            (first,),
        )
    world = World(LISTS)
    reusing(store, world, by_id("s"), 3)
    assert world.asked == ["a"]
