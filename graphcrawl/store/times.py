"""When accounts and connections were seen, for those who write them out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Final, NamedTuple

from sqlalchemy import select

from graphcrawl.store.dialects import DATABASE_ERRORS
from graphcrawl.store.opening import Store, unusable
from graphcrawl.store.schema import EdgeRow, NodeRow

_AT_ONCE: Final = 10_000


class NodeTimes(NamedTuple):
    """An account's moments; see the columns of these names in the table `nodes`."""

    first_seen_at: datetime
    last_seen_at: datetime
    expanded_at: datetime | None


class EdgeTimes(NamedTuple):
    """A connection's moments; see the columns of these names in the table `edges`."""

    first_seen_at: datetime
    last_seen_at: datetime
    removed_at: datetime | None


def read_node_times(store: Store) -> Mapping[int, NodeTimes]:
    """Read the moments of every account, by its key.

    Raises
    ------
    StoreError
        If the database cannot be read.
    """
    query = select(NodeRow.id, NodeRow.first_seen_at, NodeRow.last_seen_at, NodeRow.expanded_at)
    try:
        with store.engine.connect() as connection:
            return {row.id: NodeTimes(*row[1:]) for row in connection.execute(query)}
    except DATABASE_ERRORS as error:
        raise unusable(store.path, error) from error


def read_edge_times(store: Store) -> Iterator[tuple[int, Mapping[int, EdgeTimes]]]:
    """Read the moments of every connection, those of one source at once.

    Yields
    ------
    (int, mapping of int to EdgeTimes)
        A source's key, ascending, and the moments of its connections by their targets' keys.

    Raises
    ------
    StoreError
        If the database cannot be read.
    """
    query = (
        select(
            EdgeRow.source_id,
            EdgeRow.target_id,
            EdgeRow.first_seen_at,
            EdgeRow.last_seen_at,
            EdgeRow.removed_at,
        )
        .order_by(EdgeRow.source_id, EdgeRow.target_id)
        .execution_options(yield_per=_AT_ONCE)
    )
    try:
        with store.engine.connect() as connection:
            rows = connection.execute(query)
            for source, group in groupby(rows, key=itemgetter(0)):
                yield source, {row[1]: EdgeTimes(*row[2:]) for row in group}
    except DATABASE_ERRORS as error:
        raise unusable(store.path, error) from error
