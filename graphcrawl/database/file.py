"""A graph database by its path."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from graphcrawl.model import Origin
from graphcrawl.store import database_path, open_for_reading


@dataclass(frozen=True, slots=True)
class DatabaseFile:
    """A graph database, by its path; each method opens it for as long as it needs.

    Attributes
    ----------
    path : Path
    """

    path: Path

    @classmethod
    def at(cls, database: str | Path) -> Self:
        """Name a database by its path or SQLAlchemy URL; it need not exist yet.

        Raises
        ------
        StoreError
            If the URL is none, or of a database that is not supported.
        """
        return cls(database_path(database))

    @property
    def origin(self) -> Origin:
        """Whom the answers in it come from."""
        with closing(open_for_reading(self.path)) as store:
            return store.origin
