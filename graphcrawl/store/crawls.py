"""Crawls as records: what was asked for, under which settings, and how far each came."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, func, select

from graphcrawl.errors import NothingFound
from graphcrawl.model import AccountRef
from graphcrawl.store.lock import is_held
from graphcrawl.store.opening import Store
from graphcrawl.store.reopening import REFRESH
from graphcrawl.store.reuse import NOTHING_REUSED, Reused, count_reused
from graphcrawl.store.runs import RunRecord, read_runs
from graphcrawl.store.schema import AnswerRow, CrawlRow, VisitRow, table_of

_NO_KEY: Final = 2**63

IMPORT: Final = "import"
"""The setting by which a record says that it is an import, and of which files."""


@dataclass(frozen=True, slots=True)
class CrawlRecord:
    """One crawl, as listed.

    Attributes
    ----------
    id : int
    status : str
        running, interrupted, complete or failed. One whose process was killed is interrupted.
    seeds : tuple of str
        As ``network:username`` or ``network:id:social_id``.
    settings : mapping
        Depth (None: all), rate, workers, address, version.
    started_at, finished_at : datetime or None
    requests : int
        Sent by recorded work, retries included.
    accounts, connections : int
        Held by the crawl.
    asked : int
        Accounts whose connections are known.
    statuses : mapping of (status, cause) to int
        Accounts by what the crawl did with them.
    reason : str or None
        Why it ended before it was complete.
    seed_accounts : tuple of (AccountRef or None)
        The seeds in full, in the same order; None for one that was forgotten on purpose.
    runs : tuple of RunRecord
        Oldest first; empty where an earlier graphcrawl wrote none.
    reused : Reused
        What it took from the database instead of asking.
    """

    id: int
    status: str
    seeds: tuple[str, ...]
    settings: Mapping[str, Any]
    started_at: datetime
    finished_at: datetime | None
    requests: int
    accounts: int
    connections: int
    asked: int
    statuses: Mapping[tuple[str, str | None], int]
    reason: str | None
    seed_accounts: tuple[AccountRef | None, ...] = ()
    runs: tuple[RunRecord, ...] = ()
    reused: Reused = NOTHING_REUSED

    @property
    def is_refresh(self) -> bool:
        """Whether it asks only what was asked before, at the depths it had then."""
        return REFRESH in self.settings

    @property
    def is_import(self) -> bool:
        """Whether it is no crawl: a graph that files told of."""
        return IMPORT in self.settings

    @property
    def depth(self) -> int | None:
        """Accounts nearer than this are asked; None: all."""
        depth: int | None = self.settings.get("depth")
        return depth

    def count(self, status: str, *causes: str | None) -> int:
        """Count the accounts in a status, of some causes or of all."""
        return sum(
            number
            for (name, cause), number in self.statuses.items()
            if name == status and (not causes or cause in causes)
        )


def list_crawls(store: Store) -> list[CrawlRecord]:
    """Give every crawl of a database, oldest first."""
    return _records(store, select(CrawlRow.id).order_by(CrawlRow.id))


def crawl_record(store: Store, crawl_id: int) -> CrawlRecord:
    """Give one crawl.

    Raises
    ------
    NothingFound
        If the database holds none of this number.
    """
    records = _records(store, select(CrawlRow.id).where(CrawlRow.id == crawl_id))
    if not records:
        raise _absent(store, crawl_id)
    return records[0]


def refuse_absent(connection: Connection, store: Store, crawl_id: int) -> None:
    """Refuse a number that no crawl has, without counting what a crawl holds.

    Raises
    ------
    NothingFound
    """
    query = select(CrawlRow.id).where(CrawlRow.id == crawl_id)
    # A larger number than a key can be would not even reach the database.
    if not 0 < crawl_id < _NO_KEY or connection.execute(query).first() is None:
        raise _absent(store, crawl_id)


def _absent(store: Store, crawl_id: int) -> NothingFound:
    return NothingFound(
        f"there is no crawl {crawl_id} in {store.path}; graphcrawl crawls --db FILE lists them"
    )


def newest_unfinished(store: Store) -> CrawlRecord | None:
    """Give the newest crawl that is not complete, if there is one."""
    query = (
        select(CrawlRow.id)
        .where(CrawlRow.status != "complete")
        .order_by(CrawlRow.id.desc())
        .limit(1)
    )
    records = _records(store, query)
    return records[0] if records else None


def _records(store: Store, ids: Any) -> list[CrawlRecord]:
    with store.reading() as connection:
        wanted = list(connection.execute(ids).scalars())
        return [_record(store, connection, crawl_id) for crawl_id in wanted]


def _record(store: Store, connection: Connection, crawl_id: int) -> CrawlRecord:
    row = connection.execute(select(table_of(CrawlRow)).where(CrawlRow.id == crawl_id)).one()
    statuses = {
        (status, cause): number
        for status, cause, number in connection.execute(
            select(VisitRow.status, VisitRow.cause, func.count())
            .where(VisitRow.crawl_id == crawl_id)
            .group_by(VisitRow.status, VisitRow.cause)
            .order_by(VisitRow.status, VisitRow.cause)
        )
    }
    connections: int = connection.execute(
        select(func.coalesce(func.sum(AnswerRow.rows), 0))
        .select_from(VisitRow)
        .join(AnswerRow, AnswerRow.id == VisitRow.answer_id)
        .where(VisitRow.crawl_id == crawl_id)
    ).scalar_one()
    killed = row.status == "running" and not is_held(store.path, row.id)
    seeds = tuple(map(_seed, row.seeds))
    runs = read_runs(connection, row.id, row.requests, lasts=not killed)
    reuses = any(one.get("max_age") for one in (row.settings, *(run.settings for run in runs)))
    return CrawlRecord(
        id=row.id,
        status="interrupted" if killed else row.status,
        seeds=tuple("(forgotten)" if seed is None else str(seed) for seed in seeds),
        settings=row.settings,
        started_at=row.started_at,
        finished_at=row.finished_at,
        requests=row.requests,
        accounts=sum(statuses.values()),
        connections=connections,
        asked=sum(number for (status, _), number in statuses.items() if status == "done"),
        statuses=statuses,
        reason=row.reason,
        seed_accounts=seeds,
        runs=runs,
        reused=count_reused(connection, crawl_id) if reuses else NOTHING_REUSED,
    )


def _seed(recorded: Mapping[str, str | None]) -> AccountRef | None:
    if not recorded.get("network"):
        return None
    return AccountRef(recorded["network"] or "", recorded.get("username"), recorded.get("id"))


def seed_outcomes(store: Store, crawl_id: int) -> dict[str, int]:
    """Count a crawl's seeds by how they ended: by status, or by cause if there is one."""
    query = (
        select(VisitRow.status, VisitRow.cause, func.count())
        .where(VisitRow.crawl_id == crawl_id, VisitRow.depth == 0)
        .group_by(VisitRow.status, VisitRow.cause)
    )
    counts: dict[str, int] = {}
    with store.reading() as connection:
        for status, cause, number in connection.execute(query):
            ended = cause if status in ("failed", "skipped") and cause else status
            counts[ended] = counts.get(ended, 0) + number
    return counts
