"""Connections between accounts: as they stand, and what changed."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.types import Boolean, Integer

from graphcrawl.store.schema.base import Base, Key, UtcDateTime
from graphcrawl.store.schema.rows import column, nullable


class EdgeRow(Base, table="edges", sqlite_with_rowid=False):
    """The account `source_id` lists the account `target_id`; what it means is not documented."""

    __table_args__ = (
        Index("ix_edges_target_id", "target_id"),
        # Few are: with it, those that stand are all pairs, which the other index holds in a
        # seventh of the table's pages, but these.
        Index("ix_edges_removed", "removed_at", sqlite_where=text("removed_at IS NOT NULL")),
        CheckConstraint("source_id <> target_id", name="no_loop"),
    )

    source_id = column(
        Key, ForeignKey("nodes.id", ondelete="CASCADE"), primary_key=True, doc="The asked account."
    )
    target_id = column(
        Key, ForeignKey("nodes.id", ondelete="CASCADE"), primary_key=True, doc="The listed account."
    )
    position = column(Integer, doc="From 0 in the newest answer's order.")
    first_seen_at = column(UtcDateTime, doc="When an answer first held it.")
    last_seen_at = column(UtcDateTime, doc="When an answer last held it.")
    removed_at = nullable(
        UtcDateTime, doc="When a whole answer no longer held it; NULL while it stands."
    )
    answer_id = column(
        Key, ForeignKey("answers.id", ondelete="CASCADE"), doc="The answer that first brought it."
    )


class EdgeChangeRow(Base, table="edge_changes", sqlite_with_rowid=False):
    """A connection that vanished from, or came back into, an account's answer."""

    source_id = column(Key, ForeignKey("nodes.id", ondelete="CASCADE"), primary_key=True)
    target_id = column(Key, ForeignKey("nodes.id", ondelete="CASCADE"), primary_key=True)
    answer_id = column(
        Key,
        ForeignKey("answers.id", ondelete="CASCADE"),
        primary_key=True,
        doc="The answer that showed the change.",
    )
    present = column(Boolean, doc="True when it came back, false when it vanished.")


class EdgeGapRow(Base, table="edge_gaps", sqlite_with_rowid=False):
    """A known connection that a partial answer did not hold: that says nothing of it."""

    source_id = column(Key, ForeignKey("nodes.id", ondelete="CASCADE"), primary_key=True)
    target_id = column(Key, ForeignKey("nodes.id", ondelete="CASCADE"), primary_key=True)
    answer_id = column(
        Key,
        ForeignKey("answers.id", ondelete="CASCADE"),
        primary_key=True,
        doc="The answer, some of whose rows could not be used or were left out.",
    )
