"""Accounts with the same neighbours as one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from graphcrawl.addresses import Named
from graphcrawl.errors import InputError, NothingFound
from graphcrawl.findings.membership import Membership, memberships
from graphcrawl.findings.vicinity import Scope, Subject, Vicinity, rank_of, vicinity
from graphcrawl.graph import Node
from graphcrawl.graph.similarity import Likeness, Measure, Sharing, likenesses
from graphcrawl.model import Origin
from graphcrawl.store import Store

LEAST_SHARED: Final = 2
"""One shared neighbour is what most accounts of a crawl have in common with many."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """How likeness is measured.

    Attributes
    ----------
    measure : Measure
    sharing : Sharing
        Whose neighbours are compared.
    least : int
        Shared neighbours, 1 or more, below which nothing is told.
    """

    measure: Measure = Measure.JACCARD
    sharing: Sharing = Sharing.LISTED_BY
    least: int = LEAST_SHARED

    def check(self) -> None:
        """Refuse what cannot be.

        Raises
        ------
        InputError
        """
        if self.least < 1:
            raise InputError(f"--min-shared {self.least}: give 1 or more")


@dataclass(frozen=True, slots=True)
class Similar:
    """The accounts that are like one, the most alike first.

    Attributes
    ----------
    subject : Subject
    comparison : Comparison
    neighbours : int
        How many the account itself has.
    found : tuple of (Node, Likeness)
    memberships : mapping of int to Membership
        The stored clusters of those found, by `Node.id`.
    origin : Origin
    """

    subject: Subject
    comparison: Comparison
    neighbours: int
    found: tuple[tuple[Node, Likeness], ...]
    memberships: Mapping[int, Membership]
    origin: Origin = field(kw_only=True)


def similar_to(store: Store, account: Named, comparison: Comparison, scope: Scope) -> Similar:
    """Find the accounts with the same neighbours.

    Raises
    ------
    InputError
        If the comparison cannot be, or the account may be one of several.
    NothingFound
        If it or the crawl is not there, or nothing is known of its neighbours.
    StoreError
        If the database cannot be read.
    """
    comparison.check()
    with vicinity(store, scope) as around:
        (subject,) = around.subjects([account])
        own = _neighbours(around, subject.node.id, comparison.sharing)
        if not own:
            raise NothingFound(_why_none(subject.node, comparison.sharing))
        measured = _measured(around, subject.node.id, own, comparison)
        allowed = around.allows(one.node for one in measured)
        kept = [one for one in measured if one.node in allowed]
        nodes = around.nodes(one.node for one in kept)
        clusters = memberships(around.around, nodes)
    found = sorted(kept, key=lambda one: (-one.value, -one.shared, rank_of(nodes[one.node])))
    return Similar(
        subject,
        comparison,
        len(own),
        tuple((nodes[one.node], one) for one in found),
        clusters,
        origin=store.origin,
    )


def _neighbours(around: Vicinity, key: int, sharing: Sharing) -> set[int]:
    look = around.around.listed_by if sharing is Sharing.LISTED_BY else around.around.lists
    return {other for _, other in look([key])}


def _measured(around: Vicinity, key: int, own: set[int], comparison: Comparison) -> list[Likeness]:
    look = around.around
    if comparison.sharing is Sharing.LISTED_BY:
        shared, count = look.listed_together(own), look.count_listed_by
        tied = look.lists([key])
    else:
        shared, count = look.listing_together(own), look.count_lists
        tied = look.listed_by([key])
    shared = {
        other: number
        for other, number in shared.items()
        if other != key and number >= comparison.least
    }
    return likenesses(
        comparison.measure,
        shared,
        own=own,
        counts=count(shared),
        tied=(other for _, other in tied),
    )


def _why_none(node: Node, sharing: Sharing) -> str:
    if sharing is Sharing.LISTED_BY:
        return (
            f"no account that was asked lists {node}; --neighbours lists compares whom "
            "accounts list"
        )
    if node.visit != "done":
        return (
            f"{node} was not asked, so whom it lists is not known; --neighbours "
            "listed-by compares who lists accounts"
        )
    return f"{node} lists nobody"
