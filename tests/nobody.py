"""A user whom permissions stop: tests that run as root would see none of them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

NOBODY: Final = 65534


@contextmanager
def public_folder(mode: int) -> Iterator[Path]:
    """Give a folder that somebody else can reach, as those of pytest are not."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(mode)
        yield folder


@contextmanager
def as_nobody() -> Iterator[None]:
    """Be somebody whom permissions stop, for a while."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(user)
