"""From rows to the graph of a crawl, of the whole database, of a moment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

from graphcrawl.errors import InputError, NothingFound
from graphcrawl.findings.own import own_for
from graphcrawl.graph import ConnectionGraph, Edge, Node
from graphcrawl.graph.difference import Side, compare
from graphcrawl.moments import moment_name
from graphcrawl.store import (
    crawl_record,
    read_graph,
    read_past,
    read_side,
)

if TYPE_CHECKING:
    from graphcrawl.graph.arrays import GraphArrays
    from graphcrawl.graph.conditions import Filter
    from graphcrawl.graph.difference import Difference
    from graphcrawl.store import (
        CrawlRecord,
        GraphFacts,
        Store,
    )

_LARGEST_KEY: Final = 2**63 - 1


def record_of(store: Store, crawl_id: int) -> CrawlRecord:
    """Give one crawl.

    Raises
    ------
    NothingFound
        If there is none of this number.
    StoreError
        If the database cannot be read.
    """
    # A larger number than a key can be would not even reach the database.
    return crawl_record(store, max(0, min(crawl_id, _LARGEST_KEY)))


def graph_of(
    store: Store, crawl_id: int | None = None, *, at: datetime | None = None
) -> ConnectionGraph:
    """Read one crawl, or the whole database now or at a moment; raises as `record_of` does.

    Raises
    ------
    InputError
        If both a crawl and a moment are given, or a moment without a time zone.
    """
    if crawl_id is not None and at is not None:
        raise InputError("--at tells of the whole database: leave out --crawl")
    if at is not None:
        return _graph(store, read_past(store, _aware(at)).graph)
    if crawl_id is not None:
        record_of(store, crawl_id)
    return _graph(store, read_graph(store, crawl_id))


def read_arrays(
    store: Store, crawl_id: int | None = None, filters: Sequence[Filter] = ()
) -> GraphArrays:
    """Read one crawl, or the whole database, as arrays; raises as `record_of` does.

    The same accounts and edges, in the same order, as in the arrays of `graph_of`, of which those
    are kept that fulfil every filter; but no object is made for an edge, nor, unless accounts are
    filtered, for an account.
    """
    # numpy is slow to import, and what reads a graph as values does without.
    from graphcrawl.graph.arrays import arranged
    from graphcrawl.store.arrays import snapshot

    if crawl_id is not None:
        record_of(store, crawl_id)
    own = own_for(store, filters)
    holds = (lambda facts: all(one.holds(facts, own) for one in filters)) if filters else None
    with snapshot(store) as now:
        facts = now.arrays(crawl_id, holds=holds)
    return arranged(*facts, origin=store.origin)


def _graph(store: Store, facts: GraphFacts) -> ConnectionGraph:
    return ConnectionGraph(
        nodes=tuple(Node(*node) for node in facts.nodes),
        edges=tuple(Edge(*edge) for edge in facts.edges),
        origin=store.origin,
    )


def held_by(store: Store, crawl_id: int) -> frozenset[int]:
    """Give the keys of a crawl's accounts; raises as `record_of` does."""
    return frozenset(node.id for node in graph_of(store, crawl_id).nodes)


def difference_of(store: Store, before: int | datetime, after: int | datetime) -> Difference:
    """Compare two crawls, by their numbers, or the database at two moments.

    Raises
    ------
    NothingFound
        If there is no such crawl, or nothing was known yet.
    StoreError
        If the database cannot be read.
    """
    return compare(_side(store, before), _side(store, after))


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise InputError(f"{moment}: a moment needs its time zone, such as datetime.UTC")
    return moment


def _side(store: Store, point: int | datetime) -> Side:
    if isinstance(point, int):
        record_of(store, point)
        facts, name = read_side(store, point), f"crawl {point}"
    else:
        facts, name = read_past(store, _aware(point)), moment_name(point)
    if not facts.graph.nodes:
        raise NothingFound(f"{store.path} holds no account of {name}; graphcrawl crawls lists when")
    return Side(_graph(store, facts.graph), facts.asked, name)
