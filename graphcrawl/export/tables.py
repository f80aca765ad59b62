"""From a graph, and what is known beside it, to the two tables of an export."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Self

from graphcrawl.export.columns import EDGE, ENDS, NODE, own_names
from graphcrawl.export.contents import Column, Kind, Row, Table, Value
from graphcrawl.graph import ConnectionGraph, Found, Node
from graphcrawl.graph.own import Own
from graphcrawl.model import OwnValue

NodeMoments = tuple[datetime, datetime, datetime | None]
EdgeMoments = tuple[datetime, datetime, datetime | None]

_NEVER: Final = (None, None, None)
_NEITHER: Final = (None, None)
_BEYOND: Final = 2**63
_KINDS: Final[Mapping[type, tuple[Kind, Callable[[Any], Value]]]] = {
    bool: (Kind.FLAG, bool),
    int: (Kind.WHOLE, int),
    float: (Kind.REAL, float),
    str: (Kind.TEXT, str),
}


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
    own = [_OwnColumn.of(*named) for named in _named(known.own.columns)]
    columns = (*NODE, *(one.column for one in own))
    return Table(columns, len(graph.nodes), lambda: _node_rows(graph, known, own))


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


@dataclass(frozen=True, slots=True)
class _OwnColumn:
    """A column of the user's own, and what its values have to become."""

    column: Column
    values: Mapping[int, OwnValue]
    convert: Callable[[OwnValue], Value]

    @classmethod
    def of(cls, name: str, values: Mapping[int, OwnValue]) -> Self:
        kind, convert = _KINDS[type(next(iter(values.values()), ""))]
        if kind is Kind.WHOLE and any(abs(int(value)) >= _BEYOND for value in values.values()):
            # No other program has whole numbers beyond 64 bits.
            kind, convert = Kind.REAL, float
        return cls(Column(name, kind, "A column of the user's own."), values, convert)

    def get(self, node: int) -> Value:
        value = self.values.get(node)
        return None if value is None else _held(self.convert(value))


def _named(columns: Mapping[str, Mapping[int, OwnValue]]) -> Iterable[tuple[str, Any]]:
    return zip(own_names(columns), columns.values(), strict=True)


def _held(value: Value) -> Value:
    """Give what a file may hold: no empty text, no number that is none."""
    if value == "":
        return None
    if isinstance(value, float):
        return _number(value)
    return value


def _number(value: float) -> float | None:
    if not math.isfinite(value):
        return None
    # What C reads below that is an error to igraph, which then gives up the whole file.
    return value if abs(value) >= sys.float_info.min else 0.0


def _node_rows(graph: ConnectionGraph, known: Known, own: Sequence[_OwnColumn]) -> Iterator[Row]:
    clusters = {
        node.id: (one.number, one.name) for one in known.found.communities for node in one.members
    }
    creators = {
        account.node.id: (one.name, account.confidence.value)
        for one in known.found.creators
        for account in one.accounts
    }
    for node in graph.nodes:
        row = (
            node.id,
            known.called(node),
            node.network,
            node.social_id,
            node.username,
            node.title,
            node.subscribers_count,
            node.er,
            node.state,
            node.depth,
            node.visit == "done",
            known.standing(node),
            node.cause,
            *clusters.get(node.id, _NEITHER),
            *creators.get(node.id, _NEITHER),
            *known.node_times.get(node.id, _NEVER),
            ", ".join(known.own.tags.get(node.id, ())),
            known.own.notes.get(node.id),
            *(column.get(node.id) for column in own),
        )
        yield tuple(map(_held, row))


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
