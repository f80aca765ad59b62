"""One reading statement of anyone's SQL: it can change nothing, and it ends in time."""

from __future__ import annotations

import difflib
import re
import sqlite3
import time
from collections.abc import Generator, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from graphcrawl.errors import GraphcrawlError, NotADatabase, QueryRefused, StoreError
from graphcrawl.sql.guard import ChangedMeanwhile, Clock, Guard, is_at_rest
from graphcrawl.sql.rules import ALLOWED, Limit, first_word
from graphcrawl.wording import printable

Row = tuple[object, ...]

BUSY_SECONDS: Final = 5.0

_FOREIGN: Final = (sqlite3.Error, sqlite3.Warning, ValueError, OverflowError, MemoryError)

_ADVICE: Final = {
    sqlite3.SQLITE_BUSY: "another program is changing the database; try again when it has ended",
    sqlite3.SQLITE_LOCKED: "another program is changing the database; try again later",
    sqlite3.SQLITE_TOOBIG: f"a value or the statement is longer than {Limit.VALUE:,} bytes",
    sqlite3.SQLITE_FULL: "sorting or grouping filled the disk's space for temporary files",
    sqlite3.SQLITE_CANTOPEN: (
        "the database cannot be opened; check the permissions of the file and its folder"
    ),
    sqlite3.SQLITE_READONLY: (
        "the database was left in the middle of a change; open it once with graphcrawl crawls"
    ),
}

_NAMES_OF: Final = {
    "table": "SELECT name FROM pragma_table_list",
    "function": "SELECT DISTINCT name FROM pragma_function_list",
    "column": (
        "SELECT DISTINCT c.name FROM sqlite_schema AS t, pragma_table_info(t.name) AS c"
        " WHERE t.type IN ('table', 'view')"
    ),
}


class QueryResult:
    """The rows of one statement, read from the file as they are asked for.

    Use it in a ``with``, or read it to its end: either lets go of the file. Text that is not
    UTF-8 comes with U+FFFD in place of the broken bytes; a BLOB comes as bytes, untouched.

    Attributes
    ----------
    columns : tuple of str
        Names as the statement gives them; they may repeat, and are as hostile as the rows.
    """

    def __init__(self, connection: sqlite3.Connection, cursor: sqlite3.Cursor, guard: Guard):
        self.columns: tuple[str, ...] = tuple(entry[0] for entry in cursor.description)
        self._connection = connection
        self._guard = guard
        self._rows = self._read(cursor)

    def __iter__(self) -> Iterator[Row]:
        return self._rows

    def __next__(self) -> Row:
        return next(self._rows)

    def _read(self, cursor: sqlite3.Cursor) -> Generator[Row, None, None]:
        try:
            # One row at a time, not fetchmany: rows may be large, and a batch would hold many.
            # Nor "yield from": ended early, that would close the cursor of a closed connection.
            for row in cursor:  # noqa: UP028
                yield row
            self._guard.refuse_changed()
        except _FOREIGN as error:
            raise _translated(error, self._guard, self._connection) from error
        finally:
            self._connection.close()

    def close(self) -> None:
        """End the statement and let go of the file; more than once is fine."""
        self._rows.close()
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def run_query(
    path: Path,
    sql: str,
    *,
    parameters: Mapping[str, object] | None = None,
    timeout: float = 30.0,
    clock: Clock = time.monotonic,
) -> QueryResult:
    """Run one reading statement against a SQLite file that it cannot change.

    Nothing is written whatever the SQL says: the file is opened for reading only, and SQLite's
    authorizer lets through selecting, reading, harmless functions and listed PRAGMAs alone. A
    large sort may use SQLite's unnamed temporary files, outside the database's folder.

    Parameters
    ----------
    path : Path
        An existing SQLite file; another process may be writing to it.
    sql : str
        One SELECT, WITH, VALUES, EXPLAIN or listed PRAGMA.
    parameters : mapping of str to None, int, float, str or bytes, optional
        Values for ``:name``, ``@name`` and ``$name``, keyed without that sign.
    timeout : float
        Seconds from the call to the last row, the reader's own time included. SQLite looks at it
        between the rows that it visits: functions over values near the length limit (`instr`,
        `replace`, `printf`) can make one row outlast it.
    clock : callable
        Gives seconds that never go back.

    Returns
    -------
    QueryResult
        Columns, and an iterator of rows; memory does not grow with their number.

    Raises
    ------
    QueryRefused
        If it is not one reading statement, is wrong, lacks a parameter or takes too long: from
        the call, or from the iterator. Rows given before that are then not the answer.
    NotADatabase
        If there is no such file, or it is something else.
    StoreError
        If the file cannot be reached.
    """
    if not timeout > 0:
        raise QueryRefused(f"a timeout has to be more than 0 seconds, not {timeout:g}")
    deadline = clock() + timeout
    _refuse_unreadable(sql)
    bound = _bound(parameters or {})
    file = _existing(path)

    def start(*, at_rest: bool) -> QueryResult:
        guard = Guard(file, deadline=deadline, timeout=timeout, clock=clock, at_rest=at_rest)
        return _start(guard, sql, bound)

    try:
        return start(at_rest=is_at_rest(file))
    except ChangedMeanwhile:
        # A writer came in between. Its own files are there by now, so reading beside it makes none.
        return start(at_rest=False)


class _Parameters(dict[str, object]):
    """Remembers the name that a statement asked for in vain."""

    missing: str | None = None

    def __missing__(self, name: str) -> object:
        self.missing = name
        raise KeyError(name)


def _refuse_unreadable(sql: str) -> None:
    if len(sql) > Limit.SQL:
        raise QueryRefused(
            f"the statement has {len(sql):,} characters; up to {Limit.SQL:,} are read"
        )
    if "\0" in sql:
        raise QueryRefused("the statement holds a NUL character")
    word = first_word(sql)
    if word is None:
        raise QueryRefused(f"the statement is empty; {ALLOWED}")
    if word not in {"SELECT", "WITH", "VALUES", "EXPLAIN", "PRAGMA"}:
        raise QueryRefused(f"{printable(word, 40)} is refused; {ALLOWED}")


def _bound(parameters: Mapping[str, object]) -> _Parameters:
    for name, value in parameters.items():
        reason = _unbindable(value)
        if reason:
            raise QueryRefused(f"parameter {printable(str(name), 60)}: {reason}")
    return _Parameters(parameters)


def _unbindable(value: object) -> str | None:
    if value is not None and not isinstance(value, int | float | str | bytes):
        return f"a {type(value).__name__} cannot be a value; give text, a number, bytes or None"
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        return "the number has more than 64 bits"
    if isinstance(value, str) and re.search("[\ud800-\udfff]", value):
        return "the text is not Unicode (it holds a lone surrogate)"
    return None


def _existing(path: Path) -> Path:
    shown = printable(str(path))
    try:
        file = path.resolve(strict=True)
        is_file = file.is_file()
    except FileNotFoundError as error:
        raise NotADatabase(f"there is no database at {shown}; name one with --db") from error
    except (OSError, RuntimeError, ValueError) as error:
        raise StoreError(f"database {shown} cannot be reached: {printable(str(error))}") from error
    # A pipe or a device would be waited for, or never end.
    if not is_file:
        raise NotADatabase(f"{shown} is no file; give --db a database's path")
    return file


def _start(guard: Guard, sql: str, bound: _Parameters) -> QueryResult:
    try:
        connection = _connect(guard)
    except sqlite3.Error as error:
        raise _translated(error, guard, None) from error
    try:
        cursor = connection.execute(sql, bound)
        guard.refuse_changed()
        return QueryResult(connection, cursor, guard)
    except _FOREIGN as error:
        missing = bound.missing
        refusal = _no_value(missing) if missing else _translated(error, guard, connection)
        connection.close()
        raise refusal from error
    except BaseException:
        connection.close()
        raise


def _connect(guard: Guard) -> sqlite3.Connection:
    # Even a reader of a WAL database makes its -wal and -shm files, and one that may only read
    # cannot remove them; in a folder that cannot be written, it fails. So a file at rest, with no
    # such files beside it, is opened as immutable: no locks, no files. Should a writer come while
    # we read, the guard sees the file change (a checkpoint does that) and refuses what was read.
    # With a writer's files there, SQLite's own snapshot is used, which adds nothing to them.
    # The header, which tells WAL from other databases, is not read by opening the file ourselves:
    # closing it would drop the POSIX locks of every other connection that this process has to it.
    address = f"{guard.file.as_uri()}?mode=ro{'&immutable=1' if guard.at_rest else ''}"
    connection = sqlite3.connect(
        address, uri=True, isolation_level=None, timeout=min(BUSY_SECONDS, guard.timeout)
    )
    try:
        _confine(connection, guard)
    except BaseException:
        connection.close()
        raise
    return connection


def _confine(connection: sqlite3.Connection, guard: Guard) -> None:
    for category, most in Limit.BY_CATEGORY.items():
        connection.setlimit(category, most)
    connection.text_factory = _decoded
    # SQLite keeps one heap limit for the whole process, which can only be lowered. It stays far
    # above what other connections take: some MB of page cache, and their sorting in memory.
    # The file may come from a stranger. Not trusted_schema, which forbids views over FTS5: what a
    # view calls passes the same authorizer.
    heap = f"hard_heap_limit = {Limit.HEAP}"
    # In memory, sorting is under that limit; in files it would fill the disk.
    for setting in ("query_only = ON", "cell_size_check = ON", "temp_store = MEMORY", heap):
        connection.execute(f"PRAGMA {setting}").close()
    guard.watch(connection)


def _decoded(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")


def _no_value(name: str) -> QueryRefused:
    shown = printable(name, 60)
    if name.isdigit():
        return QueryRefused(f"?{shown} has no name; write :name and give --param name=value")
    return QueryRefused(f"the statement needs a value for :{shown}; give --param {shown}=VALUE")


def _translated(
    error: Exception, guard: Guard, connection: sqlite3.Connection | None
) -> BaseException:
    """Say in one of our own errors why a statement ended."""
    if guard.late:
        return QueryRefused(
            f"the query did not end within {guard.timeout:g} s; narrow it, or allow more with "
            "--timeout"
        )
    if guard.has_changed():
        return ChangedMeanwhile()
    if guard.refused:
        return QueryRefused(f"{printable(guard.refused, 60)} is refused; {ALLOWED}")
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_OK) & 0xFF
    # Nothing but our own handler interrupts SQLite, and here it had no reason: it was a Ctrl-C.
    if code == sqlite3.SQLITE_INTERRUPT:
        return KeyboardInterrupt()
    return _explained(error, code, guard.file, connection)


def _explained(
    error: Exception, code: int, file: Path, connection: sqlite3.Connection | None
) -> GraphcrawlError:
    words = printable(str(error), 300)
    if code in {sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT}:
        return NotADatabase(f"{printable(str(file))} is damaged or no database ({words})")
    if code in _ADVICE:
        return QueryRefused(_ADVICE[code])
    if isinstance(error, MemoryError):
        return QueryRefused(f"the query needs more than {Limit.HEAP // 2**20:,} MB of memory")
    if isinstance(error, UnicodeError):
        return QueryRefused("the statement is not Unicode text (it holds a lone surrogate)")
    if "one statement at a time" in words:
        return QueryRefused(f"there is more than one statement; {ALLOWED}")
    if "has no name" in words:
        return QueryRefused("? has no name; write :name and give --param name=value")
    return QueryRefused(f"the query is wrong: {words}{_suggestion(str(error), connection)}")


def _suggestion(words: str, connection: sqlite3.Connection | None) -> str:
    found = re.match(r"no such (table|column|function): (.+)", words)
    if found is None or connection is None:
        return ""
    kind, name = found.groups()
    try:
        known = [str(row[0]) for row in connection.execute(_NAMES_OF[kind])]
    except _FOREIGN:
        return ""
    close = difflib.get_close_matches(name.rpartition(".")[2].lower(), known, n=1)
    return f"; did you mean {printable(close[0], 60)}?" if close else ""
