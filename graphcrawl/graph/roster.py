"""Accounts as rows, of which one becomes a node when somebody looks at it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self, overload

from graphcrawl.graph.connections import Node


class Roster(Sequence[Node]):
    """Nodes of rows.

    Of 100,000 accounts clusters need titles and keys; to make a node of each would take longer
    than to read them all.

    Parameters
    ----------
    rows : sequence of tuples
        Values in the order of `Node`'s fields.
    places : sequence of int
        Which of them, in which order.
    """

    __slots__ = ("_places", "_rows")

    def __init__(self, rows: Sequence[tuple[Any, ...]], places: Sequence[int]) -> None:
        self._rows, self._places = rows, places

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, at: int) -> Node: ...
    @overload
    def __getitem__(self, at: slice) -> Self: ...
    def __getitem__(self, at: int | slice) -> Node | Self:
        if isinstance(at, slice):
            return type(self)(self._rows, self._places[at])
        return Node(*self._rows[self._places[at]])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(self.ids())

    def __repr__(self) -> str:
        return repr(tuple(self))

    def at(self, places: Sequence[int]) -> Roster:
        """Give those at some places of these."""
        return type(self)(self._rows, [self._places[place] for place in places])

    def ids(self) -> tuple[int, ...]:
        """Give their keys, and make no node."""
        return tuple(self._rows[place][0] for place in self._places)
