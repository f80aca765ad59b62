"""Crawling into a database: anew, on, again, and what that would take."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing

from graphcrawl import findings
from graphcrawl.crawl import Report, StopSignal
from graphcrawl.database.file import DatabaseFile
from graphcrawl.forecasts import ResumeForecast, SeedForecast, forecast_resume, forecast_seeds
from graphcrawl.model import AccountRef
from graphcrawl.runs import Access, CrawlOptions, CrawlResult, run_again, run_new, run_refresh
from graphcrawl.store import CrawlRecord, RefreshScope, Retry, open_store


class Crawling(DatabaseFile):
    """Crawl into the database, go on, ask again."""

    __slots__ = ()

    def crawl(
        self,
        seeds: Sequence[AccountRef],
        access: Access,
        options: CrawlOptions | None = None,
        *,
        stop: StopSignal | None = None,
        report: Report | None = None,
    ) -> CrawlResult:
        """Crawl from seeds into this database, which is made when it is absent.

        Parameters
        ----------
        seeds : sequence of AccountRef
        access : Access
            Whom to ask; a database holds answers of one origin only.
        options : CrawlOptions or None
        stop : StopSignal or None
            Set it to end within the running requests.
        report : callable or None
            Is given the progress now and then.

        Returns
        -------
        CrawlResult
            Also when the crawl ended early: `CrawlResult.ended` says why.

        Raises
        ------
        InputError
            If seeds or options cannot be used.
        StoreError
            If the database cannot be made, opened or written.
        """
        options = options or CrawlOptions()
        options.check(access)
        with closing(open_store(self.path, origin=access.origin)) as store:
            return run_new(store, seeds, access, options, stop=stop, report=report)

    def resume(
        self,
        record: CrawlRecord,
        access: Access,
        options: CrawlOptions,
        *,
        retry: Retry = Retry.USED_UP,
        stop: StopSignal | None = None,
        report: Report | None = None,
    ) -> CrawlResult:
        """Go on with a crawl, or deepen a finished one; parameters as for `crawl`.

        Parameters
        ----------
        retry : Retry
            Which failed accounts are asked again.

        Raises
        ------
        CrawlBusy
            If another process works on it.
        InputError
            If the options cannot be used.
        StoreError
            If the database cannot be opened or written.
        """
        with closing(open_store(self.path)) as store:
            store.refuse_other(access.origin)
            return run_again(store, record, access, options, retry=retry, stop=stop, report=report)

    def refresh(
        self,
        access: Access,
        options: CrawlOptions | None = None,
        *,
        scope: RefreshScope | None = None,
        stop: StopSignal | None = None,
        report: Report | None = None,
    ) -> CrawlResult | None:
        """Ask again for accounts that were asked before, in a crawl that goes no deeper.

        Parameters
        ----------
        access : Access
        options : CrawlOptions or None
            Depth, `max_age` and `Filters.complete` do not count.
        scope : RefreshScope or None
            Which accounts; by default all.
        stop, report
            As for `crawl`.

        Returns
        -------
        CrawlResult or None
            None, and no crawl, if nothing is older than the scope wants.

        Raises
        ------
        InputError
            If the options cannot be used.
        NothingFound
            If nothing that is meant was ever asked, or there is no such crawl.
        StoreError
            If the database cannot be opened or written.
        """
        options, scope = options or CrawlOptions(), scope or RefreshScope()
        with closing(open_store(self.path)) as store:
            store.refuse_other(access.origin)
            for crawl_id in scope.crawls:
                findings.record_of(store, crawl_id)
            return run_refresh(store, scope, access, options, stop=stop, report=report)

    def forecast(
        self, seeds: Sequence[AccountRef], options: CrawlOptions | None = None
    ) -> SeedForecast:
        """Tell what a crawl would ask, by what is stored; nothing is asked or written.

        Raises
        ------
        StoreError
            If there is a database that cannot be read.
        """
        return forecast_seeds(self.path, seeds, options or CrawlOptions())

    def forecast_resume(
        self, record: CrawlRecord, options: CrawlOptions, *, retry: Retry = Retry.USED_UP
    ) -> ResumeForecast:
        """Tell what going on with a crawl would ask; nothing is asked or written.

        Raises
        ------
        StoreError
            If there is no database, or it cannot be read.
        """
        return forecast_resume(self.path, record, options, retry=retry)
