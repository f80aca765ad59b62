"""Options that cannot be used, and those that the vendor does not take."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from graphcrawl.errors import InputError
from graphcrawl.model import Origin
from graphcrawl.runs import Access, CrawlOptions, run_new
from graphcrawl.store import Store, list_crawls
from tests.runs.running import CREDENTIALS, QUICK, depth, to
from tests.worlds import WorldServer, by_id


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


@pytest.mark.parametrize("age", [timedelta(0), timedelta(minutes=90), timedelta(days=-1)])
def test_an_age_is_whole_hours(store: Store, server: WorldServer, age: timedelta) -> None:
    with pytest.raises(InputError, match="whole hours"):
        run_new(store, by_id("s"), to(server), depth(1, max_age=age))
    assert list_crawls(store) == []
