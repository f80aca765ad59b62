"""A graph as sparse arrays: who is tied to whom, whichever of the two lists the other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from graphcrawl.graph.columns import MUTUAL, EdgeColumns
from graphcrawl.graph.connections import ConnectionGraph, Node
from graphcrawl.graph.keys import Places
from graphcrawl.graph.options import Weight

Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]


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
        weights = self.weight.astype(np.float64)
        return summed(self.one, weights, self.size) + summed(self.other, weights, self.size)


def summed(places: Whole, weights: NDArray[Any], size: int) -> Whole:
    """Sum up weights by place; exact below 2**53."""
    return np.bincount(places, weights=weights, minlength=size).astype(np.int64)


def in_order(nodes: Iterable[Node]) -> list[Node]:
    """Order accounts by what they are everywhere, not by the keys that one database gave them."""
    return sorted(
        nodes, key=lambda node: (node.network, node.social_id or "", node.username or "", node.id)
    )


def ties_between(nodes: Sequence[Node], graph: ConnectionGraph, weight: Weight) -> Ties:
    """Give the graph's ties by places in `nodes`, which are all of its nodes."""
    edges = EdgeColumns.of(graph.edges)
    places = Places(np.fromiter(map(attrgetter("id"), nodes), np.int64, len(nodes)))
    return ties_of(
        len(nodes),
        places.of(edges.sources),
        places.of(edges.targets),
        edges.certainties == MUTUAL if weight is Weight.MUTUAL else None,
    )


def ties_of(size: int, sources: Whole, targets: Whole, mutual: Flags | None = None) -> Ties:
    """Give the ties of edges.

    Parameters
    ----------
    size : int
        Accounts.
    sources, targets : array of int64, one an edge
        Places of both ends. An account that lists itself is not tied to itself.
    mutual : array of bool, one an edge, or None
        The edges whose tie weighs 2; None: every tie weighs 1.
    """
    tied = sources != targets
    pairs = np.minimum(sources, targets) * size + np.maximum(sources, targets)
    weights = None if mutual is None else 1 + mutual[tied].astype(np.int64)
    keys, heaviest = _joined(pairs[tied], weights)
    return Ties(size, keys // max(size, 1), keys % max(size, 1), heaviest)


def _joined(pairs: Whole, weights: Whole | None) -> tuple[Whole, Whole]:
    """Give each pair once, ascending, with the largest of its weights."""
    if weights is None:
        # Sorted by itself: of whole numbers numpy would make a hash table, in six times the time.
        ordered = np.sort(pairs)
        keys = ordered[np.diff(ordered, prepend=-1) != 0]
        return keys, np.ones(len(keys), np.int64)
    keys, at = np.unique(pairs, return_inverse=True)
    heaviest = np.zeros(len(keys), np.int64)
    np.maximum.at(heaviest, at, weights)
    return keys, heaviest


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
