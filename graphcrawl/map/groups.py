"""Accounts that belong together, by cluster and by owner, as far as they are drawn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from graphcrawl.graph import ConnectionGraph, Creator, Found
from graphcrawl.map.words import readable

COLOURED: Final = 12
"""The largest clusters have a colour each; more could not be told apart."""

_LONGEST_NAME: Final = 100


@dataclass(frozen=True, slots=True)
class Cluster:
    """A community, as far as it is drawn.

    Attributes
    ----------
    number : int
        As `graphcrawl clusters` gives it.
    name : str
        Foreign text, made one line and bounded.
    members : tuple of int
        Indices of marks, ascending; never empty.
    """

    number: int
    name: str
    members: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Owner:
    """A creator, as far as it is drawn.

    Attributes
    ----------
    name : str
        Foreign text, made one line and bounded.
    members : tuple of int
        Indices of marks, ascending; two or more.
    username : str
        What all of them are called on their networks; empty where they differ.
    networks : int
        How many networks these accounts are on.
    creator : Creator
        The whole of it, with what speaks for it.
    """

    name: str
    members: tuple[int, ...]
    username: str
    networks: int
    creator: Creator


def clusters_of(graph: ConnectionGraph, found: Found) -> tuple[Cluster, ...]:
    """Give the clusters that a graph holds accounts of, the one with the most of them first."""
    places = _places(graph)
    drawn = (
        Cluster(one.number, readable(one.name, _LONGEST_NAME) or f"cluster {one.number}", members)
        for one in found.communities
        if (members := tuple(sorted(_drawn(places, one.ids()))))
    )
    # Python's sort keeps the order of those that are equally large.
    return tuple(sorted(drawn, key=lambda one: -len(one.members)))


def owners_of(graph: ConnectionGraph, found: Found) -> tuple[Owner, ...]:
    """Give the creators that a graph holds two or more accounts of, the most followed first."""
    places = _places(graph)
    held = ((one, tuple(sorted(_drawn(places, iter(one.node_ids))))) for one in found.creators)
    return tuple(_owner(graph, one, members) for one, members in held if len(members) > 1)


def _owner(graph: ConnectionGraph, creator: Creator, members: tuple[int, ...]) -> Owner:
    nodes = [graph.nodes[at] for at in members]
    usernames = {node.username for node in nodes}
    shared = next(iter(usernames)) if len(usernames) == 1 else None
    return Owner(
        readable(creator.name, _LONGEST_NAME),
        members,
        readable(shared or "", _LONGEST_NAME),
        len({node.network for node in nodes}),
        creator,
    )


def _places(graph: ConnectionGraph) -> dict[int, int]:
    return {node.id: at for at, node in enumerate(graph.nodes)}


def _drawn(places: Mapping[int, int], ids: Iterable[int]) -> Iterable[int]:
    return (places[one] for one in ids if one in places)
