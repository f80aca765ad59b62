"""Opening a database: made when absent, migrated when old, refused when it is something else."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, insert, select, text, update

from graphcrawl import __version__
from graphcrawl.errors import NotADatabase, SourceMismatch, StoreError
from graphcrawl.model import Origin
from graphcrawl.store import dialects
from graphcrawl.store.dialects import DATABASE_ERRORS
from graphcrawl.store.schema import REVISION, Base, DatabaseSource, table_of

ORIGIN_WORDS: Final = {
    Origin.VENDOR: "the vendor's own data",
    Origin.SIMULATED: "simulated data",
    Origin.IMPORTED: "imported data",
}

ADVICE: Final = {
    Origin.VENDOR: "name another database with --db",
    Origin.SIMULATED: "name another database with --db, or use the simulator again (--demo)",
    Origin.IMPORTED: "name another database with --db",
}


VERSION_TABLE: Final = """
CREATE TABLE alembic_version (
    version_num VARCHAR(32) NOT NULL,
    CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
)
"""
"""As alembic itself would make it; alembic is imported only to migrate."""

REASONS: Final = {
    "readonly": "it cannot be written; check the permissions of the file and its folder",
    "unable to open": "it cannot be opened; check the permissions of the file and its folder",
    "locked": "another program holds it; try again when that has ended",
    "disk is full": "the disk is full; free some space",
    "disk I/O": "the disk refused; check its space and health",
}
"""Parts of what SQLite says, and what they mean to whoever reads it."""


@dataclass(frozen=True, slots=True)
class Store:
    """An open database.

    Attributes
    ----------
    engine : Engine
    path : Path
    origin : Origin
        Whom its answers come from.
    """

    engine: Engine
    path: Path
    origin: Origin

    def close(self) -> None:
        """Let go of the file."""
        self.engine.dispose()

    def refuse_other(self, origin: Origin) -> None:
        """Refuse answers of another origin than the database's.

        Raises
        ------
        SourceMismatch
        """
        if self.origin is not origin:
            raise SourceMismatch(
                f"{self.path} holds {ORIGIN_WORDS[self.origin]}, and this crawl would add "
                f"{ORIGIN_WORDS[origin]}; the two never mix: {ADVICE[self.origin]}"
            )


def open_store(database: str | Path, *, origin: Origin | None = None) -> Store:
    """Open a database for writing.

    Parameters
    ----------
    database : str or Path
        A file's path or a SQLAlchemy URL.
    origin : Origin or None
        Whom the answers to be written come from. A new database is stamped with it; None opens
        an existing one, whatever it holds.

    Raises
    ------
    NotADatabase
        If the file is absent (and no origin given), or is something else. It is left alone.
    SourceMismatch
        If the database holds data of the other origin.
    StoreError
        If it cannot be opened or written, or was made by a newer graphcrawl.
    """
    path = dialects.database_path(database)
    _refuse_strangers(path, may_be_absent=origin is not None)
    engine = dialects.sqlite_engine(path)
    try:
        store = Store(engine, path, _prepare(engine, path, origin))
        if origin is not None:
            store.refuse_other(origin)
        return store
    except DATABASE_ERRORS as error:
        engine.dispose()
        raise unusable(path, error) from error
    except BaseException:
        engine.dispose()
        raise


def open_for_reading(database: str | Path) -> Store:
    """Open an existing database so that it cannot be changed.

    One of an earlier revision is first brought up to date, which is the only change there is.

    Raises
    ------
    NotADatabase
        If the file is absent, or is something else.
    StoreError
        If it cannot be opened, or was made by a newer graphcrawl.
    """
    store, is_current = open_as_it_is(database)
    if is_current:
        return store
    # Only a writer can bring it up to date; then it reads like any other.
    try:
        open_store(store.path).close()
    except StoreError as error:
        raise type(error)(
            f"{error} (its tables are of an earlier graphcrawl, and have to be brought up to date "
            "before they are read)"
        ) from error
    return open_for_reading(store.path)


def open_as_it_is(database: str | Path) -> tuple[Store, bool]:
    """Open an existing database to be looked at, and change nothing at all.

    Returns
    -------
    Store
        For its path and origin; no other function reads an old one.
    bool
        Whether it has today's tables; if not, they are of an earlier graphcrawl.

    Raises
    ------
    NotADatabase
        If the file is absent, or is something else.
    StoreError
        If it cannot be opened, or was made by a newer graphcrawl.
    """
    path = dialects.database_path(database)
    _refuse_strangers(path, may_be_absent=False)
    engine = dialects.reading_engine(path)
    try:
        with engine.connect() as connection:
            _refuse_other_programs(connection, path)
            origin = _origin(connection)
            revision = _revision(connection)
    except DATABASE_ERRORS as error:
        raise unusable(path, error) from error
    if revision != REVISION:
        from graphcrawl.store.migrations import refuse_newer

        refuse_newer(engine, path, revision)
    return Store(engine, path, origin), revision == REVISION


def ensure_writable(path: Path) -> None:
    """Find out whether a database can be made or written here, and change nothing.

    Raises
    ------
    StoreError
        If not.
    """
    if path.exists():
        _refuse_strangers(path, may_be_absent=False)
        engine = dialects.sqlite_engine(path)
        try:
            _try_to_write(engine, path)
        finally:
            engine.dispose()
        return
    folder = next(parent for parent in path.parents if parent.exists())
    if not os.access(folder, os.W_OK | os.X_OK):
        raise StoreError(f"{path} cannot be made: {folder} cannot be written")


def _try_to_write(engine: Engine, path: Path) -> None:
    try:
        with engine.begin() as connection:
            # SQLite begins a writer's transaction even on a file that it may only read, and
            # refuses no more than the first change; so one is made, and taken back.
            connection.execute(update(DatabaseSource).values(id=DatabaseSource.id))
            connection.rollback()
    except DATABASE_ERRORS as error:
        raise unusable(path, error) from error


def _revision(connection: Connection) -> str | None:
    revision: str | None = connection.execute(
        text("SELECT version_num FROM alembic_version")
    ).scalar()
    return revision


def unusable(path: Path, error: Exception) -> StoreError:
    """Say in one line what a database's own error means."""
    reason = reason_of(error)
    if "not a database" in reason or "malformed" in reason:
        return NotADatabase(
            f"{path} is damaged or no database ({reason}); it was left alone: name another with "
            "--db"
        )
    return StoreError(f"database {path}: {in_words(reason)}")


def reason_of(error: Exception) -> str:
    """Give what SQLite itself said, without SQLAlchemy's words around it."""
    return str(getattr(error, "orig", error))


def in_words(reason: str) -> str:
    """Say what one of SQLite's reasons means, and what to do; an unknown one stands for itself."""
    return next((words for part, words in REASONS.items() if part in reason), reason)


def _refuse_strangers(path: Path, *, may_be_absent: bool) -> None:
    try:
        if path.is_dir():
            raise NotADatabase(f"{path} is a folder; give --db a file's path")
        if not path.exists():
            if not may_be_absent:
                raise NotADatabase(
                    f"there is no database at {path}; make one with graphcrawl seed, or name "
                    "another with --db"
                )
            path.parent.mkdir(parents=True, exist_ok=True)
            return
        # What is in it is SQLite's to judge: opening it here, and closing it again, would drop the
        # locks that other connections of this process hold on it.
        if not path.is_file():
            raise NotADatabase(f"{path} is no regular file; name another with --db")
    except OSError as error:
        raise StoreError(f"database {path}: {error.strerror or error}") from error


def _prepare(engine: Engine, path: Path, origin: Origin | None) -> Origin:
    with engine.connect() as connection:
        is_new = origin is not None and not dialects.table_names(connection)
        if not is_new:
            _refuse_other_programs(connection, path)
    if is_new and origin is not None:
        dialects.set_wal(engine)
        return _create(engine, path, origin)
    return _check(engine, path)


def _refuse_other_programs(connection: Connection, path: Path) -> None:
    tables = dialects.table_names(connection)
    if not tables:
        raise NotADatabase(f"{path} is empty; make a database with graphcrawl seed")
    if table_of(DatabaseSource).name not in tables or not dialects.is_ours(connection):
        raise NotADatabase(
            f"{path} is another program's database; it was left alone: name another with --db"
        )


def _create(engine: Engine, path: Path, origin: Origin) -> Origin:
    with engine.begin() as connection:
        # Another process may have made the tables while we waited for the file.
        if dialects.table_names(connection):
            _refuse_other_programs(connection, path)
            return _origin(connection)
        dialects.mark_as_ours(connection)
        Base.metadata.create_all(connection)
        connection.execute(text(VERSION_TABLE))
        connection.execute(text("INSERT INTO alembic_version VALUES (:now)"), {"now": REVISION})
        connection.execute(
            insert(DatabaseSource).values(
                id=1,
                origin=origin.value,
                created_at=dialects.now(),
                created_by=f"graphcrawl {__version__}",
            )
        )
    return origin


def _check(engine: Engine, path: Path) -> Origin:
    with engine.connect() as connection:
        found = _origin(connection)
        revision = _revision(connection)
    if revision != REVISION:
        from graphcrawl.store.migrations import upgrade

        upgrade(engine, path, revision)
    return found


def _origin(connection: Connection) -> Origin:
    return Origin(connection.execute(select(DatabaseSource.origin)).scalar_one())
