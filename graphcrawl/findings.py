"""What is found in a database's graph: from its rows to values, and back into its tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

from graphcrawl.errors import InputError, NothingFound
from graphcrawl.graph import (
    ConnectionGraph,
    Creator,
    CreatorAccount,
    Decisions,
    Edge,
    Found,
    Node,
    SeedTies,
    find_creators,
    find_seed_ties,
)
from graphcrawl.graph.difference import Difference, Side, compare
from graphcrawl.graph.options import ClusterOptions
from graphcrawl.model import Origin
from graphcrawl.moments import moment_name
from graphcrawl.store import (
    AccountFacts,
    ClusteringFacts,
    ClusteringSettings,
    CrawlRecord,
    CreatorFacts,
    DecisionFacts,
    GraphFacts,
    Store,
    crawl_record,
    highest_cluster,
    newest_clustering,
    numbers_of,
    read_decisions,
    read_graph,
    read_past,
    read_side,
    save_clustering,
    store_creators,
)

if TYPE_CHECKING:
    from graphcrawl.graph.communities import Communities
    from graphcrawl.graph.numbering import Earlier

_LARGEST_KEY: Final = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Clustering:
    """Clusters as they were found and stored.

    Attributes
    ----------
    id : int
        `clusterings.id`; an earlier one where nothing has changed since.
    found : Communities
        Numbered as in the table `memberships`.
    origin : Origin
    accounts : int
    asked : int
        How many of them were asked for their connections: of the others only those ties are
        known that lead to them from asked ones.
    """

    id: int
    found: Communities
    origin: Origin
    accounts: int
    asked: int


def record_of(store: Store, crawl_id: int) -> CrawlRecord:
    """Give one crawl.

    Raises
    ------
    NothingFound
        If there is none of this number.
    StoreError
        If the database cannot be read.
    """
    # A larger number than a key can be would not even reach the database.
    return crawl_record(store, max(0, min(crawl_id, _LARGEST_KEY)))


def graph_of(
    store: Store, crawl_id: int | None = None, *, at: datetime | None = None
) -> ConnectionGraph:
    """Read one crawl, or the whole database now or at a moment; raises as `record_of` does.

    Raises
    ------
    InputError
        If both a crawl and a moment are given, or a moment without a time zone.
    """
    if crawl_id is not None and at is not None:
        raise InputError("--at tells of the whole database: leave out --crawl")
    if at is not None:
        return _graph(store, read_past(store, _aware(at)).graph)
    if crawl_id is not None:
        record_of(store, crawl_id)
    return _graph(store, read_graph(store, crawl_id))


def _graph(store: Store, facts: GraphFacts) -> ConnectionGraph:
    return ConnectionGraph(
        nodes=tuple(Node(*node) for node in facts.nodes),
        edges=tuple(Edge(*edge) for edge in facts.edges),
        origin=store.origin,
    )


def difference_of(store: Store, before: int | datetime, after: int | datetime) -> Difference:
    """Compare two crawls, by their numbers, or the database at two moments.

    Raises
    ------
    NothingFound
        If there is no such crawl, or nothing was known yet.
    StoreError
        If the database cannot be read.
    """
    return compare(_side(store, before), _side(store, after))


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise InputError(f"{moment}: a moment needs its time zone, such as datetime.UTC")
    return moment


def _side(store: Store, point: int | datetime) -> Side:
    if isinstance(point, int):
        record_of(store, point)
        facts, name = read_side(store, point), f"crawl {point}"
    else:
        facts, name = read_past(store, _aware(point)), moment_name(point)
    if not facts.graph.nodes:
        raise NothingFound(f"{store.path} holds no account of {name}; graphcrawl crawls lists when")
    return Side(_graph(store, facts.graph), facts.asked, name)


def held_by(store: Store, crawl_id: int) -> frozenset[int]:
    """Give the keys of a crawl's accounts; raises as `record_of` does."""
    return frozenset(node.id for node in graph_of(store, crawl_id).nodes)


def found_in(store: Store, graph: ConnectionGraph, crawl_id: int | None) -> Found:
    """Find clusters and creators of a graph, as their commands would, and write nothing.

    Parameters
    ----------
    store : Store
        Whose clusters' numbers and decisions about creators hold.
    graph : ConnectionGraph
        Of this crawl, or of the whole database.
    crawl_id : int or None

    Raises
    ------
    StoreError
        If the database cannot be read.
    """
    return Found(
        communities=_communities(store, graph, ClusterOptions(), crawl_id).communities,
        creators=find_creators(graph, Decisions(*read_decisions(store))),
    )


def seed_ties_of(store: Store, crawl_id: int) -> SeedTies:
    """Find how a crawl's seeds hang together, and write nothing; raises as `record_of` does.

    Owners are found in the crawl's own graph, as on its map.
    """
    graph = graph_of(store, crawl_id)
    return find_seed_ties(graph, find_creators(graph, Decisions(*read_decisions(store))))


def cluster(store: Store, options: ClusterOptions, crawl_id: int | None) -> Clustering:
    """Find clusters in one crawl, or in the whole database, and store them.

    Raises
    ------
    InputError
        If the options cannot be used.
    NothingFound
        If there is no such crawl, or no account.
    StoreError
        If the database cannot be read or written.
    """
    options.check()
    graph = graph_of(store, crawl_id)
    if not graph.nodes:
        raise NothingFound(f"{store.path} holds no account; graphcrawl seed brings some")
    found = _communities(store, graph, options, crawl_id)
    facts = ClusteringFacts(found.engine, found.modularity, found.numbers(), found.names())
    return Clustering(
        id=save_clustering(store, _settings(options, crawl_id), facts),
        found=found,
        origin=store.origin,
        accounts=len(graph.nodes),
        asked=sum(node.visit == "done" for node in graph.nodes),
    )


def _communities(
    store: Store, graph: ConnectionGraph, options: ClusterOptions, crawl_id: int | None
) -> Communities:
    from graphcrawl.graph.communities import find_communities

    earlier = _earlier(store, _settings(options, crawl_id))
    return find_communities(graph, options, earlier=earlier)


def _settings(options: ClusterOptions, crawl_id: int | None) -> ClusteringSettings:
    return ClusteringSettings(
        method=options.method.value,
        weight=options.weight.value,
        resolution=options.resolution,
        rng_seed=options.rng_seed,
        crawl_id=crawl_id,
    )


def _earlier(store: Store, settings: ClusteringSettings) -> Earlier:
    from graphcrawl.graph.numbering import Earlier

    newest = newest_clustering(store, settings)
    numbers = {} if newest is None else newest[1].numbers
    return Earlier(numbers, highest_cluster(store, settings))


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
