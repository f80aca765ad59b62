"""From a graph, and what is known beside it, to the two tables of an export."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from graphcrawl.export.columns import EDGE, ENDS, NODE, own_names
from graphcrawl.export.contents import Column, Kind, Row, Table
from graphcrawl.graph import ConnectionGraph, Found, Node
from graphcrawl.graph.own import Own, OwnValue

NodeMoments = tuple[datetime, datetime, datetime | None]
EdgeMoments = tuple[datetime, datetime, datetime | None]

_NEVER: Final = (None, None, None)
_NEITHER: Final = (None, None)
_BEYOND: Final = 2**63
_KINDS: Final = {bool: Kind.FLAG, int: Kind.WHOLE, float: Kind.REAL, str: Kind.TEXT}


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """What is exported beside the graph itself.

    Attributes
    ----------
    found : Found
        Clusters and creators; of accounts that are not in the graph too.
    own : Own
    called, standing : callable
        What a node is called, and what is known of the connections that leave it.
    node_times : mapping of int to (first seen, last seen, expanded)
        By `Node.id`.
    edge_times : callable
        Gives, for each source that has any, by rising `Node.id`, the moments of its edges (first
        seen, last seen, removed) by their targets.
    """

    found: Found
    own: Own
    called: Callable[[Node], str]
    standing: Callable[[Node], str]
    node_times: Mapping[int, NodeMoments]
    edge_times: Callable[[], Iterator[tuple[int, Mapping[int, EdgeMoments]]]]


def node_table(graph: ConnectionGraph, known: Known) -> Table:
    """Give the table of a graph's nodes, in their order."""
    own = known.own.columns
    columns = (
        Column(name, _kind_of(held.values()), "A column of the user's own.")
        for name, held in zip(own_names(own), own.values(), strict=True)
    )
    return Table((*NODE, *columns), len(graph.nodes), lambda: _node_rows(graph, known))


def edge_table(graph: ConnectionGraph, known: Known, *, named: bool = False) -> Table:
    """Give the table of a graph's edges, in their order.

    Parameters
    ----------
    graph : ConnectionGraph
    known : Known
    named : bool
        Add columns with both ends' network and username, for people who read the table alone.
    """
    columns = (*EDGE, *ENDS) if named else EDGE
    return Table(columns, len(graph.edges), lambda: _edge_rows(graph, known, named=named))


def _kind_of(values: Iterable[OwnValue]) -> Kind:
    return _KINDS[type(next(iter(values), ""))]


def _node_rows(graph: ConnectionGraph, known: Known) -> Iterator[Row]:
    clusters = {
        node.id: (one.number, one.name) for one in known.found.communities for node in one.members
    }
    creators = {
        account.node.id: (one.name, account.confidence.value)
        for one in known.found.creators
        for account in one.accounts
    }
    own = list(known.own.columns.values())
    for node in graph.nodes:
        yield (
            node.id,
            known.called(node),
            node.network,
            node.social_id,
            node.username,
            node.title,
            node.subscribers_count,
            node.er if node.er is not None and math.isfinite(node.er) else None,
            node.state,
            node.depth,
            node.visit == "done",
            known.standing(node),
            node.cause,
            *clusters.get(node.id, _NEITHER),
            *creators.get(node.id, _NEITHER),
            *known.node_times.get(node.id, _NEVER),
            ", ".join(known.own.tags.get(node.id, ())) or None,
            known.own.notes.get(node.id),
            *(column.get(node.id) for column in own),
        )


def _edge_rows(graph: ConnectionGraph, known: Known, *, named: bool) -> Iterator[Row]:
    names = {node.id: (node.network, node.username) for node in graph.nodes} if named else {}
    sources, source = known.edge_times(), -1
    moments: Mapping[int, EdgeMoments] = {}
    for edge in graph.edges:
        while source < edge.source:
            source, moments = next(sources, (_BEYOND, {}))
        held = moments.get(edge.target, _NEVER) if source == edge.source else _NEVER
        row = (edge.source, edge.target, edge.certainty.value, edge.position, *held)
        yield (*row, *names[edge.source], *names[edge.target]) if named else row
