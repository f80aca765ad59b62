"""From a database to what is exported of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from graphcrawl import __version__
from graphcrawl.cells import Plain, plain
from graphcrawl.errors import NothingFound
from graphcrawl.export import Contents, Known, Spot, edge_table, node_table
from graphcrawl.findings import chosen_in, found_in, graph_of, own_of, record_of
from graphcrawl.graph import ConnectionGraph, Found
from graphcrawl.graph.conditions import Filter
from graphcrawl.map import MEANINGS, NOTICES, describe, drawn, name_of, stands
from graphcrawl.store import NodeTimes, Store, read_edge_times, read_node_times
from graphcrawl.wording import plural

_MISSING: Final = (
    "Of accounts whose asked is not true it is not known whom they list: a missing edge from them "
    "is not known to be absent. certainty tells the same of the way back: unknown is not one-way."
)


def contents_of(
    store: Store,
    crawl_id: int | None = None,
    filters: Sequence[Filter] = (),
    *,
    is_drawn: bool = False,
    named: bool = False,
) -> Contents:
    """Gather what is exported of one crawl, or of the whole database as it stands.

    Parameters
    ----------
    store : Store
        It has to stay open while the tables are read.
    crawl_id : int or None
    filters : sequence of Filter
        Only accounts that fulfil all of them, and the edges between them.
    is_drawn : bool
        Lay the graph out as its map does.
    named : bool
        Name both ends in the table of edges.

    Raises
    ------
    NothingFound
        If there is no such crawl, no account, or none that fulfils the filters.
    StoreError
        If the database cannot be read.
    """
    whole = graph_of(store, crawl_id)
    graph = _chosen(store, whole, filters)
    found, times = found_in(store, whole, crawl_id), read_node_times(store)
    known = Known(
        found=found,
        own=own_of(store),
        called=name_of,
        standing=lambda node: stands(node).value,
        node_times=times,
        edge_times=lambda: read_edge_times(store),
    )
    return Contents(
        about=_about(store, whole, graph, crawl_id, filters) | _until(graph, times),
        nodes=node_table(graph, known),
        edges=edge_table(graph, known, named=named),
        spots=_spots(graph, found) if is_drawn else (),
    )


def _chosen(store: Store, whole: ConnectionGraph, filters: Sequence[Filter]) -> ConnectionGraph:
    if not whole.nodes:
        raise NothingFound(f"{store.path} holds no account to export; graphcrawl seed brings some")
    graph = chosen_in(store, whole, filters)
    if not graph.nodes:
        words = " and ".join(map(str, filters))
        raise NothingFound(f"no account in {store.path} has {words}")
    return graph


def _about(
    store: Store,
    whole: ConnectionGraph,
    graph: ConnectionGraph,
    crawl_id: int | None,
    filters: Sequence[Filter],
) -> dict[str, Plain]:
    """Say what is exported; the same words from the same database, so nothing of today."""
    record = None if crawl_id is None else record_of(store, crawl_id)
    heading = describe(
        graph,
        seeds=record.seeds if record else (),
        rate=None,
        depth=record.depth if record and not record.is_refresh else None,
    )
    notes = [f"{NOTICES[store.origin]}."] if store.origin in NOTICES else []
    if len(graph.nodes) < len(whole.nodes):
        gone = plural(len(whole.nodes) - len(graph.nodes), "other account")
        notes.append(f"Only accounts with {' and '.join(map(str, filters))}; {gone} left out.")
    return {
        "generator": f"graphcrawl {__version__}",
        "origin": store.origin.value,
        "title": heading.title,
        "summary": heading.sentence,
        "notes": [*notes, MEANINGS[store.origin], _MISSING],
        "nodes": len(graph.nodes),
        "edges": len(graph.edges),
        **({} if crawl_id is None else {"crawl": crawl_id}),
        **({"filters": [str(one) for one in filters]} if filters else {}),
    }


def _until(graph: ConnectionGraph, times: Mapping[int, NodeTimes]) -> dict[str, Plain]:
    seen = [times[node.id].last_seen_at for node in graph.nodes if node.id in times]
    return {"last_seen_at": plain(max(seen))} if seen else {}


def _spots(graph: ConnectionGraph, found: Found) -> list[Spot]:
    # The page's y grows downwards, that of Gephi and of plots upwards.
    return [Spot(one.x, 0.0 - one.y, one.radius, one.color) for one in drawn(graph, found)]
