from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from threading import Timer

import pytest

from graphcrawl.errors import NotADatabase, SourceMismatch, StoreError
from graphcrawl.forecasts import SeedForecast, forecast_seeds
from graphcrawl.model import Origin
from graphcrawl.runs import CrawlOptions
from graphcrawl.store import (
    Store,
    crawl_record,
    database_path,
    list_crawls,
    migrations,
    open_for_import,
    open_for_reading,
    open_store,
    origin_held,
    read_graph,
    start_crawl,
)
from graphcrawl.store.dialects import set_wal, sqlite_engine
from graphcrawl.store.opening import ensure_writable
from graphcrawl.store.sqlite_file import APPLICATION_ID
from tests.nobody import as_nobody
from tests.worlds import World, by_id, crawl, new_store, rows


def digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


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


@pytest.fixture
def public() -> Iterator[Path]:
    """A folder that others can reach."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


def make(path: Path) -> None:
    with new_store(path) as store:
        crawl(store, World({"s": ["a"]}), by_id("s"), 1)


def test_a_folder_and_a_file_that_cannot_be_written(public: Path) -> None:
    folder = public / "locked"
    folder.mkdir()
    path = folder / "g.db"
    make(path)
    path.chmod(0o444)
    folder.chmod(0o555)
    before = digests(folder)
    with as_nobody():
        with pytest.raises(StoreError, match="permissions"), closing(open_store(path)) as store:
            start_crawl(store, by_id("s"), {"depth": 1})
        with pytest.raises(StoreError):
            open_store(folder / "new.db", origin=Origin.SIMULATED)
        with closing(open_for_reading(path)) as store:
            assert len(read_graph(store).nodes) == 2
            assert digests(folder) == before
    assert digests(folder) == before


def test_an_older_file_that_cannot_be_written_says_why_it_has_to_be(public: Path) -> None:
    folder = public / "locked"
    folder.mkdir()
    path = folder / "g.db"
    make(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0006'")
        connection.commit()
    path.chmod(0o444)
    folder.chmod(0o555)
    before = digests(folder)
    with as_nobody():
        is_readable = os.access(migrations.__path__[0], os.R_OK, effective_ids=True)
    if not is_readable:
        pytest.skip("the migrations lie where nobody else may look")
    with as_nobody(), pytest.raises(StoreError, match=r"permissions .* an earlier graphcrawl"):
        open_for_reading(path)
    assert digests(folder) == before


def test_a_file_that_cannot_be_read(public: Path) -> None:
    path = public / "g.db"
    make(path)
    path.chmod(0o000)
    with as_nobody():
        for call in (open_store, open_for_reading):
            with pytest.raises(StoreError, match="permissions"):
                call(path)


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


def read_all(store: Store) -> None:
    read_graph(store)
    list_crawls(store)
    read_graph(store, crawl_record(store, 1).id)


def test_reading_leaves_nothing_behind(tmp_path: Path) -> None:
    with new_store(tmp_path / "g.db") as store:
        crawl(store, World({"s": ["a"]}), by_id("s"), 1)
    before = digests(tmp_path)
    with closing(open_for_reading(tmp_path / "g.db")) as store:
        read_all(store)
        assert digests(tmp_path) == before
    assert digests(tmp_path) == before


def test_a_link_in_a_folder_that_cannot_be_written(public: Path) -> None:
    path, link = public / "g.db", public / "locked" / "link.db"
    public.chmod(0o777)
    link.parent.mkdir()
    link.symlink_to(path)
    link.parent.chmod(0o555)
    with new_store(path) as store:
        path.chmod(0o666)
        crawl(store, World({"s": ["a", "b"]}), by_id("s"), 1)
        assert Path(f"{path}-wal").stat().st_size > 0
        with as_nobody(), closing(open_for_reading(link)) as reader:
            assert len(read_graph(reader).nodes) == 3, "what is in the log counts too"
    before = digests(public)
    with as_nobody(), closing(open_for_reading(link)) as reader:
        read_all(reader)
    assert digests(public) == before


def test_a_reader_cannot_write(tmp_path: Path) -> None:
    with new_store(tmp_path / "g.db") as store:
        crawl(store, World({"s": ["a"]}), by_id("s"), 1)
        for opened in (True, False):
            if not opened:
                store.close()
            with closing(open_for_reading(tmp_path / "g.db")) as reader:
                with pytest.raises(StoreError, match="permissions"):
                    start_crawl(reader, by_id("x"), {"depth": 1})
                read_all(reader)


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


def test_the_log_is_turned_on_when_whoever_holds_the_file_lets_go(tmp_path: Path) -> None:
    """As a process does that looks, as another makes the same database, what is in it."""
    path = tmp_path / "g.db"
    with closing(sqlite3.connect(path, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        end = Timer(0.2, other.rollback)
        end.start()
        engine = sqlite_engine(path)
        set_wal(engine)
        engine.dispose()
        end.join()
        assert other.execute("PRAGMA journal_mode").fetchone() == ("wal",)


MAKE = """
import sys
from graphcrawl.model import Origin
from graphcrawl.store import open_store
sys.stdin.read(1)
for number in range(5):
    store = open_store(sys.argv[1] + str(number), origin=Origin.SIMULATED)
    print(store.origin.value)
    store.close()
"""


def test_two_processes_may_make_the_same_database(tmp_path: Path) -> None:
    makers = [
        subprocess.Popen(
            [sys.executable, "-c", MAKE, str(tmp_path / "g")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    for maker in makers:
        assert maker.stdin is not None
        maker.stdin.write("x")
        maker.stdin.flush()
    for maker in makers:
        out, error = maker.communicate(timeout=60)
        assert (out.split(), error) == (["simulated"] * 5, "")
    for number in range(5):
        with closing(open_store(f"{tmp_path}/g{number}")) as store:
            assert rows(store, "SELECT count(*) FROM database_source") == [(1,)]


def test_a_copy_of_the_file_is_the_whole_database(tmp_path: Path) -> None:
    with new_store(tmp_path / "g.db") as store:
        crawl(store, World({"s": ["a", "b"]}), by_id("s"), 1)
    shutil.copy(tmp_path / "g.db", tmp_path / "copy.db")
    with closing(open_for_reading(tmp_path / "copy.db")) as store:
        assert len(read_graph(store).edges) == 2


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
