"""A graph database by its path."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Self

from graphcrawl.errors import StoreError
from graphcrawl.model import Origin
from graphcrawl.store import database_path, open_for_reading
from graphcrawl.wording import plural, printable

if TYPE_CHECKING:
    from pathlib import Path

    from graphcrawl.store import Totals


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

    def totals(self) -> Totals:
        """Count the accounts, connections and crawls in it.

        Raises
        ------
        StoreError
            If there is no database, or it cannot be read.
        """
        from graphcrawl.store import read_totals

        with closing(open_for_reading(self.path)) as store:
            return read_totals(store)

    def _repr_html_(self) -> str:
        return f"<p><b>{escape(printable(str(self.path)))}</b><br>{escape(self._told())}</p>"

    def _told(self) -> str:
        """Say in one line what it holds, or why that cannot be said."""
        from graphcrawl.store import read_totals

        try:
            with closing(open_for_reading(self.path)) as store:
                held, origin = read_totals(store), store.origin
        except StoreError as error:
            return str(error)
        said = (
            f"{plural(held.accounts, 'account')}, {held.asked:,} of them asked; "
            f"{plural(held.connections, 'connection')}; {plural(held.crawls, 'crawl')}"
        )
        return f"{said}." if origin is Origin.VENDOR else f"{said}. {origin.capitalize()} data."
