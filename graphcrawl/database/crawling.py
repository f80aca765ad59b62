"""Crawling into a database: anew, on, again, and what that would take."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, overload

from graphcrawl import findings
from graphcrawl.database.file import DatabaseFile
from graphcrawl.database.given import each, referred
from graphcrawl.settings import current_settings
from graphcrawl.store import Retry, open_for_reading, open_store, origin_held, refuse_mixing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphcrawl.crawl import Report, StopSignal
    from graphcrawl.forecasts import ResumeForecast, SeedForecast
    from graphcrawl.model import AccountRef, Origin
    from graphcrawl.runs import Access, CrawlOptions, CrawlResult
    from graphcrawl.store import CrawlRecord, RefreshScope


class Crawling(DatabaseFile):
    """Crawl into the database, go on, ask again."""

    __slots__ = ()

    def crawl(
        self,
        seeds: Sequence[AccountRef | str],
        access: Access | None = None,
        options: CrawlOptions | None = None,
        *,
        stop: StopSignal | None = None,
        report: Report | None = None,
    ) -> CrawlResult:
        """Crawl from seeds into this database, which is made when it is absent.

        Everything is saved as it comes: after Ctrl-C, or a notebook's stop button, `resume` goes
        on.

        Parameters
        ----------
        seeds : sequence of AccountRef or str
            As text ``instagram:nasa``, ``youtube:id:UC...`` or a profile's URL.
        access : Access or None
            Whom to ask; a database holds answers of one origin only. None: the vendor, by the
            user's own settings (environment, ``.env``, configuration file).
        options : CrawlOptions or None
            By default depth 2 at the usual rate, and without a rate for the built-in simulator.
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
        MissingCredentials
            If access is left to the settings, and they hold none.
        StoreError
            If the database cannot be made, opened or written.

        Examples
        --------
        >>> import graphcrawl
        >>> database = graphcrawl.open("output/demo.db")  # doctest: +SKIP
        >>> with graphcrawl.demo() as access:  # doctest: +SKIP
        ...     database.crawl(["instagram:nasa"], access)
        """
        from graphcrawl.runs import run_new
        from graphcrawl.services import usual_options, vendor

        refs = [referred(one) for one in each(seeds)]
        access = access or vendor(current_settings())
        options = options or usual_options(access)
        options.check(access)
        with closing(open_store(self.path, origin=access.origin)) as store:
            return run_new(
                store, list(dict.fromkeys(refs)), access, options, stop=stop, report=report
            )

    @overload
    def resume(
        self,
        crawl: CrawlRecord | int,
        access: Access | None = None,
        options: CrawlOptions | None = None,
        *,
        retry: Retry = Retry.USED_UP,
        stop: StopSignal | None = None,
        report: Report | None = None,
    ) -> CrawlResult: ...

    @overload
    def resume(
        self,
        crawl: None = None,
        access: Access | None = None,
        options: CrawlOptions | None = None,
        *,
        retry: Retry = Retry.USED_UP,
        stop: StopSignal | None = None,
        report: Report | None = None,
    ) -> CrawlResult | None: ...

    def resume(
        self,
        crawl: CrawlRecord | int | None = None,
        access: Access | None = None,
        options: CrawlOptions | None = None,
        *,
        retry: Retry = Retry.USED_UP,
        stop: StopSignal | None = None,
        report: Report | None = None,
    ) -> CrawlResult | None:
        """Go on with a crawl, or deepen a finished one; parameters as for `crawl`.

        Parameters
        ----------
        crawl : CrawlRecord, int or None
            None: the newest unfinished one.
        options : CrawlOptions or None
            By default as the crawl was begun, but for bounds on requests and time.
        retry : Retry
            Which failed accounts are asked again.

        Returns
        -------
        CrawlResult or None
            None if no crawl was named, and none is unfinished.

        Raises
        ------
        CrawlBusy
            If another process works on it.
        InputError
            If the options cannot be used.
        MissingCredentials
            As for `crawl`.
        NothingFound
            If there is no crawl of this number.
        StoreError
            If the database cannot be opened or written.
        """
        from graphcrawl.runs import run_again
        from graphcrawl.services import options_again, vendor

        record = self._to_resume(crawl)
        if record is None:
            return None
        access = access or vendor(current_settings())
        options = options or options_again(record.settings)
        with closing(open_store(self.path)) as store:
            store.refuse_other(access.origin)
            return run_again(store, record, access, options, retry=retry, stop=stop, report=report)

    def _to_resume(self, crawl: CrawlRecord | int | None) -> CrawlRecord | None:
        from graphcrawl.store import CrawlRecord, newest_unfinished

        if isinstance(crawl, CrawlRecord):
            return crawl
        with closing(open_for_reading(self.path)) as store:
            return newest_unfinished(store) if crawl is None else findings.record_of(store, crawl)

    def refresh(
        self,
        access: Access | None = None,
        options: CrawlOptions | None = None,
        *,
        scope: RefreshScope | None = None,
        stop: StopSignal | None = None,
        report: Report | None = None,
    ) -> CrawlResult | None:
        """Ask again for accounts that were asked before, in a crawl that goes no deeper.

        Parameters
        ----------
        access : Access or None
            As for `crawl`.
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
        from graphcrawl.runs import run_refresh
        from graphcrawl.services import usual_options, vendor
        from graphcrawl.store import RefreshScope

        access = access or vendor(current_settings())
        options, scope = options or usual_options(access), scope or RefreshScope()
        with closing(open_store(self.path)) as store:
            store.refuse_other(access.origin)
            for crawl_id in scope.crawls:
                findings.record_of(store, crawl_id)
            return run_refresh(store, scope, access, options, stop=stop, report=report)

    def refuse_other(self, origin: Origin) -> None:
        """Refuse data of another origin than the database holds; one that is not there takes any.

        Raises
        ------
        SourceMismatch
            If it holds other data.
        StoreError
            If it cannot be read.
        """
        held = origin_held(self.path)
        if held is not None:
            refuse_mixing(self.path, held, origin)

    def forecast(
        self, seeds: Sequence[AccountRef], options: CrawlOptions | None = None
    ) -> SeedForecast:
        """Tell what a crawl would ask, by what is stored; nothing is asked or written.

        Raises
        ------
        StoreError
            If there is a database that cannot be read.
        """
        from graphcrawl.forecasts import forecast_seeds
        from graphcrawl.runs import CrawlOptions

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
        from graphcrawl.forecasts import forecast_resume

        return forecast_resume(self.path, record, options, retry=retry)
