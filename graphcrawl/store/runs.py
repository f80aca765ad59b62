"""Runs: when a crawl was worked on, under which settings and by which versions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from graphcrawl.store.schema import CrawlRow, RunRow, table_of
from graphcrawl.store.versions import versions


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One run of a crawl.

    Attributes
    ----------
    status : str
        running, interrupted, complete or failed; one whose process was killed is interrupted.
    settings, versions : mapping
    started_at : datetime
    finished_at : datetime or None
        None while it lasts, and where it was killed.
    requests : int
        Sent by the work that it recorded, retries included.
    reason : str or None
        Why it ended before it was complete.
    """

    status: str
    settings: Mapping[str, Any]
    versions: Mapping[str, Any]
    started_at: datetime
    finished_at: datetime | None
    requests: int
    reason: str | None


def begin_run(
    connection: Connection, crawl_id: int, settings: Mapping[str, Any], moment: datetime
) -> None:
    """Write that a crawl is being worked on from now."""
    before = select(CrawlRow.requests).where(CrawlRow.id == crawl_id).scalar_subquery()
    connection.execute(
        insert(RunRow).values(
            crawl_id=crawl_id,
            status="running",
            settings=dict(settings),
            versions=versions(),
            started_at=moment,
            requests_before=before,
        )
    )


def end_run(
    connection: Connection, crawl_id: int, status: str, reason: str | None, moment: datetime
) -> None:
    """Write how a crawl's newest run ended."""
    newest = select(func.max(RunRow.id)).where(RunRow.crawl_id == crawl_id).scalar_subquery()
    connection.execute(
        update(RunRow)
        .where(RunRow.id == newest)
        .values(status=status, reason=reason, finished_at=moment)
    )


def read_runs(
    connection: Connection, crawl_id: int, requests: int, *, lasts: bool
) -> tuple[RunRecord, ...]:
    """Give a crawl's runs, oldest first.

    Parameters
    ----------
    requests : int
        The crawl's, by now: what the runs before did not send was sent by the last one.
    lasts : bool
        Whether a living process works on the crawl, if its row says that one does.
    """
    query = select(table_of(RunRow)).where(RunRow.crawl_id == crawl_id).order_by(RunRow.id)
    rows = connection.execute(query).all()
    ends = [*(row.requests_before for row in rows), requests][1:]
    return tuple(
        RunRecord(
            status=_status(row.status, lasts=lasts and row is rows[-1]),
            settings=row.settings,
            versions=row.versions,
            started_at=row.started_at,
            finished_at=row.finished_at,
            requests=end - row.requests_before,
            reason=row.reason,
        )
        for row, end in zip(rows, ends, strict=True)
    )


def _status(written: str, *, lasts: bool) -> str:
    return "interrupted" if written == "running" and not lasts else written
