"""A graph as arrays, for engines that count and walk: no object an account, none an edge."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graphcrawl.graph.connections import ConnectionGraph
from graphcrawl.model import Certainty, Origin

Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]


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
        Places of both ends; ordered by (source, position, target). No pair repeats.
    mutual : array of bool, one an edge
        Whether the way back is an edge too.
    origin : Origin
        Whom the answers came from.
    """

    ids: Whole
    asked: Flags
    followers: Whole
    sources: Whole
    targets: Whole
    mutual: Flags
    origin: Origin

    @property
    def size(self) -> int:
        """How many accounts there are."""
        return len(self.ids)

    def starts(self) -> Whole:
        """Say where each account's edges begin in `sources` and `targets`; one more for the end."""
        return np.searchsorted(self.sources, np.arange(self.size + 1))


def arrays_of(graph: ConnectionGraph) -> GraphArrays:
    """Give the arrays of a graph that is there already; a database gives them by itself."""
    nodes, edges = graph.nodes, graph.edges
    places = {node.id: place for place, node in enumerate(nodes)}
    sources = np.fromiter((places[edge.source] for edge in edges), np.int64, len(edges))
    order = np.argsort(sources, kind="stable")
    targets = np.fromiter((places[edge.target] for edge in edges), np.int64, len(edges))
    mutual = (edge.certainty is Certainty.MUTUAL for edge in edges)
    counts = (-1 if node.subscribers_count is None else node.subscribers_count for node in nodes)
    return GraphArrays(
        ids=np.fromiter((node.id for node in nodes), np.int64, len(nodes)),
        asked=np.fromiter((node.visit == "done" for node in nodes), np.bool_, len(nodes)),
        followers=np.fromiter(counts, np.int64, len(nodes)),
        sources=sources[order],
        targets=targets[order],
        mutual=np.fromiter(mutual, np.bool_, len(edges))[order],
        origin=graph.origin,
    )
