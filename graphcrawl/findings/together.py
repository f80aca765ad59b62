"""Clusters and creators of one graph, for those who draw it or write it."""

from __future__ import annotations

from graphcrawl.findings.clusters import communities_of
from graphcrawl.findings.owners import creators_of
from graphcrawl.graph import ConnectionGraph, Found
from graphcrawl.store import Store


def found_in(store: Store, graph: ConnectionGraph, crawl_id: int | None) -> Found:
    """Find clusters and creators of a graph, as their commands would, and write nothing.

    Parameters
    ----------
    store : Store
        Whose clusters' numbers and decisions about creators hold.
    graph : ConnectionGraph
        Of this crawl, or of the whole database.
    crawl_id : int or None

    Raises
    ------
    StoreError
        If the database cannot be read.
    """
    return Found(
        communities=communities_of(store, graph, crawl_id).communities,
        creators=creators_of(store, graph),
    )
