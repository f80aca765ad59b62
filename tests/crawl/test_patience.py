from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from graphcrawl.crawl import Asker, Crawl, Progress, RetryPolicy, StopSignal, Unlimited
from graphcrawl.crawl.patience import SILENT_ACCOUNTS, Patience
from graphcrawl.errors import CrawlIncomplete, Interrupted, ReportNotFound, Unreachable
from graphcrawl.model import AccountRef, Claim, Outcome, OutcomeKind
from graphcrawl.store import CrawlFrontier, crawl_record, start_crawl
from tests.worlds import (
    HASTY,
    World,
    assert_true_crawl,
    by_id,
    go_on,
    new_store,
    rows,
    run,
    statuses,
)

POLICY = RetryPolicy(base=1.0, pause_factor=30.0, pauses=2)


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def outcome(kind: OutcomeKind, number: int = 1, cause: str | None = "timeout") -> Outcome:
    claim = Claim(number, AccountRef("instagram", social_id=f"u{number}"), 1)
    return Outcome(claim, kind, 11, cause=cause, message="no answer")


def silence(patience: Patience, accounts: int = SILENT_ACCOUNTS) -> list[Outcome]:
    taken: list[Outcome] = []
    for number in range(accounts):
        taken += patience.take(outcome(OutcomeKind.EXHAUSTED, number))
    return taken


def test_pauses_grow_and_then_it_gives_up() -> None:
    clock = Clock()
    patience = Patience(POLICY, clock)
    returned = silence(patience)
    assert {one.kind for one in returned} == {OutcomeKind.POSTPONED}
    assert len(returned) == SILENT_ACCOUNTS
    assert all(one.wait > 30.0 for one in returned), "the probe is another account"
    for seconds in (30.0, 60.0):
        assert patience.seconds_left == pytest.approx(seconds)
        assert patience.room(4, 0) == 0
        clock.now += seconds
        assert patience.room(4, 0) == 1
        assert patience.room(4, 1) == 0, "one at a time"
        assert patience.given_up is None
        last = patience.take(outcome(OutcomeKind.EXHAUSTED))
    assert [one.kind for one in last] == [OutcomeKind.RETURNED]
    assert isinstance(patience.given_up, CrawlIncomplete)
    assert "no answer" in str(patience.given_up)


@pytest.mark.parametrize("kind", [OutcomeKind.ANSWERED, OutcomeKind.REFUSED, OutcomeKind.DEFERRED])
def test_any_answer_lets_it_go_on(kind: OutcomeKind) -> None:
    clock = Clock()
    patience = Patience(POLICY, clock)
    silence(patience)
    clock.now += 30.0
    answer = outcome(kind)
    assert patience.take(answer) == [answer]
    assert not patience.is_troubled
    assert patience.room(4, 1) == 3
    silence(patience)
    assert patience.seconds_left == pytest.approx(30.0), "pauses begin anew"


def test_what_was_asked_before_a_pause_says_nothing_of_what_comes_after() -> None:
    clock = Clock()
    patience = Patience(POLICY, clock)
    silence(patience)
    clock.now += 10.0
    (late,) = patience.take(outcome(OutcomeKind.EXHAUSTED, 9))
    assert late.kind is OutcomeKind.POSTPONED
    assert patience.seconds_left == pytest.approx(20.0)
    back = outcome(OutcomeKind.RETURNED)
    assert patience.take(back) == [back]
    assert patience.is_troubled


def test_few_silent_accounts_failed_by_themselves() -> None:
    patience = Patience(POLICY, Clock())
    assert silence(patience, SILENT_ACCOUNTS - 1) == []
    answer = outcome(OutcomeKind.ANSWERED)
    *failed, last = patience.take(answer)
    assert last == answer
    assert [one.kind for one in failed] == [OutcomeKind.EXHAUSTED] * (SILENT_ACCOUNTS - 1)
    assert not patience.is_troubled


def down_for(world: World, asked: int, requests: int) -> Callable[[str], None]:
    """Be silent for so many requests, after so many."""

    def before(_: str) -> None:
        if asked < len(world.refs) <= asked + requests:
            raise Unreachable("gone")

    return before


def test_a_server_that_comes_back_is_crawled_to_the_end(tmp_path: Path) -> None:
    ids = [f"u{number}" for number in range(30)]
    world = World({"s": ids, **{one: ["v"] for one in ids}, "v": []})
    silent = SILENT_ACCOUNTS * (HASTY.retries + 1) + HASTY.probe_retries + 1
    world.before = down_for(world, 4, silent)
    with new_store(tmp_path / "g.db") as store:
        crawl_id = start_crawl(store, by_id("s"), {"depth": 3})
        run(store, crawl_id, world, 3, workers=1)
        assert crawl_record(store, crawl_id).count("failed") == 0
        assert_true_crawl(store, crawl_id, world, ["s"], 3)


def test_accounts_that_never_answer_do_not_keep_the_others_from_being_asked(
    tmp_path: Path,
) -> None:
    """Several in a row look like a server that is down; the probes are others."""
    bad = [f"bad{number}" for number in range(SILENT_ACCOUNTS + 2)]
    world = World({"s": [*bad, "a", "b"], "a": ["c"], "b": [], "c": []})

    def before(social_id: str) -> None:
        if social_id in bad:
            raise Unreachable("this one never answers")

    world.before = before
    policy = RetryPolicy(base=0.002, pause_factor=50.0, cap=0.01)
    with new_store(tmp_path / "g.db") as store:
        crawl_id = start_crawl(store, by_id("s"), {"depth": 3})
        with pytest.raises(CrawlIncomplete):
            run(store, crawl_id, world, 3, workers=1, policy=policy)
        stand = statuses(store, crawl_id)
        assert {stand[one] for one in ("s", "a", "b", "c")} == {("done", None)}
        assert {stand[one] for one in bad} == {("failed", "unreachable")}, "nobody else is left"
        sent = rows(store, "SELECT requests, (SELECT sum(attempts) FROM visits) FROM crawls")
        assert sent == [(len(world.refs), len(world.refs))]
        world.before = None
        go_on(store, crawl_id, World({**world.lists, **{one: ["a"] for one in bad}}), 3)
        assert {statuses(store, crawl_id)[one] for one in bad} == {("done", None)}


def test_where_others_wait_too_nobody_is_marked(tmp_path: Path) -> None:
    """The server went down: of those that were not asked yet nothing is known."""
    ids = [f"u{number}" for number in range(3 * SILENT_ACCOUNTS)]
    world = World({"s": ids})

    def before(social_id: str) -> None:
        if social_id != "s":
            raise Unreachable("gone")

    world.before = before
    policy = replace(HASTY, base=0.0001, pause_factor=1.0)
    with new_store(tmp_path / "g.db") as store:
        crawl_id = start_crawl(store, by_id("s"), {"depth": 2})
        with pytest.raises(CrawlIncomplete):
            run(store, crawl_id, world, 2, workers=1, policy=policy)
        stand = statuses(store, crawl_id)
        assert {stand[one] for one in ids} == {("queued", None)}


def test_a_pause_ends_when_it_is_asked_to(tmp_path: Path) -> None:
    world = World({"s": [f"u{number}" for number in range(9)]})

    def before(_: str) -> None:
        if len(world.refs) > 1:
            raise Unreachable("gone")

    world.before = before
    stop, paused = StopSignal(), threading.Event()

    def report(progress: Progress) -> None:
        if progress.pause:
            paused.set()
            stop.set()

    with new_store(tmp_path / "g.db") as store:
        crawl_id = start_crawl(store, by_id("s"), {"depth": 2})
        policy = replace(HASTY, base=0.0001, pause_factor=1e7)
        asker = Asker(world, Unlimited(), stop, policy=policy)
        frontier = CrawlFrontier(store, crawl_id, 2)
        began = time.monotonic()
        with pytest.raises(Interrupted):
            Crawl(frontier, asker, stop, report=report).run()
        assert time.monotonic() - began < 30
        assert paused.is_set()
        world.before = None
        go_on(store, crawl_id, world, 2)
        assert_true_crawl(store, crawl_id, world, ["s"], 2)


def test_a_missing_seed_among_many_stops_nobody(tmp_path: Path) -> None:
    gone = [f"gone{number}" for number in range(3 * SILENT_ACCOUNTS)]
    world = World({"a": ["b"], "b": []}, {gone[0]: [ReportNotFound("none", status=404)]})
    with new_store(tmp_path / "g.db") as store:
        crawl_id = start_crawl(store, by_id(*gone, "a"), {"depth": 2})
        run(store, crawl_id, world, 2)
        stand = statuses(store, crawl_id)
        assert stand["b"] == ("done", None)
        assert {stand[one] for one in gone} == {("failed", "not-found")}
