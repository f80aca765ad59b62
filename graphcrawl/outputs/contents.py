"""From a database to what is exported of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import compress
from typing import Any, Final

import numpy as np

from graphcrawl import __version__
from graphcrawl.cells import Plain, plain
from graphcrawl.errors import NothingFound
from graphcrawl.export import Contents, Known, Moments, Spot, edge_table, node_table
from graphcrawl.findings import communities_of, creators_of, own_of, record_of
from graphcrawl.findings.own import own_for
from graphcrawl.graph import ConnectionGraph, Found, Node
from graphcrawl.graph.columns import EdgeColumns
from graphcrawl.graph.conditions import Filter
from graphcrawl.graph.crossing import that_may_link
from graphcrawl.graph.keys import Places
from graphcrawl.map import MEANINGS, NOTICES, describe, drawn, name_of, stands
from graphcrawl.store import Store
from graphcrawl.store.arrays import Whole, snapshot
from graphcrawl.store.columns import account_moments, account_rows, edge_columns
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
    whole = _read(store, crawl_id)
    if not whole.graph.nodes:
        raise NothingFound(f"{store.path} holds no account to export; graphcrawl seed brings some")
    found = Found(
        communities_of(store, whole.graph, crawl_id).communities,
        # Whose account is whose decide these edges alone; `Creator.related` is not exported.
        creators_of(store, that_may_link(whole.graph)),
    )
    kept = _chosen(store, whole, filters)
    known = Known(
        found=found,
        own=own_of(store),
        called=name_of,
        standing=lambda node: stands(node).value,
        node_moments=kept.nodes,
        edge_moments=kept.edges,
    )
    return Contents(
        about=_about(store, whole.graph, kept.graph, crawl_id, filters) | _until(kept.nodes),
        nodes=node_table(kept.graph, known),
        edges=edge_table(kept.graph, known, named=named),
        spots=_spots(kept.graph, found) if is_drawn else (),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Dated:
    """A graph with its edges as columns, and when they and its nodes were seen."""

    graph: ConnectionGraph
    nodes: Moments
    edges: Moments


def _read(store: Store, crawl_id: int | None) -> _Dated:
    if crawl_id is not None:
        record_of(store, crawl_id)
    with snapshot(store, lean=True) as now:
        nodes = tuple(_nodes(account_rows(now, crawl_id)))
        ids = _ids(nodes)
        dated = account_moments(now, ids)
        edges = edge_columns(now, crawl_id, ids)
    columns = EdgeColumns(edges.sources, edges.targets, edges.positions, edges.certainties)
    graph = ConnectionGraph(nodes, columns, store.origin)
    return _Dated(graph, Moments(*dated), Moments(*edges.dated))


def _ids(nodes: Sequence[Node]) -> Whole:
    return np.fromiter((node.id for node in nodes), np.int64, len(nodes))


def _nodes(rows: Iterable[tuple[Any, ...]]) -> Iterator[Node]:
    """Make nodes that share the texts that many of them have: a third less memory."""
    shared = _Shared()
    for key, network, social_id, username, title, followers, er, state, depth, *visit in rows:
        told = (social_id, username, title, followers, er)
        yield Node(
            key, shared[network], *told, shared[state], depth, *map(shared.__getitem__, visit)
        )


class _Shared(dict[Any, Any]):
    """Values, each kept once."""

    def __missing__(self, value: object) -> object:
        self[value] = value
        return value


def _chosen(store: Store, whole: _Dated, filters: Sequence[Filter]) -> _Dated:
    """Keep the accounts that fulfil every filter, and the edges between them."""
    if not filters:
        return whole
    own, nodes = own_for(store, filters), whole.graph.nodes
    fulfil = np.array([all(one.holds(node, own) for one in filters) for node in nodes], np.bool_)
    if not fulfil.any():
        words = " and ".join(map(str, filters))
        raise NothingFound(f"no account in {store.path} has {words}")
    edges = EdgeColumns.of(whole.graph.edges)
    places = Places(_ids(nodes))
    between = fulfil[places.of(edges.sources)] & fulfil[places.of(edges.targets)]
    graph = ConnectionGraph(tuple(compress(nodes, fulfil)), edges.only(between), whole.graph.origin)
    return _Dated(graph, whole.nodes.only(fulfil), whole.edges.only(between))


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


def _until(nodes: Moments) -> dict[str, Plain]:
    last_seen = nodes.columns[1]
    seen = [moment for at in np.unique(last_seen).tolist() if (moment := nodes.known[at])]
    return {"last_seen_at": plain(max(seen))} if seen else {}


def _spots(graph: ConnectionGraph, found: Found) -> list[Spot]:
    # The page's y grows downwards, that of Gephi and of plots upwards.
    return [Spot(one.x, 0.0 - one.y, one.radius, one.color) for one in drawn(graph, found)]
