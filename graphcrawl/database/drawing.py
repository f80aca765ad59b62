"""Drawing a database as a page."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from graphcrawl.database.file import DatabaseFile
from graphcrawl.errors import FileRefused, InputError
from graphcrawl.store import open_for_reading
from graphcrawl.wording import printable

if TYPE_CHECKING:
    from datetime import datetime

    from graphcrawl.graph import SeedTies
    from graphcrawl.map import MapOptions, MapPage


class Drawing(DatabaseFile):
    """Draw the graph."""

    __slots__ = ()

    def map(
        self,
        output: str | Path | None = None,
        *,
        crawl_id: int | None = None,
        at: datetime | None = None,
        diff: tuple[int | datetime, int | datetime] | None = None,
        force: bool = False,
        options: MapOptions | None = None,
    ) -> MapPage:
        """Draw one crawl, the whole database, or what changed, as a page of its own.

        Parameters
        ----------
        output : str, Path or None
            Where it is written: a page of ours is replaced, another file only with `force`.
            None: nowhere; a notebook shows what is returned.
        crawl_id : int or None
        at : datetime or None
            The database as it was known then.
        diff : (int or datetime, int or datetime), or None
            What changed between two crawls or moments, as for `diff`.
        force : bool
        options : MapOptions or None
            What is drawn and how; by default everything, by followers.

        Returns
        -------
        MapPage

        Raises
        ------
        FileRefused
            If something else is in the way, or the path cannot be written.
        InputError
            If more than one of crawl, moment and difference is asked for.
        NothingFound
            If there is no such crawl, or no account.
        StoreError
            If there is no database, or it cannot be read.
        """
        from graphcrawl.map import MapOptions, MapPage

        if output is not None and not force:
            _refuse_strangers(Path(output))
        page = MapPage(self._page(crawl_id, options or MapOptions(), at=at, diff=diff))
        if output is not None:
            page.save(output, force=force)
        return page

    def map_of_seeds(self, output: str | Path, crawl_id: int) -> SeedTies:
        """Draw a crawl as `map` does, and find what `seed_ties` does, reading it once.

        At 20,000 accounts each reading takes a second or two.

        Parameters
        ----------
        output : str or Path
            A page of ours is replaced.
        crawl_id : int

        Raises
        ------
        FileRefused
            If something else is in the way, or the path cannot be written.
        NothingFound
            If there is no such crawl, or no account.
        StoreError
            If there is no database, or it cannot be read.
        """
        from graphcrawl.map import MapOptions, MapPage
        from graphcrawl.outputs import page_and_ties_of

        _refuse_strangers(Path(output))
        with closing(open_for_reading(self.path)) as store:
            html, ties = page_and_ties_of(store, crawl_id, MapOptions())
        MapPage(html).save(output)
        return ties

    def _page(
        self,
        crawl_id: int | None,
        options: MapOptions,
        *,
        at: datetime | None,
        diff: tuple[int | datetime, int | datetime] | None,
    ) -> str:
        from graphcrawl.outputs import page_of, page_of_changes

        if diff is not None and (crawl_id is not None or at is not None):
            raise InputError("--diff says itself what it compares: leave out --crawl and --at")
        with closing(open_for_reading(self.path)) as store:
            if diff is not None:
                return page_of_changes(store, *diff, options)
            return page_of(store, crawl_id, options, at=at)


def _refuse_strangers(path: Path) -> None:
    """Refuse to replace what is no page of ours, before the work is done."""
    from graphcrawl.map import may_replace

    if not may_replace(path):
        if path.is_dir():
            raise FileRefused(f"{printable(str(path))} is a folder; name a file in it")
        raise FileRefused(
            f"{printable(str(path))} is there and is no map of graphcrawl's; name another "
            "file with --output, or replace it with --force"
        )
