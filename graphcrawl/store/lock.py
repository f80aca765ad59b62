"""A crawl belongs to one process, by a lock that dies with it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from graphcrawl.errors import CrawlBusy, StoreError

PATIENCE_SECONDS: Final = 0.5
"""Those who only look whether a crawl is held hold it for an instant themselves."""


def lock_path(database: Path, crawl_id: int) -> Path:
    """Give the lock's file, beside the database: whoever can write there must see it.

    Beside the file itself, by whatever links it is reached: they lead to the same crawls.
    """
    file = Path(os.path.realpath(database))
    return file.with_name(f"{file.name}-crawl{crawl_id}.lock")


@contextmanager
def crawl_lock(database: Path, crawl_id: int) -> Iterator[None]:
    """Hold a crawl for this process, until the block or the process ends.

    Raises
    ------
    CrawlBusy
        If another process holds it.
    StoreError
        If the lock's file cannot be made.
    """
    from filelock import FileLock, Timeout

    path = lock_path(database, crawl_id)
    lock = FileLock(path, timeout=PATIENCE_SECONDS, thread_local=False)
    try:
        lock.acquire(poll_interval=PATIENCE_SECONDS / 20)
    except Timeout as error:
        raise CrawlBusy(
            f"crawl {crawl_id} is being worked on by another process; wait for it, or stop it"
        ) from error
    except OSError as error:
        raise StoreError(f"cannot lock crawl {crawl_id} at {path}: {error.strerror}") from error
    try:
        yield
    finally:
        # Removed while it is still held: whoever opens it next makes a new one. Where an open
        # file cannot be removed (Windows) it stays, which harms nothing.
        with suppress(OSError):
            os.unlink(path)
        lock.release()


def is_held(database: Path, crawl_id: int) -> bool:
    """Tell whether a living process works on a crawl; leaves nothing behind."""
    path = lock_path(database, crawl_id)
    if not path.exists():
        return False
    from filelock import FileLock, Timeout

    lock = FileLock(path, timeout=0, thread_local=False)
    try:
        lock.acquire()
    except (Timeout, OSError):
        return True
    lock.release()
    return False
