"""Crawls: their runs, what they did with each account, and the answers they got."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import BigInteger, Integer

from graphcrawl.store.schema.base import Base, Key


class CrawlRow(Base):
    """One crawl: what was asked for, under which settings, and how it went."""

    __tablename__ = "crawls"

    id: Mapped[int] = mapped_column(Key, primary_key=True, doc="Its number.")
    status: Mapped[str] = mapped_column(String(20), doc="running, interrupted, complete or failed.")
    seeds: Mapped[list[dict[str, Any]]] = mapped_column(doc="The accounts it started from.")
    settings: Mapped[dict[str, Any]] = mapped_column(doc="Depth, rate, workers, address, version.")
    started_at: Mapped[datetime] = mapped_column(doc="When it was first started.")
    finished_at: Mapped[datetime | None] = mapped_column(doc="When it last ended, if it has.")
    requests: Mapped[int] = mapped_column(
        BigInteger, default=0, doc="Requests sent by recorded work, retries included."
    )
    reason: Mapped[str | None] = mapped_column(Text, doc="Why it ended before it was complete.")


class RunRow(Base):
    """One run of a crawl, from its start or a resume to its end; none is written over."""

    __tablename__ = "runs"
    __table_args__ = (Index("ix_runs_crawl_id", "crawl_id"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True, doc="Its number.")
    crawl_id: Mapped[int] = mapped_column(ForeignKey("crawls.id", ondelete="CASCADE"))
    status: Mapped[str] = mapped_column(
        String(20), doc="How it ended; running while it lasts, and for good where it was killed."
    )
    settings: Mapped[dict[str, Any]] = mapped_column(doc="As in crawls, for this run.")
    versions: Mapped[dict[str, Any]] = mapped_column(
        doc="Of graphcrawl, Python, SQLite and the libraries that worked; the system."
    )
    started_at: Mapped[datetime] = mapped_column(doc="When it began.")
    finished_at: Mapped[datetime | None] = mapped_column(
        doc="When it ended; NULL while it lasts, and where it was killed."
    )
    requests_before: Mapped[int] = mapped_column(
        BigInteger, doc="The crawl's requests when it began."
    )
    reason: Mapped[str | None] = mapped_column(Text, doc="Why it ended before it was complete.")


class VisitRow(Base):
    """What one crawl knows of, and did with, one account: its frontier and visited set."""

    __tablename__ = "visits"
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
        {"sqlite_with_rowid": False},
    )

    crawl_id: Mapped[int] = mapped_column(
        ForeignKey("crawls.id", ondelete="CASCADE"), primary_key=True
    )
    node_id: Mapped[int] = mapped_column(
        ForeignKey("nodes.id", ondelete="CASCADE"), primary_key=True
    )
    depth: Mapped[int | None] = mapped_column(
        Integer, doc="Hops from the nearest seed; NULL where an imported graph does not tell."
    )
    status: Mapped[str] = mapped_column(
        String(20), doc="queued, claimed, done, failed, deferred or skipped."
    )
    attempts: Mapped[int] = mapped_column(Integer, default=0, doc="Requests sent for it.")
    postponed: Mapped[int] = mapped_column(
        Integer, default=0, doc="Times its report was still being made."
    )
    retry_at: Mapped[datetime | None] = mapped_column(doc="Not to be asked again before.")
    cause: Mapped[str | None] = mapped_column(
        Text,
        doc="Kind of failure; for skipped ones rim, unknown-network, few-followers...; for done "
        "ones cut or ring, if connections were left out.",
    )
    error: Mapped[str | None] = mapped_column(Text, doc="The failure in one line.")
    answer_id: Mapped[int | None] = mapped_column(
        ForeignKey("answers.id", ondelete="SET NULL"),
        doc="The answer that completed it; with --max-age maybe that of another crawl.",
    )
    failed_at: Mapped[datetime | None] = mapped_column(doc="When it last failed or was deferred.")


class AnswerRow(Base):
    """One answer of the API about one account, the refusing ones too."""

    __tablename__ = "answers"
    __table_args__ = (
        Index("ix_answers_crawl_id", "crawl_id"),
        Index("ix_answers_node_id", "node_id"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True, doc="Its number.")
    crawl_id: Mapped[int] = mapped_column(ForeignKey("crawls.id", ondelete="CASCADE"))
    node_id: Mapped[int] = mapped_column(
        ForeignKey("nodes.id", ondelete="CASCADE"), doc="The account that was asked for."
    )
    asked_at: Mapped[datetime] = mapped_column(doc="When the answer was recorded.")
    outcome: Mapped[str] = mapped_column(Text, doc="ok, or the kind of refusal.")
    rows: Mapped[int] = mapped_column(Integer, doc="Connections it held.")
    skipped_rows: Mapped[int] = mapped_column(
        Integer,
        default=0,
        doc="Rows that could not be used, or were left out; with any it is partial.",
    )
    note: Mapped[str | None] = mapped_column(Text, doc="Which rows those were, and why.")
