"""How a run ends: complete, refused, with nothing to show, cut short, at fault."""

from __future__ import annotations

import socket
import time

import pytest

from graphcrawl.crawl import Progress, RetryPolicy, StopSignal
from graphcrawl.errors import CrawlIncomplete, Interrupted, InvalidToken, NoApiAccess, NothingFound
from graphcrawl.model import AccountRef
from graphcrawl.runs import Access, run_again, run_new
from graphcrawl.store import Store, crawl_record, list_crawls, search_accounts
from tests.runs.running import CREDENTIALS, LISTS, QUICK, Refusal, depth, refusal, statement, to
from tests.worlds import (
    NETWORK,
    WorldServer,
    by_id,
    by_name,
    expected,
    found,
    name_of,
    new_store,
    random_lists,
    rows,
    statuses,
)


def test_complete(store: Store, server: WorldServer) -> None:
    result = run_new(store, by_name("s"), to(server), depth(2))
    assert statement(store, result) == (0, "complete", None)
    assert found(store, result.record.id).edges == expected(LISTS, ["s"], 2).edges
    assert sorted(server.asked) == ["a", "b", "s"]
    assert result.record.requests == 3
    assert result.seconds > 0
    assert result.record.finished_at is not None
    assert result.record.finished_at >= result.record.started_at
    assert dict(result.record.settings) == {
        "depth": 2,
        "rate": 0,
        "workers": 3,
        "max_requests": None,
        "avatars": False,
        "max_age": None,
        "url": server.url,
        "demo": False,
        "version": result.record.settings["version"],
    }


def test_names_that_cannot_be_indexed_are_no_failure(store: Store, server: WorldServer) -> None:
    with store.engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER full BEFORE DELETE ON search_waiting "
            "BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
        )
    result = run_new(store, by_id("s"), to(server), depth(2))
    assert rows(store, "SELECT count(*) FROM account_search") == [(0,)]
    assert statement(store, result) == (0, "complete", None)
    assert search_accounts(store, name_of("a"))[0].node[2] == "a"


@pytest.mark.parametrize(
    ("status", "code", "kind"), [(402, 27, NoApiAccess), (403, 4, InvalidToken)]
)
def test_refused_access(
    store: Store, server: WorldServer, status: int, code: int, kind: type[Exception]
) -> None:
    server.refuse = lambda asked: refusal(status, code) if asked == "b" else None
    result = run_new(store, by_id("s"), to(server), depth(2, workers=1))
    exit_code, stands, reason = statement(store, result)
    assert (exit_code, stands) == (3, "failed")
    assert isinstance(result.ended, kind)
    assert reason == str(result.ended)
    assert statuses(store, 1)["b"] == ("queued", None)
    assert statuses(store, 1)["a"] == ("done", None)
    server.refuse = lambda _: None
    again = run_again(store, result.record, to(server), depth(2))
    assert statement(store, again) == (0, "complete", None)


def test_no_seed_at_all(store: Store, server: WorldServer) -> None:
    result = run_new(store, [AccountRef(NETWORK, "x"), AccountRef(NETWORK, "y")], to(server), QUICK)
    assert statement(store, result)[:2] == (4, "complete")
    assert isinstance(result.ended, NothingFound)
    assert "instagram:x" in str(result.ended)
    some = run_new(store, [AccountRef(NETWORK, "x"), *by_name("c")], to(server), QUICK)
    assert some.exit_code == 0


def test_private_seeds_are_answers(store: Store, server: WorldServer) -> None:
    server.refuse = lambda _: refusal(403, 9)
    result = run_new(store, by_id("s"), to(server), QUICK)
    assert statement(store, result) == (0, "complete", None)
    assert statuses(store, 1) == {"s": ("failed", "private")}


def test_retries_used_up(store: Store, server: WorldServer) -> None:
    server.refuse = lambda asked: refusal(500, 1) if asked == "a" else None
    result = run_new(store, by_id("s"), to(server), depth(2))
    exit_code, stands, reason = statement(store, result)
    assert (exit_code, stands) == (5, "interrupted")
    assert "1 account used up every retry" in (reason or "")
    server.refuse = lambda _: None
    assert run_again(store, result.record, to(server), depth(2)).exit_code == 0
    assert statuses(store, 1)["a"] == ("done", None)


def test_still_deferred(store: Store, server: WorldServer) -> None:
    making: Refusal = (202, {"result": {"retryTtl": 0}}, {})
    server.refuse = lambda asked: making if asked == "b" else None
    policy = RetryPolicy(base=0.0, pending_base=0.0, retry_after_cap=0.0)
    result = run_new(store, by_id("s"), to(server), depth(2, policy=policy))
    assert statement(store, result)[:2] == (5, "interrupted")
    assert "still being made" in str(result.ended)
    assert statuses(store, 1)["b"] == ("deferred", "pending")
    assert run_again(store, result.record, to(server), depth(2, policy=policy)).exit_code == 5


def test_a_budget(store: Store, server: WorldServer) -> None:
    result = run_new(store, by_id("s"), to(server), depth(3, max_requests=2))
    assert statement(store, result)[:2] == (5, "interrupted")
    assert len(server.asked) == result.record.requests == 2
    assert result.record.count("queued") > 0
    again = run_again(store, result.record, to(server), depth(3))
    assert again.exit_code == 0
    assert sorted(server.asked) == sorted(LISTS)


def test_interrupted(store: Store) -> None:
    stop, lists = StopSignal(), random_lists(60, 4, seed=1)
    with WorldServer(lists) as server:
        server.refuse = lambda _: stop.set() if len(server.asked) == 10 else None
        seeds = by_id("u0", "u1", "u2")
        result = run_new(store, seeds, to(server), depth(None), stop=stop)
        assert statement(store, result)[:2] == (130, "interrupted")
        assert isinstance(result.ended, Interrupted)
        assert result.record.count("claimed") == 0
        assert run_again(store, result.record, to(server), depth(None)).exit_code == 0
        assert found(store, 1).edges == expected(lists, ["u0", "u1", "u2"], None).edges
        assert len(server.asked) == len(set(server.asked))


def test_a_server_never_reached(store: Store) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    access = Access(f"http://127.0.0.1:{port}", CREDENTIALS, None)
    began = time.monotonic()
    result = run_new(store, by_id("s", "a"), access, QUICK)
    assert time.monotonic() - began < 30
    assert statement(store, result)[:2] == (5, "interrupted")
    assert isinstance(result.ended, CrawlIncomplete)
    assert "never reached" in str(result.ended)
    assert statuses(store, 1) == {"s": ("queued", None), "a": ("queued", None)}
    assert result.record.requests >= 7


def test_a_server_that_dies_midway(store: Store) -> None:
    ids = [f"u{number}" for number in range(20)]
    with WorldServer({"s": ids}) as server:
        server.refuse = lambda asked: None if asked == "s" else refusal(503, 1)
        result = run_new(store, by_id("s"), to(server), depth(2, workers=2))
    assert statement(store, result)[:2] == (5, "interrupted")
    assert "stopped answering" in str(result.ended)
    assert result.record.count("queued") == 20
    assert result.record.count("failed") == 0


def test_a_running_crawl_says_so(store: Store, server: WorldServer) -> None:
    seen: list[str] = []

    def look(_: str) -> None:
        with new_store(store.path) as other:
            seen.extend(record.status for record in list_crawls(other))

    server.refuse = look
    run_new(store, by_id("s"), to(server), depth(1))
    assert seen == ["running"]


def test_a_fault_in_the_report_ends_the_crawl_as_failed(store: Store, server: WorldServer) -> None:
    def report(_: Progress) -> None:
        raise ZeroDivisionError("oh")

    with pytest.raises(ZeroDivisionError):
        run_new(store, by_id("s"), to(server), depth(2), report=report)
    record = crawl_record(store, 1)
    assert (record.status, record.count("claimed")) == ("failed", 0)
    assert "fault of graphcrawl" in (record.reason or "")
    assert rows(store, "SELECT count(*) FROM visits WHERE status = 'claimed'") == [(0,)]
    assert run_again(store, record, to(server), depth(2)).exit_code == 0
