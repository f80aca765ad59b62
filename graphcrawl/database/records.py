"""What a database tells of its crawls."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from graphcrawl import findings
from graphcrawl.database.file import DatabaseFile
from graphcrawl.store import open_for_reading

if TYPE_CHECKING:
    from graphcrawl.store import (
        CrawlRecord,
        Failure,
    )


class Records(DatabaseFile):
    """Its crawls, and what became of them."""

    __slots__ = ()

    def crawls(self) -> list[CrawlRecord]:
        """Give every crawl, oldest first.

        Raises
        ------
        StoreError
            If there is no database, or it cannot be read.
        """
        from graphcrawl.store import list_crawls

        with closing(open_for_reading(self.path)) as store:
            return list_crawls(store)

    def crawl_record(self, crawl_id: int) -> CrawlRecord:
        """Give one crawl.

        Raises
        ------
        NothingFound
            If there is none of this number.
        StoreError
            If there is no database, or it cannot be read.
        """
        with closing(open_for_reading(self.path)) as store:
            return findings.record_of(store, crawl_id)

    def newest_unfinished(self) -> CrawlRecord | None:
        """Give the newest crawl that is not complete, if there is one.

        Raises
        ------
        StoreError
            If there is no database, or it cannot be read.
        """
        from graphcrawl.store import newest_unfinished

        with closing(open_for_reading(self.path)) as store:
            return newest_unfinished(store)

    def failures(self, crawl_id: int) -> list[Failure]:
        """Give the failed and deferred accounts of a crawl, by cause.

        Raises
        ------
        NothingFound
            If there is no such crawl.
        StoreError
            If there is no database, or it cannot be read.
        """
        from graphcrawl.store import read_failures

        with closing(open_for_reading(self.path)) as store:
            findings.record_of(store, crawl_id)
            return read_failures(store, crawl_id)
