"""What differs between databases; no other module names a dialect.

Today SQLite alone is served. PostgreSQL needs here: an engine, and a sequence in place of
`next_keys`.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import lru_cache
from operator import itemgetter
from pathlib import Path
from typing import Any, Final, TypeVar

from sqlalchemy import (
    URL,
    ColumnElement,
    Connection,
    Engine,
    Executable,
    SQLColumnExpression,
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
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry, NullPool

from graphcrawl.errors import StoreError
from graphcrawl.sql.guard import is_at_rest

T = TypeVar("T")

APPLICATION_ID: Final = 0x67726361
"""Written into our SQLite files ("grca"), so that another program's are told apart."""

DATABASE_ERRORS: Final = (DBAPIError, sqlite3.Error)
"""What a statement may raise: through SQLAlchemy, or from the driver itself."""

BUSY_SECONDS: Final = 30.0
"""How long a statement waits for another process's transaction."""

PRAGMAS: Final = (
    "foreign_keys = ON",
    "synchronous = NORMAL",
    "temp_store = MEMORY",
    # Every answer changes pages all over the tables: a larger cache and a longer log spare
    # reading and writing them again and again (64 MB, and 100 MB of `LOG_PAGES`).
    "cache_size = -64000",
)
"""Set on every connection."""

LOG_PAGES: Final = 25_000
"""Pages of 4 KB in the write-ahead log before it is written back into the file."""

LARGEST_KEY: Final = 2**63 - 1

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
        return _absolute(str(database))
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


def sqlite_engine(path: Path, *, log_pages: int = LOG_PAGES) -> Engine:
    """Give an engine that writes to a SQLite file: WAL, foreign keys on, one writer at a time.

    WAL with synchronous NORMAL keeps every commit when the process is killed; a power cut may
    take the last ones.
    """
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
    )

    def bound_the_log(connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
        connection.cursor().execute(f"PRAGMA wal_autocheckpoint = {log_pages}").close()

    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "connect", bound_the_log)
    event.listen(engine, "begin", _begin_writing)
    return engine


def reading_engine(path: Path) -> Engine:
    """Give an engine that changes nothing, and leaves nothing beside the file.

    Of a WAL database even a reader makes two files, which only one with the right to write takes
    away again: so where it can be written it is opened like that, and every change is refused.
    Elsewhere nobody else can write either, and it is opened as immutable if it is at rest.
    """
    writable = _may_write(path) and _may_write(path.parent)
    mode = "rw" if writable else "ro&immutable=1" if is_at_rest(path) else "ro"
    address = f"{path.as_uri()}?mode={mode}"

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(address, uri=True, timeout=BUSY_SECONDS, check_same_thread=False)

    engine = create_engine("sqlite://", creator=connect, poolclass=NullPool)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "connect", _refuse_changes)
    event.listen(engine, "begin", _begin_reading)
    return engine


def _may_write(path: Path) -> bool:
    return os.access(path, os.W_OK, effective_ids=os.access in os.supports_effective_ids)


def _refuse_changes(connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
    connection.cursor().execute("PRAGMA query_only = ON").close()


def _begin_reading(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")


def _prepare_sqlite(connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
    # The driver's own idea of when a transaction begins would let a reader's snapshot become a
    # writer's and fail; we begin every one ourselves.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_writing(connection: Connection) -> None:
    _run(connection, "BEGIN IMMEDIATE")


def mark_as_ours(connection: Connection) -> None:
    """Write our mark into the file's header."""
    connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")


def is_ours(connection: Connection) -> bool:
    """Tell whether the file's header bears our mark."""
    return bool(connection.exec_driver_sql("PRAGMA application_id").scalar() == APPLICATION_ID)


def stage_on_disk(connection: Connection) -> None:
    """Keep temporary tables out of memory; to be said before a transaction begins."""
    _run(connection, "PRAGMA temp_store = FILE")


def cache_little(connection: Connection) -> None:
    """Keep few pages of the file in memory; the system keeps them too."""
    _run(connection, "PRAGMA cache_size = -8000")


def set_wal(engine: Engine) -> None:
    """Turn write-ahead logging on; it stays on in the file.

    Two processes that make a database together may find each other in the way; then one of them
    has turned it on already, and this one can do without.
    """
    raw = engine.raw_connection()
    try:
        with suppress(sqlite3.OperationalError):
            raw.cursor().execute("PRAGMA journal_mode = WAL").fetchone()
    finally:
        raw.close()


def erase_traces(engine: Engine) -> None:
    """Rewrite the file so that deleted rows are in none of its pages, nor in its log.

    Raises
    ------
    sqlite3.Error
        If it could not be done; somebody reading all the while is enough.
    """
    raw = engine.raw_connection()
    try:
        cursor = raw.cursor()
        cursor.execute("VACUUM")
        blocked, *_ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if blocked:
            raise sqlite3.OperationalError("database is locked")
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


def next_keys(connection: Connection, table: str, count: int) -> range:
    """Give `count` keys that the table has never used; a transaction of ours is the only writer."""
    rows = _run(connection, "SELECT seq FROM sqlite_sequence WHERE name = ?", (table,))
    newest = rows[0][0] if rows else 0
    return range(newest + 1, newest + 1 + count)


def in_parts(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """Cut values into lists short enough for one statement."""
    for start in range(0, len(values), LOOKUP_SIZE):
        yield values[start : start + LOOKUP_SIZE]


def state_of(connection: Connection) -> object:
    """Give a value that stays equal while nobody writes to the database.

    One number tells of other connections; the other of this one, which our process may use for
    something else in between.
    """
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    return driver, driver.total_changes, _run(connection, "PRAGMA data_version")


def within(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """Give the condition that a column's value is in the list bound to `name` (see `as_list`).

    One parameter whatever the list's length, so the statement stays the same and prepared.
    """
    values = func.json_each(bindparam(name)).table_valued("value")
    return column.in_(select(values.c.value))


def joined(column: SQLColumnExpression[Any]) -> ColumnElement[str]:
    """Give a column's numbers as one text, with commas between; NULL where there are none.

    A row costs the driver ten times what a number in such a text costs.
    """
    return func.group_concat(column)


def as_list(values: Iterable[object]) -> object:
    """Give a list as `within` binds it."""
    return json.dumps(list(values))


def _run(connection: Connection, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
    """Run a statement on the driver's own cursor and give the rows, if it has any."""
    cursor = connection.connection.cursor()
    try:
        cursor.execute(sql, values)
        return list(cursor.fetchall()) if cursor.description else []
    finally:
        cursor.close()


class Prepared:
    """A Core statement compiled once, and run on the driver's own cursor.

    Building, hashing, binding and wrapping a statement costs SQLAlchemy several times what SQLite
    needs to run it, and one answer takes a dozen. So this is for the few statements that every
    answer runs; moments go through `stamp`, and what comes back is as the driver gives it.
    """

    def __init__(self, statement: Executable) -> None:
        self._statement = statement
        self._compiled: tuple[str, tuple[str, ...], Mapping[str, object]] | None = None

    def run(self, connection: Connection, **values: object) -> list[tuple[Any, ...]]:
        """Run it once and give the rows, if it has any."""
        sql, names, constants = self._ready(connection)
        bound = {**constants, **values} if constants else values
        return _run(connection, sql, [bound[name] for name in names])

    def stream(self, connection: Connection) -> Iterator[tuple[Any, ...]]:
        """Run it and give the rows one by one, as the driver has them."""
        sql, names, constants = self._ready(connection)
        cursor: Any = connection.connection.cursor()
        try:
            cursor.execute(sql, [constants[name] for name in names])
            yield from cursor
        finally:
            cursor.close()

    def run_many(self, connection: Connection, rows: Sequence[Mapping[str, object]]) -> None:
        """Run it for each row, if there is any; every row has all values."""
        if not rows:
            return
        _, names, constants = self._ready(connection)
        pick = itemgetter(*names)
        bound = [pick({**constants, **row}) if constants else pick(row) for row in rows]
        self.run_tuples(connection, bound)

    def run_tuples(self, connection: Connection, rows: Sequence[tuple[object, ...]]) -> None:
        """Run it for each row of all values, in the order of the statement, if there is any.

        For the 40 rows that every answer brings: as mappings they take 0.01 ms longer.
        """
        if not rows:
            return
        sql, _, _ = self._ready(connection)
        cursor = connection.connection.cursor()
        try:
            cursor.executemany(sql, rows)
        finally:
            cursor.close()

    def _ready(self, connection: Connection) -> tuple[str, tuple[str, ...], Mapping[str, object]]:
        if self._compiled is None:
            compiled = self._statement.compile(  # type: ignore[attr-defined]
                dialect=connection.dialect
            )
            constants = {
                name: value for name, value in compiled.params.items() if value is not None
            }
            self._compiled = (str(compiled), tuple(compiled.positiontup or ()), constants)
        return self._compiled


def insertion(table: Table, *columns: str) -> Prepared:
    """Give a prepared insert whose values are named as the columns."""
    return Prepared(insert(table).values({name: bindparam(name) for name in columns}))


def table_names(connection: Connection) -> frozenset[str]:
    """Name the tables of the database."""
    rows = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'"))
    return frozenset(row[0] for row in rows)
