"""How the seeds of a crawl hang together: groups, owners, connections, common accounts.

Whatever is missing here may only not have been seen: an account that was not asked, or gave no
answer, lists nobody as far as anyone knows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphcrawl.graph.connections import ConnectionGraph, Edge, Node
from graphcrawl.graph.creators import ASKED, Creator
from graphcrawl.graph.options import Weight
from graphcrawl.model import Certainty

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class SeedGroup:
    """Seeds in one component: a chain of connections joins them, whoever lists whom.

    Attributes
    ----------
    seeds : tuple of Node
    accounts : int
        Of the component, seeds included.
    """

    seeds: tuple[Node, ...]
    accounts: int


@dataclass(frozen=True, slots=True)
class SeedOwner:
    """Seeds of one owner.

    Attributes
    ----------
    creator : Creator
        Its other accounts are no seeds.
    seeds : tuple of Node
        Two or more.
    """

    creator: Creator
    seeds: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class SeedConnection:
    """One seed lists another.

    Attributes
    ----------
    source, target : Node
    certainty : Certainty
        Of the way back. One that is mutual stands here once, from the seed that comes first.
    """

    source: Node
    target: Node
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class SharedAccount:
    """An account that several seeds list.

    Attributes
    ----------
    account : Node
        It may be a seed itself.
    seeds : tuple of Node
        Two or more, each of which lists it.
    """

    account: Node
    seeds: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class SeedTies:
    """What is known of the seeds of a crawl among themselves.

    Attributes
    ----------
    seeds : tuple of Node
        In the graph's order.
    groups : tuple of SeedGroup
        The largest first; each seed is in exactly one.
    owners : tuple of SeedOwner
    connections : tuple of SeedConnection
    shared : tuple of SharedAccount
        Those that most seeds list first.
    unanswered : tuple of Node
        Seeds whose connections are not known: not asked yet, or without an answer.
    """

    seeds: tuple[Node, ...]
    groups: tuple[SeedGroup, ...]
    owners: tuple[SeedOwner, ...]
    connections: tuple[SeedConnection, ...]
    shared: tuple[SharedAccount, ...]
    unanswered: tuple[Node, ...]


def find_seed_ties(graph: ConnectionGraph, creators: Iterable[Creator]) -> SeedTies:
    """Find how a crawl's seeds hang together.

    Parameters
    ----------
    graph : ConnectionGraph
        Of one crawl: its seeds are the nodes of depth 0.
    creators : iterable of Creator
        As found in it.

    Returns
    -------
    SeedTies
        In time linear in nodes and edges: common accounts are told by account, not for each of
        the many pairs of seeds.
    """
    seeds = tuple(node for node in graph.nodes if node.depth == 0)
    order = {node.id: place for place, node in enumerate(seeds)}
    return SeedTies(
        seeds=seeds,
        groups=_groups(graph, seeds),
        owners=_owners(seeds, creators),
        connections=_connections(graph.edges, seeds, order),
        shared=_shared(graph, seeds, order),
        unanswered=tuple(node for node in seeds if node.visit != ASKED),
    )


def _groups(graph: ConnectionGraph, seeds: Sequence[Node]) -> tuple[SeedGroup, ...]:
    labels, sizes = _components(graph)
    together: defaultdict[int, list[Node]] = defaultdict(list)
    places = {node.id: place for place, node in enumerate(graph.nodes)}
    for seed in seeds:
        together[int(labels[places[seed.id]])].append(seed)
    groups = [SeedGroup(tuple(held), int(sizes[label])) for label, held in together.items()]
    # Labels come in the order of the seeds, which settles what size leaves open.
    return tuple(sorted(groups, key=lambda group: (-len(group.seeds), -group.accounts)))


def _components(graph: ConnectionGraph) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Give each node's component, and the size of each component by its label."""
    import numpy as np

    from graphcrawl.graph.ties import components, ties_between

    labels = components(ties_between(graph.nodes, graph, Weight.ONE))
    return labels, np.bincount(labels, minlength=1)


def _owners(seeds: Sequence[Node], creators: Iterable[Creator]) -> tuple[SeedOwner, ...]:
    held = {seed.id: seed for seed in seeds}
    owners = []
    for creator in creators:
        ids = creator.node_ids & held.keys()
        if len(ids) > 1:
            owners.append(
                SeedOwner(creator, tuple(seed for key, seed in held.items() if key in ids))
            )
    return tuple(owners)


def _connections(
    edges: Iterable[Edge], seeds: Sequence[Node], order: dict[int, int]
) -> tuple[SeedConnection, ...]:
    between = {
        (order[edge.source], order[edge.target]): edge.certainty
        for edge in edges
        if edge.source in order and edge.target in order
    }
    return tuple(
        SeedConnection(seeds[source], seeds[target], certainty)
        for (source, target), certainty in sorted(between.items())
        # A mutual one may stand here from one side only: its way back is another crawl's.
        if source < target
        or certainty is not Certainty.MUTUAL
        or between.get((target, source)) is not Certainty.MUTUAL
    )


def _shared(
    graph: ConnectionGraph, seeds: Sequence[Node], order: dict[int, int]
) -> tuple[SharedAccount, ...]:
    listed_by: defaultdict[int, set[int]] = defaultdict(set)
    for edge in graph.edges:
        if edge.source in order:
            listed_by[edge.target].add(order[edge.source])
    shared = [
        SharedAccount(node, tuple(seeds[place] for place in sorted(listed_by[node.id])))
        for node in graph.nodes
        if len(listed_by.get(node.id, ())) > 1
    ]
    return tuple(sorted(shared, key=lambda one: -len(one.seeds)))
