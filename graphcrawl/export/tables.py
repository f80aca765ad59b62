"""From a graph, and what is known beside it, to the two tables of an export."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from operator import attrgetter
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from graphcrawl.export.columns import EDGE, ENDS, NODE, own_names
from graphcrawl.export.contents import Block, Column, Kind, Table, Value
from graphcrawl.graph import ConnectionGraph, Found, Node
from graphcrawl.graph.columns import CERTAINTIES, EdgeColumns
from graphcrawl.graph.own import Own
from graphcrawl.model import OwnValue

_WORDS: Final = tuple(certainty.value for certainty in CERTAINTIES)
_NEITHER: Final = (None, None)
_BEYOND: Final = 2**63
_KINDS: Final[Mapping[type, tuple[Kind, Callable[[Any], Value]]]] = {
    bool: (Kind.FLAG, bool),
    int: (Kind.WHOLE, int),
    float: (Kind.REAL, float),
    str: (Kind.TEXT, str),
}


@dataclass(frozen=True, slots=True, eq=False)
class Moments:
    """When rows were seen.

    Attributes
    ----------
    known : sequence of datetime or None
        Each moment, once.
    columns : sequence of arrays of int
        Places in `known`, in the order of the rows: of accounts first seen, last seen and
        expanded, of edges first seen, last seen and removed.
    """

    known: Sequence[datetime | None]
    columns: Sequence[NDArray[np.integer[Any]]]

    def part(self, start: int, stop: int) -> list[list[datetime | None]]:
        """Give those of some rows, column by column."""
        return [
            list(map(self.known.__getitem__, column[start:stop].tolist()))
            for column in self.columns
        ]

    def only(self, kept: NDArray[np.bool_]) -> Moments:
        """Keep those of some rows."""
        return Moments(self.known, [column[kept] for column in self.columns])


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
    node_moments, edge_moments : Moments
        In the order of the graph's nodes and edges.
    """

    found: Found
    own: Own
    called: Callable[[Node], str]
    standing: Callable[[Node], str]
    node_moments: Moments
    edge_moments: Moments


def node_table(graph: ConnectionGraph, known: Known) -> Table:
    """Give the table of a graph's nodes, in their order."""
    own = [_OwnColumn.of(*named) for named in _named(known.own.columns)]
    columns = (*NODE, *(one.column for one in own))
    return Table(columns, len(graph.nodes), _NodeBlocks(graph.nodes, known, own))


def edge_table(graph: ConnectionGraph, known: Known, *, named: bool = False) -> Table:
    """Give the table of a graph's edges, in their order.

    Parameters
    ----------
    graph : ConnectionGraph
    known : Known
    named : bool
        Add columns with both ends' network and username, for people who read the table alone.
    """
    edges = EdgeColumns.of(graph.edges)
    if not named:
        return Table(EDGE, len(edges), partial(_edge_block, edges, known.edge_moments))
    nodes = {node.id: node for node in graph.nodes}
    return Table(
        (*EDGE, *ENDS), len(edges), partial(_named_block, edges, known.edge_moments, nodes)
    )


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


class _NodeBlocks:
    """The rows of accounts, with what each cluster and creator says of its members at hand."""

    def __init__(self, nodes: Sequence[Node], known: Known, own: Sequence[_OwnColumn]) -> None:
        self._nodes, self._known, self._own = nodes, known, own
        self._clusters = {
            key: (one.number, one.name) for one in known.found.communities for key in one.ids()
        }
        self._creators = {
            account.node.id: (one.name, account.confidence.value)
            for one in known.found.creators
            for account in one.accounts
        }

    def __call__(self, start: int, stop: int) -> Block:
        nodes, known = self._nodes[start:stop], self._known
        keys = [node.id for node in nodes]
        return [
            keys,
            _each(map(known.called, nodes)),
            *_profiles(nodes),
            [node.visit == "done" for node in nodes],
            _each(map(known.standing, nodes)),
            _each(node.cause for node in nodes),
            *_pairs(self._clusters, keys),
            *_pairs(self._creators, keys),
            *known.node_moments.part(start, stop),
            _each(", ".join(known.own.tags.get(key, ())) for key in keys),
            _each(map(known.own.notes.get, keys)),
            *([column.get(key) for key in keys] for column in self._own),
        ]


def _profiles(nodes: Sequence[Node]) -> Iterator[list[Value]]:
    """Give what the vendor tells of accounts, from network to depth."""
    for name in ("network", "social_id", "username", "title", "subscribers_count", "er", "state"):
        yield _each(map(attrgetter(name), nodes))
    yield [node.depth for node in nodes]


def _each(values: Iterable[Value]) -> list[Value]:
    return list(map(_held, values))


def _pairs(known: Mapping[int, tuple[Value, Value]], keys: Sequence[int]) -> list[list[Value]]:
    """Give both things that are known of accounts as columns."""
    pairs = [known.get(key, _NEITHER) for key in keys]
    return [_each(pair[at] for pair in pairs) for at in (0, 1)]


def _edge_block(edges: EdgeColumns, moments: Moments, start: int, stop: int) -> list[list[Value]]:
    part = edges.only(slice(start, stop))
    return [
        *(part.sources.tolist(), part.targets.tolist()),
        [_WORDS[place] for place in part.certainties.tolist()],
        part.positions.tolist(),
        *moments.part(start, stop),
    ]


def _named_block(
    edges: EdgeColumns, moments: Moments, nodes: Mapping[int, Node], start: int, stop: int
) -> list[list[Value]]:
    block = _edge_block(edges, moments, start, stop)
    for keys in (edges.sources, edges.targets):
        ends = [nodes[key] for key in keys[start:stop].tolist()]
        block += [_each(end.network for end in ends), _each(end.username for end in ends)]
    return block
