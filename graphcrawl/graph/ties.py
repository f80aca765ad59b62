"""A graph as sparse arrays: who is tied to whom, whichever of the two lists the other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from graphcrawl.graph.connections import ConnectionGraph, Edge, Node
from graphcrawl.graph.options import Weight
from graphcrawl.model import Certainty

Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Ties:
    """Undirected ties, each pair once, by the accounts' places in one order.

    Attributes
    ----------
    size : int
        Accounts, those without a tie too.
    one, other : array of int64
        The ends, ``one < other``, in ascending order.
    weight : array of int64
        1 or more.
    """

    size: int
    one: Whole
    other: Whole
    weight: Whole

    def within(self, labels: Whole) -> Ties:
        """Keep the ties whose ends have the same label."""
        kept = labels[self.one] == labels[self.other]
        return Ties(self.size, self.one[kept], self.other[kept], self.weight[kept])

    def degrees(self) -> Whole:
        """Sum up the weights at each account."""
        degrees = np.zeros(self.size, np.int64)
        np.add.at(degrees, self.one, self.weight)
        np.add.at(degrees, self.other, self.weight)
        return degrees


def in_order(nodes: Iterable[Node]) -> list[Node]:
    """Order accounts by what they are everywhere, not by the keys that one database gave them."""
    return sorted(
        nodes, key=lambda node: (node.network, node.social_id or "", node.username or "", node.id)
    )


def ties_between(nodes: Sequence[Node], graph: ConnectionGraph, weight: Weight) -> Ties:
    """Give the graph's ties by places in `nodes`, which are all of its nodes."""
    places = {node.id: place for place, node in enumerate(nodes)}
    size, edges = len(nodes), graph.edges
    sources = _each(map(places.__getitem__, map(attrgetter("source"), edges)), len(edges))
    targets = _each(map(places.__getitem__, map(attrgetter("target"), edges)), len(edges))
    tied = sources != targets
    pairs = np.minimum(sources, targets)[tied] * size + np.maximum(sources, targets)[tied]
    keys, at = np.unique(pairs, return_inverse=True)
    heaviest = np.zeros(len(keys), np.int64)
    np.maximum.at(heaviest, at, _weights(edges, weight)[tied])
    return Ties(size, keys // max(size, 1), keys % max(size, 1), heaviest)


def _weights(edges: Sequence[Edge], weight: Weight) -> Whole:
    if weight is Weight.ONE:
        return np.ones(len(edges), np.int64)
    mutual = (edge.certainty is Certainty.MUTUAL for edge in edges)
    return 1 + _each(mutual, len(edges))


def _each(values: Iterable[int], count: int) -> Whole:
    return np.fromiter(values, np.int64, count)


def components(ties: Ties) -> Whole:
    """Label each account with the first one that it hangs together with.

    Neighbouring trees are hooked onto the one with the smallest root and then flattened, all at
    once (after Shiloach and Vishkin, 1982), until no tie joins two trees.
    """
    labels = np.arange(ties.size, dtype=np.int64)
    while True:
        one, other = labels[ties.one], labels[ties.other]
        if np.array_equal(one, other):
            return labels
        low = np.minimum(one, other)
        np.minimum.at(labels, one, low)
        np.minimum.at(labels, other, low)
        while not np.array_equal(labels, labels[labels]):
            labels = labels[labels]
