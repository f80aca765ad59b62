"""Some accounts of a database, with what a listing tells of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from sqlalchemy import Connection, select

from graphcrawl.store import dialects
from graphcrawl.store.opening import Store
from graphcrawl.store.reader import NodeFacts, nodes_by_key
from graphcrawl.store.schema import TagRow


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
    with store.reading() as connection:
        return list_accounts(connection, node_ids, crawl_id)


def list_accounts(
    connection: Connection, node_ids: Sequence[int], crawl_id: int | None = None
) -> list[ListedFacts]:
    """Do the same within a transaction."""
    nodes = nodes_by_key(connection, node_ids, crawl_id)
    tags = _tags(connection, node_ids)
    return [
        ListedFacts(nodes[node_id], tuple(tags.get(node_id, ())))
        for node_id in node_ids
        if node_id in nodes
    ]


_TAGS: Final = dialects.Prepared(
    select(TagRow.node_id, TagRow.tag)
    .where(dialects.within(TagRow.node_id, "ids"))
    .order_by(TagRow.node_id, TagRow.tag)
)


def _tags(connection: Connection, node_ids: Sequence[int]) -> dict[int, list[str]]:
    tags: dict[int, list[str]] = {}
    for node_id, tag in _TAGS.run(connection, ids=dialects.as_list(node_ids)):
        tags.setdefault(node_id, []).append(tag)
    return tags
