"""Crawls: their runs, what they did with each account, and the answers they got."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnClause, ForeignKey, Index, String, Text, text
from sqlalchemy.types import JSON, BigInteger, Integer

from graphcrawl.store.schema.base import Base, Key, UtcDateTime
from graphcrawl.store.schema.rows import column, nullable


class CrawlRow(Base, table="crawls"):
    """One crawl: what was asked for, under which settings, and how it went."""

    id = column(Key, primary_key=True, doc="Its number.")
    status = column(String(20), doc="running, interrupted, complete or failed.")
    seeds: ColumnClause[list[dict[str, Any]]] = column(JSON, doc="The accounts it started from.")
    settings: ColumnClause[dict[str, Any]] = column(
        JSON, doc="Depth, rate, workers, address, version."
    )
    started_at = column(UtcDateTime, doc="When it was first started.")
    finished_at = nullable(UtcDateTime, doc="When it last ended, if it has.")
    requests = column(
        BigInteger, default=0, doc="Requests sent by recorded work, retries included."
    )
    reason = nullable(Text, doc="Why it ended before it was complete.")


class RunRow(Base, table="runs"):
    """One run of a crawl, from its start or a resume to its end; none is written over."""

    __table_args__ = (Index("ix_runs_crawl_id", "crawl_id"),)

    id = column(Key, primary_key=True, doc="Its number.")
    crawl_id = column(Key, ForeignKey("crawls.id", ondelete="CASCADE"))
    status = column(
        String(20), doc="How it ended; running while it lasts, and for good where it was killed."
    )
    settings: ColumnClause[dict[str, Any]] = column(JSON, doc="As in crawls, for this run.")
    versions: ColumnClause[dict[str, Any]] = column(
        JSON, doc="Of graphcrawl, Python, SQLite and the libraries that worked; the system."
    )
    started_at = column(UtcDateTime, doc="When it began.")
    finished_at = nullable(
        UtcDateTime, doc="When it ended; NULL while it lasts, and where it was killed."
    )
    requests_before = column(BigInteger, doc="The crawl's requests when it began.")
    reason = nullable(Text, doc="Why it ended before it was complete.")


class VisitRow(Base, table="visits", sqlite_with_rowid=False):
    """What one crawl knows of, and did with, one account: its frontier and visited set."""

    __table_args__ = (
        Index(
            "ix_visits_waiting",
            "crawl_id",
            "depth",
            "node_id",
            sqlite_where=text("status = 'queued'"),
        ),
        Index("ix_visits_node_id", "node_id"),
        Index(
            "ix_visits_ring",
            "node_id",
            "crawl_id",
            sqlite_where=text("cause = 'ring'"),
        ),
    )

    crawl_id = column(Key, ForeignKey("crawls.id", ondelete="CASCADE"), primary_key=True)
    node_id = column(Key, ForeignKey("nodes.id", ondelete="CASCADE"), primary_key=True)
    depth = nullable(
        Integer, doc="Hops from the nearest seed; NULL where an imported graph does not tell."
    )
    status = column(String(20), doc="queued, claimed, done, failed, deferred or skipped.")
    attempts = column(Integer, default=0, doc="Requests sent for it.")
    postponed = column(Integer, default=0, doc="Times its report was still being made.")
    retry_at = nullable(UtcDateTime, doc="Not to be asked again before.")
    cause = nullable(
        Text,
        doc="Kind of failure; for skipped ones rim, unknown-network, few-followers...; for done "
        "ones cut or ring, if connections were left out.",
    )
    error = nullable(Text, doc="The failure in one line.")
    answer_id = nullable(
        Key,
        ForeignKey("answers.id", ondelete="SET NULL"),
        doc="The answer that completed it; with --max-age maybe that of another crawl.",
    )
    failed_at = nullable(UtcDateTime, doc="When it last failed or was deferred.")


class AnswerRow(Base, table="answers"):
    """One answer of the API about one account, the refusing ones too."""

    __table_args__ = (
        Index("ix_answers_crawl_id", "crawl_id"),
        Index("ix_answers_node_id", "node_id"),
    )

    id = column(Key, primary_key=True, doc="Its number.")
    crawl_id = column(Key, ForeignKey("crawls.id", ondelete="CASCADE"))
    node_id = column(
        Key, ForeignKey("nodes.id", ondelete="CASCADE"), doc="The account that was asked for."
    )
    asked_at = column(UtcDateTime, doc="When the answer was recorded.")
    outcome = column(Text, doc="ok, or the kind of refusal.")
    rows = column(Integer, doc="Connections it held.")
    skipped_rows = column(
        Integer,
        default=0,
        doc="Rows that could not be used, or were left out; with any it is partial.",
    )
    note = nullable(Text, doc="Which rows those were, and why.")
