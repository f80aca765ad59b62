"""What a database's own errors mean, in a line for whoever reads it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from graphcrawl.errors import NotADatabase, StoreError

REASONS: Final = {
    "readonly": "it cannot be written; check the permissions of the file and its folder",
    "unable to open": "it cannot be opened; check the permissions of the file and its folder",
    "locked": "another program holds it; try again when that has ended",
    "disk is full": "the disk is full; free some space",
    "disk I/O": "the disk refused; check its space and health",
}
"""Parts of what SQLite says, and what they mean to whoever reads it."""


def unusable(path: Path, error: Exception) -> StoreError:
    """Say in one line what a database's own error means."""
    reason = reason_of(error)
    if "not a database" in reason or "malformed" in reason:
        return NotADatabase(
            f"{path} is damaged or no database ({reason}); it was left alone: name another with "
            "--db"
        )
    return StoreError(f"database {path}: {in_words(reason)}")


def reason_of(error: Exception) -> str:
    """Give what SQLite itself said, without SQLAlchemy's words around it."""
    return str(getattr(error, "orig", error))


def in_words(reason: str) -> str:
    """Say what one of SQLite's reasons means, and what to do; an unknown one stands for itself."""
    return next((words for part, words in REASONS.items() if part in reason), reason)
