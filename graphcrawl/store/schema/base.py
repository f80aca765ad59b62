"""What all tables share: their base, their moments, their names."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import CheckConstraint, Dialect, MetaData, String
from sqlalchemy.types import BigInteger, DateTime, Integer, TypeDecorator

from graphcrawl.moments import in_utc
from graphcrawl.store.schema.rows import RowClass, column


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
        return None if value is None else in_utc(value)


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


class Base(RowClass):
    """What all tables of a database share."""

    metadata = MetaData(naming_convention=NAMES)


class DatabaseSource(Base, table="database_source"):
    """One row: whom this database's answers come from. They never mix."""

    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id = column(Integer, primary_key=True, autoincrement=False, doc="Always 1.")
    origin = column(String(20), doc="vendor, simulated or imported.")
    created_at = column(UtcDateTime, doc="When the database was made.")
    created_by = column(String(100), doc="The version that made it.")
