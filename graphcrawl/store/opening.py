"""Opening a database: made when absent, migrated when old, refused when it is something else."""

from __future__ import annotations

import os
import sqlite3
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Final, NamedTuple

from graphcrawl.errors import NotADatabase, SourceMismatch, StoreError
from graphcrawl.model import Origin
from graphcrawl.store import sqlite_file
from graphcrawl.store.faults import unusable
from graphcrawl.store.sqlite_file import REVISION, database_path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine

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

SOURCE: Final = "database_source"
"""The table whose one row says whom the answers come from; other programs' files have none."""


class Store:
    """An open database.

    Parameters
    ----------
    path : Path
    origin : Origin
        Whom its answers come from.
    is_read_only : bool
        Whether it was opened such that it cannot be changed.
    """

    __slots__ = ("_engine", "_lock", "is_read_only", "origin", "path")

    def __init__(self, path: Path, origin: Origin, *, is_read_only: bool) -> None:
        self.path, self.origin, self.is_read_only = path, origin, is_read_only
        self._engine: Engine | None = None
        self._lock = Lock()

    @property
    def engine(self) -> Engine:
        """SQLAlchemy's way to it, which is loaded when it is first asked for."""
        with self._lock:
            if self._engine is None:
                from graphcrawl.store import dialects

                make = dialects.reading_engine if self.is_read_only else dialects.sqlite_engine
                self._engine = make(self.path)
            return self._engine

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection for as long as the context lasts.

        Raises
        ------
        StoreError
            If the database cannot be read.
        """
        with self._in_words(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection for one transaction: kept at the end, undone by an exception.

        Raises
        ------
        StoreError
            If the database cannot be written.
        """
        with self._in_words(), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        from graphcrawl.store.dialects import DATABASE_ERRORS

        try:
            yield
        except DATABASE_ERRORS as error:
            raise unusable(self.path, error) from error

    def close(self) -> None:
        """Let go of the file."""
        if self._engine is not None:
            self._engine.dispose()

    def refuse_other(self, origin: Origin) -> None:
        """Refuse answers of another origin than the database's.

        Raises
        ------
        SourceMismatch
        """
        refuse_mixing(self.path, self.origin, origin)


def refuse_mixing(path: Path, held: Origin, added: Origin) -> None:
    """Refuse answers of another origin than those that a database holds.

    Raises
    ------
    SourceMismatch
    """
    if held is not added:
        raise SourceMismatch(
            f"{path} holds {ORIGIN_WORDS[held]}, and this crawl would add {ORIGIN_WORDS[added]}; "
            f"the two never mix: {ADVICE[held]}"
        )


def is_there(path: Path) -> bool:
    """Tell whether something stands at a path, or in its place.

    Raises
    ------
    StoreError
        If that cannot be found out: a folder is closed, or a name too long.
    """
    try:
        return path.exists()
    except OSError as error:
        raise StoreError(f"database {path}: {error.strerror or error}") from error


def origin_held(path: Path) -> Origin | None:
    """Say whom the answers in a database come from; None: it is still to be made.

    Raises
    ------
    NotADatabase
        If the file is something else.
    StoreError
        If it cannot be read.
    """
    if not is_there(path):
        return None
    _refuse_strangers(path, may_be_absent=False)
    try:
        with sqlite_file.reading(path) as connection:
            # A disk that was full may have left a file in which no table is yet.
            blank = sqlite_file.is_blank(connection)
            return None if blank else stamp_of(connection, path).origin
    except sqlite3.Error as error:
        raise unusable(path, error) from error


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
    path = database_path(database)
    _refuse_strangers(path, may_be_absent=origin is not None)
    try:
        with sqlite_file.holding(path) as connection:
            is_new = origin is not None and sqlite_file.is_blank(connection)
            found = None if is_new else stamp_of(connection, path)
    except sqlite3.Error as error:
        raise unusable(path, error) from error
    store = Store(path, _made_ready(path, found, origin), is_read_only=False)
    if origin is not None:
        store.refuse_other(origin)
    return store


def _made_ready(path: Path, found: Stamp | None, origin: Origin | None) -> Origin:
    """Make the tables where there are none, bring old ones up to date; give the origin."""
    if found is None:
        from graphcrawl.store.making import create

        assert origin is not None
        return create(path, origin)
    if found.revision != REVISION:
        from graphcrawl.store.making import bring_up_to_date

        bring_up_to_date(path, found.revision)
    return found.origin


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
    path = database_path(database)
    _refuse_strangers(path, may_be_absent=False)
    try:
        with sqlite_file.reading(path) as connection:
            found = stamp_of(connection, path)
    except sqlite3.Error as error:
        raise unusable(path, error) from error
    if found.revision != REVISION:
        from graphcrawl.store.making import refuse_newer

        refuse_newer(path, found.revision)
    return Store(path, found.origin, is_read_only=True), found.revision == REVISION


def ensure_writable(path: Path) -> None:
    """Find out whether a database can be made or written here, and change nothing.

    Raises
    ------
    StoreError
        If not.
    """
    if is_there(path):
        _refuse_strangers(path, may_be_absent=False)
        _try_to_write(path)
        return
    folder = next(parent for parent in path.parents if is_there(parent))
    if not os.access(folder, os.W_OK | os.X_OK):
        raise StoreError(f"{path} cannot be made: {folder} cannot be written")


def _try_to_write(path: Path) -> None:
    try:
        with sqlite_file.holding(path) as connection:
            # SQLite begins a writer's transaction even on a file that it may only read, and
            # refuses no more than the first change; so one is made, and taken back.
            # It is one that a file without tables can bear.
            connection.execute("PRAGMA user_version = 1")
            connection.rollback()
    except sqlite3.Error as error:
        raise unusable(path, error) from error


class Stamp(NamedTuple):
    """Whom a database's answers come from, and the revision of its tables."""

    origin: Origin
    revision: str | None


def stamp_of(connection: sqlite3.Connection, path: Path) -> Stamp:
    """Read what a database says of itself.

    Raises
    ------
    NotADatabase
        If it is empty, or another program's.
    StoreError
        If it does not say so in words that are known here.
    sqlite3.Error
        If it cannot be read.
    """
    if sqlite_file.is_blank(connection):
        raise NotADatabase(f"{path} is empty; make a database with graphcrawl seed")
    is_ours = sqlite_file.bears_our_mark(connection)
    if not is_ours or SOURCE not in sqlite_file.table_names(connection):
        raise NotADatabase(
            f"{path} is another program's database; it was left alone: name another with --db"
        )
    source = connection.execute("SELECT origin FROM database_source").fetchone()
    revision = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    try:
        return Stamp(Origin(source and source[0]), revision and revision[0])
    except ValueError as error:
        raise StoreError(
            f"database {path} does not say whose data it holds, or in a newer graphcrawl's words; "
            "bring graphcrawl up to date, or name another with --db"
        ) from error


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
