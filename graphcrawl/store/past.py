"""What the database knew at a moment: read from the times of answers, changes and former values.

Two things are not rebuilt, since nothing keeps them: an edge's position is that of its newest
answer, and a value that was not known at first counts as having been so all along.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, func, select

from graphcrawl.model import NETWORKS, Certainty
from graphcrawl.store import dialects
from graphcrawl.store.accounts import TOLD
from graphcrawl.store.crawls import IMPORT, crawl_record
from graphcrawl.store.depths import RIM, edge_held_by
from graphcrawl.store.opening import Store
from graphcrawl.store.reader import EdgeFacts, GraphFacts, NodeFacts, Standing, joined, read_graph
from graphcrawl.store.reopening import REFRESH
from graphcrawl.store.reuse import ANSWERED, is_whole
from graphcrawl.store.schema import (
    AnswerRow,
    CrawlRow,
    EdgeChangeRow,
    EdgeRow,
    NodeHistoryRow,
    NodeRow,
    VisitRow,
    alias_of,
)
from graphcrawl.store.visits import UNKNOWN_NETWORK

Edge = tuple[int, int]


@dataclass(frozen=True, slots=True)
class SideFacts:
    """One side of a comparison.

    Attributes
    ----------
    graph : GraphFacts
    asked : frozenset of int
        The accounts whose connections it knows whole: what it does not show there was not there.
    """

    graph: GraphFacts
    asked: frozenset[int]


def read_past(store: Store, at: datetime) -> SideFacts:
    """Read the whole database as it stood at a moment.

    Parameters
    ----------
    at : datetime
        Aware. What was recorded at this very moment counts.

    Raises
    ------
    StoreError
        If the database cannot be read.
    """
    with store.reading() as connection:
        asked = _asked_until(connection, at)
        graph = GraphFacts(_nodes(connection, at), _edges(connection, at, asked))
        return SideFacts(graph, asked)


def read_side(store: Store, crawl_id: int) -> SideFacts:
    """Read a crawl with its accounts' values as they were known when it ended.

    Raises
    ------
    NothingFound
        If there is none of this number.
    StoreError
        If the database cannot be read.
    """
    ended = crawl_record(store, crawl_id).finished_at or dialects.now()
    nodes, edges = read_graph(store, crawl_id)
    asked = (
        select(VisitRow.node_id)
        .join(AnswerRow, AnswerRow.id == VisitRow.answer_id)
        .where(VisitRow.crawl_id == crawl_id, VisitRow.status == "done", is_whole())
    )
    with store.reading() as connection:
        former = _former_values(connection, ended)
        nodes = [node._replace(**former.get(node.id, {})) for node in nodes]
        whole = frozenset(connection.execute(asked).scalars())
    return SideFacts(GraphFacts(nodes, edges), whole)


def _asked_until(connection: Connection, at: datetime) -> frozenset[int]:
    query = select(AnswerRow.node_id).where(is_whole(), AnswerRow.asked_at <= at)
    return frozenset(connection.execute(query).scalars())


def _former_values(connection: Connection, at: datetime) -> dict[int, dict[str, Any]]:
    """Give the values of the accounts that have had others since."""
    query = (
        select(NodeHistoryRow.node_id, *(getattr(NodeHistoryRow, name) for name in TOLD))
        .where(NodeHistoryRow.valid_to > at)
        .order_by(NodeHistoryRow.node_id, NodeHistoryRow.id)
    )
    former: dict[int, dict[str, Any]] = {}
    for node_id, *values in connection.execute(query):
        former.setdefault(node_id, dict(zip(TOLD, values, strict=True)))
    return former


def _nodes(connection: Connection, at: datetime) -> list[NodeFacts]:
    former, visits = _former_values(connection, at), _visits(connection, at)
    query = (
        select(
            NodeRow.id,
            NodeRow.network,
            NodeRow.social_id,
            *(getattr(NodeRow, name) for name in TOLD),
        )
        .where(NodeRow.first_seen_at <= at)
        .order_by(NodeRow.network, NodeRow.social_id, NodeRow.id)
    )
    return [
        NodeFacts(*row, *visits.get(row.id, (None, None, None)))._replace(**former.get(row.id, {}))
        for row in connection.execute(query)
    ]


def _edges(connection: Connection, at: datetime, asked: frozenset[int]) -> list[EdgeFacts]:
    standing = _standing(connection, at)
    query = (
        select(EdgeRow.source_id, EdgeRow.target_id, EdgeRow.position)
        .where(EdgeRow.first_seen_at <= at)
        .order_by(EdgeRow.source_id, EdgeRow.position, EdgeRow.target_id)
    )
    rows = [
        (source, target, position)
        for source, target, position in connection.execute(query)
        if standing.get((source, target), True)
    ]
    held = {(source, target) for source, target, _ in rows}
    return [
        EdgeFacts(source, target, position, _certainty((target, source) in held, target in asked))
        for source, target, position in rows
    ]


def _standing(connection: Connection, at: datetime) -> dict[Edge, bool]:
    """Say of each edge that ever changed whether it was there after its last change until then."""
    query = (
        select(EdgeChangeRow.source_id, EdgeChangeRow.target_id, EdgeChangeRow.present)
        .join(AnswerRow, AnswerRow.id == EdgeChangeRow.answer_id)
        .where(AnswerRow.asked_at <= at)
        .order_by(EdgeChangeRow.answer_id)
    )
    return {(source, target): present for source, target, present in connection.execute(query)}


def _certainty(listed_back: bool, target_asked: bool) -> Certainty:
    if listed_back:
        return Certainty.MUTUAL
    return Certainty.ONE_WAY if target_asked else Certainty.UNKNOWN


def _visits(connection: Connection, at: datetime) -> dict[int, Standing]:
    """Say what the crawls until then had done with each account that they held."""
    visits: dict[int, Standing] = {}
    crawls = select(CrawlRow.id, CrawlRow.settings, CrawlRow.finished_at).where(
        CrawlRow.started_at <= at
    )
    for crawl_id, settings, finished_at in connection.execute(crawls):
        past = _PastCrawl(
            crawl_id,
            depth_limit=settings.get("depth"),
            is_refresh=REFRESH in settings,
            is_import=IMPORT in settings,
            was_over=finished_at is not None and finished_at <= at,
        )
        for node, standing in past.visits(connection, at).items():
            before = visits.get(node)
            visits[node] = standing if before is None else joined(before, standing)
    return visits


@dataclass(frozen=True, slots=True)
class _PastCrawl:
    """A crawl whose visits are wound back.

    Its depth limit is today's: what lay on the rim before it was deepened counts as waiting.
    """

    id: int
    depth_limit: int | None
    is_refresh: bool
    is_import: bool
    was_over: bool

    def visits(self, connection: Connection, at: datetime) -> dict[int, Standing]:
        rows = self._rows(connection, at)
        if self.is_import:
            # It came at once, and nothing of it has changed since.
            return {row.node_id: (row.depth, row.status, row.cause) for row in rows}
        depths = _distances(
            {row.node_id: row.depth for row in rows if self._was_given(row)},
            self._listings(connection, at),
        )
        return {
            row.node_id: self._standing(row, depths[row.node_id], at)
            for row in rows
            if row.node_id in depths
        }

    def _rows(self, connection: Connection, at: datetime) -> list[Any]:
        refusal, any_refusal = alias_of(AnswerRow), alias_of(AnswerRow)
        newest_refusal = (
            select(func.max(any_refusal.id))
            .where(
                any_refusal.crawl_id == VisitRow.crawl_id,
                any_refusal.node_id == VisitRow.node_id,
                any_refusal.outcome != ANSWERED,
                any_refusal.asked_at <= at,
            )
            .correlate_except(any_refusal)
            .scalar_subquery()
        )
        query = (
            select(
                VisitRow.node_id,
                VisitRow.depth,
                VisitRow.status,
                VisitRow.cause,
                NodeRow.network,
                AnswerRow.asked_at,
                refusal.outcome.label("refused"),
            )
            .join(NodeRow, NodeRow.id == VisitRow.node_id)
            .outerjoin(AnswerRow, AnswerRow.id == VisitRow.answer_id)
            .outerjoin(refusal, refusal.id == newest_refusal)
            .where(VisitRow.crawl_id == self.id)
        )
        return list(connection.execute(query))

    def _was_given(self, row: Any) -> bool:
        """Whether an account stood in the frontier from the start."""
        return bool(row.status != "skipped" if self.is_refresh else row.depth == 0)

    def _listings(self, connection: Connection, at: datetime) -> Iterable[Edge]:
        query = (
            select(EdgeRow.source_id, EdgeRow.target_id)
            .join(VisitRow, VisitRow.node_id == EdgeRow.source_id)
            .join(AnswerRow, and_(AnswerRow.id == VisitRow.answer_id, VisitRow.crawl_id == self.id))
            .where(AnswerRow.asked_at <= at, edge_held_by(VisitRow.answer_id))
            .order_by(EdgeRow.source_id, EdgeRow.target_id)
        )
        return [(source, target) for source, target in connection.execute(query)]

    def _standing(self, row: Any, depth: int, at: datetime) -> Standing:
        if row.asked_at is not None and row.asked_at <= at:
            return depth, "done", None
        if row.refused is not None:
            return depth, "failed", row.refused
        if self.was_over and row.status in ("failed", "deferred"):
            return depth, row.status, row.cause
        if row.network not in NETWORKS:
            return depth, "skipped", UNKNOWN_NETWORK
        if self.depth_limit is not None and depth >= self.depth_limit and not self._was_given(row):
            return depth, "skipped", RIM
        return depth, "queued", None


def _distances(given: Mapping[int, int], listings: Iterable[Edge]) -> dict[int, int]:
    """Give the hops from the given accounts, each of which lies at a depth of its own."""
    lists: dict[int, list[int]] = defaultdict(list)
    for source, target in listings:
        lists[source].append(target)
    depths = dict(given)
    waiting = deque(sorted(given, key=lambda node: (given[node], node)))
    while waiting:
        source = waiting.popleft()
        for target in lists[source]:
            if depths[source] + 1 < depths.get(target, depths[source] + 2):
                depths[target] = depths[source] + 1
                waiting.append(target)
    return depths
