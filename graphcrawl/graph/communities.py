"""The communities of a graph, as people meet them: numbered, named, the largest first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from graphcrawl.graph.connections import ConnectionGraph, Node
from graphcrawl.graph.naming import listings, most_followed, names
from graphcrawl.graph.numbering import Earlier, numbered
from graphcrawl.graph.options import ClusterOptions
from graphcrawl.graph.partition import Partition, divide
from graphcrawl.graph.ties import Ties, Whole, in_order, ties_between


@dataclass(frozen=True, slots=True)
class Community:
    """Accounts that are tied to one another more than to others.

    Attributes
    ----------
    number : int
        From 1; it stays while the graph grows, where earlier numbers were given.
    name : str
        Foreign text, made of titles.
    members : tuple of Node
    leaders : tuple of Node
        The most followed members, at most three.
    inside : float or None
        Which share (0-1) of its members' ties leads to members; None where they have none.
    """

    number: int
    name: str
    members: tuple[Node, ...]
    leaders: tuple[Node, ...]
    inside: float | None


@dataclass(frozen=True, slots=True)
class Communities:
    """All communities of a graph: every account is in exactly one, and each is in one piece.

    Attributes
    ----------
    communities : tuple of Community
        The largest first.
    modularity : float or None
        None where nothing is tied.
    engine : str
        What found them, with its version.
    """

    communities: tuple[Community, ...]
    modularity: float | None
    engine: str

    def numbers(self) -> Mapping[int, int]:
        """Give each account's community, by `Node.id`."""
        return {node.id: one.number for one in self.communities for node in one.members}

    def names(self) -> Mapping[int, str]:
        """Give each community's name by its number."""
        return {one.number: one.name for one in self.communities}


def find_communities(
    graph: ConnectionGraph,
    options: ClusterOptions | None = None,
    *,
    earlier: Earlier | None = None,
) -> Communities:
    """Find, number and name the communities of a graph.

    Pure: the same accounts and connections give the same communities, whatever keys a database
    gave them and in whatever order they come.

    Parameters
    ----------
    graph : ConnectionGraph
    options : ClusterOptions or None
    earlier : Earlier or None
        Numbers that were given before, and are to stay.

    Returns
    -------
    Communities

    Raises
    ------
    InputError
        If the options cannot be used.
    """
    options = options or ClusterOptions()
    options.check()
    nodes = in_order(graph.nodes)
    ties = ties_between(nodes, graph, options.weight)
    partition = divide(ties, options)
    return Communities(
        _described(graph, nodes, ties, partition, earlier or Earlier()),
        partition.modularity,
        partition.engine,
    )


def _described(
    graph: ConnectionGraph,
    nodes: Sequence[Node],
    ties: Ties,
    partition: Partition,
    earlier: Earlier,
) -> tuple[Community, ...]:
    groups = _groups(partition.labels)
    members = [tuple(nodes[place] for place in places) for places in groups]
    listed = listings(graph.edges)
    leaders = [most_followed(group, listed) for group in members]
    shares = _shares(ties, partition.labels)
    described = zip(
        numbered([[node.id for node in group] for group in members], earlier),
        names(members, leaders),
        members,
        leaders,
        (shares[places[0]] for places in groups),
        strict=True,
    )
    return tuple(Community(*one) for one in described)


def _groups(labels: Whole) -> list[list[int]]:
    """Give the places of each community's accounts, the largest first."""
    groups: dict[int, list[int]] = defaultdict(list)
    for place, label in enumerate(labels.tolist()):
        groups[label].append(place)
    return sorted(groups.values(), key=lambda places: (-len(places), places[0]))


def _shares(ties: Ties, labels: Whole) -> dict[int, float | None]:
    """Say by label which share of the ends of ties meets its own community."""
    ends = np.zeros(ties.size, np.int64)
    np.add.at(ends, labels, ties.degrees())
    own = np.zeros(ties.size, np.int64)
    np.add.at(own, labels, ties.within(labels).degrees())
    return {
        label: own[label].item() / ends[label].item() if ends[label] else None
        for label in np.unique(labels).tolist()
    }
