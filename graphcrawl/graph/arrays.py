"""A graph as arrays, for engines that count and walk: no object an account, none an edge."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from graphcrawl.graph.connections import ConnectionGraph
from graphcrawl.graph.keys import NOWHERE, Places
from graphcrawl.graph.options import Weight
from graphcrawl.graph.ties import Ties, ties_of
from graphcrawl.model import Certainty, Origin

Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]

_WITHOUT_POSITIONS: Final = 2

_LARGEST: Final = 2**63


@dataclass(frozen=True, slots=True, eq=False)
class GraphArrays:
    """A selection of a database; accounts stand at places from 0, ordered by what they are.

    Attributes
    ----------
    ids : array of int64, one an account
        The database's keys, accounts ordered by (network, social_id, id).
    asked : array of bool, one an account
        Whether it was asked and answered: of the others, who they list is not known.
    followers : array of int64, one an account
        -1 where it is not known.
    sources, targets : array of int64, one an edge
        Places of both ends; ordered by source, position, and the target's key, unless they were
        made without positions. No pair repeats.
    ways_back : array of int64, 2 by n
        Places of sources and of targets of what is known beside the edges: of a connection that a
        crawl did not see itself, but that makes an edge which leads the other way mutual.
    origin : Origin
        Whom the answers came from.
    """

    ids: Whole
    asked: Flags
    followers: Whole
    sources: Whole
    targets: Whole
    ways_back: Whole
    origin: Origin

    @property
    def size(self) -> int:
        """How many accounts there are."""
        return len(self.ids)

    def starts(self) -> Whole:
        """Say where each account's edges begin in `sources` and `targets`; one more for the end."""
        return np.searchsorted(self.sources, np.arange(self.size + 1))

    def listed(self) -> Whole:
        """Count how many accounts list each one."""
        return np.bincount(self.targets, minlength=self.size)

    def mutual(self) -> Flags:
        """Say of each edge whether each of its ends lists the other."""
        mutual = _lead_both_ways(self.sources, self.targets, self.size)
        if self.ways_back.size:
            back, forth = self.ways_back
            edges = self.sources * self.size + self.targets
            mutual |= np.isin(edges, forth * self.size + back)
        return mutual

    def ties(self, weight: Weight) -> Ties:
        """Give who is tied to whom, whichever of the two lists the other."""
        mutual = self.mutual() if weight is Weight.MUTUAL else None
        return ties_of(self.size, self.sources, self.targets, mutual)

    def reordered(self, order: Whole) -> GraphArrays:
        """Let the accounts stand in another order: of their places, each once."""
        if np.array_equal(order, np.arange(self.size)):
            return self
        rank = np.empty(self.size, np.int64)
        rank[order] = np.arange(self.size)
        sources = rank[self.sources]
        edges = np.argsort(sources, kind="stable")
        return GraphArrays(
            ids=self.ids[order],
            asked=self.asked[order],
            followers=self.followers[order],
            sources=sources[edges],
            targets=rank[self.targets][edges],
            ways_back=rank[self.ways_back],
            origin=self.origin,
        )


def arrays_of(graph: ConnectionGraph) -> GraphArrays:
    """Give the arrays of a graph that is there already; a database gives them by itself."""
    nodes, edges = graph.nodes, graph.edges
    places = {node.id: place for place, node in enumerate(nodes)}
    sources = np.fromiter((places[edge.source] for edge in edges), np.int64, len(edges))
    order = np.argsort(sources, kind="stable")
    targets = np.fromiter((places[edge.target] for edge in edges), np.int64, len(edges))
    mutual = np.array([edge.certainty is Certainty.MUTUAL for edge in edges], np.bool_)
    counts = (-1 if node.subscribers_count is None else node.subscribers_count for node in nodes)
    return GraphArrays(
        ids=np.fromiter((node.id for node in nodes), np.int64, len(nodes)),
        asked=np.fromiter((node.visit == "done" for node in nodes), np.bool_, len(nodes)),
        followers=np.fromiter(counts, np.int64, len(nodes)),
        sources=sources[order],
        targets=targets[order],
        ways_back=np.stack([targets[mutual], sources[mutual]]),
        origin=graph.origin,
    )


def arranged(
    ids: Whole, followers: Whole, asked: Whole, edges: Whole, ways_back: Whole, *, origin: Origin
) -> GraphArrays:
    """Give a graph's arrays from what stands in tables, by keys.

    Parameters
    ----------
    ids, followers : array of int64, one an account
        As in `GraphArrays`, and in its order.
    asked : array of int64
        Keys of accounts that were asked and answered, in any order; one may repeat.
    edges : array of int64, 3 by n or 2 by n
        Keys of sources and of targets, and positions; without them, edges stay in the order in
        which they are given. No pair repeats. Whatever has an end that
        is not in `ids` is left out here and in `ways_back`.
    ways_back : array of int64, 2 by n
        Keys of sources and of targets of what is known beside the edges; see `GraphArrays`.
    origin : Origin
    """
    places = Places(ids)
    sources, targets = places.of(edges[0]), places.of(edges[1])
    inside = (sources != NOWHERE) & (targets != NOWHERE)
    if not inside.all():
        sources, targets, edges = sources[inside], targets[inside], edges[:, inside]
    backs = np.stack([places.of(keys) for keys in ways_back[:2]])
    was_asked = np.zeros(len(ids), np.bool_)
    answered = places.of(asked)
    was_asked[answered[answered != NOWHERE]] = True
    if len(edges) > _WITHOUT_POSITIONS:
        order = _order(sources, edges[2], edges[1])
        sources, targets = sources[order], targets[order]
    return GraphArrays(
        ids=ids,
        asked=was_asked,
        followers=followers,
        sources=sources,
        targets=targets,
        ways_back=backs[:, (backs != NOWHERE).all(axis=0)],
        origin=origin,
    )


def order_without_keys(ids: Whole, unnamed: Iterable[tuple[int, str, str | None]]) -> Whole:
    """Give the places of accounts in the order of `graphcrawl.graph.ties.in_order`.

    Only accounts without a social_id, which stand first in their network, are in the order of
    their keys, which another database would not have given them; here they are in that of their
    names.

    Parameters
    ----------
    ids : array of int64
        As in `GraphArrays`.
    unnamed : iterable of (int, str, str or None)
        Key, network and username of those accounts, in any order; keys may be in no account here.
    """
    ranked = sorted(unnamed, key=lambda one: (one[1], one[2] or "", one[0]))
    places = Places(ids).of(np.array([key for key, *_ in ranked], np.int64))
    places = places[places != NOWHERE]
    order = np.arange(len(ids))
    order[np.sort(places)] = places
    return order


def _order(sources: Whole, positions: Whole, keys: Whole) -> Whole:
    """Order edges by source, position, and the target's key."""
    width = int(positions.max(initial=0)) + 1
    if positions.min(initial=0) >= 0 and width * (int(sources.max(initial=0)) + 1) < _LARGEST:
        # One number an edge is sorted in a fifth of the time; but two edges of one source may
        # bear one position, where answers were partial.
        both = sources * width + positions
        order = np.argsort(both)
        if np.diff(both[order]).all():
            return order
    return np.lexsort((keys, positions, sources))


def _lead_both_ways(sources: Whole, targets: Whole, size: int) -> Flags:
    """Say of each edge whether another one leads back."""
    pairs = np.minimum(sources, targets) * size + np.maximum(sources, targets)
    order = np.argsort(pairs)
    # No edge is there twice, so a pair that is, is joined both ways.
    twice = pairs[order[1:]] == pairs[order[:-1]]
    mutual = np.zeros(len(pairs), np.bool_)
    mutual[order[1:][twice]] = True
    mutual[order[:-1][twice]] = True
    return mutual
