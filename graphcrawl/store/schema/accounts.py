"""Accounts: as they stand, as they were, their pictures, and the forgotten ones."""

from __future__ import annotations

from sqlalchemy import Float, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.types import BigInteger, LargeBinary

from graphcrawl.store.schema.base import Base, Key, UtcDateTime
from graphcrawl.store.schema.rows import column, nullable


# A forgotten account's key must never stand for another one: a claim may still bear it.
class NodeRow(Base, table="nodes", sqlite_autoincrement=True):
    """An account, as the newest answer that held it told."""

    __table_args__ = (
        UniqueConstraint("network", "social_id"),
        Index("ix_nodes_network_name_key", "network", "name_key"),
    )

    id = column(Key, primary_key=True, doc="The account's key here.")
    network = column(Text, doc="instagram, youtube, twitter...")
    social_id = nullable(
        Text, doc="The vendor's report ID; NULL for a seed that no answer has named yet."
    )
    username = nullable(Text, doc="May change hands, and need not be unique.")
    name_key = nullable(Text, doc="The username case-folded, to find it by.")
    title = nullable(Text, doc="Free text from the account.")
    avatar_url = nullable(Text, doc="Signed by the vendor; expires.")
    subscribers_count = nullable(BigInteger, doc="Followers.")
    er = nullable(Float(), doc="Engagement rate in percent; NULL where the network has none.")
    state = nullable(Text, doc="The report's state: READY, PRIVATE...")
    first_seen_at = column(UtcDateTime, doc="First held by an answer, or seeded.")
    last_seen_at = column(UtcDateTime, doc="Last held by an answer, to the hour.")
    valid_from = column(UtcDateTime, doc="Since when these values have held.")
    expanded_at = nullable(
        UtcDateTime,
        doc="The newest whole answer to asking for it; NULL: its connections are not known.",
    )


class NodeHistoryRow(Base, table="node_history"):
    """An account's former values, written when one of them changed."""

    __table_args__ = (Index("ix_node_history_node_id", "node_id"),)

    id = column(Key, primary_key=True, doc="The row's key here.")
    node_id = column(Key, ForeignKey("nodes.id", ondelete="CASCADE"))
    valid_from = column(UtcDateTime, doc="Since when the values held.")
    valid_to = column(UtcDateTime, doc="When an answer first told otherwise.")
    username = nullable(Text, doc="As it was.")
    title = nullable(Text, doc="As it was.")
    subscribers_count = nullable(BigInteger, doc="As it was.")
    er = nullable(Float(), doc="As it was.")
    state = nullable(Text, doc="As it was.")


class AvatarRow(Base, table="avatars"):
    """A small picture of an account, made anew from the first one that could be fetched."""

    node_id = column(Key, ForeignKey("nodes.id", ondelete="CASCADE"), primary_key=True)
    media_type = column(String(20), doc="image/jpeg.")
    content = column(LargeBinary, doc="A few thousand bytes.")
    fetched_at = column(UtcDateTime, doc="When it was stored.")


class ForgottenRow(Base, table="forgotten"):
    """A tombstone: a digest of an account that must not come back."""

    digest = column(
        String(64), primary_key=True, doc="Of network and ID, or of network and username."
    )
    forgotten_at = column(UtcDateTime, doc="When it was forgotten.")
