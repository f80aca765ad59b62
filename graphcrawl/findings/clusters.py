"""Clusters of a database's graph, found with the numbers they had, and kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphcrawl.errors import NothingFound
from graphcrawl.findings.graphs import graph_of
from graphcrawl.graph import ConnectionGraph
from graphcrawl.graph.options import ClusterOptions
from graphcrawl.model import Origin
from graphcrawl.store import (
    ClusteringFacts,
    ClusteringSettings,
    Store,
    highest_cluster,
    newest_clustering,
    save_clustering,
)

if TYPE_CHECKING:
    from graphcrawl.graph.communities import Communities
    from graphcrawl.graph.numbering import Earlier


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


def cluster(store: Store, options: ClusterOptions, crawl_id: int | None) -> Clustering:
    """Find clusters in one crawl, or in the whole database, and store them.

    Raises
    ------
    InputError
        If the options cannot be used.
    NothingFound
        If there is no such crawl, or no account.
    StoreError
        If the database cannot be read or written.
    """
    options.check()
    graph = graph_of(store, crawl_id)
    if not graph.nodes:
        raise NothingFound(f"{store.path} holds no account; graphcrawl seed brings some")
    found = communities_of(store, graph, options, crawl_id)
    facts = ClusteringFacts(found.engine, found.modularity, found.numbers(), found.names())
    return Clustering(
        id=save_clustering(store, _settings(options, crawl_id), facts),
        found=found,
        origin=store.origin,
        accounts=len(graph.nodes),
        asked=sum(node.visit == "done" for node in graph.nodes),
    )


def communities_of(
    store: Store, graph: ConnectionGraph, options: ClusterOptions, crawl_id: int | None
) -> Communities:
    """Find the communities of a graph under the numbers they had, and write nothing."""
    from graphcrawl.graph.communities import find_communities

    earlier = _earlier(store, _settings(options, crawl_id))
    return find_communities(graph, options, earlier=earlier)


def _settings(options: ClusterOptions, crawl_id: int | None) -> ClusteringSettings:
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
