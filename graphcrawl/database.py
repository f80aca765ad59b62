"""What `graphcrawl.open` gives: a database to crawl into, ask, draw and clean."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from graphcrawl import map as pages
from graphcrawl.crawl import StopSignal
from graphcrawl.crawl.engine import Report
from graphcrawl.errors import FileRefused, NothingFound
from graphcrawl.graph import (
    ConnectionGraph,
    Creator,
    CreatorAccount,
    Decisions,
    Edge,
    Node,
    find_creators,
)
from graphcrawl.graph.options import ClusterOptions
from graphcrawl.map import MapOptions
from graphcrawl.model import AccountRef, Origin, Thumbnail
from graphcrawl.runs import Access, CrawlOptions, CrawlResult, run_again, run_new
from graphcrawl.store import (
    AccountFacts,
    ClusteringFacts,
    ClusteringSettings,
    CrawlRecord,
    CreatorFacts,
    Forgotten,
    QueryResult,
    Store,
    count_avatars,
    crawl_record,
    database_path,
    forget_account,
    highest_cluster,
    list_crawls,
    merge_accounts,
    newest_clustering,
    newest_unfinished,
    numbers_of,
    open_for_reading,
    open_store,
    read_avatars,
    read_decisions,
    read_graph,
    run_query,
    save_clustering,
    split_accounts,
    store_creators,
)

if TYPE_CHECKING:
    from graphcrawl.graph.communities import Communities
    from graphcrawl.graph.numbering import Earlier

QUERY_SECONDS: Final = 30.0
_LONGEST_NAME: Final = 60
_LARGEST_KEY: Final = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Clustering:
    """Clusters as they were found and stored.

    Attributes
    ----------
    id : int
        `clusterings.id`; an earlier one where nothing has changed since.
    found : Communities
        Numbered as in the table `memberships`.
    origin : Origin
    accounts : int
    asked : int
        How many of them were asked for their connections: of the others only those ties are
        known that lead to them from asked ones.
    """

    id: int
    found: Communities
    origin: Origin
    accounts: int
    asked: int


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
        stop: StopSignal | None = None,
        report: Report | None = None,
    ) -> CrawlResult:
        """Go on with a crawl, or deepen a finished one; parameters as for `crawl`.

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
            return run_again(store, record, access, options, stop=stop, report=report)

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
            # A larger number than a key can be would not even reach the database.
            return crawl_record(store, max(0, min(crawl_id, _LARGEST_KEY)))

    def newest_unfinished(self) -> CrawlRecord | None:
        """Give the newest crawl that is not complete, if there is one.

        Raises
        ------
        StoreError
            If there is no database, or it cannot be read.
        """
        with closing(open_for_reading(self.path)) as store:
            return newest_unfinished(store)

    def graph(self, crawl_id: int | None = None) -> ConnectionGraph:
        """Read one crawl, or the whole database, as a graph.

        Raises
        ------
        NothingFound
            If there is no such crawl.
        StoreError
            If there is no database, or it cannot be read.
        """
        with closing(open_for_reading(self.path)) as store:
            return _graph(store, crawl_id)

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
        from graphcrawl.graph.communities import find_communities

        options = options or ClusterOptions()
        options.check()
        with closing(open_store(self.path)) as store:
            graph = _graph(store, crawl_id)
            if not graph.nodes:
                raise NothingFound(f"{self.path} holds no account; graphcrawl seed brings some")
            settings = _clustering_settings(options, crawl_id)
            found = find_communities(graph, options, earlier=_earlier(store, settings))
            facts = ClusteringFacts(found.engine, found.modularity, found.numbers(), found.names())
            return Clustering(
                id=save_clustering(store, settings, facts),
                found=found,
                origin=store.origin,
                accounts=len(graph.nodes),
                asked=sum(node.visit == "done" for node in graph.nodes),
            )

    def map(
        self,
        output: Path,
        *,
        crawl_id: int | None = None,
        force: bool = False,
        options: MapOptions | None = None,
    ) -> None:
        """Draw one crawl, or the whole database, as a page of its own.

        Parameters
        ----------
        output : Path
            A page of ours is replaced, another file only with `force`.
        crawl_id : int or None
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
        if not force and not pages.may_replace(output):
            raise FileRefused(
                f"{output} is there and is no map of graphcrawl's; name another file with "
                "--output, or replace it with --force"
            )
        pages.write_page(self.page(crawl_id, options), output, force=force)

    def page(self, crawl_id: int | None = None, options: MapOptions | None = None) -> str:
        """Give the page that `map` writes.

        Raises
        ------
        NothingFound
            If there is no such crawl, or no account.
        StoreError
            If there is no database, or it cannot be read.
        """
        options = options or MapOptions()
        record = None if crawl_id is None else self.crawl_record(crawl_id)
        selection = self._selected(crawl_id, options)
        heading = pages.describe(
            selection.graph,
            seeds=record.seeds if record else (),
            rate=record.settings.get("rate") if record else None,
            depth=record.depth if record else None,
        )
        if options.title is not None:
            heading = replace(heading, title=options.title)
        with closing(open_for_reading(self.path)) as store:
            pictures, unshown = pictures_of(store, selection.graph)
        return pages.draw(
            selection.graph,
            heading=heading,
            size=options.size,
            left_out=(*selection.left_out, *unshown),
            pictures=pictures,
        )

    def _selected(self, crawl_id: int | None, options: MapOptions) -> pages.Selection:
        graph = self.graph(crawl_id)
        if not graph.nodes:
            raise NothingFound(f"{self.path} holds no account to draw; graphcrawl seed brings some")
        selection = pages.select(graph, options)
        if not selection.graph.nodes:
            words = " and ".join(map(str, options.filters))
            raise NothingFound(f"no account in {self.path} has {words}")
        return selection

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
        held = None if crawl_id is None else {node.id for node in self.graph(crawl_id).nodes}
        graph = self.graph()
        with closing(open_for_reading(self.path)) as store:
            found = find_creators(graph, Decisions(*read_decisions(store)))
            facts = [_facts_of(creator) for creator in found]
            numbers: Sequence[int | None] | None = numbers_of(store, facts)
        if numbers is None:
            with closing(open_store(self.path)) as store:
                numbers = store_creators(store, facts)
        stored = [replace(one, id=at) for one, at in zip(found, numbers, strict=True) if at]
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


def pictures_of(
    store: Store, drawn: ConnectionGraph
) -> tuple[Mapping[int, Thumbnail], tuple[str, ...]]:
    """Give the pictures that a page shows, and the sentence about those that it does not."""
    wanted = pages.by_importance(drawn)
    shown = read_avatars(store, wanted, most_bytes=pages.MOST_BYTES)
    unshown = pages.left_out_sentence(len(shown), count_avatars(store, wanted))
    return shown, (unshown,) if unshown else ()


def _graph(store: Store, crawl_id: int | None) -> ConnectionGraph:
    if crawl_id is not None:
        crawl_record(store, max(0, min(crawl_id, _LARGEST_KEY)))
    facts = read_graph(store, crawl_id)
    return ConnectionGraph(
        nodes=tuple(Node(*node) for node in facts.nodes),
        edges=tuple(Edge(*edge) for edge in facts.edges),
        origin=store.origin,
    )


def _clustering_settings(options: ClusterOptions, crawl_id: int | None) -> ClusteringSettings:
    return ClusteringSettings(
        method=options.method.value,
        weight=options.weight.value,
        resolution=options.resolution,
        rng_seed=options.rng_seed,
        crawl_id=crawl_id,
    )


def _earlier(store: Store, settings: ClusteringSettings) -> Earlier:
    from graphcrawl.graph.numbering import Earlier

    newest = newest_clustering(store, settings)
    numbers = {} if newest is None else newest[1].numbers
    return Earlier(numbers, highest_cluster(store, settings))


def _facts_of(creator: Creator) -> CreatorFacts:
    accounts = sorted(creator.accounts, key=lambda account: account.node.id)
    return CreatorFacts(creator.name, tuple(map(_account_facts, accounts)))


def _account_facts(account: CreatorAccount) -> AccountFacts:
    evidence = [
        {
            "node_id": one.account.id,
            "confidence": one.confidence.value,
            "reasons": list(one.reasons),
        }
        for one in account.evidence
    ]
    return AccountFacts(account.node.id, account.confidence.value, evidence)


def map_name(seeds: Sequence[str], *, simulated: bool) -> str:
    """Give the file name of a crawl's map, made from its seeds.

    Whatever the seeds are called, the name stays within its folder.
    """
    first = seeds[0].replace(":id:", ":") if seeds else "all"
    plain = unicodedata.normalize("NFKC", first).casefold()
    words = re.sub(r"[^\w]+", "-", plain).strip("-_")[:_LONGEST_NAME] or "map"
    more = f"-and-{len(seeds) - 1}-more" if len(seeds) > 1 else ""
    return f"{'demo-' if simulated else ''}{words}{more}.html"
