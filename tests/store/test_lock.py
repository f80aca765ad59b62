from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Timer

import pytest
from filelock import FileLock

from graphcrawl.errors import CrawlBusy, StoreError
from graphcrawl.store import crawl_lock, crawl_record, newest_unfinished, start_crawl
from graphcrawl.store.lock import is_held, lock_path
from tests.worlds import by_id, new_store

HOLD = """
import sys
from pathlib import Path
from graphcrawl.store import crawl_lock
with crawl_lock(Path(sys.argv[1]), 1):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def holder(database: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds crawl 1."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(database)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process


def test_a_second_process_is_refused_until_the_first_ends(tmp_path: Path) -> None:
    database = tmp_path / "g.db"
    with holder(database) as process:
        assert is_held(database, 1)
        with pytest.raises(CrawlBusy, match="another process") as refused, crawl_lock(database, 1):
            pytest.fail("two at once")
        assert refused.value.exit_code == 2
        with crawl_lock(database, 2):
            pass
        process.communicate("")
    assert not is_held(database, 1)
    with crawl_lock(database, 1):
        assert is_held(database, 1)
    assert list(tmp_path.iterdir()) == []


def test_whoever_comes_by_a_link_is_refused_too(tmp_path: Path) -> None:
    database, link = tmp_path / "g.db", tmp_path / "elsewhere" / "link.db"
    link.parent.mkdir()
    link.symlink_to(database)
    with holder(database) as process:
        assert is_held(link, 1)
        with pytest.raises(CrawlBusy), crawl_lock(link, 1):
            pytest.fail("two at once")
        process.communicate("")
    with crawl_lock(link, 1):
        assert is_held(database, 1)
    assert [one.name for one in link.parent.iterdir()] == ["link.db"]


def test_the_lock_dies_with_its_process(tmp_path: Path) -> None:
    database = tmp_path / "g.db"
    with holder(database) as process:
        os.kill(process.pid, signal.SIGKILL)
        process.wait(10)
    assert lock_path(database, 1).exists()
    assert not is_held(database, 1)
    with crawl_lock(database, 1):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_crawl_whose_process_was_killed_counts_as_interrupted(tmp_path: Path) -> None:
    with new_store(tmp_path / "g.db") as store:
        crawl_id = start_crawl(store, by_id("s"), {"depth": 1})
        with holder(store.path) as process:
            assert crawl_record(store, crawl_id).status == "running"
            os.kill(process.pid, signal.SIGKILL)
            process.wait(10)
        record = newest_unfinished(store)
        assert record is not None
        assert (record.id, record.status) == (crawl_id, "interrupted")


def test_an_error_within_releases_the_lock(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), crawl_lock(tmp_path / "g.db", 1):
        raise ZeroDivisionError
    assert not is_held(tmp_path / "g.db", 1)


def test_where_no_lock_can_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for folder in (tmp_path / "file", Path("/proc/graphcrawl")):
        with pytest.raises(StoreError, match="cannot lock"), crawl_lock(folder / "g.db", 1):
            pytest.fail("there is no such folder")


def test_whoever_only_looks_is_not_in_the_way(tmp_path: Path) -> None:
    """To list crawls takes the lock for an instant, to see whether it is free."""
    path = lock_path(tmp_path / "g.db", 1)
    looking = FileLock(path, thread_local=False)
    looking.acquire()
    end = Timer(0.1, looking.release)
    end.start()
    with crawl_lock(tmp_path / "g.db", 1):
        assert path.exists()
    end.join()
