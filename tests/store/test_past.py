from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphcrawl.crawl import RetryPolicy
from graphcrawl.errors import ReportForbidden, ServerFault
from graphcrawl.model import Account, AccountRef, Answer
from graphcrawl.store import (
    RefreshScope,
    Store,
    forget_account,
    read_graph,
    read_past,
    read_side,
    start_refresh,
)
from tests.worlds import (
    NETWORK,
    World,
    account,
    answer,
    by_id,
    by_name,
    crawl,
    new_store,
    random_lists,
    rows,
    run,
)

LISTS = {"s": ["a", "b", "gone"], "a": ["s", "c"], "b": ["c"], "c": ["far"]}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "g.db") as opened:
        yield opened


def refresh(store: Store, source: World, scope: RefreshScope | None = None) -> int:
    """Re-ask what is stored."""
    crawl_id = start_refresh(store, scope or RefreshScope(), {"depth": 0})
    assert crawl_id is not None
    run(store, crawl_id, source, 0)
    return crawl_id


def known(store: Store, at: datetime | None = None) -> tuple[object, ...]:
    """What is known now, or was at a moment; positions in answers are not kept."""
    nodes, edges = read_graph(store) if at is None else read_past(store, at).graph
    return nodes, sorted((edge.source, edge.target, edge.certainty) for edge in edges)


def other_day(lists: dict[str, list[str]], seed: int) -> World:
    """The same accounts with other connections and figures, and some without an answer."""
    random = Random(seed)
    answers: dict[str, list[Answer | Exception]] = {}
    for one, listed in lists.items():
        kept = [target for target in listed if random.random() < 0.7]
        more = [f"n{random.randrange(5)}"] if random.random() < 0.3 else []
        answers[one] = [_told(random, one, dict.fromkeys([*kept, *more]))]
    return World(lists, answers=answers)


def _told(random: Random, one: str, listed: dict[str, None]) -> Answer | Exception:
    fate = random.random()
    if fate < 0.1:
        return ReportForbidden(f"{one}: private", account=one, status=403)
    skipped = ("row 7",) if fate < 0.25 else ()
    return Answer(
        _changed(random, one), tuple(_changed(random, target) for target in listed), skipped
    )


def _changed(random: Random, one: str) -> Account:
    changes: dict[str, object] = {}
    if random.random() < 0.4:
        changes["subscribers_count"] = random.randrange(10**6)
    if random.random() < 0.2:
        changes["username"] = f"renamed.{one}"
    if random.random() < 0.2:
        changes["state"] = "LOW_VIEWS"
    return account(one, **changes)


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    depth=st.sampled_from([1, 2, None]),
    named=st.booleans(),
    again=st.lists(st.booleans(), min_size=1, max_size=3),
)
def test_every_day_can_be_rebuilt(
    tmp_path_factory: pytest.TempPathFactory,
    seed: int,
    depth: int | None,
    named: bool,
    again: list[bool],
) -> None:
    lists = random_lists(10, 3, seed)
    refs = (by_name if named else by_id)("u0", "u4")
    with new_store(tmp_path_factory.mktemp("past") / "g.db") as store:
        days: list[tuple[datetime, tuple[object, ...]]] = []
        crawl(store, World(lists), refs, depth)
        days.append((datetime.now(UTC), known(store)))
        for number, fresh in enumerate(again):
            world = other_day(lists, seed + number)
            if fresh:
                crawl(store, world, by_id("u0", "u4"), depth)
            else:
                refresh(store, world)
            days.append((datetime.now(UTC), known(store)))
        for at, then in days:
            assert known(store, at) == then
        assert known(store, datetime.now(UTC) + timedelta(days=1)) == known(store)


def test_before_the_first_answer_nothing_was_known(store: Store) -> None:
    before = datetime.now(UTC)
    crawl(store, World(LISTS), by_id("s"), 2)
    assert read_past(store, before).graph == ([], [])
    assert read_past(store, before).asked == frozenset()


def test_accounts_that_used_up_their_retries_and_seeds_without_an_id(store: Store) -> None:
    fault = [ServerFault("a: 500", account="a", status=500)] * 3
    world = World(LISTS, answers={"a": fault, "nobody": []})
    policy = RetryPolicy(base=0.0, retries=2)
    crawl(store, world, [*by_id("s"), *by_name("nobody")], 2, policy=policy)
    at, then = datetime.now(UTC), known(store)
    crawl(store, World(LISTS), by_id("s"), 2)
    assert known(store) != then
    assert known(store, at) == then


def when_asked(store: Store, number: int) -> datetime:
    """Give the moment of the answer of that number."""
    [[moment]] = rows(store, "SELECT asked_at FROM answers WHERE id = ?", number)
    return datetime.fromisoformat(str(moment)).replace(tzinfo=UTC)


def test_while_a_crawl_runs_what_was_not_asked_yet_waits(store: Store) -> None:
    crawl(store, World(LISTS), by_id("s"), 2, workers=1)
    nodes, edges = read_past(store, when_asked(store, 1)).graph
    stood = {node.social_id: (node.depth, node.visit, node.cause) for node in nodes}
    assert stood == {
        "s": (0, "done", None),
        "a": (1, "queued", None),
        "b": (1, "queued", None),
        "gone": (1, "queued", None),
    }
    assert {edge.certainty.value for edge in edges} == {"unknown"}


def test_a_refusal_is_known_from_its_moment_on(store: Store) -> None:
    private = ReportForbidden("a: private", account="a", status=403)
    crawl(store, World(LISTS, answers={"a": [private]}), by_id("s"), 2, workers=1)
    stood = [
        {
            node.social_id: node.visit
            for node in read_past(store, when_asked(store, one)).graph.nodes
        }
        for one in (1, 2)
    ]
    assert stood[0] == {"s": "done", "a": "queued", "b": "queued", "gone": "queued"}
    assert stood[1] == {"s": "done", "a": "failed", "b": "queued", "gone": "queued"}


def test_a_crawl_keeps_the_values_that_it_ended_with(store: Store) -> None:
    first = crawl(store, World(LISTS), by_id("s"), 1)
    told = Answer(account("s", subscribers_count=5, username="other"), (account("a"),))
    second = crawl(store, World(LISTS, answers={"s": [told]}), by_id("s"), 1)
    followers = [
        {node.social_id: node.subscribers_count for node in read_side(store, one).graph.nodes}["s"]
        for one in (first, second)
    ]
    assert followers == [1000, 5]


def test_a_partial_answer_is_not_all_that_a_crawl_knows(store: Store) -> None:
    partial = answer("a", "c", skipped=["row 3"])
    number = crawl(store, World(LISTS, answers={"a": [partial]}), by_id("s"), 2)
    side = read_side(store, number)
    names = {node.id: node.social_id for node in side.graph.nodes}
    assert {names[one] for one in side.asked} == {"s", "b"}
    whole = read_past(store, datetime.now(UTC))
    assert whole.asked == side.asked


def test_a_forgotten_account_is_in_no_past_either(store: Store) -> None:
    crawl(store, World(LISTS), by_id("s"), 2)
    at = datetime.now(UTC)
    forget_account(store, AccountRef(NETWORK, social_id="a"))
    nodes, edges = read_past(store, at).graph
    assert "a" not in {node.social_id for node in nodes}
    assert all(edge.source in {node.id for node in nodes} for edge in edges)
