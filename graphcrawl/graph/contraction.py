"""A graph with one node an owner: the accounts of a creator become one, all others stay.

This is vertex identification, the quotient of a graph by a partition of its nodes, with one
addition: what is not known of an account is not known of its owner either.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from graphcrawl.graph.connections import ConnectionGraph, Edge, Node
from graphcrawl.graph.creators import Creator
from graphcrawl.model import Certainty

CREATOR: Final = "creator"
"""What stands in a creator's node for the network."""

ASKED: Final = "done"


@dataclass(frozen=True, slots=True)
class Owned:
    """A creator as one node.

    Attributes
    ----------
    node : Node
        In place of its accounts: `id` is that of the most followed of them, `depth` the smallest,
        `subscribers_count` the sum of those known, whose audiences overlap; `state`, `visit` and
        `cause` only where all agree, and `visit` is ``done`` only where every account of the
        creator is in the graph and was asked.
    creator : Creator
    accounts : tuple of Node
        Those that are in the graph, in its order; two or more.
    """

    node: Node
    creator: Creator
    accounts: tuple[Node, ...]

    @property
    def asked(self) -> int:
        """How many of its accounts in the graph were asked and answered."""
        return sum(account.visit == ASKED for account in self.accounts)


@dataclass(frozen=True, slots=True)
class Contraction:
    """A contracted graph, and what became of the accounts that are no longer in it.

    Attributes
    ----------
    graph : ConnectionGraph
        A creator stands where its most followed account stood.
    owned : tuple of Owned
        In the order of the creators given.
    within : int
        How many edges between accounts of one creator vanished.
    """

    graph: ConnectionGraph
    owned: tuple[Owned, ...]
    within: int


def contract(graph: ConnectionGraph, creators: Iterable[Creator]) -> Contraction:
    """Make one node of each creator's accounts.

    Between two nodes there is an edge where there is one between their accounts, and it is

    - mutual where edges lead both ways, or one is mutual: each owner lists the other, be it by
      other accounts;
    - else one-way where it is known of every account of the target that it lists no account of
      the source: what it lists is in the graph, or it is the end of one-way edges from each of
      them;
    - else unknown, as always with a creator of whom an account is not in the graph: what that
      one lists, and who lists it, is not there to be seen.

    Parameters
    ----------
    graph : ConnectionGraph
    creators : iterable of Creator
        An account is in one of them at most. Those of whom the graph holds fewer than two
        accounts are left out.
    """
    places = {node.id: at for at, node in enumerate(graph.nodes)}
    owned = tuple(
        _owned(creator, [graph.nodes[at] for at in held])
        for creator in creators
        if len(held := sorted(places[one] for one in creator.node_ids if one in places)) > 1
    )
    stands_for = {one: one for one in places}
    stands_for |= {account.id: one.node.id for one in owned for account in one.accounts}
    new = {one.node.id: one.node for one in owned}
    kept = (node for node in graph.nodes if stands_for[node.id] == node.id)
    edges = tuple(edge for edge in graph.edges if not _is_within(edge, stands_for))
    return Contraction(
        graph=ConnectionGraph(
            nodes=tuple(new.get(node.id, node) for node in kept),
            edges=_joined(edges, stands_for, _Known(graph, owned)),
            origin=graph.origin,
        ),
        owned=owned,
        within=len(graph.edges) - len(edges),
    )


def _owned(creator: Creator, accounts: Sequence[Node]) -> Owned:
    known = [node.subscribers_count for node in accounts if node.subscribers_count is not None]
    depths = [node.depth for node in accounts if node.depth is not None]
    visit = _common([node.visit for node in accounts])
    is_whole = len(accounts) == len(creator.accounts)
    node = Node(
        id=max(accounts, key=lambda node: node.subscribers_count or 0).id,
        network=CREATOR,
        social_id=None,
        username=None,
        title=creator.name,
        subscribers_count=sum(known) if known else None,
        er=None,
        state=_common([node.state for node in accounts]),
        depth=min(depths, default=None),
        visit=visit if is_whole or visit != ASKED else None,
        cause=_common([node.cause for node in accounts]),
    )
    return Owned(node, creator, tuple(accounts))


def _common(values: Sequence[str | None]) -> str | None:
    return values[0] if len(set(values)) == 1 else None


def _is_within(edge: Edge, stands_for: Mapping[int, int]) -> bool:
    return stands_for[edge.source] == stands_for[edge.target]


class _Known:
    """Of which accounts the graph holds all that they list."""

    def __init__(self, graph: ConnectionGraph, owned: Iterable[Owned]) -> None:
        # An answer that was cut leaves its account asked, and the edges to it unknown.
        cut = {edge.target for edge in graph.edges if edge.certainty is Certainty.UNKNOWN}
        asked = {node.id for node in graph.nodes if node.visit == ASKED}
        self._told = asked - cut
        self._accounts = {one.node.id: [a.id for a in one.accounts] for one in owned}
        self._partial = {
            one.node.id for one in owned if len(one.accounts) < len(one.creator.accounts)
        }

    def is_one_way(self, source: int, target: int, parts: Iterable[Edge]) -> bool:
        """Tell whether it is known that no account of the target lists one of the source."""
        if source in self._partial or target in self._partial:
            return False
        one_way = {
            (part.source, part.target) for part in parts if part.certainty is Certainty.ONE_WAY
        }
        return all(
            end in self._told or (start, end) in one_way
            for start in self._accounts.get(source, (source,))
            for end in self._accounts.get(target, (target,))
        )


def _joined(
    edges: Iterable[Edge], stands_for: Mapping[int, int], known: _Known
) -> tuple[Edge, ...]:
    between: dict[tuple[int, int], list[Edge]] = {}
    for edge in edges:
        between.setdefault((stands_for[edge.source], stands_for[edge.target]), []).append(edge)
    joined = []
    for (source, target), parts in sorted(between.items()):
        if (target, source) in between or any(p.certainty is Certainty.MUTUAL for p in parts):
            certainty = Certainty.MUTUAL
        elif known.is_one_way(source, target, parts):
            certainty = Certainty.ONE_WAY
        else:
            certainty = Certainty.UNKNOWN
        joined.append(Edge(source, target, min(part.position for part in parts), certainty))
    return tuple(joined)
