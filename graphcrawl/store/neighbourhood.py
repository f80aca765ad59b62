"""Who lists whom, looked up by index for a few accounts at a time: no graph is loaded."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from enum import Enum, auto
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, func, select

from graphcrawl.addresses import Named
from graphcrawl.errors import NothingFound
from graphcrawl.model import Certainty
from graphcrawl.store import dialects
from graphcrawl.store.crawls import refuse_absent
from graphcrawl.store.depths import edge_held_by
from graphcrawl.store.formerly import Met, find_met
from graphcrawl.store.grouping import GroupingFacts, read_grouping
from graphcrawl.store.opening import Store
from graphcrawl.store.profile import StoredAccount, read_account
from graphcrawl.store.reader import (
    EdgeFacts,
    NodeFacts,
    edge_query,
    gave_no_whole_list,
    nodes_by_key,
)
from graphcrawl.store.schema import AnswerRow, EdgeRow, NodeRow, VisitRow, alias_of

Pair = tuple[int, int]


@contextmanager
def look_around(store: Store, crawl_id: int | None = None) -> Iterator[Neighbourhood]:
    """Open the connections of a crawl, or of the whole database, for looking up.

    Raises
    ------
    NothingFound
        If there is no such crawl.
    StoreError
        If the database cannot be read.
    """
    with store.reading() as connection:
        if crawl_id is not None:
            refuse_absent(connection, store, crawl_id)
        yield Neighbourhood(store, connection, crawl_id)


class _Question(Enum):
    LISTS = auto()
    LISTED_BY = auto()
    COUNT_LISTS = auto()
    COUNT_LISTED_BY = auto()
    LISTED_TOGETHER = auto()
    LISTING_TOGETHER = auto()


class Neighbourhood:
    """The connections of one crawl, or of the whole database as it stands.

    Parameters
    ----------
    store : Store
    connection : Connection
        One transaction, so that all answers are of one moment.
    crawl_id : int or None
    """

    def __init__(self, store: Store, connection: Connection, crawl_id: int | None = None) -> None:
        self._store = store
        self._connection = connection
        self._crawl_id = crawl_id

    def find(self, sought: Named) -> Met:
        """Find the account that is meant; raises as `graphcrawl.store.formerly.find_met`.

        Raises
        ------
        NothingFound
            If the crawl does not hold it, too.
        """
        met = find_met(self._connection, self._store, sought)
        if self._crawl_id is not None and not self.nodes([met.account.id]):
            raise NothingFound(f"crawl {self._crawl_id} does not hold {met.account}")
        return met

    def profile(self, node_id: int) -> StoredAccount:
        """Give all that is stored of an account itself."""
        return read_account(self._connection, node_id, self._crawl_id)

    def grouping(self, ids: Iterable[int]) -> GroupingFacts | None:
        """Give where accounts are in the newest clustering of this graph, if there is one."""
        return read_grouping(self._connection, self._crawl_id, ids)

    def lists(self, ids: Iterable[int]) -> list[Pair]:
        """Give each of some accounts with each that it lists."""
        return self._ask(_Question.LISTS, ids)

    def listed_by(self, ids: Iterable[int]) -> list[Pair]:
        """Give each of some accounts with each that lists it."""
        return self._ask(_Question.LISTED_BY, ids)

    def count_lists(self, ids: Iterable[int]) -> dict[int, int]:
        """Count whom accounts list; those that list nobody are left out."""
        return dict(self._ask(_Question.COUNT_LISTS, ids))

    def count_listed_by(self, ids: Iterable[int]) -> dict[int, int]:
        """Count who lists accounts; those that nobody lists are left out."""
        return dict(self._ask(_Question.COUNT_LISTED_BY, ids))

    def listed_together(self, ids: Iterable[int]) -> dict[int, int]:
        """Count, of those that some accounts list, how many of these list each."""
        return dict(self._ask(_Question.LISTED_TOGETHER, ids))

    def listing_together(self, ids: Iterable[int]) -> dict[int, int]:
        """Count, of those that list some accounts, how many of these each lists."""
        return dict(self._ask(_Question.LISTING_TOGETHER, ids))

    def edges(self, sources: Collection[int], targets: Collection[int] | None) -> list[EdgeFacts]:
        """Give the connections from some accounts to others (None: to all), with certainties."""
        query = edge_query(self._crawl_id).where(dialects.within(EdgeRow.source_id, "sources"))
        values = {"sources": dialects.as_list(sources)}
        if targets is not None:
            query = query.where(dialects.within(EdgeRow.target_id, "targets"))
            values["targets"] = dialects.as_list(targets)
        return [
            EdgeFacts(source, target, position, Certainty(certainty))
            for source, target, position, certainty in self._connection.execute(query, values)
        ]

    def edges_to(self, targets: Collection[int]) -> list[EdgeFacts]:
        """Give the connections to some accounts, with certainties."""
        return self.edges({source for _, source in self.listed_by(targets)}, targets)

    def nodes(self, ids: Iterable[int]) -> dict[int, NodeFacts]:
        """Give some accounts, by key: of a crawl, those that it holds."""
        nodes = nodes_by_key(self._connection, ids, self._crawl_id)
        if self._crawl_id is None:
            return nodes
        return {key: node for key, node in nodes.items() if node.visit is not None}

    def not_told(self, ids: Iterable[int]) -> set[int]:
        """Give those of some accounts that gave no whole answer: whom they list is not known."""
        held = dialects.as_list(ids)
        rows = _not_told(in_crawl=self._crawl_id is not None).run(
            self._connection, ids=held, **self._bound()
        )
        return {row[0] for row in rows}

    def _ask(self, question: _Question, ids: Iterable[int]) -> list[Pair]:
        statement = _statement(question, in_crawl=self._crawl_id is not None)
        return statement.run(self._connection, ids=dialects.as_list(ids), **self._bound())

    def _bound(self) -> dict[str, int]:
        return {} if self._crawl_id is None else {"crawl": self._crawl_id}


@cache
def _statement(question: _Question, *, in_crawl: bool) -> dialects.Prepared:
    source, target = EdgeRow.source_id, EdgeRow.target_id
    many = func.count()
    columns, condition, group = {
        _Question.LISTS: ((source, target), source, None),
        _Question.LISTED_BY: ((target, source), target, None),
        _Question.COUNT_LISTS: ((source, many), source, source),
        _Question.COUNT_LISTED_BY: ((target, many), target, target),
        _Question.LISTED_TOGETHER: ((target, many), source, target),
        _Question.LISTING_TOGETHER: ((source, many), target, source),
    }[question]
    query = _standing(*columns, in_crawl=in_crawl).where(dialects.within(condition, "ids"))
    return dialects.Prepared(query if group is None else query.group_by(group))


def _standing(*columns: ColumnElement[Any], in_crawl: bool) -> Select[*tuple[Any, ...]]:
    if not in_crawl:
        return select(*columns).where(EdgeRow.removed_at.is_(None))
    own, other = alias_of(VisitRow), alias_of(VisitRow)
    crawl: ColumnElement[int] = bindparam("crawl")
    # The sums keep the planner from going through all visits to find a few accounts' edges.
    return (
        select(*columns)
        .join(own, and_(own.node_id == EdgeRow.source_id + 0, own.crawl_id == crawl))
        .join(other, and_(other.node_id == EdgeRow.target_id + 0, other.crawl_id == crawl))
        .where(edge_held_by(own.answer_id))
    )


@cache
def _not_told(*, in_crawl: bool) -> dialects.Prepared:
    if not in_crawl:
        query = select(NodeRow.id).where(
            dialects.within(NodeRow.id, "ids"), NodeRow.expanded_at.is_(None)
        )
        return dialects.Prepared(query)
    return dialects.Prepared(
        select(VisitRow.node_id)
        .outerjoin(AnswerRow, AnswerRow.id == VisitRow.answer_id)
        .where(
            dialects.within(VisitRow.node_id, "ids"),
            VisitRow.crawl_id == bindparam("crawl"),
            gave_no_whole_list(),
        )
    )
