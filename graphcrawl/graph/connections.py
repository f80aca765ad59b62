"""The graph as people meet it: accounts as nodes, listings as edges, with what is not known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from graphcrawl.model import Certainty, Origin


@dataclass(frozen=True, slots=True)
class Node:
    """An account in the graph.

    Attributes
    ----------
    id : int
        The database's key; stable within one database.
    network, social_id, username, title, subscribers_count, er, state
        As in `graphcrawl.model.Account`; `social_id` is None for a seed that no answer has
        named yet.
    depth : int or None
        Hops from the nearest seed, 0 for a seed; None outside any crawl.
    visit : str or None
        queued, claimed, done, failed, deferred or skipped: what the crawl did with it. `done`
        alone means that its connections are known; `skipped` was never to be asked (the rim).
    cause : str or None
        Why, for failed, deferred and skipped accounts (``not-found``, ``private``, ``rim``...).
    """

    id: int
    network: str
    social_id: str | None
    username: str | None
    title: str | None
    subscribers_count: int | None
    er: float | None
    state: str | None
    depth: int | None = None
    visit: str | None = None
    cause: str | None = None

    def __str__(self) -> str:
        """Name it as it can be typed."""
        return f"{self.network}:{self.username or f'id:{self.social_id or chr(63)}'}"


@dataclass(frozen=True, slots=True)
class Edge:
    """One account (`source`) lists another (`target`); both are `Node.id`."""

    source: int
    target: int
    position: int
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class ConnectionGraph:
    """A finished selection of a database, ordered: nodes by (network, social_id), edges by ends.

    Attributes
    ----------
    nodes : tuple of Node
    edges : sequence of Edge
        Both ends are in `nodes`. A tuple, or `graphcrawl.graph.columns.EdgeColumns` where objects
        would be too many.
    origin : Origin
        Whom the answers came from; everything drawn from simulated ones says so.
    """

    nodes: tuple[Node, ...]
    edges: Sequence[Edge]
    origin: Origin
