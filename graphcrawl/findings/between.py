"""The accounts that tie several together, with how each is linked to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from graphcrawl.addresses import Named
from graphcrawl.errors import InputError
from graphcrawl.findings.membership import Membership, memberships
from graphcrawl.findings.vicinity import Link, Scope, Subject, Vicinity, rank_of, vicinity
from graphcrawl.graph import Node
from graphcrawl.graph.between import Connector, Tie, find_between
from graphcrawl.model import Origin
from graphcrawl.store import Store


@dataclass(frozen=True, slots=True)
class Touch:
    """That a connector leads to a given account.

    Attributes
    ----------
    node : Node
        The given account.
    distance : int
        Steps.
    link : Link or None
        What the connector does, where it is one step.
    """

    node: Node
    distance: int
    link: Link | None


@dataclass(frozen=True, slots=True)
class Bond:
    """An account that ties some of the given ones together.

    Attributes
    ----------
    node : Node
    connector : Connector
    touches : tuple of Touch
        In the order in which accounts were given.
    membership : Membership or None
        Its stored cluster.
    """

    node: Node
    connector: Connector
    touches: tuple[Touch, ...]
    membership: Membership | None


@dataclass(frozen=True, slots=True)
class Bonds:
    """What ties accounts together.

    Attributes
    ----------
    subjects : tuple of Subject
        In the order given.
    found : tuple of Bond
        As `graphcrawl.graph.between.Between` orders them; equals by followers.
    ties : tuple of Tie
        One for each pair.
    unasked : tuple of Node
        Those of the given ones whose own lists are not known, or not whole.
    origin : Origin
    """

    subjects: tuple[Subject, ...]
    found: tuple[Bond, ...]
    ties: tuple[Tie, ...]
    unasked: tuple[Node, ...]
    origin: Origin


def bonds_of(store: Store, accounts: Sequence[Named], scope: Scope) -> Bonds:
    """Find the accounts that tie two or more together.

    Raises
    ------
    InputError
        If they are fewer than two, or one is named twice or may be one of several.
    NothingFound
        If one of them or the crawl is not there.
    StoreError
        If the database cannot be read.
    """
    if len(accounts) < 2:
        raise InputError("between takes two accounts or more")
    with vicinity(store, scope) as around:
        subjects = around.subjects(accounts)
        given = {one.node.id: one.node for one in subjects}
        between = find_between(tuple(given), around.tied)
        nodes = around.nodes(one.node for one in between.connectors)
        links = _links(around, tuple(given))
        silent = around.around.not_told(given)
        clusters = memberships(around.around, nodes)
    bonds = [
        Bond(nodes[one.node], one, _touches(one, given, links), membership=clusters.get(one.node))
        for one in between.connectors
    ]
    return Bonds(
        tuple(subjects),
        tuple(sorted(bonds, key=lambda one: (one.connector.rank, rank_of(one.node)))),
        between.ties,
        tuple(node for key, node in given.items() if key in silent),
        store.origin,
    )


def _links(around: Vicinity, given: Sequence[int]) -> dict[tuple[int, int], Link]:
    """Say, by connector and given account, how the first is linked to the second."""
    links = {(other, key): Link.LISTED_BY for key, other in around.lists(given)}
    for key, other in around.listed_by(given):
        links[other, key] = Link.BOTH if (other, key) in links else Link.LISTS
    return links


def _touches(
    one: Connector, given: Mapping[int, Node], links: Mapping[tuple[int, int], Link]
) -> tuple[Touch, ...]:
    return tuple(
        Touch(given[key], distance, links.get((one.node, key)))
        for key, distance in one.distances.items()
    )
