"""The small world as a crawl of some depth would have it, and who owns what in truth."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

from graphcrawl.graph import ConnectionGraph, Creator, Edge, Node
from graphcrawl.model import AccountRef, Certainty, Origin
from graphcrawl.simulator import SmallWorld
from graphcrawl.simulator.small_data import DOCUMENTED, OWNERS
from graphcrawl.simulator.world import Report

Pair = frozenset[str]


def connected(
    nodes: Iterable[Node],
    lists: Mapping[int, Sequence[int]],
    *,
    origin: Origin = Origin.SIMULATED,
) -> ConnectionGraph:
    """Make a graph of who lists whom, with the certainty that the nodes' visits allow."""
    chosen = tuple(nodes)
    asked = {one.id for one in chosen if one.visit == "done"}
    edges = tuple(
        Edge(source, target, position, _certainty(source, target, lists, asked))
        for source in sorted(lists)
        for position, target in enumerate(lists[source])
    )
    return ConnectionGraph(chosen, edges, origin)


def _certainty(
    source: int, target: int, lists: Mapping[int, Sequence[int]], asked: set[int]
) -> Certainty:
    if source in lists.get(target, ()):
        return Certainty.MUTUAL
    return Certainty.ONE_WAY if target in asked else Certainty.UNKNOWN


def small(depth: int, *, day: int = 0) -> ConnectionGraph:
    """Crawl the small world from its entrance, as the engine would."""
    world = SmallWorld(day=day)
    accounts = {(a.network, a.social_id): a for a in world.accounts()}
    entrance = world.entrance
    depths = {(entrance.network, entrance.social_id or ""): 0}
    listed: dict[tuple[str, str], list[tuple[str, str]]] = {}
    failed = set()
    waiting = list(depths)
    for key in waiting:
        if depths[key] >= depth:
            continue
        reply = world.look_up(AccountRef(key[0], social_id=key[1]))
        if not isinstance(reply, Report):
            failed.add(key)
            continue
        listed[key] = [(one.network, one.social_id) for one in reply.connections]
        for other in listed[key]:
            if other not in depths:
                depths[other] = depths[key] + 1
                waiting.append(other)
    ids = {key: at for at, key in enumerate(sorted(depths), start=1)}
    nodes = [
        Node(
            id=ids[key],
            network=key[0],
            social_id=key[1],
            username=accounts[key].username,
            title=accounts[key].title,
            subscribers_count=accounts[key].subscribers_count,
            er=None,
            state=accounts[key].state,
            depth=depths[key],
            visit="done" if key in listed else "failed" if key in failed else "skipped",
        )
        for key in ids
    ]
    lists = {ids[key]: [ids[other] for other in others] for key, others in listed.items()}
    return connected(nodes, lists)


def owned_together(graph: ConnectionGraph) -> set[Pair]:
    """Give the pairs of accounts in a graph that one owner has in truth."""
    owners = {
        f"{handle.network}:{handle.username}": owner.key
        for owner in OWNERS
        for handle in owner.handles
    }
    owners |= {f"{one.network}:{one.username}": "nasa" for one in DOCUMENTED[:3]}
    held = {_named(node) for node in graph.nodes} & set(owners)
    return {
        frozenset(pair) for pair in combinations(held, 2) if len({owners[o] for o in pair}) == 1
    }


def found_together(creators: Iterable[Creator]) -> set[Pair]:
    """Give the pairs of accounts that were found to have one owner."""
    return {frozenset(pair) for one in creators for pair in combinations(named(one), 2)}


def named(creator: Creator) -> list[str]:
    """Give a creator's accounts by network and name."""
    return [_named(account.node) for account in creator.accounts]


def _named(node: Node) -> str:
    return f"{node.network}:{node.username}"
