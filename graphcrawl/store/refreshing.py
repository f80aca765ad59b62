"""Asking again for what is stored: a crawl whose accounts are those that were asked before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, func, insert, select

from graphcrawl.errors import NothingFound
from graphcrawl.model import NETWORKS, AccountRef
from graphcrawl.store import dialects
from graphcrawl.store.accounts import name_key
from graphcrawl.store.opening import Store
from graphcrawl.store.reopening import REFRESH
from graphcrawl.store.schema import NodeRow, VisitRow
from graphcrawl.store.starting import insert_crawl

GOES_NO_DEEPER: Final = 0
"""Depth limit of a refresh: what it discovers lies on the rim, at whatever depth."""

Stored = Row[int, str, str | None, str | None, datetime | None, int | None]
"""Key, network, username, ID, time of the newest whole answer, and smallest depth."""


@dataclass(frozen=True, slots=True)
class RefreshScope:
    """What is to be asked again; with neither crawls nor accounts, everything.

    Attributes
    ----------
    crawls : tuple of int
        The accounts whose connections these crawls hold.
    accounts : tuple of AccountRef
    older_than : datetime or None
        Leave out accounts with a whole answer since then.
    """

    crawls: tuple[int, ...] = ()
    accounts: tuple[AccountRef, ...] = ()
    older_than: datetime | None = None

    @property
    def is_all(self) -> bool:
        """Whether it is not narrowed to crawls or accounts."""
        return not (self.crawls or self.accounts)

    def recorded(self) -> dict[str, Any]:
        """Give what is written down of it."""
        return {
            "crawls": list(self.crawls),
            "accounts": len(self.accounts),
            "older_than": self.older_than.isoformat() if self.older_than else None,
        }


def start_refresh(store: Store, scope: RefreshScope, settings: Mapping[str, Any]) -> int | None:
    """Write a crawl with all that is to be asked again in its frontier.

    Only accounts that once gave connections are asked again, each at the smallest depth that it
    is known to have; the crawl's seeds are the accounts named, or those of depth 0 among all.

    Returns
    -------
    int or None
        The crawl's number; None, and nothing written, if every answer is young enough.

    Raises
    ------
    NothingFound
        If nothing that is meant was ever asked.
    StoreError
        If the database cannot be written.
    """
    with store.writing() as connection:
        stored = _once_asked(connection, scope)
        if not stored:
            raise NothingFound(f"no account in {store.path} was asked yet; graphcrawl seed asks")
        old = [one for one in stored if _is_due(one.expanded_at, scope.older_than)]
        if not old:
            return None
        seeds = scope.accounts or [_ref(one) for one in old if one.depth == 0]
        recorded = {**settings, REFRESH: scope.recorded()}
        crawl_id = insert_crawl(connection, seeds, recorded, dialects.now())
        _queue(connection, crawl_id, old)
    return crawl_id


def _once_asked(connection: Connection, scope: RefreshScope) -> list[Stored]:
    query = (
        select(
            NodeRow.id,
            NodeRow.network,
            NodeRow.username,
            NodeRow.social_id,
            NodeRow.expanded_at,
            # One whose depth no import told begins anew.
            func.coalesce(func.min(VisitRow.depth), 0).label("depth"),
        )
        .join(VisitRow, VisitRow.node_id == NodeRow.id)
        .group_by(NodeRow.id)
        .having(func.count(VisitRow.answer_id) > 0)
        .order_by(NodeRow.network, NodeRow.social_id, NodeRow.id)
    )
    every = [one for one in connection.execute(query) if one.network in NETWORKS]
    if scope.is_all:
        return every
    wanted = _of_crawls(connection, scope.crawls)
    for account in scope.accounts:
        wanted |= _nodes_of(every, account)
    return [one for one in every if one.id in wanted]


def _of_crawls(connection: Connection, crawls: Sequence[int]) -> set[int]:
    query = select(VisitRow.node_id).where(
        VisitRow.crawl_id.in_(crawls), VisitRow.answer_id.is_not(None)
    )
    return set(connection.execute(query).scalars())


def _nodes_of(every: Sequence[Stored], account: AccountRef) -> set[int]:
    found = {
        one.id
        for one in every
        if one.network == account.network
        and (
            one.social_id == account.social_id
            if account.social_id is not None
            else name_key(one.username) == name_key(account.username)
        )
    }
    if not found:
        raise NothingFound(f"{account} was never asked here; graphcrawl seed {account} asks it")
    return found


def _is_due(expanded_at: datetime | None, older_than: datetime | None) -> bool:
    return older_than is None or expanded_at is None or expanded_at < older_than


def _ref(one: Stored) -> AccountRef:
    return AccountRef(one.network, one.username, one.social_id)


def _queue(connection: Connection, crawl_id: int, accounts: Sequence[Stored]) -> None:
    connection.execute(
        insert(VisitRow),
        [
            {
                "crawl_id": crawl_id,
                "node_id": one.id,
                "depth": one.depth,
                "status": "queued",
                "attempts": 0,
                "postponed": 0,
            }
            for one in accounts
        ],
    )
