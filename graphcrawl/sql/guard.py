"""What stands beside one reading statement while it runs: rules, a clock, an eye on the file."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Final

from graphcrawl.errors import QueryRefused
from graphcrawl.sql.rules import objection

Clock = Callable[[], float]

# The clock costs a quarter of a bare counting loop's time at 100 steps and half at 50; at 1,000
# a statement of slow functions would look at it too rarely.
STEPS_BETWEEN_LOOKS: Final = 100
LOOKS_BETWEEN_STATS: Final = 64


class ChangedMeanwhile(QueryRefused):
    """Someone began to write into a file that had been at rest."""

    def __init__(self) -> None:
        super().__init__("the database was changed while it was being read; run the query again")


class Guard:
    """What one statement may do, how long it may run, and why it was stopped.

    Attributes
    ----------
    file : Path
        The real file, links resolved.
    at_rest : bool
        Whether the file is read as one that nobody writes to.
    refused : str or None
        What the authorizer turned down.
    late : bool
        Whether the time was used up.
    changed : bool
        Whether a file at rest was written to.
    """

    def __init__(
        self, file: Path, *, deadline: float, timeout: float, clock: Clock, at_rest: bool
    ) -> None:
        self.file = file
        self.at_rest = at_rest
        self.timeout = timeout
        self.refused: str | None = None
        self.late = False
        self.changed = False
        self._deadline = deadline
        self._clock = clock
        self._stamp = _stamp(file)
        self._looks = 0

    def watch(self, connection: sqlite3.Connection) -> None:
        """Judge all that the connection does from now on."""
        connection.set_authorizer(self.authorize)
        connection.set_progress_handler(self.has_to_stop, STEPS_BETWEEN_LOOKS)

    def authorize(
        self,
        action: int,
        first: str | None,
        second: str | None,
        database: str | None,
        inner: str | None,
    ) -> int:
        """Answer SQLite's question whether a part of a statement is allowed."""
        words = objection(action, first, second)
        if words is None:
            return sqlite3.SQLITE_OK
        self.refused = self.refused or words
        return sqlite3.SQLITE_DENY

    def has_to_stop(self) -> bool:
        """Look at the clock, and now and then at the file."""
        self.late = self._clock() > self._deadline
        self._looks += 1
        if self._looks % LOOKS_BETWEEN_STATS == 0:
            self._look_at_file()
        return self.late or self.changed

    def has_changed(self) -> bool:
        """Whether what was read may be a mixture of two states of the file."""
        self._look_at_file()
        return self.changed

    def refuse_changed(self) -> None:
        """Raise if what was read may be a mixture of two states of the file."""
        if self.has_changed():
            raise ChangedMeanwhile

    def _look_at_file(self) -> None:
        self.changed |= self.at_rest and _stamp(self.file) != self._stamp


def _stamp(file: Path) -> tuple[int, int, int]:
    try:
        found = os.stat(file)
    except OSError:
        return (0, 0, 0)
    return (found.st_ino, found.st_size, found.st_mtime_ns)


def is_at_rest(file: Path) -> bool:
    """Whether nobody has the file open for writing, and all of its content is in it."""
    wal, shared, journal = (
        _size(file.with_name(file.name + end)) for end in ("-wal", "-shm", "-journal")
    )
    # A process that has a WAL database open keeps both files; an empty -wal alone is a leftover.
    return not wal and shared is None and not journal


def _size(file: Path) -> int | None:
    try:
        return os.stat(file).st_size
    except OSError:
        return None
