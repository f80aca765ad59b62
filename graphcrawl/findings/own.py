"""What users added to accounts, as one value for those who draw or write it."""

from __future__ import annotations

from collections.abc import Sequence

from graphcrawl.graph import ConnectionGraph
from graphcrawl.graph.conditions import Filter, chosen
from graphcrawl.graph.own import Own
from graphcrawl.store import Store, read_own


def own_of(store: Store) -> Own:
    """Read all tags, notes and own columns of a database.

    Raises
    ------
    StoreError
        If the database cannot be read.
    """
    return Own(*read_own(store))


def chosen_in(store: Store, graph: ConnectionGraph, filters: Sequence[Filter]) -> ConnectionGraph:
    """Keep the accounts of a database's graph that fulfil every filter, tags included.

    Raises
    ------
    StoreError
        If the database cannot be read.
    """
    own = own_of(store) if any(one.needs_own for one in filters) else Own()
    return chosen(graph, filters, own)
