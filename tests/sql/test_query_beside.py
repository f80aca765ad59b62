"""Queries beside a writer, after a killed one, and where nothing can be written."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from graphcrawl.errors import QueryRefused
from graphcrawl.sql.query import run_query
from tests.nobody import NOBODY
from tests.sql.querying import (
    ask,
    make_database,
)

WRITER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("PRAGMA wal_autocheckpoint = 5")
connection.execute("PRAGMA synchronous = OFF")
connection.execute("CREATE TABLE pairs (a INTEGER, b INTEGER)")
print("ready", flush=True)
for n in range(1, 1001):
    connection.execute("BEGIN")
    connection.execute("INSERT INTO pairs VALUES (?, 0)", (n,))
    connection.execute("UPDATE pairs SET b = a WHERE a = ?", (n,))
    connection.execute("COMMIT")
    if n == 1000:
        print("done", flush=True)
sys.stdin.read()
"""


class TestBesideAWriter:
    def test_each_query_sees_whole_transactions(self, own_database: Path) -> None:
        with subprocess.Popen(
            [sys.executable, "-c", WRITER, str(own_database)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as writer:
            assert writer.stdin is not None
            assert writer.stdout is not None
            assert writer.stdout.readline() == "ready\n"
            counts = [self.count_pairs(own_database) for _ in range(50)]
            assert writer.stdout.readline() == "done\n"
            assert self.count_pairs(own_database) == 1_000
            writer.stdin.close()
        assert counts == sorted(counts)
        assert writer.returncode == 0
        assert self.count_pairs(own_database) == 1_000
        assert os.listdir(own_database.parent) == [own_database.name]

    @staticmethod
    def count_pairs(path: Path) -> int:
        sql = "SELECT count(*), coalesce(sum(a), 0), coalesce(sum(b), 0) FROM pairs"
        ((count, first, second),) = ask(path, sql)
        assert isinstance(count, int)
        assert first == second == count * (count + 1) // 2
        return count

    def test_a_writer_is_not_held_up(self, own_database: Path) -> None:
        with closing(sqlite3.connect(own_database, timeout=0)) as writer:
            writer.execute("UPDATE nodes SET title = 'new' WHERE id = 1")
            with run_query(own_database, "SELECT title FROM nodes ORDER BY id") as result:
                assert next(result) == ("Title 0",)
                writer.commit()
                assert len(list(result)) == 299
        assert ask(own_database, "SELECT title FROM nodes WHERE id = 1") == [("new",)]

    def test_a_writer_who_comes_while_a_file_at_rest_is_read(self, own_database: Path) -> None:
        with run_query(own_database, "SELECT * FROM nodes") as result:
            next(result)
            with closing(sqlite3.connect(own_database)) as writer:
                writer.execute("DELETE FROM nodes")
                writer.commit()
            with pytest.raises(QueryRefused, match="changed while it was being read"):
                list(result)
        assert ask(own_database, "SELECT count(*) FROM nodes") == [(0,)]

    def test_a_writer_who_comes_before_the_first_row(self, own_database: Path) -> None:
        looked = 0

        def clock() -> float:
            # SQLite asks the time while it counts: that is when the writer comes, once.
            nonlocal looked
            looked += 1
            if looked == 2:
                with closing(sqlite3.connect(own_database)) as writer:
                    writer.execute("DELETE FROM edges")
                    writer.commit()
            return 0.0

        sql = "SELECT (SELECT count(*) FROM edges), count(*) FROM nodes a, nodes b"
        with run_query(own_database, sql, clock=clock) as result:
            assert list(result) == [(0, 90_000)]

    def test_what_a_killed_writer_left_is_read(self, own_database: Path) -> None:
        subprocess.run(
            [
                sys.executable,
                "-c",
                "import os, sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None);"
                "c.execute('DELETE FROM nodes WHERE id > 10'); os._exit(9)",
                own_database,
            ],
            check=False,
        )
        wal = own_database.with_name(own_database.name + "-wal")
        before = (own_database.read_bytes(), wal.read_bytes())
        assert ask(own_database, "SELECT count(*) FROM nodes") == [(10,)]
        assert (own_database.read_bytes(), wal.read_bytes()) == before

    def test_a_rollback_journal_database(self, tmp_path: Path) -> None:
        path = make_database(tmp_path / "old.db", journal="delete")
        with closing(sqlite3.connect(path)) as writer:
            writer.execute("DELETE FROM nodes")
            assert ask(path, "SELECT count(*) FROM nodes") == [(300,)]
            writer.commit()
        assert ask(path, "SELECT count(*) FROM nodes") == [(0,)]
        assert os.listdir(tmp_path) == ["old.db"]


def read_without_rights(path: Path) -> object:
    """Count the nodes in a process that may not write: a superuser's tests would prove nothing."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            if os.geteuid() == 0:
                os.setuid(NOBODY)
            said = repr(ask(path, "SELECT count(*) FROM nodes"))
        except BaseException as error:
            said = repr(error)
        os.write(writing, said.encode())
        os._exit(0)
    os.close(writing)
    with open(reading, encoding="utf-8") as answer:
        said = answer.read()
    os.waitpid(child, 0)
    return said


class TestReadOnlyFolder:
    @pytest.fixture
    def locked(self, folder: Path) -> Iterator[Path]:
        inner = folder / "locked"
        inner.mkdir()
        yield inner
        inner.chmod(0o755)
        for path in inner.iterdir():
            path.unlink()
        inner.rmdir()

    @staticmethod
    def lock(folder: Path) -> None:
        for path in folder.iterdir():
            path.chmod(stat.S_IRUSR | stat.S_IRGRP | stat.S_IROTH)
        folder.chmod(0o555)

    def test_a_file_at_rest(self, locked: Path) -> None:
        path = make_database(locked / "graph.db")
        self.lock(locked)
        assert read_without_rights(path) == "[(300,)]"

    def test_beside_a_writer(self, locked: Path) -> None:
        path = make_database(locked / "graph.db")
        with closing(sqlite3.connect(path)) as writer:
            writer.execute("DELETE FROM nodes WHERE id > 10")
            writer.commit()
            self.lock(locked)
            assert read_without_rights(path) == "[(10,)]"
