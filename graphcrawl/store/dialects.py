"""What differs between databases; no other module names a dialect.

Today SQLite alone is served. PostgreSQL needs here: an engine, `stamp`, `upsert` (the same Core
call of its dialect), and a sequence in place of `next_keys`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Final, TypeVar

from sqlalchemy import (
    URL,
    Connection,
    Engine,
    Table,
    bindparam,
    create_engine,
    event,
    func,
    insert,
    make_url,
    select,
    text,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.sql.dml import Insert

from graphcrawl.errors import StoreError

T = TypeVar("T")

APPLICATION_ID: Final = 0x67726361
"""Written into our SQLite files ("grca"), so that another program's are told apart."""

BUSY_SECONDS: Final = 30.0
"""How long a statement waits for another process's transaction."""

LOOKUP_SIZE: Final = 500
"""Values in one IN list: far below every database's limit, few statements to prepare."""


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
        return Path(database).expanduser().absolute()
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
    return Path(url.database).expanduser().absolute()


def sqlite_engine(path: Path) -> Engine:
    """Give an engine that writes to a SQLite file: WAL, foreign keys on, one writer at a time.

    WAL with synchronous NORMAL keeps every commit when the process is killed; a power cut may
    take the last ones.
    """
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_writing)
    return engine


def _prepare_sqlite(connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
    # The driver's own idea of when a transaction begins would let a reader's snapshot become a
    # writer's and fail; we begin every one ourselves.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("foreign_keys = ON", "synchronous = NORMAL", "temp_store = MEMORY"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_writing(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def mark_as_ours(connection: Connection) -> None:
    """Write our mark into the file's header."""
    connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")


def set_wal(engine: Engine) -> None:
    """Turn write-ahead logging on; it stays on in the file."""
    raw = engine.raw_connection()
    try:
        raw.cursor().execute("PRAGMA journal_mode = WAL").fetchone()
    finally:
        raw.close()


def erase_traces(engine: Engine) -> None:
    """Rewrite the file so that deleted rows are in none of its pages, nor in its log."""
    raw = engine.raw_connection()
    try:
        cursor = raw.cursor()
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        raw.close()


@lru_cache(maxsize=64)
def stamp(connection_dialect: str, moment: datetime) -> object:
    """Give a moment as the driver of that dialect stores it, for statements run in bulk."""
    if connection_dialect == "sqlite":
        return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    return moment


def now() -> datetime:
    """Give the present moment, UTC."""
    return datetime.now(UTC)


def upsert(table: Table) -> sqlite.Insert:
    """Give an insert that can say what to do on a conflict."""
    return sqlite.insert(table)


def next_keys(connection: Connection, column: InstrumentedAttribute[int], count: int) -> range:
    """Give `count` unused keys of a table; safe since a transaction of ours is the only writer."""
    newest: int = connection.execute(select(func.coalesce(func.max(column), 0))).scalar_one()
    return range(newest + 1, newest + 1 + count)


def in_parts(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """Cut values into lists short enough for one statement."""
    for start in range(0, len(values), LOOKUP_SIZE):
        yield values[start : start + LOOKUP_SIZE]


class BulkInsert:
    """An insert of plain tuples, compiled once.

    Core's own executemany walks every row's dictionary in Python, which costs more than SQLite
    needs to store it; the answers of real graphs bring about 110 rows each.

    Parameters
    ----------
    table : Table
    columns : sequence of str
        The order in which `run` takes each row's values, already as the driver stores them.
    """

    def __init__(self, table: Table, columns: Sequence[str]) -> None:
        self._statement: Insert = insert(table).values({name: bindparam(name) for name in columns})
        self._columns = tuple(columns)
        self._compiled: dict[str, str] = {}

    def run(self, connection: Connection, rows: Sequence[tuple[object, ...]]) -> None:
        """Insert the rows, if any."""
        if rows:
            connection.exec_driver_sql(self._sql(connection), list(rows))

    def _sql(self, connection: Connection) -> str:
        dialect = connection.dialect
        if dialect.name not in self._compiled:
            compiled = self._statement.compile(dialect=dialect, column_keys=list(self._columns))
            if tuple(compiled.positiontup or ()) != self._columns:
                raise AssertionError("bulk columns must stand in the table's order")
            self._compiled[dialect.name] = str(compiled)
        return self._compiled[dialect.name]


def table_names(connection: Connection) -> frozenset[str]:
    """Name the tables of the database."""
    rows = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'"))
    return frozenset(row[0] for row in rows)
