"""How crawls came to an account: what each did with it, and the way along which it was found."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import NamedTuple

from sqlalchemy import Connection, Select, bindparam, select

from graphcrawl.store.crawls import IMPORT
from graphcrawl.store.depths import edge_held_by
from graphcrawl.store.reopening import REFRESH
from graphcrawl.store.schema import AnswerRow, CrawlRow, EdgeRow, VisitRow, alias_of


class VisitFacts(NamedTuple):
    """What a crawl did with the account; a refresh asks only what was asked before."""

    crawl_id: int
    depth: int | None
    status: str
    cause: str | None
    error: str | None
    attempts: int
    retry_at: datetime | None
    failed_at: datetime | None
    started_at: datetime
    is_refresh: bool
    is_import: bool


class ArrivalFacts(NamedTuple):
    """How an account on the way was found: by which answer about the one before, and when."""

    node_id: int
    answer_id: int | None
    asked_at: datetime | None


Way = list[ArrivalFacts]
"""From a seed to an account."""


def read_visits(
    connection: Connection, node_id: int, crawl_id: int | None
) -> list[tuple[VisitFacts, Way | None]]:
    """Read what crawls did with an account and how they came to it, the oldest crawl first.

    A refresh or an import goes no way, and the answers that led to an account may be stored no
    longer: then there is None.
    """
    query = (
        select(
            *(VisitRow.crawl_id, VisitRow.depth, VisitRow.status, VisitRow.cause, VisitRow.error),
            *(VisitRow.attempts, VisitRow.retry_at, VisitRow.failed_at),
            *(CrawlRow.started_at, CrawlRow.settings),
        )
        .join(CrawlRow, CrawlRow.id == VisitRow.crawl_id)
        .where(VisitRow.node_id == node_id)
        .order_by(VisitRow.crawl_id)
    )
    if crawl_id is not None:
        query = query.where(VisitRow.crawl_id == crawl_id)
    visits = [
        VisitFacts._make((*values, REFRESH in settings, IMPORT in settings))
        for *values, settings in connection.execute(query).all()
    ]
    return [(one, _way_of(connection, one, node_id)) for one in visits]


def _way(
    connection: Connection, crawl_id: int, node_id: int, depth: int
) -> list[ArrivalFacts] | None:
    """Find how a crawl came to an account: the way along which it was seen first.

    Returns
    -------
    list of ArrivalFacts or None
        From a seed to the account, `depth` steps; None where the answers that led to it are no
        longer stored.
    """
    way: list[ArrivalFacts] = []
    for above in range(depth - 1, -1, -1):
        values = {"crawl": crawl_id, "above": above, "node": node_id}
        before = connection.execute(_first_listing(), values).first()
        if before is None:
            return None
        source, answer_id, asked_at = before
        way.append(ArrivalFacts(node_id, answer_id, asked_at))
        node_id = source
    return [ArrivalFacts(node_id, None, None), *reversed(way)]


@cache
def _first_listing() -> Select[int, int, datetime]:
    """Ask which account of the level above listed one first; built once, since that takes long."""
    own = alias_of(VisitRow)
    return (
        select(EdgeRow.source_id, AnswerRow.id, AnswerRow.asked_at)
        # The sum keeps the planner from going through the whole level above.
        .join(own, own.node_id == EdgeRow.source_id + 0)
        .join(AnswerRow, AnswerRow.id == own.answer_id)
        .where(
            EdgeRow.target_id == bindparam("node"),
            own.crawl_id == bindparam("crawl"),
            own.depth == bindparam("above"),
            edge_held_by(own.answer_id),
        )
        .order_by(AnswerRow.id, EdgeRow.source_id)
        .limit(1)
    )


def _way_of(connection: Connection, visit: VisitFacts, node_id: int) -> Way | None:
    if visit.is_refresh or visit.is_import or visit.depth is None:
        return None
    return _way(connection, visit.crawl_id, node_id, visit.depth)
