"""How many accounts of a crawl were asked, wait, and are left at the rim, by depth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, func, select

from graphcrawl.filters import CUT, FILTERED, RING, Filters
from graphcrawl.store.depths import RIM
from graphcrawl.store.opening import Store
from graphcrawl.store.reopening import widens
from graphcrawl.store.retries import Retry, is_retried
from graphcrawl.store.schema import CrawlRow, NodeRow, VisitRow
from graphcrawl.store.waiting import DUE_COLUMNS, Due

ENDED: Final = ("done", "failed", "deferred")
WAITING: Final = ("queued", "claimed")


class Headcount(NamedTuple):
    """The accounts of one depth: asked, to be asked, not to be asked at this depth."""

    ended: int
    waiting: int
    rim: int


def count_levels(connection: Connection, crawl_id: int) -> dict[int, Headcount]:
    """Count a crawl's accounts by depth; those that a filter leaves alone are in no count."""
    query = (
        select(VisitRow.depth, VisitRow.status, VisitRow.cause, func.count())
        .where(VisitRow.crawl_id == crawl_id)
        .group_by(VisitRow.depth, VisitRow.status, VisitRow.cause)
    )
    counts: Counter[tuple[int, str]] = Counter()
    for depth, status, cause, number in connection.execute(query):
        if depth is not None:
            counts[depth, _place(status, cause)] += number
    return _headcounts(counts)


def levels_after(
    store: Store, crawl_id: int, settings: Mapping[str, Any], *, retry: Retry
) -> dict[int, Headcount]:
    """Count a crawl's accounts as they would stand if it were taken up with these settings.

    Nothing is written: what `take_up` does in SQL is told here for each account.

    Raises
    ------
    StoreError
        If the database cannot be read.
    """
    filters = Filters.of(settings)
    sieve, depth_limit = filters.sieve(), settings["depth"]
    query = (
        select(*DUE_COLUMNS, VisitRow.status)
        .join(NodeRow, NodeRow.id == VisitRow.node_id)
        .where(VisitRow.crawl_id == crawl_id)
    )
    counts: Counter[tuple[int, str]] = Counter()
    with store.reading() as connection:
        wider = _is_wider(connection, crawl_id, filters)
        for *values, status in connection.execute(query):
            due = Due(*values)
            place = _place(status, due.cause)
            if _is_open(due, status, retry, depth_limit, wider=wider):
                beyond = depth_limit is not None and due.depth >= depth_limit
                refused = sieve is not None and due.refused_by(sieve)
                place = "none" if refused else "rim" if beyond else "waiting"
            counts[due.depth, place] += 1
    return _headcounts(counts)


def _is_wider(connection: Connection, crawl_id: int, filters: Filters) -> bool:
    query = select(CrawlRow.settings).where(CrawlRow.id == crawl_id)
    then = connection.execute(query).scalar_one().get("max_connections")
    return widens(then, filters.max_connections)


def _is_open(due: Due, status: str, retry: Retry, depth_limit: int | None, *, wider: bool) -> bool:
    """Tell whether taking a crawl up looks at an account anew."""
    match status:
        case "queued" | "claimed" | "deferred":
            return True
        case "failed":
            return is_retried(due.cause, retry)
        case "skipped":
            return due.cause in (RIM, *FILTERED)
    if due.cause == RING:
        return depth_limit is None or due.depth < depth_limit
    return due.cause == CUT and wider


def _place(status: str, cause: str | None) -> str:
    if status in ENDED:
        return "ended"
    if status in WAITING:
        return "waiting"
    return "rim" if cause == RIM else "none"


def _headcounts(counts: Mapping[tuple[int, str], int]) -> dict[int, Headcount]:
    depths = sorted({depth for depth, _ in counts})
    return {
        depth: Headcount(*(counts.get((depth, place), 0) for place in Headcount._fields))
        for depth in depths
    }
