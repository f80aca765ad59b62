"""A small world, quick options, and what is said of a run in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from graphcrawl.api import Timeouts
from graphcrawl.model import Credentials
from graphcrawl.runs import Access, CrawlOptions, CrawlResult
from graphcrawl.store import Store, crawl_record
from tests.worlds import HASTY, WorldServer

Refusal = tuple[int, object, Mapping[str, str]]

CREDENTIALS = Credentials("client-7", "token-4711")
QUICK = CrawlOptions(
    rate=0, policy=HASTY, timeouts=Timeouts(connect=2.0, read=5.0, whole=10.0), workers=3
)
LISTS = {"s": ["a", "b"], "a": ["c"], "b": ["s"], "c": []}


def refusal(status: int, code: int, **headers: str) -> Refusal:
    return status, {"error": {"code": code, "description": "no"}}, headers


def to(server: WorldServer, permits: Path | None = None) -> Access:
    return Access(server.url, CREDENTIALS, permits)


def depth(number: int | None, **changes: object) -> CrawlOptions:
    return replace(QUICK, depth=number, **changes)  # type: ignore[arg-type]


def statement(store: Store, result: CrawlResult) -> tuple[int, str, str | None]:
    record = crawl_record(store, result.record.id)
    assert record == result.record
    return result.exit_code, record.status, record.reason
