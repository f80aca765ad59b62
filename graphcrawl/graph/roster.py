"""Accounts by their keys, of which nodes are read when somebody looks at one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Final, Self, overload

from graphcrawl.errors import NothingFound
from graphcrawl.graph.connections import Node
from graphcrawl.wording import plural

Reader = Callable[[Iterable[int]], Mapping[int, Node]]
"""Gives nodes by their keys; none for the keys of accounts that are gone by now."""


READ_TOGETHER: Final = 1_000
"""Accounts that small rosters read at once: to open a database takes as long as to read some."""


class _Sheet:
    """Nodes that are read together, when one of them is first looked at."""

    def __init__(self, keys: Sequence[int], read: Reader) -> None:
        self._keys, self._read = keys, read

    @cached_property
    def nodes(self) -> Mapping[int, Node]:
        return self._read(self._keys)


class Roster(Sequence[Node]):
    """Nodes by their keys.

    What clusters are made of is the keys of 100,000 accounts; to read all that is known of each,
    of which next to nothing is shown, would take longer than to find the clusters.

    Raises
    ------
    NothingFound
        By whatever looks at a node, if one of them is gone.
    """

    def __init__(self, keys: Sequence[int], sheet: _Sheet) -> None:
        self._keys, self._sheet = keys, sheet

    def __len__(self) -> int:
        return len(self._keys)

    @overload
    def __getitem__(self, at: int) -> Node: ...
    @overload
    def __getitem__(self, at: slice) -> Self: ...
    def __getitem__(self, at: int | slice) -> Node | Self:
        if isinstance(at, slice):
            return type(self)(self._keys[at], self._sheet)
        return self._nodes[at]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(self.ids())

    def __repr__(self) -> str:
        # To be shown, in a notebook or in a failure's report, must neither read nor fail.
        return f"<{plural(len(self), 'account')}>"

    def ids(self) -> tuple[int, ...]:
        """Give their keys, and read nothing."""
        return tuple(self._keys)

    @cached_property
    def _nodes(self) -> list[Node]:
        found = self._sheet.nodes
        gone = sum(key not in found for key in self._keys)
        if gone:
            raise NothingFound(
                f"{plural(gone, 'account')} of this cluster went after it was found; find the "
                "clusters again"
            )
        return [found[key] for key in self._keys]


def rosters(groups: Iterable[Sequence[int]], read: Reader) -> Iterator[Roster]:
    """Give the nodes of some groups, by their keys; small groups are read together.

    Parameters
    ----------
    groups : iterable of sequences of int
        `Node.id` of each.
    read : Reader
        Asked once for each sheet, when one of its nodes is first looked at.
    """
    together: list[Sequence[int]] = []
    room = READ_TOGETHER
    for keys in groups:
        together.append(keys)
        room -= len(keys)
        if room <= 0:
            yield from _on_one_sheet(together, read)
            together, room = [], READ_TOGETHER
    yield from _on_one_sheet(together, read)


def _on_one_sheet(groups: Sequence[Sequence[int]], read: Reader) -> list[Roster]:
    sheet = _Sheet([key for keys in groups for key in keys], read)
    return [Roster(keys, sheet) for keys in groups]
