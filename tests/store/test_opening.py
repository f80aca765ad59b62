"""What becomes a database when it is opened, what is refused, and what the file then says."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from graphcrawl.errors import NotADatabase, SourceMismatch, StoreError
from graphcrawl.forecasts import SeedForecast, forecast_seeds
from graphcrawl.model import Origin
from graphcrawl.runs import CrawlOptions
from graphcrawl.store import (
    Store,
    database_path,
    open_for_import,
    open_for_reading,
    open_store,
    origin_held,
    read_graph,
    start_crawl,
)
from graphcrawl.store.opening import ensure_writable
from graphcrawl.store.sqlite_file import APPLICATION_ID
from tests.nobody import as_nobody
from tests.store.digests import digests
from tests.worlds import World, by_id, crawl, new_store, rows


def other_program(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("CREATE TABLE notes (id INTEGER); INSERT INTO notes VALUES (7);")


def look_alike(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(
            "CREATE TABLE database_source (name TEXT); CREATE TABLE alembic_version (x);"
        )


def other_wal_program(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript("CREATE TABLE notes (id INTEGER); INSERT INTO notes VALUES (7);")


def other_program_without_tables(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA application_id = 1196444487")


def other_program_with_a_view(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE VIEW notes AS SELECT 7 AS id")


def letter(path: Path) -> None:
    path.write_text("Dear all, this is no database. " * 50)


def short_note(path: Path) -> None:
    path.write_bytes(b"hello")


def cut_database(path: Path) -> None:
    other_program(path)
    path.write_bytes(path.read_bytes()[:5000] + b"garbage" * 100)
    data = bytearray(path.read_bytes())
    data[100:200] = b"\xff" * 100
    path.write_bytes(bytes(data))


WAYS: dict[str, Callable[[Path], Store]] = {
    "writing": open_store,
    "writing new": lambda path: open_store(path, origin=Origin.SIMULATED),
    "reading": open_for_reading,
}
STRANGERS = [
    *(other_program, other_program_without_tables, other_program_with_a_view, other_wal_program),
    *(look_alike, letter, short_note, cut_database),
]


DELETE_SOURCE = "DELETE FROM database_source"


@pytest.mark.parametrize("stranger", STRANGERS)
@pytest.mark.parametrize("way", WAYS)
def test_other_peoples_files_are_refused_and_left_alone(
    tmp_path: Path, stranger: Callable[[Path], None], way: str
) -> None:
    path = tmp_path / "theirs"
    stranger(path)
    before = digests(tmp_path)
    with pytest.raises(NotADatabase) as refused:
        WAYS[way](path)
    assert str(path) in str(refused.value)
    assert "\n" not in str(refused.value)
    assert refused.value.exit_code == 2
    assert digests(tmp_path) == before


def test_a_folder_is_no_database(tmp_path: Path) -> None:
    for origin in (None, Origin.SIMULATED):
        with pytest.raises(NotADatabase, match="folder"):
            open_store(tmp_path, origin=origin)
    with pytest.raises(NotADatabase, match="folder"):
        open_for_reading(tmp_path)


def test_a_pipe_is_no_database(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(NotADatabase):
        open_store(tmp_path / "pipe", origin=Origin.SIMULATED)


def test_what_is_missing_is_made_only_for_a_crawl(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "g.db"
    for call in (open_for_reading, open_store):
        with pytest.raises(NotADatabase, match="no database at"):
            call(path)
    assert not path.parent.exists()
    open_store(path, origin=Origin.VENDOR).close()
    with closing(open_for_reading(path)) as store:
        assert store.origin is Origin.VENDOR


def test_an_empty_file_becomes_a_database_only_for_a_crawl(tmp_path: Path) -> None:
    path = tmp_path / "g.db"
    path.touch()
    for call in (open_for_reading, open_store):
        with pytest.raises(NotADatabase, match="empty"):
            call(path)
    assert path.stat().st_size == 0
    open_store(path, origin=Origin.SIMULATED).close()
    open_for_reading(path).close()


def test_a_half_made_database_is_made_whole(tmp_path: Path) -> None:
    """The process was killed after write-ahead logging was on, before there were tables."""
    path = tmp_path / "g.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
    assert path.stat().st_size > 0
    with pytest.raises(NotADatabase):
        open_for_reading(path)
    before = digests(tmp_path)
    assert origin_held(path) is None
    ensure_writable(path)
    assert forecast(path).requests == 1
    assert digests(tmp_path) == before
    with open_for_import(path) as store:
        assert store.origin is Origin.IMPORTED
    path.write_bytes(b"")
    ensure_writable(path)
    assert path.stat().st_size == 0
    with new_store(path) as store:
        crawl(store, World({"s": []}), by_id("s"), 1)


def test_paths_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    impossible: list[Path | str] = [
        tmp_path / "file" / "g.db",
        tmp_path / ("n" * 300),
        Path("/proc/graphcrawl/g.db"),
        Path("/proc/version"),
        "~nobody-of-this-name/g.db",
        "",
        "a\0b",
    ]
    for path in impossible:
        for origin in (None, Origin.SIMULATED):
            with pytest.raises(StoreError):
                open_store(path, origin=origin)
        with pytest.raises(StoreError):
            open_for_reading(path)


def test_paths_that_cannot_be_looked_at(tmp_path: Path, public: Path) -> None:
    closed = public / "closed"
    closed.mkdir(mode=0o700)
    looks: list[Callable[[Path], object]] = [origin_held, ensure_writable, import_into, forecast]
    for look in looks:
        with pytest.raises(StoreError, match="too long"):
            look(tmp_path / ("n" * 300))
        with as_nobody(), pytest.raises(StoreError, match="ermission"):
            look(closed / "g.db")


def import_into(path: Path) -> None:
    with open_for_import(path):
        pytest.fail("it was opened")


def forecast(path: Path) -> SeedForecast:
    return forecast_seeds(path, by_id("s"), CrawlOptions())


def test_urls(tmp_path: Path) -> None:
    path = tmp_path / "g.db"
    assert database_path(f"sqlite:///{path}") == path
    assert database_path(str(path)) == path
    for url in (
        "sqlite://",
        "sqlite:///:memory:",
        "mysql://host/db",
        "x://",
        "sqlite:///~nobody-x/g",
    ):
        with pytest.raises(StoreError, match="--db"):
            database_path(url)


def test_messages_about_urls_hold_no_password() -> None:
    with pytest.raises(StoreError) as refused:
        database_path("mysql://me:hunter2@host/db")
    assert "hunter2" not in str(refused.value)


def test_the_origins_never_mix(tmp_path: Path) -> None:
    path = tmp_path / "g.db"
    for mine, other in (
        (Origin.VENDOR, Origin.SIMULATED),
        (Origin.SIMULATED, Origin.VENDOR),
    ):
        path.unlink(missing_ok=True)
        open_store(path, origin=mine).close()
        before = path.read_bytes()
        with pytest.raises(SourceMismatch, match="never mix") as refused:
            open_store(path, origin=other)
        assert refused.value.exit_code == 2
        assert path.read_bytes() == before
        open_store(path).close()


@pytest.mark.parametrize("change", ["UPDATE database_source SET origin = 'mixed'", DELETE_SOURCE])
def test_an_origin_that_is_not_known(tmp_path: Path, change: str) -> None:
    path = tmp_path / "g.db"
    open_store(path, origin=Origin.VENDOR).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(change)
        connection.commit()
    before = digests(tmp_path)
    for call in (*WAYS.values(), origin_held):
        with pytest.raises(StoreError, match="bring graphcrawl up to date"):
            call(path)
    assert digests(tmp_path) == before


def test_a_database_on_a_name_with_signs(tmp_path: Path) -> None:
    path = tmp_path / "50% of #1? (ü).db"
    with new_store(path) as store:
        crawl(store, World({"s": ["a"]}), by_id("s"), 1)
    with closing(open_for_reading(path)) as store:
        assert len(read_graph(store).nodes) == 2


def test_the_file_bears_our_mark(tmp_path: Path) -> None:
    with new_store(tmp_path / "g.db") as store:
        assert rows(store, "PRAGMA application_id") == [(APPLICATION_ID,)]
        assert rows(store, "PRAGMA journal_mode") == [("wal",)]
        assert rows(store, "PRAGMA foreign_keys") == [(1,)]


@pytest.mark.parametrize("way", [open_store, open_for_reading])
def test_a_newer_database_is_refused(tmp_path: Path, way: Callable[[Path], Store]) -> None:
    path = tmp_path / "g.db"
    open_store(path, origin=Origin.SIMULATED).close()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    before = path.read_bytes()
    with pytest.raises(StoreError, match="newer graphcrawl") as refused:
        way(path)
    assert "9999" in str(refused.value)
    assert path.read_bytes() == before


def test_a_full_disk_is_said_so(tmp_path: Path) -> None:
    with new_store(tmp_path / "g.db") as store:
        with store.engine.connect() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        seeds = by_id(*(f"u{number}" for number in range(2000)))
        with pytest.raises(StoreError, match="disk is full") as refused:
            start_crawl(store, seeds, {"depth": 1})
        assert "\n" not in str(refused.value)
        assert rows(store, "SELECT count(*) FROM nodes") == [(0,)]
