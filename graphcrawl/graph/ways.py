"""Shortest ways between two accounts, from both ends at once: every one of them, without a list.

Bidirectional breadth-first search (I. Pohl, "Bi-directional search", Machine Intelligence 6, 1971),
level by level: the smaller level goes on, and the sides meet in the middle of every shortest way.
Neighbours are asked for as they are needed, so that a database need not be loaded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

Pairs = Iterable[tuple[int, int]]
Neighbours = Callable[[Sequence[int]], Pairs]
"""Gives each of some accounts with each that follows it on a way; pairs may repeat."""


@dataclass(frozen=True)
class Ways:
    """All shortest ways between two accounts, as the steps that they are made of.

    Attributes
    ----------
    start, end : int
    layers : tuple of tuple of int
        The accounts on any of them by their distance from `start`, in order of their keys.
    following : mapping of int to frozenset of int
        Who comes next after an account, on any of them.
    """

    start: int
    end: int
    layers: tuple[tuple[int, ...], ...]
    following: Mapping[int, frozenset[int]]

    @property
    def length(self) -> int:
        """Steps from one end to the other."""
        return len(self.layers) - 1

    @property
    def count(self) -> int:
        """How many there are, exactly, however many."""
        return self._to_the_end[self.start]

    def count_over(self, node: int) -> int:
        """Count those that run over an account: those that reach it, times those that go on."""
        return self._from_the_start.get(node, 0) * self._to_the_end.get(node, 0)

    @cached_property
    def _to_the_end(self) -> dict[int, int]:
        counts = {self.end: 1}
        for layer in reversed(self.layers[:-1]):
            for node in layer:
                counts[node] = sum(counts[one] for one in self.following[node])
        return counts

    @cached_property
    def _from_the_start(self) -> dict[int, int]:
        counts = {self.start: 1}
        for layer in self.layers[:-1]:
            for node in layer:
                for one in self.following[node]:
                    counts[one] = counts.get(one, 0) + counts[node]
        return counts

    def listed(self, order: Callable[[int], object]) -> Iterator[tuple[int, ...]]:
        """Give the ways one after the other, the first at each step by `order` first."""
        ordered = {
            node: sorted(following, key=order)  # type: ignore[arg-type]
            for node, following in self.following.items()
        }
        return self._on_from((self.start,), ordered)

    def _on_from(
        self, way: tuple[int, ...], ordered: Mapping[int, Sequence[int]]
    ) -> Iterator[tuple[int, ...]]:
        if way[-1] == self.end:
            yield way
            return
        for one in ordered[way[-1]]:
            yield from self._on_from((*way, one), ordered)


@dataclass(frozen=True, slots=True)
class NoWay:
    """That there is none.

    Attributes
    ----------
    reached : frozenset of int
        All accounts that a way leads to from the start, itself too.
    """

    reached: frozenset[int]


class _Side:
    """One end's accounts, as far as they are known: each with those that lead to it."""

    def __init__(self, start: int, neighbours: Neighbours) -> None:
        self.before: dict[int, set[int]] = {start: set()}
        self.level: list[int] = [start]
        self._neighbours = neighbours

    def advance(self) -> None:
        fresh: dict[int, set[int]] = {}
        for node, other in self._neighbours(self.level):
            if other not in self.before:
                fresh.setdefault(other, set()).add(node)
        self.before |= fresh
        self.level = sorted(fresh)

    def towards(self, nodes: Iterable[int]) -> Iterator[tuple[int, int]]:
        """Give the steps that lead from this end to some accounts, last ones first."""
        waiting, seen = list(nodes), set(nodes)
        for node in waiting:
            for one in self.before[node]:
                yield one, node
                if one not in seen:
                    seen.add(one)
                    waiting.append(one)


def find_ways(start: int, end: int, forward: Neighbours, backward: Neighbours) -> Ways | NoWay:
    """Find all shortest ways from one account to another one.

    Parameters
    ----------
    start, end : int
        Two accounts.
    forward, backward : callable
        Who follows an account, and whom it follows; the same where direction does not count.

    Returns
    -------
    Ways or NoWay
    """
    here, there = _Side(start, forward), _Side(end, backward)
    while here.level and there.level:
        side, other = (here, there) if len(here.level) <= len(there.level) else (there, here)
        side.advance()
        met = [node for node in side.level if node in other.before]
        if met:
            steps = {*here.towards(met), *((one, node) for node, one in there.towards(met))}
            return _ways(start, end, steps)
    while here.level:
        here.advance()
    return NoWay(frozenset(here.before))


def _ways(start: int, end: int, steps: Iterable[tuple[int, int]]) -> Ways:
    following: dict[int, set[int]] = {}
    for node, one in steps:
        following.setdefault(node, set()).add(one)
    layers: list[tuple[int, ...]] = [(start,)]
    while layers[-1] != (end,):
        layers.append(tuple(sorted({one for node in layers[-1] for one in following[node]})))
    return Ways(
        start,
        end,
        tuple(layers),
        {node: frozenset(following[node]) for layer in layers[:-1] for node in layer},
    )
