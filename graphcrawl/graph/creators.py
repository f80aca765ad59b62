"""Accounts of one owner across networks, each with what speaks for it.

Two connected accounts on different networks are compared (`graphcrawl.graph.evidence`), and those
that fit become one creator, the surest first. A creator has one account of a network at most, and
of every two of its accounts either one lists the other, or a third lists both and is sure of them:
a chain of weak links joins nobody. What was decided by hand is never undone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from graphcrawl.graph.connections import ConnectionGraph, Node
from graphcrawl.graph.evidence import BY_HAND, Confidence, Link, find_links, place
from graphcrawl.graph.likeness import Names, NamesOf, alike, is_kin
from graphcrawl.model import NETWORKS

ASKED: Final = "done"
NO_ANSWER: Final = "failed"


@dataclass(frozen=True, slots=True)
class Decisions:
    """What people decided.

    Attributes
    ----------
    parties : tuple of frozenset of int
        `Node.id` of accounts that have one owner.
    alone : frozenset of int
        `Node.id` of accounts that are never joined with another.
    """

    parties: tuple[frozenset[int], ...] = ()
    alone: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for an account having the owner of another one.

    Attributes
    ----------
    account : Node
        The other account.
    confidence : Confidence
    reasons : tuple of str
    """

    account: Node
    confidence: Confidence
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CreatorAccount:
    """An account of a creator.

    Attributes
    ----------
    node : Node
    confidence : Confidence
        Of the best evidence.
    evidence : tuple of Evidence
        One for each account of the creator that speaks for it, the best first; never empty.
    """

    node: Node
    confidence: Confidence
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Creator:
    """Accounts of one owner.

    Attributes
    ----------
    accounts : tuple of CreatorAccount
        Two or more, by network.
    related : tuple of Node
        Other accounts on these networks that are connected with one of these and called alike or
        after it: maybe the same owner's, which only people can tell.
    to_ask : tuple of Node
        Accounts whose answers may confirm what is not sure yet.
    id : int or None
        The database's number for it; None where it is not stored.
    """

    accounts: tuple[CreatorAccount, ...]
    related: tuple[Node, ...] = ()
    to_ask: tuple[Node, ...] = ()
    id: int | None = None

    @property
    def name(self) -> str:
        """The title of the most followed account, or else what it is called."""
        nodes = (account.node for account in self.accounts)
        first = max(nodes, key=lambda node: node.subscribers_count or 0)
        return first.title or first.username or f"{first.network}:{first.social_id or '?'}"

    @property
    def node_ids(self) -> frozenset[int]:
        """`Node.id` of its accounts."""
        return frozenset(account.node.id for account in self.accounts)

    @property
    def confidence(self) -> Confidence:
        """That of the account which is least sure."""
        return min((one.confidence for one in self.accounts), key=lambda one: one.rank)

    @property
    def followers(self) -> int | None:
        """The sum of followers, whose audiences overlap; None where none is known."""
        known = [
            account.node.subscribers_count
            for account in self.accounts
            if account.node.subscribers_count is not None
        ]
        return sum(known) if known else None


def find_creators(
    graph: ConnectionGraph, decisions: Decisions | None = None
) -> tuple[Creator, ...]:
    """Find the accounts of one owner across networks.

    Parameters
    ----------
    graph : ConnectionGraph
    decisions : Decisions or None
        Of accounts that are not in the graph, nothing is said.

    Returns
    -------
    tuple of Creator
        The most followed first; an account is in one of them at most. The order of the graph's
        rows does not matter.
    """
    decisions = decisions or Decisions()
    nodes = {node.id: node for node in sorted(graph.nodes, key=place)}
    names = NamesOf(nodes)
    parties = _parties(decisions, nodes)
    links = find_links(graph, names, alone=decisions.alone, parties=parties)
    grouping = _Grouping(nodes, names, links, parties)
    grouping.join_all()
    kin = _kin(graph, grouping)
    creators = [_creator(group, grouping, kin) for group in grouping.groups()]
    # Python's sort keeps the order of those that are equally followed.
    return tuple(sorted(creators, key=lambda one: -(one.followers or 0)))


def _parties(decisions: Decisions, nodes: Mapping[int, Node]) -> dict[int, int]:
    return {
        member: number
        for number, party in enumerate(decisions.parties, start=1)
        for member in party
        if member in nodes and member not in decisions.alone
    }


class _Grouping:
    """Accounts on their way to groups, each alone or with its party at first."""

    def __init__(
        self,
        nodes: Mapping[int, Node],
        names: Mapping[int, Names],
        links: Iterable[Link],
        parties: Mapping[int, int],
    ) -> None:
        self.nodes = nodes
        self.parties = parties
        self._names = names
        self._in_order = tuple(links)
        self._links = {link.ends: link for link in self._in_order}
        self._group = _first_groups(self._in_order, parties)

    def join_all(self) -> None:
        """Join what fits, the surest first, until nothing more does."""
        waiting = self._in_order
        while True:
            left = tuple(link for link in waiting if not self._join(*link.ends))
            if len(left) == len(waiting):
                return
            waiting = left

    def groups(self) -> Iterator[list[int]]:
        """Give every group of two or more, its accounts by network."""
        for first in self.nodes:
            group = self._group.get(first, ())
            if len(group) < 2:
                continue
            ordered = sorted(group, key=lambda one: place(self.nodes[one]))
            if ordered[0] == first:
                yield ordered

    def link(self, one: int, other: int) -> Link | None:
        """Give what speaks for two accounts directly."""
        return self._links.get((min(one, other), max(one, other)))

    def are_kin(self, one: int, other: int) -> bool:
        """Tell whether two accounts are called alike, or one after the other."""
        return is_kin(self._names[one], self._names[other])

    def _join(self, one: int, other: int) -> bool:
        """Join the groups of two accounts if they fit; True when they are together."""
        left, right = self._group[one], self._group[other]
        if left is not right:
            if not self._fit(left, right):
                return False
            left |= right
            self._group.update(dict.fromkeys(right, left))
        return True

    def _fit(self, left: set[int], right: set[int]) -> bool:
        if self._networks(left) & self._networks(right):
            return False
        if all(any(one in self.parties for one in side) for side in (left, right)):
            return False
        both = left | right
        return all(self._speaks(one, other, both) for one in left for other in right)

    def _networks(self, group: Iterable[int]) -> set[str]:
        return {self.nodes[one].network for one in group}

    def _speaks(self, one: int, other: int, group: set[int]) -> bool:
        """Tell whether anything speaks for two accounts: directly, a third one, or their party."""
        ours, theirs = self._party(one, group), self._party(other, group)
        if any(self.link(mine, yours) for mine in ours for yours in theirs):
            return True
        if self._fits_the_party(one, group) and self._fits_the_party(other, group):
            return True
        if not alike(self._names[one], self._names[other]):
            return False
        return any(self._vouches(third, one, other) for third in group - {one, other})

    def _party(self, one: int, group: set[int]) -> list[int]:
        number = self.parties.get(one)
        if number is None:
            return [one]
        return [member for member in group if self.parties.get(member) == number]

    def _fits_the_party(self, one: int, group: set[int]) -> bool:
        """Tell whether an account is likely to belong to what was merged by hand in its group."""
        return any(
            link.confidence is not Confidence.LOW
            for member in group
            if member in self.parties and (link := self.link(one, member)) is not None
        )

    def _vouches(self, third: int, one: int, other: int) -> bool:
        links = self.link(third, one), self.link(third, other)
        least = min(-1 if link is None else link.confidence.rank for link in links)
        if least == Confidence.STRONG.rank:
            return True
        # A likely one vouches only as long as nobody knows whether the two list each other.
        asked = any(self.nodes[end].visit == ASKED for end in (one, other))
        return least == Confidence.LIKELY.rank and not asked


def _first_groups(links: Iterable[Link], parties: Mapping[int, int]) -> dict[int, set[int]]:
    by_party: dict[int, set[int]] = {}
    for member, number in parties.items():
        by_party.setdefault(number, set()).add(member)
    groups = {member: by_party[number] for member, number in parties.items()}
    for link in links:
        for end in link.ends:
            groups.setdefault(end, {end})
    return groups


def _kin(graph: ConnectionGraph, grouping: _Grouping) -> dict[int, set[int]]:
    """Find, for accounts of creators, the connected accounts that are called after them."""
    members = frozenset(one for group in grouping.groups() for one in group)
    kin: dict[int, set[int]] = {}
    for edge in graph.edges:
        for one, other in ((edge.source, edge.target), (edge.target, edge.source)):
            if one in members and grouping.are_kin(one, other):
                kin.setdefault(one, set()).add(other)
    return kin


def _creator(group: list[int], grouping: _Grouping, kin: Mapping[int, set[int]]) -> Creator:
    nodes = grouping.nodes
    networks = {nodes[one].network for one in group}
    called_alike = {other for one in group for other in kin.get(one, ())} - set(group)
    related = (other for other in called_alike if nodes[other].network in networks)
    to_ask = {
        asked
        for one, other in combinations(group, 2)
        if (link := grouping.link(one, other)) and _is_open(link, grouping)
        for asked in link.to_ask
        if _can_be_asked(nodes[asked])
    }
    return Creator(
        accounts=tuple(_account(one, group, grouping) for one in group),
        related=_ordered(related, nodes),
        to_ask=_ordered(to_ask, nodes),
    )


def _ordered(ids: Iterable[int], nodes: Mapping[int, Node]) -> tuple[Node, ...]:
    return tuple(sorted((nodes[one] for one in ids), key=place))


def _is_open(link: Link, grouping: _Grouping) -> bool:
    """Tell whether an answer could tell more about two accounts."""
    ours, theirs = (grouping.parties.get(end) for end in link.ends)
    return bool(link.to_ask) and (ours is None or ours != theirs)


def _can_be_asked(node: Node) -> bool:
    return node.network in NETWORKS and node.visit != NO_ANSWER


def _account(one: int, group: list[int], grouping: _Grouping) -> CreatorAccount:
    evidence = [found for other in group if (found := _evidence(one, other, grouping))]
    evidence.sort(key=lambda found: -found.confidence.rank)
    return CreatorAccount(grouping.nodes[one], evidence[0].confidence, tuple(evidence))


def _evidence(one: int, other: int, grouping: _Grouping) -> Evidence | None:
    if one == other:
        return None
    node, link = grouping.nodes[other], grouping.link(one, other)
    party = grouping.parties.get(one)
    if party is not None and grouping.parties.get(other) == party:
        return Evidence(node, Confidence.STRONG, (BY_HAND, *(link.reasons if link else ())))
    return Evidence(node, link.confidence, link.reasons) if link else None
