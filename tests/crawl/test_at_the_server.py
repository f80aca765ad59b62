"""Guarantee 2, counted where it matters: by a server, from the moment each request comes."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest

import graphcrawl
from graphcrawl.model import Credentials
from graphcrawl.runs import Access, CrawlOptions
from tests.counting import WINDOW, CountingServer, busiest
from tests.pacing import Runner, crawl_for
from tests.worlds import by_id, name_of, random_lists

Refusal = tuple[int, object, Mapping[str, str]]

RATE: Final = 95
KILLED: Final = (6.0, 25.0)


class Restless:
    """Now and then a redirect, and now and then a failure, instead of an answer.

    No account is redirected twice in a row: a client may take that for a circle, and end.
    """

    def __init__(self) -> None:
        self.kinds: Counter[int] = Counter()
        self._lock = threading.Lock()
        self._on_the_way: set[str] = set()

    def __call__(self, asked: str) -> Refusal | None:
        with self._lock:
            self.kinds[0] += 1
            status = {3: 302, 7: 500}.get(self.kinds[0] % 10, 200)
            if status == 302 and asked in self._on_the_way:
                status = 200
            self._on_the_way.discard(asked)
            if status == 302:
                self._on_the_way.add(asked)
            self.kinds[status] += 1
        place = f"/api/method/auditor.reportConnections?id={asked}&type=instagram&v=2"
        headers = {"Location": place} if status == 302 else {}
        return None if status == 200 else (status, {}, headers)


def test_no_minute_holds_more_than_the_rate_whatever_happens(tmp_path: Path) -> None:
    """Two processes on two databases, killed and started again, with redirects and retries."""
    restless = Restless()
    runners = [Runner(4, KILLED), Runner(16, KILLED)]
    with CountingServer(random_lists(900, 8, 1), restless, latency=0.05) as server:
        kills = crawl_for(
            WINDOW + 8.0,
            server.url,
            tmp_path,
            runners,
            rate=RATE,
            entrance=f"instagram:{name_of('u0')}",
        )
    assert kills >= 2
    assert min(restless.kinds[302], restless.kinds[500]) >= 5
    assert len(server.moments) > 1.5 * RATE, "the second minute has begun"
    assert busiest(server.moments) == RATE


def told(number: int) -> int:
    """Seconds of the Retry-After in the answer to a request, by its number in the burst."""
    return 1 + number % 2


@pytest.mark.parametrize("rate", [0, 999])
def test_a_burst_of_429_holds_everybody_once(tmp_path: Path, rate: int) -> None:
    workers, burst = 16, 16
    until: list[float] = []
    lock = threading.Lock()

    def refuse(_: str) -> Refusal | None:
        with lock:
            if len(until) == burst:
                return None
            until.append(time.monotonic() + told(len(until)))
            return 429, {}, {"Retry-After": str(told(len(until) - 1))}

    lists: dict[str, list[str]] = {str(number): [] for number in range(40)}
    with CountingServer(lists, refuse, latency=0.02) as server:
        result = graphcrawl.open(tmp_path / "g.db").crawl(
            by_id(*lists),
            Access(server.url, Credentials("any", "any"), tmp_path / "permits.db"),
            CrawlOptions(depth=1, rate=rate, workers=workers),
        )
    assert result.ended is None
    assert len(server.moments) == len(lists) + burst
    later = sorted(server.moments)[burst:]
    assert later[0] >= max(until), "nobody asks before the longest time that the vendor named"
    assert later[0] < max(until) + 1.5, "and those times are not added up"
    assert later[-1] < max(until) + 5.0
