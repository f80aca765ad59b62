"""The communities of a graph, as people meet them: numbered, named, the largest first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain

import numpy as np

from graphcrawl.graph.columns import EdgeColumns
from graphcrawl.graph.connections import ConnectionGraph, Node
from graphcrawl.graph.keys import Places
from graphcrawl.graph.naming import LEADERS, Words, names, words
from graphcrawl.graph.numbering import Earlier, numbered
from graphcrawl.graph.options import ClusterOptions
from graphcrawl.graph.partition import Partition, divide
from graphcrawl.graph.roster import Reader, Roster, rosters
from graphcrawl.graph.ties import Ties, Whole, in_order, summed, ties_between


@dataclass(frozen=True, slots=True)
class Community:
    """Accounts that are tied to one another more than to others.

    Attributes
    ----------
    number : int
        From 1; it stays while the graph grows, where earlier numbers were given.
    name : str
        Foreign text, made of titles.
    members : Roster
        A sequence of nodes.
    leaders : tuple of Node
        The most followed members, at most three.
    inside : float or None
        Which share (0-1) of its members' ties leads to members; None where they have none.
    """

    number: int
    name: str
    members: Roster
    leaders: tuple[Node, ...]
    inside: float | None

    def ids(self) -> tuple[int, ...]:
        """Give the members' keys."""
        return self.members.ids()


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
        return {key: one.number for one in self.communities for key in one.ids()}

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
    nodes = tuple(in_order(graph.nodes))
    ties = ties_between(nodes, graph, options.weight)
    # Before the accounts' words are read: both take much memory, and so never at once.
    partition = divide(ties, options)
    return described(accounts_of(nodes, graph), ties, partition, earlier or Earlier())


@dataclass(frozen=True, slots=True, eq=False)
class Accounts:
    """What names and numbers of communities are made of, in the order of their ties.

    Attributes
    ----------
    ids, followers, listed : array of int64, one an account
        Keys; followers, -1 where they are not known; how many accounts list it.
    words : sequence of Words
        Of each one's title.
    read : Reader
        What gives the nodes.
    """

    ids: Whole
    followers: Whole
    listed: Whole
    words: Sequence[Words]
    read: Reader


def accounts_of(nodes: tuple[Node, ...], graph: ConnectionGraph) -> Accounts:
    """Give all accounts of a graph, in the order given."""
    ids = np.fromiter((node.id for node in nodes), np.int64, len(nodes))
    listed = Places(ids).of(EdgeColumns.of(graph.edges).targets)
    counts = (-1 if node.subscribers_count is None else node.subscribers_count for node in nodes)
    by_key = {node.id: node for node in nodes}
    return Accounts(
        ids=ids,
        followers=np.fromiter(counts, np.int64, len(nodes)),
        listed=np.bincount(listed, minlength=len(nodes)),
        words=[words(node.title) for node in nodes],
        read=partial(_among, by_key),
    )


def _among(nodes: Mapping[int, Node], keys: Iterable[int]) -> Mapping[int, Node]:
    return nodes


def described(
    accounts: Accounts, ties: Ties, partition: Partition, earlier: Earlier
) -> Communities:
    """Give communities that were found their numbers and names.

    Parameters
    ----------
    accounts : Accounts
        All of the graph, in the order of `ties` and `partition`.
    ties : Ties
    partition : Partition
    earlier : Earlier
    """
    groups = [places.tolist() for places in _groups(partition.labels)]
    ids = accounts.ids.tolist()
    members = [[ids[place] for place in places] for places in groups]
    leaders = _leaders(accounts, partition.labels, groups)
    shares = _shares(ties, partition.labels)
    told = zip(
        numbered(members, earlier),
        names([[accounts.words[place] for place in places] for places in groups], leaders),
        rosters(members, accounts.read),
        leaders,
        (shares.get(places[0]) for places in groups),
        strict=True,
    )
    communities = tuple(Community(*one) for one in told)
    return Communities(communities, partition.modularity, partition.engine)


def _groups(labels: Whole) -> list[Whole]:
    """Give the places of each community's accounts, the largest first."""
    order = np.argsort(labels, kind="stable")
    bounds = np.flatnonzero(np.diff(labels[order])) + 1
    groups = np.split(order, bounds) if len(labels) else []
    return sorted(groups, key=lambda places: (-len(places), int(places[0])))


def _leaders(
    accounts: Accounts, labels: Whole, groups: Sequence[Sequence[int]]
) -> list[tuple[Node, ...]]:
    """Give each community's most followed accounts, as far as they are still there.

    Where followers are not known, those that more accounts list come first.
    """
    order = np.lexsort((-accounts.listed, -accounts.followers, labels))
    starts = np.searchsorted(labels[order], [places[0] for places in groups])
    keys = [
        accounts.ids[order[start : start + min(LEADERS, len(places))]].tolist()
        for places, start in zip(groups, starts.tolist(), strict=True)
    ]
    nodes = accounts.read(list(chain.from_iterable(keys)))
    return [tuple(nodes[key] for key in few if key in nodes) for few in keys]


def _shares(ties: Ties, labels: Whole) -> dict[int, float]:
    """Say by label which share of the ends of ties meets its own community, where it has ties."""
    ends = summed(labels, ties.degrees(), ties.size)
    own = summed(labels, ties.within(labels).degrees(), ties.size)
    tied = np.flatnonzero(ends)
    return dict(zip(tied.tolist(), (own[tied] / ends[tied]).tolist(), strict=True))
