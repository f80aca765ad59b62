"""What was found in the graph, and decided about it: clusters and creators."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnClause, Float, ForeignKey, Index, String, Text
from sqlalchemy.types import JSON, BigInteger, Integer

from graphcrawl.store.schema.base import Base, Key, UtcDateTime
from graphcrawl.store.schema.rows import column, nullable


class ClusteringRow(Base, table="clusterings"):
    """One finding of clusters; a new row when they or the options are others than last time."""

    __table_args__ = (Index("ix_clusterings_crawl_id", "crawl_id"),)

    id = column(Key, primary_key=True, doc="Its number.")
    crawl_id = nullable(
        Key,
        ForeignKey("crawls.id", ondelete="CASCADE"),
        doc="The crawl whose graph it was; NULL: the whole database.",
    )
    method = column(String(20), doc="leiden, louvain or components.")
    engine = column(Text, doc="The library that found them, and its version.")
    weight = column(
        String(20), doc="one: every tie weighs 1; mutual: 2 where both list each other."
    )
    resolution = column(Float(), doc="Larger gives smaller clusters.")
    rng_seed = column(BigInteger, doc="What makes chance repeatable.")
    modularity = nullable(
        Float(), doc="At this weight and resolution; NULL where nothing is connected."
    )
    created_at = column(UtcDateTime, doc="When they were found.")


class ClusterRow(Base, table="clusters", sqlite_with_rowid=False):
    """One cluster of a clustering; its number stays while the graph grows."""

    clustering_id = column(Key, ForeignKey("clusterings.id", ondelete="CASCADE"), primary_key=True)
    cluster = column(Integer, primary_key=True, autoincrement=False, doc="Its number, from 1.")
    name = nullable(
        Text, doc="Its most followed accounts and telling words; NULL once one was forgotten."
    )


class MembershipRow(Base, table="memberships", sqlite_with_rowid=False):
    """An account's cluster: exactly one in each clustering of a graph that held it."""

    __table_args__ = (Index("ix_memberships_node_id", "node_id"),)

    clustering_id = column(Key, ForeignKey("clusterings.id", ondelete="CASCADE"), primary_key=True)
    node_id = column(Key, ForeignKey("nodes.id", ondelete="CASCADE"), primary_key=True)
    cluster = column(Integer, doc="→ clusters.cluster")


# A number that was given once never stands for another owner.
class CreatorRow(Base, table="creators", sqlite_autoincrement=True):
    """An owner of accounts on several networks, as `graphcrawl creators` last found them."""

    id = column(Key, primary_key=True, doc="Its number, which stays as long as its accounts do.")
    name = column(Text, doc="The title of its most followed account.")


class CreatorAccountRow(Base, table="creator_accounts", sqlite_with_rowid=False):
    """An account of a creator; an account is in one at most."""

    __table_args__ = (Index("ix_creator_accounts_creator_id", "creator_id"),)

    creator_id = column(Key, ForeignKey("creators.id", ondelete="CASCADE"))
    node_id = column(Key, ForeignKey("nodes.id", ondelete="CASCADE"), primary_key=True)
    confidence = column(String(20), doc="low, likely or strong.")
    evidence: ColumnClause[list[dict[str, Any]]] = column(
        JSON,
        doc="For each account of the creator that speaks for it: node_id, confidence, reasons.",
    )


class CreatorDecisionRow(Base, table="creator_decisions", sqlite_with_rowid=False):
    """What was decided by hand about an account's owner; later runs do not undo it."""

    node_id = column(Key, ForeignKey("nodes.id", ondelete="CASCADE"), primary_key=True)
    party = nullable(
        Integer, doc="Accounts of one number have one owner; NULL: it is never joined with another."
    )
    decided_at = column(UtcDateTime, doc="When it was decided.")
