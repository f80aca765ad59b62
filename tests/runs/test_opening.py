"""What a run works with: permits, one core, a report of progress, and no secret left behind."""

from __future__ import annotations

import os
import sqlite3
import sys
import threading
import time
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path

import pytest

from graphcrawl.crawl import Progress, StopSignal
from graphcrawl.errors import MissingCredentials, SettingsError, StoreError
from graphcrawl.model import Credentials
from graphcrawl.runs import Access, CrawlOptions, opening, run_new
from graphcrawl.store import Store, list_crawls
from tests.runs.running import CREDENTIALS, QUICK, Refusal, depth, refusal, to
from tests.worlds import WorldServer, by_id


def test_no_secret_is_stored(store: Store, server: WorldServer, tmp_path: Path) -> None:
    run_new(store, by_id("s"), to(server, tmp_path / "permits.db"), depth(1, rate=500))
    for file in tmp_path.iterdir():
        assert CREDENTIALS.token.encode() not in file.read_bytes()
        assert CREDENTIALS.client_id.encode() not in file.read_bytes()


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
