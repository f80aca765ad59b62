"""What users add to accounts themselves; no answer changes it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.types import UserDefinedType

from graphcrawl.store.schema.base import Base, Key, UtcDateTime
from graphcrawl.store.schema.rows import column, nullable


class Number(UserDefinedType[int | float]):
    """A number as the database keeps it exactly: a whole one stays whole, whatever its size."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        """Name the type."""
        return "NUMERIC"


class TagRow(Base, table="tags", sqlite_with_rowid=False):
    """A word that a user put on an account."""

    __table_args__ = (Index("ix_tags_tag", "tag"),)

    node_id = column(Key, ForeignKey("nodes.id", ondelete="CASCADE"), primary_key=True)
    tag = column(Text, primary_key=True, doc="In small letters.")
    tagged_at = column(UtcDateTime, doc="When it was first put there.")


class NoteRow(Base, table="notes"):
    """What a user wrote about an account; one note an account."""

    node_id = column(
        Key, ForeignKey("nodes.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    text = column(Text, doc="May have several lines.")
    written_at = column(UtcDateTime, doc="When it was last changed.")


class OwnColumnRow(Base, table="own_columns", sqlite_with_rowid=False):
    """A column of a user's own, as `import --attributes` last brought it."""

    name = column(Text, primary_key=True, doc="As the file's header has it.")
    kind = column(String(20), doc="integer, number, yes-no or text: of all its values.")
    imported_at = column(UtcDateTime, doc="When its values were brought.")


class OwnValueRow(Base, table="own_values", sqlite_with_rowid=False):
    """One account's value in a column of a user's own; no row where the file had none."""

    __table_args__ = (
        Index("ix_own_values_node_id", "node_id"),
        CheckConstraint("(number IS NULL) <> (text IS NULL)", name="one_value"),
    )

    name = column(Text, ForeignKey("own_columns.name", ondelete="CASCADE"), primary_key=True)
    node_id = column(Key, ForeignKey("nodes.id", ondelete="CASCADE"), primary_key=True)
    number = nullable(Number, doc="An integer or number; yes-no: 1 or 0. NULL in a text column.")
    text = nullable(Text, doc="NULL in any other column.")
