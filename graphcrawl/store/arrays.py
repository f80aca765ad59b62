"""Rows read back as arrays of keys: no object an edge, so that millions of them take seconds.

`graphcrawl.store.reader` gives the same selections as values, with what people are shown of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, zip_longest
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from graphcrawl.store import dialects
from graphcrawl.store.depths import edge_held_by
from graphcrawl.store.dialects import DATABASE_ERRORS
from graphcrawl.store.opening import Store, unusable
from graphcrawl.store.reader import node_rows
from graphcrawl.store.schema import AnswerRow, EdgeRow, NodeRow, VisitRow

Whole = NDArray[np.int64]

UNKNOWN: Final = -1
"""Stands for followers that are not known."""

_STEP: Final = 2_048
"""Accounts whose edges come in one row: some hundred thousand numbers, far below any limit."""


class AccountFacts(NamedTuple):
    """What decides whether an account is chosen; names as in `graphcrawl.graph.Node`."""

    id: int
    network: str
    state: str | None
    depth: int | None
    subscribers_count: int | None


class ArrayFacts(NamedTuple):
    """What a selection holds, by keys.

    `ids` are the accounts', by (network, social_id, id), and `followers` theirs; `asked` those
    that answered. `edges` has the rows source, target and, unless it was left out, position;
    `ways_back` has source and target of edges that the crawl did not see, but that tell of the
    other way. Of both, some ends may be in no account here.
    """

    ids: Whole
    followers: Whole
    asked: Whole
    edges: Whole
    ways_back: Whole


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A database as it stands at one moment, whoever writes to it meanwhile."""

    connection: Connection

    def arrays(
        self,
        crawl_id: int | None = None,
        *,
        holds: Callable[[AccountFacts], bool] | None = None,
        positions: bool = True,
    ) -> ArrayFacts:
        """Read one crawl, or the whole database; as `read_graph`, without its objects.

        Parameters
        ----------
        crawl_id : int or None
        holds : callable or None
            Chooses accounts.
        positions : bool
            Whether the edges' positions are read too; they take a third of the time.
        """
        ids, followers = _accounts(self.connection, crawl_id, holds)
        steps = steps_of(ids)
        return ArrayFacts(
            ids=ids,
            followers=followers,
            asked=_column(self.connection, _asked(crawl_id)),
            edges=_rows(self.connection, _edges(crawl_id, positions=positions), steps),
            ways_back=_rows(self.connection, _edges_elsewhere(crawl_id), steps)
            if crawl_id is not None
            else np.zeros((2, 0), np.int64),
        )

    def unnamed(self) -> list[tuple[int, str, str | None]]:
        """Give key, network and username of the accounts that no answer has named yet."""
        query = select(NodeRow.id, NodeRow.network, NodeRow.username).where(
            func.coalesce(NodeRow.social_id, "") == ""
        )
        return [(key, network, name) for key, network, name in self.connection.execute(query)]

    def nodes(self, crawl_id: int | None = None) -> list[tuple[Any, ...]]:
        """Read the accounts alone: what `NodeFacts` hold, in the order of the arrays."""
        return node_rows(self.connection, crawl_id)


@contextmanager
def snapshot(store: Store, *, lean: bool = False) -> Iterator[Snapshot]:
    """Give a database as it stands now.

    Parameters
    ----------
    store : Store
    lean : bool
        Keep few of its pages, for those who need the memory themselves: 45 MB less, and a million
        edges with their certainty take as long.

    Raises
    ------
    StoreError
        If it cannot be read.
    """
    try:
        with store.engine.connect() as connection:
            if lean:
                dialects.cache_little(connection)
            yield Snapshot(connection)
    except DATABASE_ERRORS as error:
        raise unusable(store.path, error) from error


def _accounts(
    connection: Connection, crawl_id: int | None, holds: Callable[[AccountFacts], bool] | None
) -> tuple[Whole, Whole]:
    # Keys alone come from an index in their order; with values beside them, each account's row
    # would be looked up on its own, in twice the time.
    ids = _column(
        connection,
        _of_crawl(select(NodeRow.id), crawl_id).order_by(
            NodeRow.network, NodeRow.social_id, NodeRow.id
        ),
    )
    by_key = np.sort(ids)
    count = func.coalesce(NodeRow.subscribers_count, UNKNOWN)
    followers = _column(connection, _of_crawl(select(count), crawl_id).order_by(NodeRow.id))
    followers = followers[np.searchsorted(by_key, ids)]
    if holds is None:
        return ids, followers
    chosen = np.isin(ids, _chosen(connection, crawl_id, holds))
    return ids[chosen], followers[chosen]


def _of_crawl(query: Select[Any], crawl_id: int | None) -> Select[Any]:
    if crawl_id is None:
        return query
    return query.join(VisitRow, VisitRow.node_id == NodeRow.id).where(VisitRow.crawl_id == crawl_id)


def _chosen(
    connection: Connection, crawl_id: int | None, holds: Callable[[AccountFacts], bool]
) -> Whole:
    depths = select(VisitRow.node_id, func.min(VisitRow.depth).label("depth"))
    if crawl_id is not None:
        depths = depths.where(VisitRow.crawl_id == crawl_id)
    nearest = depths.group_by(VisitRow.node_id).subquery()
    query = select(
        *(NodeRow.id, NodeRow.network, NodeRow.state),
        *(nearest.c.depth, NodeRow.subscribers_count),
    ).outerjoin(nearest, nearest.c.node_id == NodeRow.id)
    rows = dialects.Prepared(query).stream(connection)
    return np.array([row[0] for row in rows if holds(AccountFacts(*row))], np.int64)


def _asked(crawl_id: int | None) -> Select[Any]:
    query = select(VisitRow.node_id).where(VisitRow.status == "done")
    return query if crawl_id is None else query.where(VisitRow.crawl_id == crawl_id)


def _edges(crawl_id: int | None, *, positions: bool) -> Select[Any]:
    last = (EdgeRow.position,) if positions else ()
    query = _joined_numbers(EdgeRow.source_id, EdgeRow.target_id, *last)
    if crawl_id is None:
        return query.where(EdgeRow.removed_at.is_(None))
    return query.join(VisitRow, _leaves(crawl_id)).where(edge_held_by(VisitRow.answer_id))


def _edges_elsewhere(crawl_id: int) -> Select[Any]:
    """Give the standing edges of accounts of which a crawl has no whole answer of its own."""
    return (
        _joined_numbers(EdgeRow.source_id, EdgeRow.target_id)
        .join(VisitRow, _leaves(crawl_id))
        .outerjoin(AnswerRow, AnswerRow.id == VisitRow.answer_id)
        .where(
            EdgeRow.removed_at.is_(None),
            or_(AnswerRow.skipped_rows.is_(None), AnswerRow.skipped_rows != 0),
        )
    )


def _leaves(crawl_id: int) -> Any:
    return and_(VisitRow.node_id == EdgeRow.source_id, VisitRow.crawl_id == crawl_id)


def _joined_numbers(*columns: InstrumentedAttribute[int]) -> Select[*tuple[Any, ...]]:
    """Give columns of edges as texts, for all sources of a range of keys."""
    texts = [dialects.joined(column) for column in columns]
    return select(*texts).where(
        EdgeRow.source_id >= bindparam("first"), EdgeRow.source_id <= bindparam("last")
    )


def steps_of(ids: Whole) -> list[int]:
    """Give the keys from which on, up to the next of them, rows are read at once."""
    steps: list[int] = np.sort(ids)[::_STEP].tolist()
    return steps


def in_steps(
    connection: Connection, query: Select[*tuple[Any, ...]], steps: list[int]
) -> Iterator[tuple[str, ...]]:
    """Run a query that joins columns as texts for each step that has rows.

    Parameters
    ----------
    connection : Connection
    query : Select
        One row of texts, for the keys from `first` to `last`.
    steps : list of int
    """
    statement = dialects.Prepared(query)
    for first, after in zip_longest(steps, steps[1:]):
        last = dialects.LARGEST_KEY if after is None else after - 1
        (texts,) = statement.run(connection, first=first, last=last)
        if texts[0] is not None:
            yield texts


def _rows(connection: Connection, query: Select[Any], steps: list[int]) -> Whole:
    parts = [np.zeros((len(query.selected_columns), 0), np.int64)]
    for texts in in_steps(connection, query, steps):
        parts.append(np.stack([np.fromstring(text, np.int64, sep=",") for text in texts]))
    return np.concatenate(parts, axis=1)


def _column(connection: Connection, query: Select[Any]) -> Whole:
    rows: Iterator[tuple[int, ...]] = dialects.Prepared(query).stream(connection)
    return np.fromiter(chain.from_iterable(rows), np.int64)
