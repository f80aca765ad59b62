"""What differs between databases; beside `sqlite_file`, no other module names a dialect.

Today SQLite alone is served. PostgreSQL needs here: an engine, and a sequence in place of
`next_keys`.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from operator import itemgetter
from pathlib import Path
from time import monotonic, sleep
from typing import Any, Final, TypeVar

from sqlalchemy import (
    URL,
    ClauseElement,
    ColumnElement,
    Connection,
    Engine,
    Integer,
    SQLColumnExpression,
    Subquery,
    Table,
    bindparam,
    cast,
    create_engine,
    event,
    func,
    insert,
    select,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry, NullPool
from sqlalchemy.sql.compiler import SQLCompiler

from graphcrawl.store import sqlite_file

T = TypeVar("T")

DATABASE_ERRORS: Final = (DBAPIError, sqlite3.Error)
"""What a statement may raise: through SQLAlchemy, or from the driver itself."""

LOG_PAGES: Final = 25_000
"""Pages of 4 KB in the write-ahead log before it is written back into the file."""

LOOK_AGAIN_SECONDS: Final = 0.002
"""Until a writer that found another one at work looks again."""

IN_THE_WAY_SECONDS: Final = 0.01
"""Until another process is asked for again that SQLite does not wait for."""

LOOKUP_SIZE: Final = 500
"""Values in one IN list: far below every database's limit, few statements to prepare."""


def sqlite_engine(path: Path, *, log_pages: int = LOG_PAGES) -> Engine:
    """Give an engine that writes to a SQLite file: WAL, foreign keys on, one writer at a time.

    WAL with synchronous NORMAL keeps every commit when the process is killed; a power cut may
    take the last ones.
    """
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        connect_args={"timeout": sqlite_file.BUSY_SECONDS, "check_same_thread": False},
    )

    def bound_the_log(connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
        connection.cursor().execute(f"PRAGMA wal_autocheckpoint = {log_pages}").close()

    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "connect", bound_the_log)
    event.listen(engine, "begin", _begin_writing)
    return engine


def reading_engine(path: Path) -> Engine:
    """Give an engine that changes nothing, and leaves nothing beside the file."""
    engine = create_engine(
        URL.create("sqlite"), creator=lambda: sqlite_file.connect_to_read(path), poolclass=NullPool
    )
    event.listen(engine, "begin", _begin_reading)
    return engine


def _begin_reading(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")


def _prepare_sqlite(connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
    assert isinstance(connection, sqlite3.Connection)
    sqlite_file.prepare(connection)


def _begin_writing(connection: Connection) -> None:
    """Begin as soon as nobody else writes.

    SQLite's own waiting looks again ever more rarely, at last ten times a second: beside others
    that write again and again it went without for seconds.
    """
    until = monotonic() + sqlite_file.BUSY_SECONDS
    _let_sqlite_wait(connection, 0.0)
    try:
        while not _has_begun(connection, until):
            sleep(LOOK_AGAIN_SECONDS)
    finally:
        _let_sqlite_wait(connection, sqlite_file.BUSY_SECONDS)


def _has_begun(connection: Connection, until: float) -> bool:
    try:
        _run(connection, "BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        if "locked" not in str(error) or monotonic() >= until:
            raise
        return False
    return True


def _let_sqlite_wait(connection: Connection, seconds: float) -> None:
    _run(connection, f"PRAGMA busy_timeout = {round(1_000 * seconds)}")


def mark_as_ours(connection: Connection) -> None:
    """Write our mark into the file's header."""
    connection.exec_driver_sql(f"PRAGMA application_id = {sqlite_file.APPLICATION_ID}")


def stage_on_disk(connection: Connection) -> None:
    """Keep temporary tables out of memory; to be said before a transaction begins."""
    _run(connection, "PRAGMA temp_store = FILE")


def set_wal(engine: Engine) -> None:
    """Turn write-ahead logging on; it stays on in the file.

    SQLite itself waits for nobody here, and processes that make a database together are in each
    other's way for an instant. Where it cannot be turned on, writing says why, or does without.
    """
    raw = engine.raw_connection()
    until = monotonic() + sqlite_file.BUSY_SECONDS
    try:
        while monotonic() < until:
            try:
                raw.cursor().execute("PRAGMA journal_mode = WAL").fetchone()
            except sqlite3.OperationalError as error:
                if "locked" not in str(error):
                    return
                sleep(IN_THE_WAY_SECONDS)
            else:
                return
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
        # As SQLAlchemy does, with four digits of any year; strftime gives the year 99 two.
        return moment.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
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


def pairs(name: str) -> Subquery:
    """Give the pairs of numbers bound to `name` (see `as_pairs`) as rows of columns one and other.

    One statement stores them in half the time that a statement for each takes.
    """
    rows = func.json_each(bindparam(name)).table_valued("key", "value")
    return select(cast(rows.c.key, Integer).label("one"), rows.c.value.label("other")).subquery()


def joined(column: SQLColumnExpression[Any]) -> ColumnElement[str]:
    """Give a column's numbers as one text; see `sqlite_file.joined`."""
    return func.group_concat(column)


def as_texts(**queries: ClauseElement) -> tuple[dict[str, str], dict[str, object]]:
    """Give statements as the driver itself takes them, and what is bound in them, by name."""
    dialect = sqlite.dialect(paramstyle="named")
    compiled = {name: query.compile(dialect=dialect) for name, query in queries.items()}
    values = {name: value for one in compiled.values() for name, value in one.params.items()}
    return {name: str(one) for name, one in compiled.items()}, values


def as_pairs(numbers: Mapping[int, int]) -> object:
    """Give pairs of numbers as `pairs` binds them."""
    return json.dumps(numbers)


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

    def __init__(self, statement: ClauseElement) -> None:
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

    def driven(self, driver: sqlite3.Connection) -> Iterator[tuple[Any, ...]]:
        """Run it on a connection that is the driver's alone, and give the rows one by one."""
        texts, values = as_texts(it=self._statement)
        yield from driver.execute(texts["it"], values)

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
            compiled = self._statement.compile(dialect=connection.dialect)
            assert isinstance(compiled, SQLCompiler)
            constants = {
                name: value for name, value in compiled.params.items() if value is not None
            }
            self._compiled = (
                str(compiled),
                tuple(compiled.positiontup or ()),
                constants,
            )
        return self._compiled


def insertion(table: Table, *columns: str) -> Prepared:
    """Give a prepared insert whose values are named as the columns."""
    return Prepared(insert(table).values({name: bindparam(name) for name in columns}))
