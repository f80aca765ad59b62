from __future__ import annotations

import os
import socket
import sqlite3
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from graphcrawl.api import Timeouts
from graphcrawl.crawl import Progress, RetryPolicy, StopSignal
from graphcrawl.errors import (
    CrawlBusy,
    CrawlIncomplete,
    InputError,
    Interrupted,
    InvalidToken,
    MissingCredentials,
    NoApiAccess,
    NothingFound,
    SettingsError,
    StoreError,
)
from graphcrawl.model import AccountRef, Credentials, Origin
from graphcrawl.runs import (
    Access,
    CrawlOptions,
    CrawlResult,
    run_again,
    run_new,
    run_refresh,
)
from graphcrawl.store import (
    RefreshScope,
    Store,
    crawl_lock,
    crawl_record,
    forget_account,
    list_crawls,
    search_accounts,
)
from tests.worlds import (
    HASTY,
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

Refusal = tuple[int, object, Mapping[str, str]]

CREDENTIALS = Credentials("client-7", "token-4711")
QUICK = CrawlOptions(
    rate=0, policy=HASTY, timeouts=Timeouts(connect=2.0, read=5.0, whole=10.0), workers=3
)
LISTS = {"s": ["a", "b"], "a": ["c"], "b": ["s"], "c": []}


def refusal(status: int, code: int, **headers: str) -> Refusal:
    return status, {"error": {"code": code, "description": "no"}}, headers


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "g.db") as opened:
        yield opened


@pytest.fixture
def server() -> Iterator[WorldServer]:
    with WorldServer(LISTS) as running:
        yield running


def to(server: WorldServer, permits: Path | None = None) -> Access:
    return Access(server.url, CREDENTIALS, permits)


def depth(number: int | None, **changes: object) -> CrawlOptions:
    return replace(QUICK, depth=number, **changes)  # type: ignore[arg-type]


def statement(store: Store, result: CrawlResult) -> tuple[int, str, str | None]:
    record = crawl_record(store, result.record.id)
    assert record == result.record
    return result.exit_code, record.status, record.reason


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


def test_no_secret_is_stored(store: Store, server: WorldServer, tmp_path: Path) -> None:
    run_new(store, by_id("s"), to(server, tmp_path / "permits.db"), depth(1, rate=500))
    for file in tmp_path.iterdir():
        assert CREDENTIALS.token.encode() not in file.read_bytes()
        assert CREDENTIALS.client_id.encode() not in file.read_bytes()


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


def test_deepened_and_never_made_shallower(store: Store, server: WorldServer) -> None:
    first = run_new(store, by_id("s"), to(server), depth(1))
    deeper = run_again(store, first.record, to(server), depth(2))
    assert deeper.record.depth == 2
    whole = run_again(store, deeper.record, to(server), depth(None))
    assert whole.record.depth is None
    assert sorted(server.asked) == sorted(LISTS)
    for number in (1, 5):
        with pytest.raises(InputError, match="shallower"):
            run_again(store, whole.record, to(server), depth(number))
    with pytest.raises(InputError, match="already has depth 2"):
        run_again(store, deeper.record, to(server), depth(1))
    assert crawl_record(store, 1) == whole.record


def test_a_crawl_belongs_to_one_process(store: Store, server: WorldServer) -> None:
    record = run_new(store, by_id("s"), to(server), depth(1)).record
    with crawl_lock(store.path, record.id), pytest.raises(CrawlBusy) as refused:
        run_again(store, record, to(server), depth(2))
    assert refused.value.exit_code == 2
    assert crawl_record(store, 1) == record


def test_a_running_crawl_says_so(store: Store, server: WorldServer) -> None:
    seen: list[str] = []

    def look(_: str) -> None:
        with new_store(store.path) as other:
            seen.extend(record.status for record in list_crawls(other))

    server.refuse = look
    run_new(store, by_id("s"), to(server), depth(1))
    assert seen == ["running"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"depth": -1}, "--depth -1"),
        ({"rate": -5}, "--rate -5"),
        ({"workers": 0}, "--workers 0"),
        ({"workers": 10_000}, "--workers 10000"),
        ({"max_requests": 0}, "--max-requests 0"),
    ],
)
def test_options_that_cannot_be_used(
    store: Store, server: WorldServer, changes: dict[str, object], words: str
) -> None:
    with pytest.raises(InputError, match=words) as refused:
        run_new(store, by_id("s"), to(server), replace(QUICK, **changes))  # type: ignore[arg-type]
    assert refused.value.exit_code == 2
    assert list_crawls(store) == []


@pytest.mark.parametrize("rate", [0, 100, 5000])
def test_the_vendors_limit_holds_for_the_vendors_host_alone(rate: int) -> None:
    options = CrawlOptions(rate=rate)
    for url in (
        "https://hypeauditor.com",
        "https://HypeAuditor.com:443/",
        "https://www.hypeauditor.com.",
    ):
        vendor = Access(url, CREDENTIALS, None)
        assert vendor.origin is Origin.VENDOR
        with pytest.raises(InputError, match="less than 100"):
            options.check(vendor)
        CrawlOptions(rate=99).check(vendor)
    for url in (
        "http://127.0.0.1:8000",
        "https://hypeauditor.com.example",
        "https://nothypeauditor.com",
    ):
        other = Access(url, CREDENTIALS, None)
        assert other.origin is Origin.SIMULATED
        options.check(other)


@pytest.mark.parametrize(
    ("access", "kind"),
    [
        (Access("http://127.0.0.1:9", Credentials("", ""), None), MissingCredentials),
        (Access("http://somewhere.example", CREDENTIALS, None), SettingsError),
        (Access("http://127.0.0.1:9", CREDENTIALS, Path("/proc/none/permits.db")), StoreError),
    ],
)
def test_what_cannot_begin_leaves_no_crawl(
    store: Store, access: Access, kind: type[Exception]
) -> None:
    with pytest.raises(kind):
        run_new(store, by_id("s"), access, replace(QUICK, rate=50))
    assert list_crawls(store) == []


def test_no_seed_is_bad_input(store: Store, server: WorldServer) -> None:
    with pytest.raises(InputError):
        run_new(store, [], to(server), QUICK)


def test_seeds_that_were_forgotten(store: Store, server: WorldServer) -> None:
    run_new(store, by_name("s"), to(server), depth(1))
    forget_account(store, AccountRef(NETWORK, name_of("s")))
    with pytest.raises(InputError, match="forgotten"):
        run_new(store, by_name("s"), to(server), depth(1))


def test_requests_have_permits_and_redirects_too(
    store: Store, server: WorldServer, tmp_path: Path
) -> None:
    def refuse(asked: str) -> Refusal | None:
        if asked == "a" and server.asked.count("a") == 1:
            path = f"{server.url}/api/method/auditor.reportConnections?id=a&type=instagram"
            return 302, {}, {"Location": path}
        return None

    server.refuse = refuse
    permits = tmp_path / "permits.db"
    result = run_new(store, by_id("s"), to(server, permits), depth(2, rate=500))
    assert result.exit_code == 0
    assert server.asked.count("a") == 2
    with closing(sqlite3.connect(permits)) as connection:
        taken = connection.execute("SELECT count(*), count(DISTINCT owner) FROM permits").fetchone()
    assert taken == (len(server.asked), 1)


@pytest.mark.parametrize(
    "spelling",
    ["https://hypeauditor.com:443", "https://HYPEAUDITOR.com/", "https://hypeauditor.com."],
)
def test_one_host_has_one_rate_however_it_is_written(spelling: str, tmp_path: Path) -> None:
    from contextlib import ExitStack

    from graphcrawl.runs import opening

    owners = set()
    for url in ("https://hypeauditor.com", spelling):
        with ExitStack() as open_things:
            access = Access(url, CREDENTIALS, tmp_path / "permits.db")
            permits = opening._permits(access, CrawlOptions(), open_things)
            with (
                permits.permit(StopSignal().wait),
                closing(sqlite3.connect(tmp_path / "permits.db")) as connection,
            ):
                owners |= set(connection.execute("SELECT owner FROM permits"))
    assert len(owners) == 1


def test_429_waits_as_long_as_it_is_told(store: Store, server: WorldServer) -> None:
    def refuse(asked: str) -> Refusal | None:
        return refusal(429, 1, **{"Retry-After": "1"}) if len(server.asked) == 1 else None

    server.refuse = refuse
    began = time.monotonic()
    result = run_new(store, by_id("s"), to(server), depth(1))
    assert time.monotonic() - began >= 1.0
    assert (result.exit_code, result.record.requests) == (0, 2)


def test_progress_is_reported(store: Store, server: WorldServer) -> None:
    seen: list[tuple[Progress, threading.Thread]] = []
    run_new(
        store,
        by_id("s"),
        to(server),
        depth(2),
        report=lambda progress: seen.append((progress, threading.current_thread())),
    )
    assert seen[-1][0].answered == 3
    assert {thread for _, thread in seen} == {threading.current_thread()}


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets a thread choose its core")
@pytest.mark.parametrize("rate", [0, 500])
def test_only_a_crawl_without_a_rate_keeps_to_one_core(
    store: Store, server: WorldServer, tmp_path: Path, rate: int
) -> None:
    before, seen = os.sched_getaffinity(0), set[int]()
    run_new(
        store,
        by_id("s"),
        to(server, tmp_path / "permits.db"),
        depth(1, rate=rate),
        report=lambda _: seen.update(os.sched_getaffinity(0)),
    )
    assert len(seen) == (len(before) if rate else 1)
    assert os.sched_getaffinity(0) == before


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


def test_a_refresh_is_resumed_as_one(store: Store, server: WorldServer) -> None:
    run_new(store, by_id("s"), to(server), depth(2))
    server.asked.clear()
    first = run_refresh(store, RefreshScope(), to(server), depth(9, max_requests=1, workers=1))
    assert first is not None
    exit_code, stands, _ = statement(store, first)
    assert (exit_code, stands) == (5, "interrupted")
    assert first.record.is_refresh
    with pytest.raises(InputError, match="leave out --depth"):
        run_again(store, first.record, to(server), depth(1))
    again = run_again(store, first.record, to(server), depth(0))
    assert statement(store, again) == (0, "complete", None)
    assert again.record.is_refresh
    assert again.record.settings["refresh"] == first.record.settings["refresh"]
    assert sorted(server.asked) == ["a", "b", "s"]


def test_a_refresh_of_accounts_that_are_gone_is_complete(store: Store, server: WorldServer) -> None:
    run_new(store, by_id("s"), to(server), depth(1))
    server.refuse = lambda _: refusal(404, 16)
    result = run_refresh(store, RefreshScope(), to(server), QUICK)
    assert result is not None
    assert statement(store, result) == (0, "complete", None)
    assert result.record.statuses == {("failed", "not-found"): 1}
    assert found(store).edges == {("s", "a"), ("s", "b")}


def test_a_refresh_without_any_seed(store: Store, server: WorldServer) -> None:
    run_new(store, by_id("s"), to(server), depth(2))
    result = run_refresh(store, RefreshScope(accounts=tuple(by_id("a"))), to(server), QUICK)
    assert result is not None
    assert statement(store, result) == (0, "complete", None)


@pytest.mark.parametrize("age", [timedelta(0), timedelta(minutes=90), timedelta(days=-1)])
def test_an_age_is_whole_hours(store: Store, server: WorldServer, age: timedelta) -> None:
    with pytest.raises(InputError, match="whole hours"):
        run_new(store, by_id("s"), to(server), depth(1, max_age=age))
    assert list_crawls(store) == []
