"""Accounts by their keys, of which nodes are read when somebody looks at one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Self, overload

from graphcrawl.errors import NothingFound
from graphcrawl.graph.connections import Node
from graphcrawl.wording import plural

Reader = Callable[[Iterable[int]], Mapping[int, Node]]
"""Gives nodes by their keys; none for the keys of accounts that are gone by now."""


class Roster(Sequence[Node]):
    """Nodes by their keys.

    What clusters are made of is the keys of 100,000 accounts; to read all that is known of each,
    of which next to nothing is shown, would take longer than to find the clusters.

    Parameters
    ----------
    keys : sequence of int
        `Node.id` of each.
    read : Reader
        Asked once, for all of them.

    Raises
    ------
    NothingFound
        By whatever looks at a node, if one of them is gone.
    """

    def __init__(self, keys: Sequence[int], read: Reader) -> None:
        self._keys, self._read = keys, read

    def __len__(self) -> int:
        return len(self._keys)

    @overload
    def __getitem__(self, at: int) -> Node: ...
    @overload
    def __getitem__(self, at: slice) -> Self: ...
    def __getitem__(self, at: int | slice) -> Node | Self:
        if isinstance(at, slice):
            return type(self)(self._keys[at], self._read)
        return self._nodes[at]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(self.ids())

    def __repr__(self) -> str:
        return repr(tuple(self))

    def ids(self) -> tuple[int, ...]:
        """Give their keys, and read nothing."""
        return tuple(self._keys)

    @cached_property
    def _nodes(self) -> list[Node]:
        found = self._read(self._keys)
        gone = sum(key not in found for key in self._keys)
        if gone:
            raise NothingFound(
                f"{plural(gone, 'account')} of this cluster went after it was found; find the "
                "clusters again"
            )
        return [found[key] for key in self._keys]
