"""Putting a page in its place, and never in that of someone else's file."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Final

from graphcrawl.errors import FileRefused
from graphcrawl.whole_files import replacing
from graphcrawl.wording import printable

GENERATOR: Final = "graphcrawl map"
_MARK: Final = f'<meta name="generator" content="{GENERATOR}">'.encode()
_MARK_WITHIN: Final = 4096


def may_replace(path: Path) -> bool:
    """Whether a page may be written here without force: nothing is there, or a page of ours.

    Parameters
    ----------
    path : Path
        Only the first 4 KB of what is there are read.
    """
    try:
        return _refusal(path) is None
    except OSError:
        return False


def write_page(html: str, path: Path, *, force: bool = False) -> None:
    """Write a page in one step: whoever opens the path sees the old file or the whole new one.

    Parameters
    ----------
    html : str
        As `draw` returns it.
    path : Path
        Its folder is made where it is missing.
    force : bool
        Replace a file that is not a page of ours, too; a link or a folder never.

    Raises
    ------
    FileRefused
        Where something else is in the way, or the path cannot be written.
    """
    try:
        reason = _refusal(path, force=force)
        if reason is None:
            path.parent.mkdir(parents=True, exist_ok=True)
            with replacing(path) as beside:
                beside.write_bytes(html.encode("utf-8"))
    except OSError as error:
        reason = f"cannot be written: {error.strerror or error}"
    if reason is not None:
        raise FileRefused(f"{printable(str(path))}: {reason}")


def _refusal(path: Path, *, force: bool = False) -> str | None:
    try:
        mode = os.lstat(path).st_mode
    except FileNotFoundError:
        return None
    if stat.S_ISDIR(mode):
        return "is a folder; give a file's name"
    if not stat.S_ISREG(mode):
        return "is a link or a device, not a file of its own; give another name"
    if force or _is_ours(path):
        return None
    return "is not a map made by graphcrawl; --force replaces it"


def _is_ours(path: Path) -> bool:
    with path.open("rb") as file:
        return _MARK in file.read(_MARK_WITHIN)
