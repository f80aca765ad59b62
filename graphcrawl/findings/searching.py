"""Accounts found by what they are called."""

from __future__ import annotations

from dataclasses import dataclass

from graphcrawl.errors import InputError
from graphcrawl.findings.graphs import record_of
from graphcrawl.findings.membership import Membership, memberships
from graphcrawl.graph import Node
from graphcrawl.store import Match, Scope, Store, look_around, search_accounts


@dataclass(frozen=True, slots=True)
class Hit:
    """An account that was found.

    Attributes
    ----------
    node : Node
    match : Match
        What of it fits.
    former : tuple of str
        The former names that fit, where no present one does.
    membership : Membership or None
        Its cluster in the newest clustering that is stored of the crawl, or of the whole database.
    """

    node: Node
    match: Match
    former: tuple[str, ...]
    membership: Membership | None


def search(
    store: Store,
    text: str,
    *,
    network: str | None = None,
    crawl_id: int | None = None,
    limit: int = 0,
) -> tuple[Hit, ...]:
    """Find accounts by name and title; see `graphcrawl.store.search_accounts`.

    Raises
    ------
    InputError
        If there is nothing to look for, or the limit is below 0.
    NothingFound
        If there is no such crawl.
    StoreError
        If the database cannot be read.
    """
    if limit < 0:
        raise InputError(f"--limit {limit}: give a positive number, or 0 for all")
    if crawl_id is not None:
        record_of(store, crawl_id)
    facts = search_accounts(store, text, Scope(network, crawl_id), limit=limit or None)
    with look_around(store, crawl_id) as around:
        clusters = memberships(around, (one.node.id for one in facts))
    return tuple(
        Hit(Node(*one.node), one.match, one.former, clusters.get(one.node.id)) for one in facts
    )
