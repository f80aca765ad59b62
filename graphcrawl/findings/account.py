"""One account in full: what it is and was, why it is here, who is around it, what is not known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from graphcrawl.addresses import Named
from graphcrawl.findings.unknown import unknown_of
from graphcrawl.findings.vicinity import Link, Scope, Subject, Vicinity, rank_of, vicinity
from graphcrawl.graph import Edge, Node
from graphcrawl.model import Certainty, Origin
from graphcrawl.store import GroupingFacts, Store, StoredAccount

VALUES: Final = ("username", "title", "subscribers_count", "er", "state")
"""What history keeps of an account."""


@dataclass(frozen=True, slots=True)
class Change:
    """That a value changed; both are known. `at` is when an answer first told the new one."""

    at: datetime
    name: str
    before: object
    after: object


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An account next to the one.

    Attributes
    ----------
    node : Node
    link : Link
        What the account in question does.
    certainty : Certainty
    cluster : int or None
    """

    node: Node
    link: Link
    certainty: Certainty
    cluster: int | None


@dataclass(frozen=True, slots=True)
class NeighbourGroup:
    """The neighbours in one cluster (None: in none that is stored), the most followed first."""

    cluster: int | None
    name: str | None
    members: tuple[Neighbour, ...]

    def count(self, link: Link) -> int:
        """Count those of one kind of link."""
        return sum(one.link is link for one in self.members)


@dataclass(frozen=True, slots=True)
class AccountPage:
    """All that is known of one account, and what is not.

    Attributes
    ----------
    subject : Subject
    crawl_id : int or None
        The crawl whose connections these are; None: the whole database.
    stored : StoredAccount
        Its values, answers and visits, its creator, what users added.
    changes : tuple of Change
        Oldest first.
    grouping : GroupingFacts or None
        The newest clustering that is stored; None: none is.
    groups : tuple of NeighbourGroup
        The largest first; those in no cluster last.
    nodes : mapping of int to Node
        The accounts that ways, creator and evidence name.
    unknown : tuple of str
        In a line each.
    origin : Origin
    """

    subject: Subject
    crawl_id: int | None
    stored: StoredAccount
    changes: tuple[Change, ...]
    grouping: GroupingFacts | None
    groups: tuple[NeighbourGroup, ...]
    nodes: Mapping[int, Node]
    unknown: tuple[str, ...]
    origin: Origin

    @property
    def neighbours(self) -> tuple[Neighbour, ...]:
        """All of them, the most followed first."""
        every = (one for group in self.groups for one in group.members)
        return tuple(sorted(every, key=lambda one: rank_of(one.node)))

    @property
    def cluster(self) -> int | None:
        """Its own cluster in the newest clustering."""
        return None if self.grouping is None else self.grouping.clusters.get(self.subject.node.id)


def account_page_of(store: Store, account: Named, scope: Scope) -> AccountPage:
    """Look up all of an account, by index: the graph is not loaded.

    Raises
    ------
    InputError
        If it may be one of several.
    NothingFound
        If it or the crawl is not there.
    StoreError
        If the database cannot be read.
    """
    with vicinity(store, scope) as around:
        (subject,) = around.subjects([account])
        stored = around.around.profile(subject.node.id)
        links = _links(around, subject.node.id)
        grouping = around.around.grouping([subject.node.id, *links])
        nodes = around.nodes({*links, *_named_in(stored)})
        neighbours = _neighbours(links, nodes, grouping)
        return AccountPage(
            subject=subject,
            crawl_id=scope.crawl_id,
            stored=stored,
            changes=tuple(_changes(stored)),
            grouping=grouping,
            groups=_groups(neighbours, grouping),
            nodes=nodes,
            unknown=tuple(unknown_of(subject.node, stored, neighbours)),
            origin=store.origin,
        )


def _links(around: Vicinity, key: int) -> dict[int, tuple[Link, Certainty]]:
    """Say of each neighbour what the account does, and how sure it is."""
    look = around.around
    ours = {edge.target: Edge(*edge) for edge in look.edges([key], None)}
    theirs = {edge.source: Edge(*edge) for edge in look.edges_to([key])}
    links = {other: (Link.LISTED_BY, edge.certainty) for other, edge in theirs.items()}
    for other, edge in ours.items():
        links[other] = (Link.BOTH if other in theirs else Link.LISTS, edge.certainty)
    return links


def _named_in(stored: StoredAccount) -> Iterator[int]:
    for _, way in stored.visits:
        yield from (one.node_id for one in way or ())
    if stored.owner is not None:
        yield from (one.node_id for one in stored.owner.accounts)


def _neighbours(
    links: Mapping[int, tuple[Link, Certainty]],
    nodes: Mapping[int, Node],
    grouping: GroupingFacts | None,
) -> list[Neighbour]:
    clusters = {} if grouping is None else grouping.clusters
    found = [
        Neighbour(nodes[key], link, certainty, clusters.get(key))
        for key, (link, certainty) in links.items()
    ]
    return sorted(found, key=lambda one: rank_of(one.node))


def _groups(
    neighbours: Sequence[Neighbour], grouping: GroupingFacts | None
) -> tuple[NeighbourGroup, ...]:
    members: dict[int | None, list[Neighbour]] = {}
    for one in neighbours:
        members.setdefault(one.cluster, []).append(one)
    names = {} if grouping is None else grouping.names
    groups = [
        NeighbourGroup(number, names.get(number) if number is not None else None, tuple(held))
        for number, held in members.items()
    ]
    return tuple(
        sorted(groups, key=lambda one: (one.cluster is None, -len(one.members), one.cluster or 0))
    )


def _changes(stored: StoredAccount) -> Iterator[Change]:
    """Compare each former state with the next; what only became known has not changed."""
    former = stored.former
    for before, after in zip(former, (*former[1:], stored.profile), strict=False):
        for name in VALUES:
            old, new = getattr(before, name), getattr(after, name)
            if old is not None and new is not None and old != new:
                yield Change(before.valid_to, name, old, new)
