"""Connections between accounts: as they stand, and what changed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Integer

from graphcrawl.store.schema.base import Base


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
