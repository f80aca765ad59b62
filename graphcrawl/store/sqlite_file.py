"""A SQLite file of ours, by Python's own driver: which it is, whether it is ours, how it is opened.

SQLAlchemy takes longer to load than most questions to answer; whatever can be said without it is
said here.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from graphcrawl.errors import StoreError
from graphcrawl.sql.guard import is_at_rest

APPLICATION_ID: Final = 0x67726361
"""Written into our SQLite files ("grca"), so that another program's are told apart."""

REVISION: Final = "0010"
"""The newest migration; a database that bears another number is migrated when it is opened."""

LARGEST_KEY: Final = 2**63 - 1

BUSY_SECONDS: Final = 30.0
"""How long a statement waits for another process's transaction."""

PRAGMAS: Final = (
    "foreign_keys = ON",
    "synchronous = NORMAL",
    "temp_store = MEMORY",
    # Every answer changes pages all over the tables: a larger cache and a longer log spare
    # reading and writing them again and again (64 MB, and 100 MB of `dialects.LOG_PAGES`).
    "cache_size = -64000",
)
"""Set on every connection."""


def database_path(database: str | Path) -> Path:
    """Give the file that a ``--db`` value means.

    Parameters
    ----------
    database : str or Path
        A file's path, or a SQLAlchemy URL of SQLite.

    Returns
    -------
    Path
        Absolute.

    Raises
    ------
    StoreError
        If the URL is none, names another database, or holds no file.
    """
    if isinstance(database, Path) or "://" not in database:
        return _absolute(str(database))
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        url = make_url(database)
    except (ArgumentError, ValueError) as error:
        raise StoreError("--db: this is no database URL; give a file's path") from error
    if url.get_backend_name() != "sqlite":
        raise StoreError(
            f"--db: {url.get_backend_name()} is not supported yet; give the path of a SQLite file"
        )
    if not url.database or url.database == ":memory:":
        raise StoreError("--db: a database in memory would be lost; give a file's path")
    return _absolute(url.database)


def _absolute(file: str) -> Path:
    if not file or "\0" in file:
        raise StoreError("--db: this is no file's path")
    try:
        return Path(file).expanduser().absolute()
    except (RuntimeError, ValueError) as error:
        raise StoreError(f"--db: {file} names a home folder that does not exist") from error


def connect_to_read(path: Path) -> sqlite3.Connection:
    """Open a file such that nothing can be changed, and nothing is left beside it.

    Of a WAL database even a reader makes two files, which only one with the right to write takes
    away again: so where it can be written it is opened like that, and every change is refused.
    Elsewhere nobody else can write either, and it is opened as immutable if it is at rest.
    """
    # SQLite keeps its files beside the database itself, wherever a link to it is.
    file = Path(os.path.realpath(path))
    writable = _may_write(file) and _may_write(file.parent)
    mode = "rw" if writable else "ro&immutable=1" if is_at_rest(file) else "ro"
    connection = sqlite3.connect(
        f"{file.as_uri()}?mode={mode}", uri=True, timeout=BUSY_SECONDS, check_same_thread=False
    )
    try:
        prepare(connection)
        connection.execute("PRAGMA query_only = ON").close()
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _may_write(path: Path) -> bool:
    return os.access(path, os.W_OK, effective_ids=os.access in os.supports_effective_ids)


def prepare(connection: sqlite3.Connection) -> None:
    """Make a new connection's ways ours."""
    # The driver's own idea of when a transaction begins would let a reader's snapshot become a
    # writer's and fail; we begin every one ourselves.
    connection.isolation_level = None
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}").close()


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """Give a connection that sees the file as it stands now, whoever writes to it meanwhile.

    Raises
    ------
    sqlite3.Error
    """
    with closing(connect_to_read(path)) as connection:
        connection.execute("BEGIN").close()
        yield connection


def cache_little(connection: sqlite3.Connection) -> None:
    """Keep few pages of the file in memory; the system keeps them too."""
    connection.execute("PRAGMA cache_size = -8000").close()


@contextmanager
def holding(path: Path) -> Iterator[sqlite3.Connection]:
    """Give a connection that nobody else can write beside; a file that is absent is made, empty.

    Raises
    ------
    sqlite3.Error
        If the file cannot be written, or somebody else writes for longer than can be waited.
    """
    with closing(sqlite3.connect(path, timeout=BUSY_SECONDS)) as connection:
        prepare(connection)
        connection.execute("BEGIN IMMEDIATE").close()
        yield connection


def joined(column: str) -> str:
    """Give a column's numbers as one text, with commas between; NULL where there are none.

    A row costs the driver ten times what a number in such a text costs.
    """
    return f"group_concat({column})"


def is_blank(connection: sqlite3.Connection) -> bool:
    """Tell whether there is nothing in a file yet, and no other program's mark on it."""
    (entries,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    return not entries and _mark(connection) in (0, APPLICATION_ID)


def table_names(connection: sqlite3.Connection) -> frozenset[str]:
    """Name the tables of a file."""
    rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    return frozenset(name for (name,) in rows)


def bears_our_mark(connection: sqlite3.Connection) -> bool:
    """Tell whether a file's header bears our mark."""
    return _mark(connection) == APPLICATION_ID


def _mark(connection: sqlite3.Connection) -> int:
    (number,) = connection.execute("PRAGMA application_id").fetchone()
    return int(number)
