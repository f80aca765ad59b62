"""Whose accounts a database's are: found under what was decided by hand, and kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from graphcrawl.findings.graphs import graph_of
from graphcrawl.graph import (
    ConnectionGraph,
    Creator,
    CreatorAccount,
    Decisions,
    SeedTies,
    find_creators,
    find_seed_ties,
)
from graphcrawl.store import (
    AccountFacts,
    CreatorFacts,
    DecisionFacts,
    Store,
    numbers_of,
    read_decisions,
    store_creators,
)


@dataclass(frozen=True, slots=True)
class KnownCreators:
    """Creators of a whole database, and what had been decided when they were found.

    Attributes
    ----------
    found : tuple of Creator
    decisions : DecisionFacts
    numbers : sequence of int, or None
        Theirs, if the database holds just these.
    """

    found: tuple[Creator, ...]
    decisions: DecisionFacts
    numbers: Sequence[int | None] | None


def creators_of(store: Store, graph: ConnectionGraph) -> tuple[Creator, ...]:
    """Find the creators of a graph under what was decided, and write nothing."""
    return find_creators(graph, Decisions(*read_decisions(store)))


def known_creators(store: Store) -> KnownCreators:
    """Find the creators of the whole database.

    Raises
    ------
    StoreError
        If the database cannot be read.
    """
    decisions = read_decisions(store)
    found = find_creators(graph_of(store), Decisions(*decisions))
    return KnownCreators(found, decisions, numbers_of(store, list(map(_facts_of, found))))


def keep_creators(store: Store, known: KnownCreators) -> KnownCreators:
    """Write creators in place of those found before; see `graphcrawl.store.store_creators`.

    Another process may decide, and write, between the finding and the writing here. So they are
    found anew until no decision came in between: a decision is in what is written last.
    """
    while True:
        numbers = store_creators(store, list(map(_facts_of, known.found)))
        if read_decisions(store) == known.decisions:
            return replace(known, numbers=numbers)
        known = known_creators(store)


def _facts_of(creator: Creator) -> CreatorFacts:
    accounts = sorted(creator.accounts, key=lambda account: account.node.id)
    return CreatorFacts(creator.name, tuple(map(_account_facts, accounts)))


def _account_facts(account: CreatorAccount) -> AccountFacts:
    evidence = [
        {
            "node_id": one.account.id,
            "confidence": one.confidence.value,
            "reasons": list(one.reasons),
        }
        for one in account.evidence
    ]
    return AccountFacts(account.node.id, account.confidence.value, evidence)


def seed_ties_of(store: Store, crawl_id: int) -> SeedTies:
    """Find how a crawl's seeds hang together, and write nothing; raises as `record_of` does.

    Owners are found in the crawl's own graph, as on its map.
    """
    graph = graph_of(store, crawl_id)
    return find_seed_ties(graph, creators_of(store, graph))
