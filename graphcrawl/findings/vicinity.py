"""What is around some accounts: looked up as it is needed, kept where filters allow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum

from graphcrawl.addresses import Named
from graphcrawl.errors import InputError
from graphcrawl.findings.own import own_for
from graphcrawl.graph import Node
from graphcrawl.graph.conditions import Filter
from graphcrawl.graph.own import Own
from graphcrawl.store import Neighbourhood, Store, look_around


class Link(StrEnum):
    """How an account is linked to another, as far as is known."""

    BOTH = "both"
    LISTS = "lists"
    LISTED_BY = "listed by"


@dataclass(frozen=True, slots=True)
class Scope:
    """Where answers are looked for.

    Attributes
    ----------
    crawl_id : int or None
        One crawl's accounts and answers; None: the whole database as it stands.
    filters : tuple of Filter
        What the accounts in the answer must fulfil; those that are asked about need not.
    """

    crawl_id: int | None = None
    filters: tuple[Filter, ...] = ()


@dataclass(frozen=True, slots=True)
class Subject:
    """An account that is asked about.

    Attributes
    ----------
    node : Node
    former : str or None
        The username that it once had, where it was found by that.
    """

    node: Node
    former: str | None = None


class Vicinity:
    """The accounts around those that are asked about.

    Parameters
    ----------
    around : Neighbourhood
    scope : Scope
    own : Own
        What filters may ask about.
    """

    def __init__(self, around: Neighbourhood, scope: Scope, own: Own) -> None:
        self.around = around
        self._scope = scope
        self._own = own
        self._allowed: dict[int, bool] = {}

    def subjects(self, accounts: Sequence[Named]) -> list[Subject]:
        """Find the accounts that are asked about; filters let them pass.

        Raises
        ------
        InputError
            If one may be one of several, or two of them are the same.
        NothingFound
            If one is not there.
        """
        met = [self.around.find(one) for one in accounts]
        keys = [one.account.id for one in met]
        for one in met:
            if keys.count(one.account.id) > 1:
                raise InputError(f"{one.account} is named more than once: name different accounts")
        nodes = self.nodes(keys)
        self._allowed.update(dict.fromkeys(nodes, True))
        return [Subject(nodes[one.account.id], one.former) for one in met]

    def nodes(self, ids: Iterable[int]) -> dict[int, Node]:
        """Give accounts by key."""
        return {key: Node(*facts) for key, facts in self.around.nodes(ids).items()}

    def lists(self, ids: Sequence[int]) -> Iterable[tuple[int, int]]:
        """Give each of some accounts with each allowed one that it lists."""
        return self._kept(self.around.lists(ids))

    def listed_by(self, ids: Sequence[int]) -> Iterable[tuple[int, int]]:
        """Give each of some accounts with each allowed one that lists it."""
        return self._kept(self.around.listed_by(ids))

    def tied(self, ids: Sequence[int]) -> Iterable[tuple[int, int]]:
        """Give each of some accounts with each allowed one that it lists or is listed by."""
        return self._kept([*self.around.lists(ids), *self.around.listed_by(ids)])

    def allows(self, ids: Iterable[int]) -> set[int]:
        """Give those of some accounts that fulfil every filter, or are asked about."""
        wanted = set(ids)
        if not self._scope.filters:
            return wanted
        fresh = self.nodes(wanted - self._allowed.keys())
        for key, node in fresh.items():
            self._allowed[key] = all(one.holds(node, self._own) for one in self._scope.filters)
        return {one for one in wanted if self._allowed.get(one)}

    def _kept(self, pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
        if not self._scope.filters:
            return pairs
        allowed = self.allows(other for _, other in pairs)
        return [pair for pair in pairs if pair[1] in allowed]


@contextmanager
def vicinity(store: Store, scope: Scope) -> Iterator[Vicinity]:
    """Look around in a database.

    Raises
    ------
    NothingFound
        If there is no such crawl.
    StoreError
        If the database cannot be read.
    """
    own = own_for(store, scope.filters)
    with look_around(store, scope.crawl_id) as around:
        yield Vicinity(around, scope, own)


def rank_of(node: Node) -> tuple[int, str, str, int]:
    """Order accounts: the most followed first, then by network, ID and key."""
    return -(node.subscribers_count or 0), node.network, node.social_id or "", node.id
