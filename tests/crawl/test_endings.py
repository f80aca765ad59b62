from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from graphcrawl.crawl import Asker, Crawl, StopSignal, Unlimited
from graphcrawl.errors import (
    AccessError,
    CrawlIncomplete,
    InvalidToken,
    NoApiAccess,
    RateLimited,
    ReportForbidden,
    ReportPending,
    ServerFault,
    StoreError,
    Unreachable,
)
from graphcrawl.model import Outcome, Turn
from graphcrawl.store import CrawlFrontier, crawl_record, start_crawl
from tests.worlds import (
    HASTY,
    World,
    assert_true_crawl,
    by_id,
    crawl,
    go_on,
    new_store,
    random_lists,
    rows,
    run,
    statuses,
)


@pytest.mark.parametrize("error", [NoApiAccess("no access", status=402), InvalidToken("no token")])
def test_refused_access_ends_the_crawl_with_everything_saved(
    tmp_path: Path, error: AccessError
) -> None:
    lists = random_lists(40, 4, seed=3)
    world = World(lists, answers={"u7": [error]})
    with new_store(tmp_path / "g.db") as store:
        crawl_id = start_crawl(store, by_id("u0", "u7", "u9"), {"depth": None})
        with pytest.raises(type(error)):
            run(store, crawl_id, world, None, workers=2)
        record = crawl_record(store, crawl_id)
        assert record.count("claimed") == record.count("failed") == 0
        assert statuses(store, crawl_id)["u7"] == ("queued", None)
        assert record.requests == len(world.refs)
        assert record.asked == len(world.refs) - 1
        go_on(store, crawl_id, world, None)
        assert_true_crawl(store, crawl_id, world, ["u0", "u7", "u9"], None)


def test_an_ending_crawl_does_not_wait_for_those_that_wait(tmp_path: Path) -> None:
    """One account waits for its next attempt while another learns that the token is wrong."""
    waiting = threading.Event()

    def before(social_id: str) -> None:
        if social_id == "bad":
            assert waiting.wait(10)
        else:
            waiting.set()

    down = [ServerFault("down", retry_after=100.0)] * 3
    world = World({}, {"slow": down, "bad": [InvalidToken("no")]}, before=before)
    with new_store(tmp_path / "g.db") as store:
        crawl_id = start_crawl(store, by_id("slow", "bad"), {"depth": 1})
        began = time.monotonic()
        with pytest.raises(InvalidToken):
            run(store, crawl_id, world, 1, workers=2)
        assert time.monotonic() - began < 20
        assert statuses(store, crawl_id) == {"slow": ("queued", None), "bad": ("queued", None)}


def test_five_silent_accounts_end_the_crawl_and_are_queued(tmp_path: Path) -> None:
    ids = [f"u{number}" for number in range(30)]
    alive = True

    def before(_: str) -> None:
        nonlocal alive
        if not alive:
            raise Unreachable("the server is gone")
        alive = len(world.refs) < 8

    world = World({"s": ids, **{one: [] for one in ids}}, before=before)
    with new_store(tmp_path / "g.db") as store:
        crawl_id = start_crawl(store, by_id("s"), {"depth": None})
        with pytest.raises(CrawlIncomplete, match="stopped answering") as ended:
            run(store, crawl_id, world, None, workers=2)
        assert ended.value.exit_code == 5
        record = crawl_record(store, crawl_id)
        assert (record.count("failed"), record.count("claimed")) == (0, 0)
        assert record.count("queued") == 31 - record.asked
        alive, world.before = True, None
        go_on(store, crawl_id, world, None)
        assert_true_crawl(store, crawl_id, world, ["s"], None)


def test_a_silent_account_alone_is_its_own_fault(tmp_path: Path) -> None:
    world = World(
        {"s": ["bad", "a", "b", "c"], "a": [], "b": [], "c": []},
        {"bad": [ServerFault("500")] * (HASTY.retries + 1)},
    )
    with new_store(tmp_path / "g.db") as store:
        crawl_id = crawl(store, world, by_id("s"), 2, workers=1)
        assert statuses(store, crawl_id)["bad"] == ("failed", "server-fault")
        assert world.asked.count("bad") == HASTY.retries + 1
        world.lists = {**world.lists, "bad": ["d"]}
        go_on(store, crawl_id, world, 2)
        assert_true_crawl(store, crawl_id, world, ["s"], 2)


def test_429_without_end_is_never_a_failure(tmp_path: Path) -> None:
    attempts = HASTY.retries + 1 + HASTY.pauses * (HASTY.probe_retries + 1)
    world = World({"s": []}, {"s": [RateLimited("slow down")] * attempts})
    with new_store(tmp_path / "g.db") as store:
        crawl_id = start_crawl(store, by_id("s"), {"depth": 1})
        with pytest.raises(CrawlIncomplete):
            run(store, crawl_id, world, 1)
        assert statuses(store, crawl_id) == {"s": ("queued", None)}
        go_on(store, crawl_id, world, 1)
        assert statuses(store, crawl_id) == {"s": ("done", None)}


def test_a_report_in_the_making_goes_to_the_back_and_ends_deferred(tmp_path: Path) -> None:
    pending = [ReportPending("being made")] * (HASTY.pending_retries + 1)
    world = World({"s": ["slow", "a"], "a": ["b"], "b": [], "slow": ["c"]}, {"slow": pending})
    with new_store(tmp_path / "g.db") as store:
        crawl_id = crawl(store, world, by_id("s"), 3, workers=1)
        assert statuses(store, crawl_id)["slow"] == ("deferred", "pending")
        assert world.asked.count("slow") == len(pending)
        go_on(store, crawl_id, world, 3)
        assert_true_crawl(store, crawl_id, world, ["s"], 3)


def test_others_are_asked_while_a_report_is_made(tmp_path: Path) -> None:
    made = [ReportPending("being made", retry_after=0.3)]
    world = World({"s": ["slow", "a"], "a": ["b"], "b": [], "slow": []}, {"slow": made})
    with new_store(tmp_path / "g.db") as store:
        crawl_id = crawl(store, world, by_id("s"), 3, workers=1)
        assert statuses(store, crawl_id)["slow"] == ("done", None)
    assert world.asked == ["s", "slow", "a", "b", "slow"]


def test_answers_about_one_account_mark_that_account(tmp_path: Path) -> None:
    world = World({"s": ["gone", "shy"]}, {"shy": [ReportForbidden("private", status=403)]})
    with new_store(tmp_path / "g.db") as store:
        crawl_id = crawl(store, world, by_id("s"), 2)
        assert statuses(store, crawl_id) == {
            "s": ("done", None),
            "gone": ("failed", "not-found"),
            "shy": ("failed", "private"),
        }
        before = len(world.refs)
        go_on(store, crawl_id, world, 2)
        assert len(world.refs) == before
        outcomes = rows(store, "SELECT outcome, rows FROM answers ORDER BY outcome")
        assert outcomes == [("not-found", 0), ("ok", 2), ("private", 0)]


@dataclass
class Broken:
    """A frontier whose database fails at one turn."""

    frontier: CrawlFrontier
    fails_at: int
    turns: int = 0

    def turn(self, outcomes: list[Outcome], room: int) -> Turn:
        self.turns += 1
        if self.turns == self.fails_at:
            raise StoreError("the disk is full")
        return self.frontier.turn(outcomes, room)

    def rest(self, *, idle: bool) -> None:
        self.frontier.rest(idle=idle)

    def queued(self) -> int:
        return self.frontier.queued()


def test_a_database_that_fails_ends_the_crawl_at_once(tmp_path: Path) -> None:
    world = World(random_lists(60, 4, seed=2))
    with new_store(tmp_path / "g.db") as store:
        crawl_id = start_crawl(store, by_id("u0", "u1", "u2"), {"depth": None})
        frontier, stop = Broken(CrawlFrontier(store, crawl_id, None), 2), StopSignal()
        with pytest.raises(StoreError, match="full"):
            Crawl(frontier, Asker(world, Unlimited(), stop), stop, workers=3).run()  # type: ignore[arg-type]
        assert not [one for one in threading.enumerate() if one.name.startswith("asker")]
        go_on(store, crawl_id, world, None)
        assert_true_crawl(store, crawl_id, world, ["u0", "u1", "u2"], None)
