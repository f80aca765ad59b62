"""Running the command line: in this process for speed, or as a process of its own."""

from __future__ import annotations

import json
import os
import shlex
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from graphcrawl.model import Account, AccountRef
from graphcrawl.simulator.world import NoReport, Reply, Report

CLIENT_ID: Final = "client-4711"
TOKEN: Final = "tOk3n-never-to-be-seen"
COMMAND: Final = (sys.executable, "-m", "graphcrawl")
DEADLINE: Final = 60.0
"""Seconds until a process that should have ended counts as stuck."""


@dataclass(frozen=True)
class Ended:
    """How a command ended, and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def line(self) -> str:
        """The one line on standard error."""
        lines = self.err.splitlines()
        assert len(lines) == 1, self.err
        return lines[0]

    @property
    def next_command(self) -> list[str]:
        """The arguments of the command that the summary names, as a shell would read them."""
        lines = [line for line in self.out.splitlines() if line.startswith("  next ")]
        assert len(lines) == 1, self.out
        program, *arguments = shlex.split(lines[0].removeprefix("  next"))
        assert program == "graphcrawl"
        return arguments

    def rows(self) -> list[dict[str, Any]]:
        """What ``--format json`` wrote."""
        rows: list[dict[str, Any]] = json.loads(self.out)
        return rows


Cli = Callable[..., Ended]


def going_on(line: str) -> list[str]:
    """The arguments of the command that an error names to go on with."""
    before, found, after = line.rpartition(" goes on")
    assert found, line
    assert not after, line
    program, *arguments = shlex.split(before.rpartition("; ")[2])
    assert program == "graphcrawl"
    return arguments


def spawn(
    *arguments: str, environ: Mapping[str, str] | None = None, **named: Any
) -> subprocess.Popen[str]:
    """Start a command as a process of its own."""
    return subprocess.Popen(
        [*COMMAND, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env={**os.environ, **(environ or {})},
        **named,
    )


def finished(process: subprocess.Popen[str]) -> Ended:
    """Wait for a process's end."""
    with process:
        try:
            out, err = process.communicate(timeout=DEADLINE)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
    return Ended(process.returncode, out, err)


def run(*arguments: str, environ: Mapping[str, str] | None = None) -> Ended:
    """Run a command as a process of its own."""
    return finished(spawn(*arguments, environ=environ))


class Tree:
    """A world without end: account number n lists 2n + 1 and 2n + 2.

    Parameters
    ----------
    title : str
        Of every account.
    size : int or None
        Accounts from this number on do not exist.
    """

    def __init__(self, *, title: str = "Title", size: int | None = None) -> None:
        self._title = title
        self._size = size

    @property
    def entrance(self) -> AccountRef:
        return AccountRef("instagram", "a0", "0")

    @property
    def summary(self) -> str:
        return "a tree"

    def look_up(self, asked: AccountRef) -> Reply:
        number = int(asked.social_id or (asked.username or "").removeprefix("a"))
        if not self._is_there(number):
            return NoReport()
        listed = [n for n in (2 * number + 1, 2 * number + 2) if self._is_there(n)]
        return Report(self._account(number), tuple(map(self._account, listed)))

    def _is_there(self, number: int) -> bool:
        return self._size is None or number < self._size

    def _account(self, number: int) -> Account:
        return Account("instagram", str(number), f"a{number}", self._title, None, 1000 + number)


class Hostile:
    """A world of one account by any name, whose every text is an attack."""

    TEXT: Final = "\x1b[31mRED\x1b]0;owned\x07\x9b2J\u202e<script>=1+1\r\n"

    @property
    def entrance(self) -> AccountRef:
        return AccountRef("instagram", self.TEXT, self.TEXT)

    @property
    def summary(self) -> str:
        return self.TEXT

    def look_up(self, asked: AccountRef) -> Reply:
        own = Account("instagram", asked.social_id or "1", asked.username or self.TEXT, self.TEXT)
        return Report(own, (Account("instagram", "2", self.TEXT, self.TEXT, state=self.TEXT),))


def files_below(folder: Path) -> Sequence[Path]:
    """Every file in a folder and its folders."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


def as_an_earlier_graphcrawl_made_it(path: Path) -> bytes:
    """Let a database be of the revision before the newest, whose migration changes no data."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP INDEX ix_edges_removed")
        connection.execute("UPDATE alembic_version SET version_num = '0009'")
        connection.commit()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path.read_bytes()
