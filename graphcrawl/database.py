"""What `graphcrawl.open` gives: a database to crawl into, ask, draw and clean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from graphcrawl import findings
from graphcrawl.crawl import Report, StopSignal
from graphcrawl.errors import FileRefused, InputError
from graphcrawl.findings import Clustering
from graphcrawl.forecasts import (
    ResumeForecast,
    SeedForecast,
    forecast_resume,
    forecast_seeds,
)
from graphcrawl.graph import ConnectionGraph, Creator, SeedTies
from graphcrawl.graph.difference import Difference
from graphcrawl.graph.options import ClusterOptions
from graphcrawl.map import MapOptions, may_replace, write_page
from graphcrawl.model import AccountRef, Origin
from graphcrawl.pages import page_of, page_of_changes
from graphcrawl.runs import Access, CrawlOptions, CrawlResult, run_again, run_new, run_refresh
from graphcrawl.store import (
    CrawlRecord,
    Failure,
    Forgotten,
    QueryResult,
    RefreshScope,
    Retry,
    database_path,
    forget_account,
    list_crawls,
    merge_accounts,
    newest_unfinished,
    open_for_reading,
    open_store,
    read_failures,
    run_query,
    split_accounts,
)

QUERY_SECONDS: Final = 30.0


@dataclass(frozen=True, slots=True)
class Database:
    """A graph database, by its path; each method opens it for as long as it needs.

    Attributes
    ----------
    path : Path

    Examples
    --------
    >>> import graphcrawl
    >>> database = graphcrawl.open("output/graph.db")  # doctest: +SKIP
    >>> len(database.graph().nodes)  # doctest: +SKIP
    57
    """

    path: Path

    @classmethod
    def at(cls, database: str | Path) -> Database:
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

    def failures(self, crawl_id: int) -> list[Failure]:
        """Give the failed and deferred accounts of a crawl, by cause.

        Raises
        ------
        NothingFound
            If there is no such crawl.
        StoreError
            If there is no database, or it cannot be read.
        """
        with closing(open_for_reading(self.path)) as store:
            findings.record_of(store, crawl_id)
            return read_failures(store, crawl_id)

    def crawls(self) -> list[CrawlRecord]:
        """Give every crawl, oldest first.

        Raises
        ------
        StoreError
            If there is no database, or it cannot be read.
        """
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
        with closing(open_for_reading(self.path)) as store:
            return newest_unfinished(store)

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
            Depth and `max_age` do not count.
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

    def graph(self, crawl_id: int | None = None, *, at: datetime | None = None) -> ConnectionGraph:
        """Read one crawl, or the whole database now or as it was known at a moment.

        Parameters
        ----------
        crawl_id : int or None
        at : datetime or None
            Aware; see `graphcrawl.store.past` for what cannot be rebuilt.

        Raises
        ------
        InputError
            If both are given.
        NothingFound
            If there is no such crawl.
        StoreError
            If there is no database, or it cannot be read.
        """
        with closing(open_for_reading(self.path)) as store:
            return findings.graph_of(store, crawl_id, at=at)

    def diff(self, before: int | datetime, after: int | datetime) -> Difference:
        """Compare two crawls, by their numbers, or the database at two (aware) moments.

        Returns
        -------
        Difference
            What one side did not ask about is not known there: never gained, never lost.

        Raises
        ------
        NothingFound
            If there is no such crawl, or nothing was known yet.
        StoreError
            If there is no database, or it cannot be read.
        """
        with closing(open_for_reading(self.path)) as store:
            return findings.difference_of(store, before, after)

    def seed_ties(self, crawl_id: int) -> SeedTies:
        """Find how the seeds of a crawl hang together: groups, owners, whom they share.

        Raises
        ------
        NothingFound
            If there is no such crawl.
        StoreError
            If there is no database, or it cannot be read.
        """
        with closing(open_for_reading(self.path)) as store:
            return findings.seed_ties_of(store, crawl_id)

    def clusters(
        self, options: ClusterOptions | None = None, *, crawl_id: int | None = None
    ) -> Clustering:
        """Find clusters in one crawl, or in the whole database, and store them.

        Numbers stay as the graph grows: those of the newest clustering of the same options are
        given again to the clusters that they overlap with most. Nothing is written where nothing
        has changed since.

        Parameters
        ----------
        options : ClusterOptions or None
        crawl_id : int or None

        Returns
        -------
        Clustering

        Raises
        ------
        InputError
            If the options cannot be used.
        NothingFound
            If there is no such crawl, or no account.
        StoreError
            If there is no database, or it cannot be written.
        """
        with closing(open_store(self.path)) as store:
            return findings.cluster(store, options or ClusterOptions(), crawl_id)

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

    def creators(self, crawl_id: int | None = None) -> tuple[Creator, ...]:
        """Find the accounts of one owner across networks, and keep them in the tables.

        Parameters
        ----------
        crawl_id : int or None
            Give only those of whom one crawl holds an account. Whose an account is does not
            depend on it: that is found, and kept, for the whole database.

        Returns
        -------
        tuple of Creator
            The most followed first. A creator keeps its number from run to run.

        Raises
        ------
        NothingFound
            If there is no such crawl.
        StoreError
            If there is no database, or it cannot be read, or has to be written and cannot be.
        """
        with closing(open_for_reading(self.path)) as store:
            known = findings.known_creators(store)
            held = None if crawl_id is None else findings.held_by(store, crawl_id)
        if known.numbers is None:
            with closing(open_store(self.path)) as store:
                known = findings.keep_creators(store, known)
        numbers = known.numbers or ()
        stored = [replace(one, id=at) for one, at in zip(known.found, numbers, strict=True) if at]
        return tuple(one for one in stored if held is None or one.node_ids & held)

    def merge_creators(self, refs: Sequence[AccountRef]) -> tuple[Creator, ...]:
        """Decide that accounts have one owner, whatever the evidence; later runs keep to it.

        Returns
        -------
        tuple of Creator
            All creators, found anew.

        Raises
        ------
        InputError
            If they are fewer than two, or a name is borne by several.
        NothingFound
            If there is no such account.
        StoreError
            If there is no database, or it cannot be written.
        """
        with closing(open_store(self.path)) as store:
            merge_accounts(store, refs)
        return self.creators()

    def split_creators(self, refs: Sequence[AccountRef]) -> tuple[Creator, ...]:
        """Decide that each of some accounts stands alone, whatever the evidence.

        Later runs keep to it, until it is merged with another one. What is returned and raised is
        as for `merge_creators`; one account is enough.
        """
        with closing(open_store(self.path)) as store:
            split_accounts(store, refs)
        return self.creators()

    def forget(self, ref: AccountRef) -> Forgotten:
        """Delete an account's data for good, and keep it from coming back.

        Raises
        ------
        NothingFound
            If there is no such account.
        StoreError
            If there is no database, or it cannot be written.
        """
        with closing(open_store(self.path)) as store:
            return forget_account(store, ref)

    def query(
        self,
        sql: str,
        *,
        parameters: Mapping[str, object] | None = None,
        timeout: float = QUERY_SECONDS,
    ) -> QueryResult:
        """Run one reading statement; see `graphcrawl.store.run_query`."""
        return run_query(self.path, sql, parameters=parameters, timeout=timeout)
