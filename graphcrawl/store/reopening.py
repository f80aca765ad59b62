"""What going on with a crawl asks about again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, and_, case, null, or_, select, true, update

from graphcrawl.filters import CUT, RING, Filters
from graphcrawl.store.keeping import REOPENED
from graphcrawl.store.retries import ANSWERS, TRANSIENT, Retry
from graphcrawl.store.schema import AnswerRow, VisitRow
from graphcrawl.store.waiting import ANOTHER_WAY, judge_again, judge_refreshed

REFRESH: Final = "refresh"
"""Key of the settings of a crawl that re-asks what is stored."""


def widens(before: int | None, now: int | None) -> bool:
    """Tell whether more connections an account are kept than before; None: all."""
    return before is not None and (now is None or now > before)


def queue_again(
    connection: Connection,
    crawl_id: int,
    *,
    before: Mapping[str, Any],
    settings: Mapping[str, Any],
    retry: Retry,
) -> None:
    """Queue a crawl's open work, as the settings it had before and has now make it."""
    _queue_open_work(connection, crawl_id, retry)
    if widens(before.get("max_connections"), settings.get("max_connections")):
        _queue_cut(connection, crawl_id)
    if REFRESH in settings:
        judge_refreshed(connection, crawl_id, Filters.of(settings))
    else:
        judge_again(connection, crawl_id, settings["depth"], Filters.of(settings))


def _queue_open_work(connection: Connection, crawl_id: int, retry: Retry) -> None:
    open_work = or_(
        VisitRow.status.in_(("claimed", "deferred", "queued")),
        and_(VisitRow.status == "failed", _causes(retry)),
    )
    # That an ID was refused stays known: its name is next.
    waits = VisitRow.status.in_(("claimed", "queued"))
    refused = and_(waits, VisitRow.cause.in_(ANOTHER_WAY))
    kept = {one.key: case((refused, one), else_=null()) for one in (VisitRow.cause, VisitRow.error)}
    connection.execute(
        update(VisitRow)
        .where(VisitRow.crawl_id == crawl_id, open_work)
        .values(status="queued", retry_at=None, postponed=0, failed_at=None, **kept)
    )


def _causes(retry: Retry) -> ColumnElement[bool]:
    match retry:
        case Retry.USED_UP:
            return VisitRow.cause.in_(TRANSIENT)
        case Retry.UNANSWERED:
            return VisitRow.cause.not_in(ANSWERS)
    return true()


def _queue_cut(connection: Connection, crawl_id: int) -> None:
    """Ask again for accounts whose answers were cut: what they held beyond was not kept.

    What was kept counts until then.
    """
    of_crawl = VisitRow.crawl_id == crawl_id
    connection.execute(
        update(VisitRow)
        .where(of_crawl, VisitRow.status == "done", VisitRow.cause == CUT)
        .values(status="queued", cause=None)
    )
    partial = select(AnswerRow.id).where(AnswerRow.crawl_id == crawl_id, AnswerRow.skipped_rows > 0)
    connection.execute(
        update(VisitRow)
        .where(of_crawl, VisitRow.cause == RING, VisitRow.answer_id.in_(partial))
        .values(REOPENED)
    )
