"""``-`` for a file: what is piped in, kept as a file for as long as it is read."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from graphcrawl.errors import InputError

STDIN: Final = Path("-")
NAME: Final = "standard input"


@contextmanager
def as_files(*files: Path | None) -> Iterator[tuple[Path | None, ...]]:
    """Give files as they are, but for ``-``, which becomes a file of what is piped in.

    Readers tell a format by its first bytes, look into archives from their end, and find the line
    of a broken character in a second reading: a pipe bears none of it.

    Parameters
    ----------
    *files : Path or None
        One of them may be ``-``; a file of that name is given with its folder's path.

    Yields
    ------
    tuple of Path or None
        In the same order. The file of what was piped in is called `NAME`, and in what is raised
        meanwhile it is not called otherwise.

    Raises
    ------
    InputError
        If there are several, nothing is piped in, or it cannot be kept.
    """
    if STDIN not in files:
        yield files
        return
    if files.count(STDIN) > 1:
        raise InputError("only one file can be - (standard input): name the other")
    if sys.stdin is None or sys.stdin.isatty():
        raise InputError("- reads a file from standard input: pipe one in, or name it")
    with _told():
        folder = TemporaryDirectory(prefix="graphcrawl-")
    with folder:
        with _told():
            held = _written(Path(folder.name))
        try:
            yield tuple(held if file == STDIN else file for file in files)
        except InputError as error:
            raise type(error)(str(error).replace(str(held), NAME)) from error


def _written(folder: Path) -> Path:
    path = folder / NAME
    with path.open("wb") as file:
        shutil.copyfileobj(sys.stdin.buffer, file)
    return path


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = error.strerror or error
        raise InputError(
            f"{NAME} cannot be kept as a file: {reason}; make room in the folder for temporary "
            "files, or name another with TMPDIR"
        ) from error
