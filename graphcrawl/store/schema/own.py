"""What users add to accounts themselves; no answer changes it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import UserDefinedType

from graphcrawl.store.schema.base import Base


class Number(UserDefinedType[int | float]):
    """A number as the database keeps it exactly: a whole one stays whole, whatever its size."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        """Name the type."""
        return "NUMERIC"


class TagRow(Base):
    """A word that a user put on an account."""

    __tablename__ = "tags"
    __table_args__ = (Index("ix_tags_tag", "tag"), {"sqlite_with_rowid": False})

    node_id: Mapped[int] = mapped_column(
        ForeignKey("nodes.id", ondelete="CASCADE"), primary_key=True
    )
    tag: Mapped[str] = mapped_column(Text, primary_key=True, doc="In small letters.")
    tagged_at: Mapped[datetime] = mapped_column(doc="When it was first put there.")


class NoteRow(Base):
    """What a user wrote about an account; one note an account."""

    __tablename__ = "notes"

    node_id: Mapped[int] = mapped_column(
        ForeignKey("nodes.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    text: Mapped[str] = mapped_column(Text, doc="May have several lines.")
    written_at: Mapped[datetime] = mapped_column(doc="When it was last changed.")


class OwnColumnRow(Base):
    """A column of a user's own, as `import --attributes` last brought it."""

    __tablename__ = "own_columns"
    __table_args__ = ({"sqlite_with_rowid": False},)

    name: Mapped[str] = mapped_column(Text, primary_key=True, doc="As the file's header has it.")
    kind: Mapped[str] = mapped_column(
        String(20), doc="integer, number, yes-no or text: of all its values."
    )
    imported_at: Mapped[datetime] = mapped_column(doc="When its values were brought.")


class OwnValueRow(Base):
    """One account's value in a column of a user's own; no row where the file had none."""

    __tablename__ = "own_values"
    __table_args__ = (
        Index("ix_own_values_node_id", "node_id"),
        CheckConstraint("(number IS NULL) <> (text IS NULL)", name="one_value"),
        {"sqlite_with_rowid": False},
    )

    name: Mapped[str] = mapped_column(
        ForeignKey("own_columns.name", ondelete="CASCADE"), primary_key=True
    )
    node_id: Mapped[int] = mapped_column(
        ForeignKey("nodes.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int | float | None] = mapped_column(
        Number, doc="An integer or number; yes-no: 1 or 0. NULL in a text column."
    )
    text: Mapped[str | None] = mapped_column(Text, doc="NULL in any other column.")
