"""Writers that meet at one file."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from graphcrawl.errors import StoreError
from graphcrawl.store import dialects, sqlite_file
from tests.worlds import new_store


def test_a_writer_looks_again_all_the_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And does not wait ever longer, as SQLite does, while others come and go."""
    with new_store(tmp_path / "g.db") as store, closing(holder(store.path)) as other:
        looks: list[float] = []

        def sleep(seconds: float) -> None:
            looks.append(seconds)
            if len(looks) == 3:
                other.rollback()

        monkeypatch.setattr(dialects, "sleep", sleep)
        with store.writing() as connection:
            waits = connection.exec_driver_sql("PRAGMA busy_timeout").scalar()
        assert looks == 3 * [dialects.LOOK_AGAIN_SECONDS]
        assert waits == 1_000 * sqlite_file.BUSY_SECONDS, "of all else, as long as ever"


def test_a_writer_gives_up_in_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with new_store(tmp_path / "g.db") as store:
        monkeypatch.setattr(sqlite_file, "BUSY_SECONDS", 0.02)
        with (
            closing(holder(store.path)),
            pytest.raises(StoreError, match="another program holds it"),
            store.writing(),
        ):
            pytest.fail("it was held")
        with store.writing() as connection:
            assert connection.exec_driver_sql("SELECT 1").scalar() == 1


def holder(path: Path) -> sqlite3.Connection:
    """Write to a database, and do not come to an end."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    return connection
