"""Guarantee 2, counted where it matters: by a server, from the moment each request comes."""

from __future__ import annotations

import itertools
import threading
import time
from pathlib import Path

import pytest

import graphcrawl
from graphcrawl.model import Credentials
from graphcrawl.runs import Access, CrawlOptions
from tests.cli.running import DEADLINE
from tests.counting import CountingServer, busiest
from tests.crawl.minute import ENOUGH, RATE, Minute, Refusal
from tests.worlds import by_id


def test_no_minute_holds_more_than_the_rate_whatever_happens(minute: Minute) -> None:
    """Two processes on two databases, killed and started again, with redirects and retries."""
    assert minute.kills >= 2
    assert min(minute.redirects, minute.failures) >= 5
    assert len(minute.moments) > ENOUGH, "the second minute has begun"
    assert busiest(minute.moments) == RATE


def told(number: int) -> int:
    """Seconds of the Retry-After in the answer to a request, by its number in the burst."""
    return 1 + number % 2


@pytest.mark.parametrize("rate", [0, 999])
def test_a_burst_of_429_holds_everybody_once(tmp_path: Path, rate: int) -> None:
    workers, burst = 16, 16
    until: list[float] = []
    lock = threading.Lock()
    arrivals = itertools.count()
    # On a busy machine they come one by one, and whoever is late would heed the first answers.
    all_there = threading.Barrier(burst)

    def refuse(_: str) -> Refusal | None:
        if next(arrivals) >= burst:
            return None
        all_there.wait(DEADLINE)
        with lock:
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
