"""Reading a database: its graph, what changed in it, anyone's SQL."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Final

from graphcrawl import findings
from graphcrawl.database.file import DatabaseFile
from graphcrawl.database.given import Condition, conditions
from graphcrawl.sql import named_query, run_query
from graphcrawl.store import open_for_reading

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    import networkx as nx

    from graphcrawl.graph import ConnectionGraph, SeedTies
    from graphcrawl.graph.difference import Difference
    from graphcrawl.sql import QueryResult

QUERY_SECONDS: Final = 30.0


class Reading(DatabaseFile):
    """Read the graph, compare, ask in SQL."""

    __slots__ = ()

    def graph(
        self,
        crawl_id: int | None = None,
        *,
        at: datetime | None = None,
        filters: Iterable[Condition] = (),
    ) -> ConnectionGraph:
        """Read one crawl, or the whole database now or as it was known at a moment.

        Parameters
        ----------
        crawl_id : int or None
        at : datetime or None
            Aware; see `graphcrawl.store.past` for what cannot be rebuilt.
        filters : iterable of str or Filter
            Accounts that do not fulfil all of them are left out, with their connections:
            ``"network=instagram"``, ``"state=READY"``, ``"depth<=1"``, ``"followers>=10K"``,
            ``"tag=press"``, or a column of your own: ``"topic=space"``.

        Raises
        ------
        InputError
            If a crawl and a moment are given, or a filter is none.
        NothingFound
            If there is no such crawl.
        StoreError
            If there is no database, or it cannot be read.
        """
        wanted = conditions(filters)
        with closing(open_for_reading(self.path)) as store:
            return findings.chosen_in(store, findings.graph_of(store, crawl_id, at=at), wanted)

    def networkx(
        self,
        crawl_id: int | None = None,
        *,
        at: datetime | None = None,
        filters: Iterable[Condition] = (),
    ) -> nx.DiGraph:
        """Read the same as `graph` does, as a `networkx.DiGraph`.

        Returns
        -------
        networkx.DiGraph
            Nodes are `nodes.id`, as in SQL and in exports; see
            `graphcrawl.graph.digraph.digraph_of` for the attributes.
        """
        from graphcrawl.graph.digraph import digraph_of

        return digraph_of(self.graph(crawl_id, at=at, filters=filters))

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

    def query(
        self,
        sql: str,
        *,
        parameters: Mapping[str, object] | None = None,
        timeout: float = QUERY_SECONDS,
    ) -> QueryResult:
        """Run one reading statement; see `graphcrawl.sql.run_query`.

        A database of an earlier graphcrawl is first brought up to date, so that ready-made queries
        find their tables, and nothing changes while rows are read.
        """
        open_for_reading(self.path).close()
        return run_query(self.path, sql, parameters=parameters, timeout=timeout)

    def named_query(
        self,
        name: str,
        *,
        parameters: Mapping[str, object] | None = None,
        timeout: float = QUERY_SECONDS,
    ) -> QueryResult:
        """Run a ready-made query, by its name in `graphcrawl.sql.NAMED`; as `query` otherwise.

        Raises
        ------
        InputError
            If there is no such query, or it has no such parameter.
        """
        ready = named_query(name)
        return self.query(ready.sql, parameters=ready.values(parameters or {}), timeout=timeout)
