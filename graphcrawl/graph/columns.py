"""Edges as columns, of which one becomes an object when somebody looks at it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import starmap
from operator import attrgetter
from typing import Final, Self, overload

import numpy as np
from numpy.typing import NDArray

from graphcrawl.graph.connections import Edge
from graphcrawl.model import Certainty

Whole = NDArray[np.int64]
Few = NDArray[np.int32]
Flags = NDArray[np.bool_]

CERTAINTIES: Final = tuple(Certainty)
MUTUAL: Final = CERTAINTIES.index(Certainty.MUTUAL)
ONE_WAY: Final = CERTAINTIES.index(Certainty.ONE_WAY)

_AT_ONCE: Final = 8_192


class EdgeColumns(Sequence[Edge]):
    """Edges in 28 bytes each; as objects they would take ten times as much.

    Parameters
    ----------
    sources, targets, positions : array of int64, one an edge
        As in `Edge`.
    certainties : array of int32, one an edge
        Places in `CERTAINTIES`.
    """

    __slots__ = ("certainties", "positions", "sources", "targets")

    def __init__(self, sources: Whole, targets: Whole, positions: Whole, certainties: Few) -> None:
        self.sources, self.targets = sources, targets
        self.positions, self.certainties = positions, certainties

    @classmethod
    def of(cls, edges: Sequence[Edge]) -> Self:
        """Give the columns of edges; themselves, if they are columns already."""
        if isinstance(edges, cls):
            return edges
        places = {certainty: place for place, certainty in enumerate(CERTAINTIES)}
        count = len(edges)
        sources, targets, positions = (
            np.fromiter(map(attrgetter(name), edges), np.int64, count)
            for name in ("source", "target", "position")
        )
        certainties = (places[edge.certainty] for edge in edges)
        return cls(sources, targets, positions, np.fromiter(certainties, np.int32, count))

    def __len__(self) -> int:
        return len(self.sources)

    @overload
    def __getitem__(self, at: int) -> Edge: ...
    @overload
    def __getitem__(self, at: slice) -> Self: ...
    def __getitem__(self, at: int | slice) -> Edge | Self:
        if isinstance(at, slice):
            return self.only(at)
        # `range` counts from the end and refuses what is beyond, as a tuple does.
        place = range(len(self))[at]
        return next(iter(self.only(slice(place, place + 1))))

    def __iter__(self) -> Iterator[Edge]:
        columns = (self.sources, self.targets, self.positions, self.certainties)
        for start in range(0, len(self), _AT_ONCE):
            *keys, sure = (column[start : start + _AT_ONCE].tolist() for column in columns)
            yield from starmap(Edge, zip(*keys, map(CERTAINTIES.__getitem__, sure), strict=True))

    def only(self, kept: Flags | slice) -> Self:
        """Keep some of them, in their order."""
        return type(self)(
            self.sources[kept], self.targets[kept], self.positions[kept], self.certainties[kept]
        )
