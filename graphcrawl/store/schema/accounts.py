"""Accounts: as they stand, as they were, their pictures, and the forgotten ones."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Float, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import BigInteger, LargeBinary

from graphcrawl.store.schema.base import Base, Key


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
