"""Clusters of a database's graph, found with the numbers they had, and kept.

The engine lets go of the interpreter: while it runs, the titles are read that make the names, and
SQLAlchemy is loaded to read and keep clusterings. So neither is imported before that.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from graphcrawl.errors import NothingFound
from graphcrawl.graph import Node

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from graphcrawl.graph import ConnectionGraph
    from graphcrawl.graph.arrays import GraphArrays
    from graphcrawl.graph.communities import Communities
    from graphcrawl.graph.numbering import Earlier
    from graphcrawl.graph.options import ClusterOptions
    from graphcrawl.model import Origin
    from graphcrawl.store import ClusteringSettings, Store
    from graphcrawl.store.arrays import Snapshot


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
    found, asked = _found(store, options, crawl_id)

    from graphcrawl.store import ClusteringFacts, save_clustering

    facts = ClusteringFacts(found.engine, found.modularity, found.numbers(), found.names())
    return Clustering(
        id=save_clustering(store, _settings(options, crawl_id), facts),
        found=found,
        origin=store.origin,
        accounts=len(facts.numbers),
        asked=asked,
    )


def _found(store: Store, options: ClusterOptions, crawl_id: int | None) -> tuple[Communities, int]:
    """Find communities, and count the accounts that were asked."""
    from graphcrawl.graph.communities import Accounts, described
    from graphcrawl.graph.naming import words
    from graphcrawl.graph.partition import begin_to_divide
    from graphcrawl.store.arrays import snapshot

    if crawl_id is not None:
        from graphcrawl.findings.graphs import record_of

        record_of(store, crawl_id)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        with snapshot(store) as now:
            arrays = _arrays(store, now, crawl_id)
            ties = arrays.ties(options.weight)
            divided = begin_to_divide(ties, options, pool)
            titles = now.titles(arrays.ids, crawl_id)
        accounts = Accounts(
            ids=arrays.ids,
            followers=arrays.followers,
            listed=arrays.listed(),
            words=[words(title) for title in titles],
            read=partial(_nodes, store.path, crawl_id),
        )
        earlier = _earlier(store, _settings(options, crawl_id))
        found = described(accounts, ties, divided(), earlier)
    return found, int(arrays.asked.sum())


def _nodes(path: Path, crawl_id: int | None, keys: Iterable[int]) -> dict[int, Node]:
    """Read some accounts as they are now."""
    from graphcrawl.store import open_for_reading, read_listed

    with closing(open_for_reading(path)) as store:
        listed = read_listed(store, list(keys), crawl_id)
        return {one.node.id: Node(*one.node) for one in listed}


def _arrays(store: Store, now: Snapshot, crawl_id: int | None) -> GraphArrays:
    """Give the arrays in the order that chance may decide by."""
    from graphcrawl.graph.arrays import arranged, order_without_keys

    arrays = arranged(*now.arrays(crawl_id, positions=False), origin=store.origin)
    if not arrays.size:
        raise NothingFound(f"{store.path} holds no account; graphcrawl seed brings some")
    return arrays.reordered(order_without_keys(arrays.ids, now.unnamed()))


def communities_of(store: Store, graph: ConnectionGraph, crawl_id: int | None) -> Communities:
    """Find the communities of a graph as `cluster` did last, and write nothing.

    They have the options that were asked for last for this crawl, or for the whole database, and
    the numbers that these gave: so in a graph that has not changed they are the stored ones.
    """
    from graphcrawl.graph.communities import find_communities

    options = _last_options(store, crawl_id)
    earlier = _earlier(store, _settings(options, crawl_id))
    return find_communities(graph, options, earlier=earlier)


def _last_options(store: Store, crawl_id: int | None) -> ClusterOptions:
    from graphcrawl.graph.engines import engine_of
    from graphcrawl.graph.options import ClusterOptions, Method, Weight
    from graphcrawl.store import newest_settings

    newest = newest_settings(store, crawl_id)
    if newest is None:
        return ClusterOptions()
    last, engine = newest
    return ClusterOptions(
        method=Method(last.method),
        weight=Weight(last.weight),
        resolution=last.resolution,
        rng_seed=last.rng_seed,
        engine=engine_of(engine),
    )


def _settings(options: ClusterOptions, crawl_id: int | None) -> ClusteringSettings:
    from graphcrawl.store import ClusteringSettings

    return ClusteringSettings(
        method=options.method.value,
        weight=options.weight.value,
        resolution=options.resolution,
        rng_seed=options.rng_seed,
        crawl_id=crawl_id,
    )


def _earlier(store: Store, settings: ClusteringSettings) -> Earlier:
    from graphcrawl.graph.numbering import Earlier
    from graphcrawl.store import highest_cluster, newest_clustering

    newest = newest_clustering(store, settings)
    numbers = {} if newest is None else newest[1].numbers
    return Earlier(numbers, highest_cluster(store, settings))
