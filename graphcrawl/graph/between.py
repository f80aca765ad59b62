"""The accounts that tie several together: neighbours of two or more, or else on the ways between.

Direction does not count here, since of an account that was not asked only one is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from graphcrawl.graph.ways import Neighbours, NoWay, Ways, find_ways


@dataclass(frozen=True, slots=True)
class Connector:
    """An account that ties some of the given ones together.

    Attributes
    ----------
    node : int
    distances : mapping of int to int
        By given account, the steps to it, as far as this one lies on a way to it; two or more.
    share : float or None
        Of the shortest ways of a pair (of the pair where it is largest) those that run over this
        account; None for one that is linked to two or more itself.
    """

    node: int
    distances: Mapping[int, int]
    share: float | None

    @property
    def linked(self) -> int:
        """How many of the given accounts it is linked to itself."""
        return sum(distance == 1 for distance in self.distances.values())

    @property
    def rank(self) -> tuple[float, ...]:
        """What orders connectors: as in `Between`, the first the smallest."""
        linked = self.linked if self.linked > 1 else 0
        far = sum(self.distances.values())
        return (-linked, -len(self.distances), far, -(self.share or 0.0))


@dataclass(frozen=True, slots=True)
class Tie:
    """How two of the given accounts hang together.

    Attributes
    ----------
    one, other : int
    distance : int or None
        Steps; None where no way is known.
    count : int
        Shortest ways.
    """

    one: int
    other: int
    distance: int | None
    count: int


@dataclass(frozen=True, slots=True)
class Between:
    """What ties accounts together.

    Attributes
    ----------
    connectors : tuple of Connector
        Those linked to two or more first, by how many; then those on ways, by how many they lead
        to, how near, and what share of the ways is theirs; equals by key.
    ties : tuple of Tie
        One for each pair, in the order given.
    """

    connectors: tuple[Connector, ...]
    ties: tuple[Tie, ...]


def find_between(given: Sequence[int], neighbours: Neighbours) -> Between:
    """Find the accounts that tie others together.

    Parameters
    ----------
    given : sequence of int
        Two or more, each once.
    neighbours : callable
        Who is linked to an account, in either direction.

    Returns
    -------
    Between
    """
    around = _around(given, neighbours)
    distances: dict[int, dict[int, int]] = {}
    shares: dict[int, float] = {}
    ties = []
    for one, other in combinations(given, 2):
        common = (around[one] & around[other]).difference(given)
        for node in common:
            distances.setdefault(node, {}).update({one: 1, other: 1})
        tie, ways = _tie(one, other, around, neighbours)
        ties.append(tie)
        if ways is not None:
            _walk(ways, set(given), distances, shares)
    found = [
        Connector(node, _in_order(reached, given), shares.get(node))
        for node, reached in distances.items()
    ]
    linked = {one.node for one in found if one.linked > 1}
    settled = (
        Connector(one.node, one.distances, None) if one.node in linked else one for one in found
    )
    return Between(tuple(sorted(settled, key=lambda one: (one.rank, one.node))), tuple(ties))


def _around(given: Sequence[int], neighbours: Neighbours) -> dict[int, set[int]]:
    around: dict[int, set[int]] = {node: set() for node in given}
    for node, other in neighbours(given):
        around[node].add(other)
    return around


def _tie(
    one: int, other: int, around: Mapping[int, set[int]], neighbours: Neighbours
) -> tuple[Tie, Ways | None]:
    """Say how two hang together; the ways only where there is no nearer tie to tell of."""
    if other in around[one]:
        return Tie(one, other, 1, 1), None
    if common := around[one] & around[other]:
        return Tie(one, other, 2, len(common)), None
    ways = find_ways(one, other, neighbours, neighbours)
    if isinstance(ways, NoWay):
        return Tie(one, other, None, 0), None
    return Tie(one, other, ways.length, ways.count), ways


def _walk(
    ways: Ways, given: set[int], distances: dict[int, dict[int, int]], shares: dict[int, float]
) -> None:
    for depth, layer in enumerate(ways.layers):
        for node in set(layer) - given:
            ends = {ways.start: depth, ways.end: ways.length - depth}
            distances.setdefault(node, {}).update(ends)
            share = ways.count_over(node) / ways.count
            shares[node] = max(shares.get(node, 0.0), share)


def _in_order(reached: Mapping[int, int], given: Iterable[int]) -> dict[int, int]:
    return {node: reached[node] for node in given if node in reached}
