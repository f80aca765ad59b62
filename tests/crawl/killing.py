"""Crawls of real processes, killed again and again at seeded instants until they are complete."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from random import Random
from threading import Event
from typing import Final

import graphcrawl
from graphcrawl.model import Credentials
from graphcrawl.runs import Access, CrawlOptions
from tests.cli.running import COMMAND, DEADLINE
from tests.counting import CountingServer
from tests.worlds import by_name, name_of, random_lists

SEEDS: Final = ("u0", "u1", "u2")
DEPTH: Final = 6
DEGREE: Final = 8
LATENCY: Final = 0.004
"""Seconds that an answer takes; its commit comes within a few more milliseconds."""

MISSING: Final = 10
"""One account in so many has no report: it is asked by its ID, then by its name."""


class Instant(StrEnum):
    """What a kill aims at."""

    START = "while the program starts"
    CREATION = "while the database is made"
    REQUEST = "at a request"
    COMMIT = "at a commit"
    END = "after the last answer"


@dataclass
class Trial:
    """One world, crawled by processes that are killed.

    Attributes
    ----------
    folder : Path
        Empty; database, map and state go there.
    workers : int
    seed : int
        Of the world of 60 to 300 accounts, and of every instant.
    kills : Counter of Instant
        Of processes that were running when they were killed.
    """

    folder: Path
    workers: int
    seed: int
    kills: Counter[Instant] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._random = Random(self.seed)
        accounts = self._random.randint(60, 300)
        lists = random_lists(accounts, DEGREE, self.seed)
        for number in range(MISSING, accounts, MISSING):
            del lists[f"u{number}"]
        self.server = CountingServer(lists, latency=LATENCY)
        self.whole = self.folder / "whole.db"
        self.database = self.folder / "killed.db"
        self.map = (
            self.folder / "output" / f"instagram-{name_of('u0').replace('.', '-')}-and-2-more.html"
        )

    def run(self, most_kills: int) -> None:
        """Crawl the world undisturbed, then crawl it anew with so many kills at most."""
        with self.server:
            self._crawl_whole()
            self.server.arrivals.clear()
            for _ in range(most_kills):
                if self._is_complete():
                    break
                self._kill_one(self._choose())
            self._finish()

    def problems(self) -> list[str]:
        """Say what is not as it would be without the kills."""
        whole, killed = state(self.whole), state(self.database)
        found = [f"{name} differ" for name in whole if whole[name] != killed[name]]
        if set(self.server.accounts) != self._undisturbed:
            found.append("other accounts were asked")
        if self.server.repeated > self.kills.total() * self.workers:
            found.append(f"{self.server.repeated} requests were repeated")
        return found

    def _crawl_whole(self) -> None:
        access = Access(self.server.url, Credentials("any", "any"), None)
        database = graphcrawl.open(self.whole)
        result = database.crawl(by_name(*SEEDS), access, CrawlOptions(depth=DEPTH, rate=0))
        assert result.ended is None, result.ended
        self._undisturbed = set(self.server.accounts)
        assert self.server.repeated == 0

    def _choose(self) -> Instant:
        if not self.database.exists():
            return self._random.choice((Instant.START, Instant.CREATION))
        if not self._left():
            return Instant.END
        middle = (Instant.REQUEST, Instant.COMMIT, Instant.COMMIT)
        return self._random.choice((Instant.START, *middle, Instant.END))

    def _left(self) -> int:
        return len(self._undisturbed) - len(self.server.accounts)

    def _kill_one(self, instant: Instant) -> None:
        with self._spawn() as process:
            self._wait_for(instant, process)
            process.kill()
            code = process.wait(DEADLINE)
            assert code in (0, -signal.SIGKILL), f"exit code {code}"
            self.kills[instant] += code != 0

    def _wait_for(self, instant: Instant, process: subprocess.Popen[bytes]) -> None:
        """Wait for an instant; in vain, if the process ends before it."""
        match instant:
            case Instant.START:
                self._pause(0.8)
            case Instant.CREATION:
                while not self.database.exists() and process.poll() is None:
                    time.sleep(0.0005)
                self._pause(0.04)
            case Instant.REQUEST:
                self._wait_for_arrival(process, most=LATENCY)
            case Instant.COMMIT:
                self._wait_for_arrival(process, most=3 * LATENCY)
            case Instant.END if self._left():
                self._wait_for_arrival(process, most=0.5, last=True)
            case Instant.END:
                self._pause(1.2)

    def _pause(self, most: float) -> None:
        time.sleep(self._random.uniform(0.0, most))

    def _wait_for_arrival(
        self, process: subprocess.Popen[bytes], *, most: float, last: bool = False
    ) -> None:
        """Wait for one of the requests yet to come, and then so many seconds at most."""
        number = len(self.server.arrivals) + self._random.randint(1, self._left())
        came = Event()

        def arrived(now: int) -> None:
            if (not self._left()) if last else now == number:
                came.set()

        self.server.on_arrival = arrived
        while not came.wait(0.02) and process.poll() is None:
            pass
        self.server.on_arrival = lambda _: None
        self._pause(most)

    def _is_complete(self) -> bool:
        return self._status() == "complete" and self.map.exists()

    def _finish(self) -> None:
        if self._is_complete():
            return
        process = self._spawn()
        code = process.wait(DEADLINE)
        assert code == 0, f"exit code {code}"

    def _spawn(self) -> subprocess.Popen[bytes]:
        if self._status() is None:
            what = ["seed", *(f"instagram:{name_of(one)}" for one in SEEDS), "--depth", str(DEPTH)]
        else:
            what = ["resume", "1"]
        bounds = ["--db", str(self.database), "--workers", str(self.workers), "--rate", "0"]
        return subprocess.Popen(
            [*COMMAND, *what, *bounds],
            cwd=self.folder,
            env=self._environ(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )

    def _environ(self) -> Mapping[str, str]:
        return {
            **os.environ,
            "HYPEAUDITOR_URL": self.server.url,
            "HYPEAUDITOR_ID": "any",
            "HYPEAUDITOR_TOKEN": "any",
            "GRAPHCRAWL_STATE_DIR": str(self.folder / "state"),
            "GRAPHCRAWL_CONFIG_DIR": str(self.folder / "config"),
        }

    def _status(self) -> str | None:
        """Give the crawl's status; None: there is no crawl.

        A copy is read: whoever opens the file itself would mend it before graphcrawl does.
        """
        copy = self.folder / "copy.db"
        for end in ("", "-wal"):
            source = Path(f"{self.database}{end}")
            Path(f"{copy}{end}").unlink(missing_ok=True)
            if source.exists():
                shutil.copy(source, f"{copy}{end}")
        with suppress(sqlite3.OperationalError):  # no tables yet
            rows = _rows(copy, "SELECT status FROM crawls")
            return str(rows[0][0]) if rows else None
        return None


def _rows(database: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(database, timeout=DEADLINE)) as connection:
        return connection.execute(sql).fetchall()


def state(database: Path) -> dict[str, list[tuple[object, ...]]]:
    """Give everything that a crawl brought, keys and times apart, and whether the file is sound."""
    ends = "JOIN nodes s ON s.id = source_id JOIN nodes t ON t.id = target_id"
    whom = "coalesce(social_id, '?' || username)"
    queries = {
        "nodes": "SELECT network, social_id, username, title, state, subscribers_count, "
        "expanded_at IS NULL FROM nodes ORDER BY 1, 2, 3",
        "edges": f"SELECT s.social_id, t.social_id, position, removed_at FROM edges {ends} "
        "ORDER BY 1, 2",
        "visits": f"SELECT {whom}, depth, v.status, cause, error, answer_id IS NULL "
        "FROM visits v JOIN nodes ON id = node_id ORDER BY 1",
        "answers": f'SELECT {whom}, outcome, "rows", skipped_rows FROM answers a '
        "JOIN nodes n ON n.id = a.node_id ORDER BY 1",
        "origins of edges": "SELECT count(*) FROM edges e JOIN answers a ON a.id = answer_id "
        "WHERE a.node_id = source_id",
        "crawls": "SELECT status, reason FROM crawls",
        "history": "SELECT * FROM node_history",
        "changes": "SELECT * FROM edge_changes",
        "integrity": "PRAGMA integrity_check",
        "foreign keys": "PRAGMA foreign_key_check",
    }
    return {name: _rows(database, sql) for name, sql in queries.items()}
