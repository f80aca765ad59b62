"""A file that others hold, too: another process, another user, a program that copies it."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from threading import Timer

import pytest

from graphcrawl.errors import StoreError
from graphcrawl.model import Origin
from graphcrawl.store import (
    Store,
    crawl_record,
    list_crawls,
    migrations,
    open_for_reading,
    open_store,
    read_graph,
    start_crawl,
)
from graphcrawl.store.dialects import set_wal, sqlite_engine
from tests.nobody import as_nobody
from tests.store.digests import digests
from tests.worlds import World, by_id, crawl, new_store, rows


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
