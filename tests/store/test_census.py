"""What going on would ask is told without writing, and just as going on makes it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from graphcrawl.crawl import Asker, Crawl, StopSignal, Unlimited
from graphcrawl.errors import ReportForbidden, ReportNotFound, ServerFault, UnusableAnswer
from graphcrawl.filters import Filters
from graphcrawl.model import AccountRef
from graphcrawl.store import (
    CrawlFrontier,
    Retry,
    Store,
    finish_crawl,
    levels_after,
    start_crawl,
    take_up,
)
from tests.worlds import HASTY, NETWORK, World, by_id, name_of, new_store, random_lists, rows

LISTS = random_lists(150, 4, seed=11)
SEEDS = tuple(f"u{number}" for number in range(8))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "g.db") as opened:
        yield opened


def crawled(store: Store, filters: Filters, depth: int) -> None:
    """Crawl, while some accounts fail, for every kind of cause."""
    found = dict.fromkeys(one for seed in SEEDS[3:] for one in LISTS[seed] if one not in SEEDS)
    errors = (
        ReportNotFound("none", status=404),
        ReportForbidden("private", status=403),
        UnusableAnswer("no data"),
        ServerFault("500"),
    )
    spoilt = dict(zip((*SEEDS[:2], *found), errors, strict=False))
    answers = {one: [error] * (HASTY.retries + 1) for one, error in spoilt.items()}
    settings = {"depth": depth, **filters.recorded()}
    crawl_id = start_crawl(store, by_id(*SEEDS), settings)
    stop = StopSignal()
    frontier = CrawlFrontier(store, crawl_id, depth, filters=filters)
    asker = Asker(World(LISTS, answers), Unlimited(), stop, policy=HASTY)
    Crawl(frontier, asker, stop).run()
    finish_crawl(store, crawl_id, "complete", None)


EXCLUDED = tuple(AccountRef(NETWORK, name_of(f"u{number}")) for number in range(3, 30))

CHANGES: dict[str, tuple[Filters, dict[str, Any], Retry]] = {
    "as it was": (Filters(), {"depth": 2}, Retry.USED_UP),
    "retry": (Filters(), {"depth": 2}, Retry.UNANSWERED),
    "retry all": (Filters(), {"depth": 2}, Retry.ALL),
    "deeper": (Filters(), {"depth": 3}, Retry.USED_UP),
    "all": (Filters(), {"depth": None}, Retry.USED_UP),
    "excluded": (Filters(), {"depth": 3, **Filters(exclude=EXCLUDED).recorded()}, Retry.ALL),
    "wider": (Filters(exclude=EXCLUDED), {"depth": 2}, Retry.USED_UP),
    "narrower": (
        Filters(exclude=EXCLUDED[:5]),
        {"depth": 3, **Filters(exclude=EXCLUDED[2:], follow=("youtube",)).recorded()},
        Retry.USED_UP,
    ),
    "more connections": (Filters(max_connections=1), {"depth": 2}, Retry.USED_UP),
    "as few connections": (
        Filters(max_connections=1),
        {"depth": 2, "max_connections": 1},
        Retry.USED_UP,
    ),
    "after a ring": (Filters(complete=True), {"depth": 2, "complete": True}, Retry.USED_UP),
    "beyond a ring": (Filters(complete=True), {"depth": 3}, Retry.USED_UP),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_is_told_is_what_taking_it_up_makes(store: Store, change: str) -> None:
    filters, settings, retry = CHANGES[change]
    crawled(store, filters, 2)
    written = rows(store, "SELECT * FROM visits")
    told = levels_after(store, 1, settings, retry=retry)
    assert rows(store, "SELECT * FROM visits") == written
    take_up(store, 1, settings, retry=retry)
    frontier = CrawlFrontier(store, 1, settings["depth"], filters=Filters.of(settings))
    assert told == frontier.levels()
