"""Some accounts of a database, with what a listing tells of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, Executable, select

from graphcrawl.store import dialects
from graphcrawl.store.dialects import DATABASE_ERRORS
from graphcrawl.store.opening import Store, unusable
from graphcrawl.store.reader import NodeFacts, Standing, joined
from graphcrawl.store.schema import NodeRow, TagRow, VisitRow, table_of

_nodes, _visited, _tagged = map(table_of, (NodeRow, VisitRow, TagRow))


class ListedFacts(NamedTuple):
    """An account as `read_graph` gives it, and its tags in alphabetical order."""

    node: NodeFacts
    tags: tuple[str, ...]


def read_listed(
    store: Store, node_ids: Sequence[int], crawl_id: int | None = None
) -> list[ListedFacts]:
    """Read some accounts, in the order given; those that are gone by now are left out.

    Parameters
    ----------
    store : Store
    node_ids : sequence of int
    crawl_id : int or None
        The crawl that tells what was done with them; None: all crawls.

    Raises
    ------
    StoreError
        If the database cannot be read.
    """
    try:
        with store.engine.connect() as connection:
            return list_accounts(connection, node_ids, crawl_id)
    except DATABASE_ERRORS as error:
        raise unusable(store.path, error) from error


def list_accounts(
    connection: Connection, node_ids: Sequence[int], crawl_id: int | None = None
) -> list[ListedFacts]:
    """Do the same within a transaction."""
    found: dict[int, ListedFacts] = {}
    for part in dialects.in_parts(node_ids):
        found |= _read(connection, dialects.as_list(part), crawl_id)
    return [found[node_id] for node_id in node_ids if node_id in found]


def _read(connection: Connection, ids: object, crawl_id: int | None) -> dict[int, ListedFacts]:
    query = select(
        NodeRow.id,
        NodeRow.network,
        NodeRow.social_id,
        NodeRow.username,
        NodeRow.title,
        NodeRow.subscribers_count,
        NodeRow.er,
        NodeRow.state,
    ).where(dialects.within(_nodes.c.id, "ids"))
    visits, tags = _visits(connection, ids, crawl_id), _tags(connection, ids)
    return {
        row.id: ListedFacts(
            NodeFacts(*row, *visits.get(row.id, (None, None, None))), tags.get(row.id, ())
        )
        for row in _rows(connection, query, ids)
    }


def _visits(connection: Connection, ids: object, crawl_id: int | None) -> dict[int, Standing]:
    query = select(VisitRow.node_id, VisitRow.depth, VisitRow.status, VisitRow.cause)
    if crawl_id is not None:
        query = query.where(VisitRow.crawl_id == crawl_id)
    visits: dict[int, Standing] = {}
    for node_id, *visit in _rows(
        connection, query.where(dialects.within(_visited.c.node_id, "ids")), ids
    ):
        stands: Standing = (visit[0], visit[1], visit[2])
        visits[node_id] = joined(visits[node_id], stands) if node_id in visits else stands
    return visits


def _tags(connection: Connection, ids: object) -> dict[int, tuple[str, ...]]:
    query = select(TagRow.node_id, TagRow.tag).where(dialects.within(_tagged.c.node_id, "ids"))
    tags: dict[int, tuple[str, ...]] = {}
    for node_id, tag in _rows(connection, query.order_by(TagRow.node_id, TagRow.tag), ids):
        tags[node_id] = (*tags.get(node_id, ()), tag)
    return tags


def _rows(connection: Connection, query: Executable, ids: object) -> Sequence[Any]:
    return connection.execute(query, {"ids": ids}).all()
