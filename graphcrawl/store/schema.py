"""The tables, each column with its sentence; times are UTC by type.

Accounts are keyed by small integers: 200,000 accounts and a million connections took 54 MB this
way against 91-125 MB with text keys, and neighbours are found faster.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import (
    CheckConstraint,
    Connection,
    Dialect,
    Float,
    ForeignKey,
    Index,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    event,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import JSON, BigInteger, DateTime, Integer, LargeBinary, TypeDecorator

REVISION: Final = "0006"
"""The newest migration; a database that bears another number is migrated when it is opened."""


@lru_cache(maxsize=256)
def _as_stored(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: aware in Python, UTC in the database; a naive one is refused."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        """Keep the zone where the database can."""
        return dialect.type_descriptor(DateTime(timezone=dialect.name != "sqlite"))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware moment into UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be stored")
        return _as_stored(value) if dialect.name == "sqlite" else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Say that a stored moment is UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


# SQLite gives automatic keys to INTEGER columns only; elsewhere 32 bits would be too few.
Key = BigInteger().with_variant(Integer, "sqlite")

NAMES: Final = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}
"""Every constraint has a name, or SQLite's migrations would lose it."""


class Base(DeclarativeBase):
    """What all tables share."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {
        datetime: UtcDateTime(),
        dict[str, Any]: JSON(),
        list[dict[str, Any]]: JSON(),
    }


def table_of(row: type[Base]) -> Table:
    """Give a row class's table, as Core statements want it."""
    table = row.__table__
    assert isinstance(table, Table)
    return table


class DatabaseSource(Base):
    """One row: whom this database's answers come from. Simulated and vendor data never mix."""

    __tablename__ = "database_source"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False, doc="Always 1.")
    origin: Mapped[str] = mapped_column(String(20), doc="vendor or simulated.")
    created_at: Mapped[datetime] = mapped_column(doc="When the database was made.")
    created_by: Mapped[str] = mapped_column(String(100), doc="The version that made it.")


class NodeRow(Base):
    """An account, as the newest answer that held it told."""

    __tablename__ = "nodes"
    __table_args__ = (
        UniqueConstraint("network", "social_id"),
        Index("ix_nodes_network_name_key", "network", "name_key"),
        # A forgotten account's key must never stand for another one: a claim may still bear it.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True, doc="The account's key here.")
    network: Mapped[str] = mapped_column(Text, doc="instagram, youtube, twitter...")
    social_id: Mapped[str | None] = mapped_column(
        Text, doc="The vendor's report ID; NULL for a seed that no answer has named yet."
    )
    username: Mapped[str | None] = mapped_column(
        Text, doc="May change hands, and need not be unique."
    )
    name_key: Mapped[str | None] = mapped_column(
        Text, doc="The username case-folded, to find it by."
    )
    title: Mapped[str | None] = mapped_column(Text, doc="Free text from the account.")
    avatar_url: Mapped[str | None] = mapped_column(Text, doc="Signed by the vendor; expires.")
    subscribers_count: Mapped[int | None] = mapped_column(BigInteger, doc="Followers.")
    er: Mapped[float | None] = mapped_column(
        Float, doc="Engagement rate in percent; NULL where the network has none."
    )
    state: Mapped[str | None] = mapped_column(Text, doc="The report's state: READY, PRIVATE...")
    first_seen_at: Mapped[datetime] = mapped_column(doc="First held by an answer, or seeded.")
    last_seen_at: Mapped[datetime] = mapped_column(doc="Last held by an answer, to the hour.")
    valid_from: Mapped[datetime] = mapped_column(doc="Since when these values have held.")
    expanded_at: Mapped[datetime | None] = mapped_column(
        doc="The newest whole answer to asking for it; NULL: its connections are not known."
    )


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


class EdgeRow(Base):
    """The account `source_id` lists the account `target_id`; what it means is not documented."""

    __tablename__ = "edges"
    __table_args__ = (
        Index("ix_edges_target_id", "target_id"),
        CheckConstraint("source_id <> target_id", name="no_loop"),
        {"sqlite_with_rowid": False},
    )

    source_id: Mapped[int] = mapped_column(
        ForeignKey("nodes.id", ondelete="CASCADE"), primary_key=True, doc="The asked account."
    )
    target_id: Mapped[int] = mapped_column(
        ForeignKey("nodes.id", ondelete="CASCADE"), primary_key=True, doc="The listed account."
    )
    position: Mapped[int] = mapped_column(Integer, doc="From 0 in the newest answer's order.")
    first_seen_at: Mapped[datetime] = mapped_column(doc="When an answer first held it.")
    last_seen_at: Mapped[datetime] = mapped_column(doc="When an answer last held it.")
    removed_at: Mapped[datetime | None] = mapped_column(
        doc="When a whole answer no longer held it; NULL while it stands."
    )
    answer_id: Mapped[int] = mapped_column(
        ForeignKey("answers.id", ondelete="CASCADE"), doc="The answer that first brought it."
    )


class EdgeChangeRow(Base):
    """A connection that vanished from, or came back into, an account's answer."""

    __tablename__ = "edge_changes"
    __table_args__ = ({"sqlite_with_rowid": False},)

    source_id: Mapped[int] = mapped_column(
        ForeignKey("nodes.id", ondelete="CASCADE"), primary_key=True
    )
    target_id: Mapped[int] = mapped_column(
        ForeignKey("nodes.id", ondelete="CASCADE"), primary_key=True
    )
    answer_id: Mapped[int] = mapped_column(
        ForeignKey("answers.id", ondelete="CASCADE"),
        primary_key=True,
        doc="The answer that showed the change.",
    )
    present: Mapped[bool] = mapped_column(doc="True when it came back, false when it vanished.")


class EdgeGapRow(Base):
    """A known connection that a partial answer did not hold: that says nothing of it."""

    __tablename__ = "edge_gaps"
    __table_args__ = ({"sqlite_with_rowid": False},)

    source_id: Mapped[int] = mapped_column(
        ForeignKey("nodes.id", ondelete="CASCADE"), primary_key=True
    )
    target_id: Mapped[int] = mapped_column(
        ForeignKey("nodes.id", ondelete="CASCADE"), primary_key=True
    )
    answer_id: Mapped[int] = mapped_column(
        ForeignKey("answers.id", ondelete="CASCADE"),
        primary_key=True,
        doc="The answer, some of whose rows could not be used or were left out.",
    )


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
            postgresql_where=text("status = 'queued'"),
        ),
        Index("ix_visits_node_id", "node_id"),
        Index(
            "ix_visits_ring",
            "node_id",
            "crawl_id",
            sqlite_where=text("cause = 'ring'"),
            postgresql_where=text("cause = 'ring'"),
        ),
        {"sqlite_with_rowid": False},
    )

    crawl_id: Mapped[int] = mapped_column(
        ForeignKey("crawls.id", ondelete="CASCADE"), primary_key=True
    )
    node_id: Mapped[int] = mapped_column(
        ForeignKey("nodes.id", ondelete="CASCADE"), primary_key=True
    )
    depth: Mapped[int] = mapped_column(Integer, doc="Hops from the nearest seed.")
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


class NodeHistoryRow(Base):
    """An account's former values, written when one of them changed."""

    __tablename__ = "node_history"
    __table_args__ = (Index("ix_node_history_node_id", "node_id"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True, doc="The row's key here.")
    node_id: Mapped[int] = mapped_column(ForeignKey("nodes.id", ondelete="CASCADE"))
    valid_from: Mapped[datetime] = mapped_column(doc="Since when the values held.")
    valid_to: Mapped[datetime] = mapped_column(doc="When an answer first told otherwise.")
    username: Mapped[str | None] = mapped_column(Text, doc="As it was.")
    title: Mapped[str | None] = mapped_column(Text, doc="As it was.")
    subscribers_count: Mapped[int | None] = mapped_column(BigInteger, doc="As it was.")
    er: Mapped[float | None] = mapped_column(Float, doc="As it was.")
    state: Mapped[str | None] = mapped_column(Text, doc="As it was.")


class ClusteringRow(Base):
    """One finding of clusters; a new row only when the graph gave others than before."""

    __tablename__ = "clusterings"
    __table_args__ = (Index("ix_clusterings_crawl_id", "crawl_id"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True, doc="Its number.")
    crawl_id: Mapped[int | None] = mapped_column(
        ForeignKey("crawls.id", ondelete="CASCADE"),
        doc="The crawl whose graph it was; NULL: the whole database.",
    )
    method: Mapped[str] = mapped_column(String(20), doc="leiden, louvain or components.")
    engine: Mapped[str] = mapped_column(Text, doc="The library that found them, and its version.")
    weight: Mapped[str] = mapped_column(
        String(20), doc="one: every tie weighs 1; mutual: 2 where both list each other."
    )
    resolution: Mapped[float] = mapped_column(Float, doc="Larger gives smaller clusters.")
    rng_seed: Mapped[int] = mapped_column(BigInteger, doc="What makes chance repeatable.")
    modularity: Mapped[float | None] = mapped_column(
        Float, doc="At this weight and resolution; NULL where nothing is connected."
    )
    created_at: Mapped[datetime] = mapped_column(doc="When they were found.")


class ClusterRow(Base):
    """One cluster of a clustering; its number stays while the graph grows."""

    __tablename__ = "clusters"
    __table_args__ = ({"sqlite_with_rowid": False},)

    clustering_id: Mapped[int] = mapped_column(
        ForeignKey("clusterings.id", ondelete="CASCADE"), primary_key=True
    )
    cluster: Mapped[int] = mapped_column(
        Integer, primary_key=True, autoincrement=False, doc="Its number, from 1."
    )
    name: Mapped[str | None] = mapped_column(
        Text, doc="Its most followed accounts and telling words; NULL once one was forgotten."
    )


class MembershipRow(Base):
    """An account's cluster: exactly one in each clustering of a graph that held it."""

    __tablename__ = "memberships"
    __table_args__ = (
        Index("ix_memberships_node_id", "node_id"),
        {"sqlite_with_rowid": False},
    )

    clustering_id: Mapped[int] = mapped_column(
        ForeignKey("clusterings.id", ondelete="CASCADE"), primary_key=True
    )
    node_id: Mapped[int] = mapped_column(
        ForeignKey("nodes.id", ondelete="CASCADE"), primary_key=True
    )
    cluster: Mapped[int] = mapped_column(Integer, doc="→ clusters.cluster")


class CreatorRow(Base):
    """An owner of accounts on several networks, as `graphcrawl creators` last found them."""

    __tablename__ = "creators"
    # A number that was given once never stands for another owner.
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(
        Key, primary_key=True, doc="Its number, which stays as long as its accounts do."
    )
    name: Mapped[str] = mapped_column(Text, doc="The title of its most followed account.")


class CreatorAccountRow(Base):
    """An account of a creator; an account is in one at most."""

    __tablename__ = "creator_accounts"
    __table_args__ = (
        Index("ix_creator_accounts_creator_id", "creator_id"),
        {"sqlite_with_rowid": False},
    )

    creator_id: Mapped[int] = mapped_column(ForeignKey("creators.id", ondelete="CASCADE"))
    node_id: Mapped[int] = mapped_column(
        ForeignKey("nodes.id", ondelete="CASCADE"), primary_key=True
    )
    confidence: Mapped[str] = mapped_column(String(20), doc="low, likely or strong.")
    evidence: Mapped[list[dict[str, Any]]] = mapped_column(
        doc="For each account of the creator that speaks for it: node_id, confidence, reasons."
    )


class CreatorDecisionRow(Base):
    """What was decided by hand about an account's owner; later runs do not undo it."""

    __tablename__ = "creator_decisions"
    __table_args__ = ({"sqlite_with_rowid": False},)

    node_id: Mapped[int] = mapped_column(
        ForeignKey("nodes.id", ondelete="CASCADE"), primary_key=True
    )
    party: Mapped[int | None] = mapped_column(
        Integer, doc="Accounts of one number have one owner; NULL: it is never joined with another."
    )
    decided_at: Mapped[datetime] = mapped_column(doc="When it was decided.")


class AvatarRow(Base):
    """A small picture of an account, made anew from the first one that could be fetched."""

    __tablename__ = "avatars"

    node_id: Mapped[int] = mapped_column(
        ForeignKey("nodes.id", ondelete="CASCADE"), primary_key=True
    )
    media_type: Mapped[str] = mapped_column(String(20), doc="image/jpeg.")
    content: Mapped[bytes] = mapped_column(LargeBinary, doc="A few thousand bytes.")
    fetched_at: Mapped[datetime] = mapped_column(doc="When it was stored.")


class ForgottenRow(Base):
    """A tombstone: a digest of an account that must not come back."""

    __tablename__ = "forgotten"

    digest: Mapped[str] = mapped_column(
        String(64), primary_key=True, doc="Of network and ID, or of network and username."
    )
    forgotten_at: Mapped[datetime] = mapped_column(doc="When it was forgotten.")


EDGE_LIST: Final = """
CREATE VIEW edge_list AS
SELECT s.network AS source_network, s.username AS source_username,
       t.network AS target_network, t.username AS target_username,
       CASE WHEN b.source_id IS NOT NULL THEN 'mutual'
            WHEN t.expanded_at IS NOT NULL THEN 'one-way'
            WHEN EXISTS (
                SELECT 1 FROM visits r
                JOIN answers a ON a.id = r.answer_id AND a.skipped_rows = 0
                JOIN visits w ON w.crawl_id = r.crawl_id AND w.node_id = e.source_id
                WHERE r.node_id = e.target_id AND r.cause = 'ring'
            ) THEN 'one-way'
            ELSE 'unknown' END AS certainty,
       e.position, e.first_seen_at, e.last_seen_at, e.source_id, e.target_id
FROM edges e
JOIN nodes s ON s.id = e.source_id
JOIN nodes t ON t.id = e.target_id
LEFT JOIN edges b ON b.source_id = e.target_id AND b.target_id = e.source_id
                 AND b.removed_at IS NULL
WHERE e.removed_at IS NULL
"""
"""Both ends of every standing connection by name, with its certainty.

An account of a ring answers for the accounts of its crawl alone.
"""


@event.listens_for(Base.metadata, "after_create")
def _after_create(target: MetaData, connection: Connection, **_: Any) -> None:
    create_views(connection)


def create_views(connection: Connection) -> None:
    """Create the views as they are today."""
    connection.execute(text(EDGE_LIST))


def drop_views(connection: Connection) -> None:
    """Drop the views: they hold no data, and SQLite rebuilds no table that a view reads."""
    connection.execute(text("DROP VIEW IF EXISTS edge_list"))
