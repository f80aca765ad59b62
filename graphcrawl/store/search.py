"""Accounts found by what they are called, the best match first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain, islice
from typing import Final, NamedTuple

from sqlalchemy import Connection, TextClause, select, text

from graphcrawl.store import dialects, name_index
from graphcrawl.store.listed import list_accounts
from graphcrawl.store.matching import ALIKE, Match, Wanted, padded
from graphcrawl.store.opening import Store
from graphcrawl.store.reader import NodeFacts
from graphcrawl.store.schema import NodeHistoryRow, NodeRow, VisitRow
from graphcrawl.store.sought import refuse_strange_network

KINDS: Final = (Match.NAME, Match.BEGINNING, Match.WORDS, Match.INSIDE, Match.FORMER)
"""In which order they are given; whoever fits better than by one of them, fits by it as well."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Which accounts are looked at: by default all.

    Attributes
    ----------
    network : str or None
    crawl_id : int or None
    """

    network: str | None = None
    crawl_id: int | None = None


class HitFacts(NamedTuple):
    """An account that was found, how it fits, and the former names that do."""

    node: NodeFacts
    match: Match
    former: tuple[str, ...] = ()


def search_accounts(
    store: Store, looked_for: str, scope: Scope = Scope(), *, limit: int | None = None
) -> list[HitFacts]:
    """Find accounts by username, title and former names; a name that is not there, by its like.

    Parameters
    ----------
    looked_for : str
        Any text of any script; it is never read as anything else.
    scope : Scope
    limit : int or None
        Accounts to give; None: all.

    Returns
    -------
    list of HitFacts
        The name itself first, then names that begin so, accounts in whose name or title words
        begin so, those that hold it inside, those that were called so; within each the most
        followed first. Only where there is none: the most alike (`Match.SIMILAR`).

    Raises
    ------
    InputError
        If there is nothing to look for, or it is too long, or the network is none.
    StoreError
        If the database cannot be read.
    """
    wanted = Wanted.of(looked_for)
    with store.reading() as connection:
        refuse_strange_network(connection, scope.network)
        search = _Search(connection, wanted, scope, limit)
        found = search.fitting() or search.alike()
        listed = list_accounts(connection, list(found), scope.crawl_id)
        return [search.told(one.node, found[one.node.id]) for one in listed]


@dataclass(frozen=True, slots=True)
class _Search:
    """One search: connection, what is wanted, where, and how many."""

    connection: Connection
    wanted: Wanted
    scope: Scope
    limit: int | None

    def fitting(self) -> dict[int, Match]:
        """Read one kind of match after the other, until there are enough."""
        unindexed: dict[Match | None, list[int]] = defaultdict(list)
        for node_id, names in name_index.unindexed(self.connection):
            unindexed[self.wanted.match(names)].append(node_id)
        found: dict[int, Match] = {}
        for match in KINDS:
            if self.limit is not None and len(found) >= self.limit:
                break
            more = self._of_a_kind(match, unindexed[match], list(found))
            found |= dict.fromkeys(more, match)
        return dict(islice(found.items(), self.limit))

    def _of_a_kind(self, match: Match, unindexed: list[int], seen: list[int]) -> Iterable[int]:
        sql, values = name_index.fitting(self.wanted, match)
        lists = {"unindexed": dialects.as_list(unindexed), "seen": dialects.as_list(seen)}
        held = text(
            f"nodes.id IN ({sql} UNION ALL SELECT value FROM json_each(:unindexed)) "  # noqa: S608
            "AND nodes.id NOT IN (SELECT value FROM json_each(:seen))"
        )
        return self._read(held.bindparams(**values, **lists), self.limit)

    def alike(self) -> dict[int, Match]:
        """Give the accounts whose names are like what was not found, the likest first."""
        near = chain(
            name_index.nearest(self.connection, self.wanted),
            name_index.unindexed(self.connection),
        )
        likeness = {
            node_id: value
            for node_id, names in near
            if (value := self.wanted.likeness(names)) >= ALIKE
        }
        held = text("nodes.id IN (SELECT value FROM json_each(:ids))").bindparams(
            ids=dialects.as_list(likeness)
        )
        likest = sorted(self._read(held, None), key=lambda node_id: -likeness[node_id])
        return dict.fromkeys(likest[: self.limit], Match.SIMILAR)

    def _read(self, held: TextClause, limit: int | None) -> Iterable[int]:
        query = select(NodeRow.id).where(held)
        if self.scope.network is not None:
            query = query.where(NodeRow.network == self.scope.network)
        if self.scope.crawl_id is not None:
            own = select(VisitRow.node_id).where(VisitRow.crawl_id == self.scope.crawl_id)
            query = query.where(NodeRow.id.in_(own))
        query = query.order_by(
            NodeRow.subscribers_count.desc().nulls_last(),
            *(NodeRow.network, NodeRow.name_key, NodeRow.social_id, NodeRow.id),
        ).limit(limit)
        return self.connection.execute(query).scalars()

    def told(self, node: NodeFacts, match: Match) -> HitFacts:
        """Add the former names that hold what was looked for."""
        if match is not Match.FORMER:
            return HitFacts(node, match)
        query = (
            select(NodeHistoryRow.username, NodeHistoryRow.title)
            .where(NodeHistoryRow.node_id == node.id)
            .order_by(NodeHistoryRow.id)
        )
        former = dict.fromkeys(
            name
            for row in self.connection.execute(query)
            for name in row
            if name and any(word in (padded(name) or "") for word in self.wanted.words)
        )
        return HitFacts(node, match, tuple(former))
