"""What users added to accounts, as one value for those who draw or write it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from graphcrawl.graph.conditions import chosen, refuse_unfit
from graphcrawl.graph.own import Own
from graphcrawl.store import read_own

if TYPE_CHECKING:
    from graphcrawl.graph import ConnectionGraph
    from graphcrawl.graph.conditions import Filter
    from graphcrawl.store import Store


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
    InputError
        If a filter asks about a column that is not there, or holds something else.
    StoreError
        If the database cannot be read.
    """
    return chosen(graph, filters, own_for(store, filters))


def own_for(store: Store, filters: Sequence[Filter]) -> Own:
    """Read what filters ask about of what users added; raises as `chosen_in` does."""
    own = own_of(store) if any(one.needs_own for one in filters) else Own()
    refuse_unfit(filters, own)
    return own
