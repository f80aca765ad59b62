"""What was found in the graph, and decided about it: clusters and creators."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Float, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import BigInteger, Integer

from graphcrawl.store.schema.base import Base, Key


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
