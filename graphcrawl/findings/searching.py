"""Accounts found by what they are called."""

from __future__ import annotations

from dataclasses import dataclass

from graphcrawl.errors import InputError
from graphcrawl.findings.graphs import record_of
from graphcrawl.graph import Node
from graphcrawl.store import Match, Scope, Store, search_accounts


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
    """

    node: Node
    match: Match
    former: tuple[str, ...]


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
    return tuple(Hit(Node(*one.node), one.match, one.former) for one in facts)
