"""Making a database's tables, and bringing those of an earlier graphcrawl up to date."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, insert, text

from graphcrawl import __version__
from graphcrawl.model import Origin
from graphcrawl.store import dialects, sqlite_file
from graphcrawl.store.dialects import DATABASE_ERRORS
from graphcrawl.store.faults import unusable
from graphcrawl.store.opening import stamp_of
from graphcrawl.store.schema import Base, DatabaseSource, table_of

VERSION_TABLE: Final = """
CREATE TABLE alembic_version (
    version_num VARCHAR(32) NOT NULL,
    CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
)
"""
"""As alembic itself would make it; alembic is imported only to migrate."""


def create(path: Path, origin: Origin) -> Origin:
    """Make the tables in an empty file, and stamp it with an origin.

    Returns
    -------
    Origin
        Another one, if another process has made the database meanwhile.

    Raises
    ------
    StoreError
        If the file cannot be written.
    """
    with _engine(path) as engine:
        dialects.set_wal(engine)
        with engine.begin() as connection:
            driver = connection.connection.driver_connection
            assert isinstance(driver, sqlite3.Connection)
            # Another process may have made the tables while we waited for the file.
            if not sqlite_file.is_blank(driver):
                return stamp_of(driver, path).origin
            _make_tables(connection, origin)
    return origin


def _make_tables(connection: Connection, origin: Origin) -> None:
    dialects.mark_as_ours(connection)
    Base.metadata.create_all(connection)
    connection.execute(text(VERSION_TABLE))
    connection.execute(
        text("INSERT INTO alembic_version VALUES (:now)"), {"now": sqlite_file.REVISION}
    )
    connection.execute(
        insert(table_of(DatabaseSource)).values(
            id=1,
            origin=origin.value,
            created_at=dialects.now(),
            created_by=f"graphcrawl {__version__}",
        )
    )


def bring_up_to_date(path: Path, revision: str | None) -> None:
    """Give a database of an earlier graphcrawl today's tables.

    Raises
    ------
    StoreError
        If it was made by a newer graphcrawl, or cannot be written.
    """
    from graphcrawl.store.migrations import upgrade

    with _engine(path) as engine:
        upgrade(engine, path, revision)


def refuse_newer(path: Path, revision: str | None) -> None:
    """Refuse a database that a newer graphcrawl has made; its file is not touched.

    Raises
    ------
    StoreError
    """
    from graphcrawl.store import migrations

    with _engine(path) as engine:
        migrations.refuse_newer(engine, path, revision)


@contextmanager
def _engine(path: Path) -> Iterator[Engine]:
    engine = dialects.sqlite_engine(path)
    try:
        yield engine
    except DATABASE_ERRORS as error:
        raise unusable(path, error) from error
    finally:
        engine.dispose()
