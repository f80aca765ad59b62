"""Files put in their place in one step: whoever opens a path sees the old file or the new one."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from graphcrawl.errors import FileRefused
from graphcrawl.wording import printable

STALE_SECONDS: Final = 3_600.0
"""What lies beside a file for so long is not being written any more."""

_BESIDE: Final = re.compile(r"\.graphcrawl-[0-9]+-[0-9a-f]{8}\.tmp")


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a path to write a file at; when the block ends it takes the place of `path`.

    Whatever ends the block early leaves `path` as it was, and nothing beside it.

    Raises
    ------
    OSError
        If it cannot be written; see `told_of_writing`.
    """
    clear_stale(path.parent)
    beside = path_beside(path)
    try:
        yield beside
        os.replace(beside, path)
    finally:
        with suppress(FileNotFoundError):
            beside.unlink()


@contextmanager
def filling(folder: Path, *, seal: str) -> Iterator[Path]:
    """Give a new folder to write files in; when the block ends they are in `folder`, whole.

    A folder that is not there yet appears in one step. In one that is there each file takes the
    place of the one of its name, and other files stay; no system can do that in one step.

    Parameters
    ----------
    folder : Path
    seal : str
        The name of one of the files: it is taken away first and comes last, so that where it is,
        the others belong together.

    Raises
    ------
    OSError
        If it cannot be written; see `told_of_writing`.
    """
    beside = path_beside(folder)
    beside.mkdir()
    try:
        yield beside
        if folder.exists():
            _move_in(beside, folder, seal)
        else:
            os.replace(beside, folder)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _move_in(made: Path, folder: Path, seal: str) -> None:
    (folder / seal).unlink(missing_ok=True)
    others = sorted(file.name for file in made.iterdir() if file.name != seal)
    for name in (*others, seal):
        os.replace(made / name, folder / name)


def clear_stale(folder: Path) -> None:
    """Delete what processes that were killed while they wrote have left in a folder."""
    long_ago = time.time() - STALE_SECONDS
    for left in folder.glob(".graphcrawl-*.tmp"):
        # What cannot be deleted is no reason not to write.
        with suppress(OSError):
            found = os.lstat(left)
            is_ours = _BESIDE.fullmatch(left.name) and stat.S_ISREG(found.st_mode)
            if is_ours and found.st_mtime < long_ago:
                left.unlink()


def path_beside(path: Path) -> Path:
    """Name a new path in the same folder, since a rename is atomic within one file system only."""
    return path.with_name(f".graphcrawl-{os.getpid()}-{secrets.token_hex(4)}.tmp")


@contextmanager
def told_of_writing(path: Path) -> Iterator[None]:
    """Turn what keeps a path from being written into an error of ours.

    Raises
    ------
    FileRefused
    """
    try:
        yield
    except OSError as error:
        reason = error.strerror or error
        raise FileRefused(f"{printable(str(path))}: cannot be written: {reason}") from error


def is_taken(path: Path) -> bool:
    """Whether a file of its own is there.

    Raises
    ------
    FileRefused
        If something else is: a folder, a link, a device.
    OSError
        If it cannot be seen.
    """
    try:
        mode = os.lstat(path).st_mode
    except FileNotFoundError:
        return False
    if stat.S_ISDIR(mode):
        raise FileRefused(f"{printable(str(path))}: is a folder; give a file's name")
    if not stat.S_ISREG(mode):
        raise FileRefused(
            f"{printable(str(path))}: is a link or a device, not a file of its own; give another "
            "name"
        )
    return True
