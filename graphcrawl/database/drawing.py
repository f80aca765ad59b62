"""Drawing a database as a page."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime
from pathlib import Path

from graphcrawl.database.file import DatabaseFile
from graphcrawl.errors import FileRefused, InputError
from graphcrawl.map import MapOptions, may_replace, write_page
from graphcrawl.pages import page_of, page_of_changes
from graphcrawl.store import open_for_reading


class Drawing(DatabaseFile):
    """Draw the graph."""

    __slots__ = ()

    def map(
        self,
        output: Path,
        *,
        crawl_id: int | None = None,
        at: datetime | None = None,
        diff: tuple[int | datetime, int | datetime] | None = None,
        force: bool = False,
        options: MapOptions | None = None,
    ) -> None:
        """Draw one crawl, the whole database, or what changed, as a page of its own.

        Parameters
        ----------
        output : Path
            A page of ours is replaced, another file only with `force`.
        crawl_id, at, diff
            As for `page`.
        force : bool
        options : MapOptions or None
            What is drawn and how; by default everything, by followers.

        Raises
        ------
        FileRefused
            If something else is in the way, or the path cannot be written.
        NothingFound
            If there is no such crawl, or no account.
        StoreError
            If there is no database, or it cannot be read.
        """
        if not force and not may_replace(output):
            raise FileRefused(
                f"{output} is there and is no map of graphcrawl's; name another file with "
                "--output, or replace it with --force"
            )
        page = self.page(crawl_id, options, at=at, diff=diff)
        write_page(page, output, force=force)

    def page(
        self,
        crawl_id: int | None = None,
        options: MapOptions | None = None,
        *,
        at: datetime | None = None,
        diff: tuple[int | datetime, int | datetime] | None = None,
    ) -> str:
        """Give the page that `map` writes.

        Parameters
        ----------
        crawl_id : int or None
        options : MapOptions or None
        at : datetime or None
            The database as it was known then.
        diff : (int or datetime, int or datetime), or None
            What changed between two crawls or moments, as for `diff`.

        Raises
        ------
        InputError
            If more than one of crawl, moment and difference is asked for.
        NothingFound
            If there is no such crawl, or no account.
        StoreError
            If there is no database, or it cannot be read.
        """
        options = options or MapOptions()
        if diff is not None and (crawl_id is not None or at is not None):
            raise InputError("--diff says itself what it compares: leave out --crawl and --at")
        with closing(open_for_reading(self.path)) as store:
            if diff is not None:
                return page_of_changes(store, *diff, options)
            return page_of(store, crawl_id, options, at=at)
