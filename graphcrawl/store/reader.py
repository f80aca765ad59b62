"""Rows read back for the graph: nodes with what is known of them, edges with their certainty."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    case,
    exists,
    literal,
    literal_column,
    or_,
    select,
)

from graphcrawl.filters import RING
from graphcrawl.model import Certainty
from graphcrawl.store import dialects
from graphcrawl.store.depths import edge_held_by
from graphcrawl.store.opening import Store
from graphcrawl.store.schema import AnswerRow, EdgeRow, NodeRow, VisitRow, alias_of

Standing = tuple[int | None, str, str | None]
"""Depth, status and cause of a visit; of an imported one the depth may not be known."""

STANDING: Final = ("done", "claimed", "queued", "deferred", "failed", "skipped")
"""When several crawls hold an account, the visit that says most comes first."""

MUTUAL: Final = literal(Certainty.MUTUAL.value)
ONE_WAY: Final = literal(Certainty.ONE_WAY.value)
UNKNOWN: Final = literal(Certainty.UNKNOWN.value)


class NodeFacts(NamedTuple):
    """A node, its columns in the order of `graphcrawl.graph.Node`."""

    id: int
    network: str
    social_id: str | None
    username: str | None
    title: str | None
    subscribers_count: int | None
    er: float | None
    state: str | None
    depth: int | None
    visit: str | None
    cause: str | None


_NODE_COLUMNS: Final = (
    *(NodeRow.id, NodeRow.network, NodeRow.social_id, NodeRow.username, NodeRow.title),
    *(NodeRow.subscribers_count, NodeRow.er, NodeRow.state),
)
"""What `NodeFacts` tell of an account itself. None needs more than the driver gives."""

_VISIT_COLUMNS: Final = (VisitRow.depth, VisitRow.status, VisitRow.cause)
"""What they tell of its visit, after that."""

_OWN: Final = len(_NODE_COLUMNS)


class EdgeFacts(NamedTuple):
    """An edge, its columns in the order of `graphcrawl.graph.Edge`."""

    source: int
    target: int
    position: int
    certainty: Certainty


class GraphFacts(NamedTuple):
    """What a selection of the database holds; both ends of every edge are among the nodes."""

    nodes: list[NodeFacts]
    edges: list[EdgeFacts]


def read_graph(store: Store, crawl_id: int | None = None) -> GraphFacts:
    """Read one crawl, or the whole database as it stands.

    Parameters
    ----------
    crawl_id : int or None
        A crawl's accounts, and the connections that its own answers held; None: all accounts,
        and the connections that stand now.

    Returns
    -------
    GraphFacts
        Nodes by (network, social_id, id), edges by (source, position, target).

    Raises
    ------
    StoreError
        If the database cannot be read.
    """
    with store.reading() as connection:
        return GraphFacts(_nodes(connection, crawl_id), _edges(connection, crawl_id))


def _nodes(connection: Connection, crawl_id: int | None) -> list[NodeFacts]:
    # No column of these needs more than the driver gives.
    rows = dialects.Prepared(in_order(node_query(crawl_id))).stream(connection)
    return [NodeFacts(*row) for row in of_all_crawls(rows)]


def in_order(query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Let accounts come in the order of a graph's nodes."""
    return query.order_by(NodeRow.network, NodeRow.social_id, NodeRow.id)


def of_all_crawls(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    """Make one row of those that `node_query` gives of an account: what `NodeFacts` hold."""
    held: tuple[Any, ...] | None = None
    for row in rows:
        if held is not None and row[0] == held[0]:
            row = (*row[:_OWN], *joined(held[_OWN:], row[_OWN:]))
        elif held is not None:
            yield held
        held = row
    if held is not None:
        yield held


def node_query(crawl_id: int | None) -> Select[*tuple[Any, ...]]:
    """Give accounts with their visits: a row for each crawl that holds one."""
    holds = VisitRow.node_id == NodeRow.id
    if crawl_id is not None:
        holds = and_(holds, VisitRow.crawl_id == crawl_id)
    return select(*_NODE_COLUMNS, *_VISIT_COLUMNS).join(VisitRow, holds, isouter=crawl_id is None)


def nodes_by_key(
    connection: Connection, ids: Iterable[int], crawl_id: int | None
) -> dict[int, NodeFacts]:
    """Read some accounts, by key; `visit` is None where the crawl, or any, does not hold one."""
    keys = dialects.as_list(ids)
    bound = {} if crawl_id is None else {"crawl": crawl_id}
    visits: dict[int, Standing] = {}
    for node_id, *visit in _visits(in_crawl=bool(bound)).run(connection, ids=keys, **bound):
        stands: Standing = tuple(visit)
        visits[node_id] = joined(visits[node_id], stands) if node_id in visits else stands
    return {
        row[0]: NodeFacts(*row, *visits.get(row[0], (None, None, None)))
        for row in _BY_KEY.run(connection, ids=keys)
    }


_BY_KEY: Final = dialects.Prepared(select(*_NODE_COLUMNS).where(dialects.within(NodeRow.id, "ids")))


@cache
def _visits(*, in_crawl: bool) -> dialects.Prepared:
    query = select(VisitRow.node_id, *_VISIT_COLUMNS).where(
        dialects.within(VisitRow.node_id, "ids")
    )
    return dialects.Prepared(
        query.where(VisitRow.crawl_id == bindparam("crawl")) if in_crawl else query
    )


def joined(one: Standing, other: Standing) -> Standing:
    """Say how an account stands that several crawls hold."""
    says_most = min(one, other, key=lambda visit: STANDING.index(visit[1]))
    depths = [depth for depth in (one[0], other[0]) if depth is not None]
    return (min(depths, default=None), *says_most[1:])


def _edges(connection: Connection, crawl_id: int | None) -> list[EdgeFacts]:
    words = {certainty.value: certainty for certainty in Certainty}
    return [
        EdgeFacts(source, target, position, words[certainty])
        for source, target, position, certainty in dialects.Prepared(edge_query(crawl_id)).stream(
            connection
        )
    ]


def edge_query(crawl_id: int | None) -> Select[int, int, int, str]:
    """Select source, target, position and certainty of a crawl's edges, or of the standing ones."""
    return _standing_edges() if crawl_id is None else _edges_of(crawl_id)


def gave_no_whole_list() -> ColumnElement[bool]:
    """Give the condition that a visit, with its answer if it has one, did not tell all.

    A visit that is done and has a cause all the same says by it what its answer lacks.
    """
    return or_(VisitRow.status != "done", VisitRow.cause.is_not(None), AnswerRow.skipped_rows != 0)


def _standing_edges() -> Select[int, int, int, str]:
    back, target = alias_of(EdgeRow), alias_of(NodeRow)
    certainty = case(
        (and_(back.source_id.is_not(None), back.removed_at.is_(None)), MUTUAL),
        (target.expanded_at.is_not(None), ONE_WAY),
        (_answered_in_a_ring(), ONE_WAY),
        else_=UNKNOWN,
    )
    return _with_ends(certainty, back, target).where(EdgeRow.removed_at.is_(None))


def _answered_in_a_ring() -> ColumnElement[bool]:
    """Give the condition that the target answered for the accounts of a crawl, the source's too."""
    ring, beside, answer = alias_of(VisitRow), alias_of(VisitRow), alias_of(AnswerRow)
    return (
        exists()
        .where(
            ring.node_id == EdgeRow.target_id,
            ring.cause == literal_column(f"'{RING}'"),
            answer.id == ring.answer_id,
            answer.skipped_rows == 0,
            beside.crawl_id == ring.crawl_id,
            beside.node_id == EdgeRow.source_id,
        )
        .correlate(EdgeRow)
    )


def _edges_of(crawl_id: int) -> Select[int, int, int, str]:
    """Give a crawl's edges, judged by its own answers; by later or earlier ones where it has none.

    So a later crawl that finds the way back gone does not change what this one saw.
    """
    back, target = alias_of(EdgeRow), alias_of(NodeRow)
    own, other, answer = alias_of(VisitRow), alias_of(VisitRow), alias_of(AnswerRow)
    certainty = case(
        (edge_held_by(other.answer_id, back), MUTUAL),
        (answer.skipped_rows == 0, ONE_WAY),
        (and_(back.source_id.is_not(None), back.removed_at.is_(None)), MUTUAL),
        (target.expanded_at.is_not(None), ONE_WAY),
        else_=UNKNOWN,
    )
    # The sum keeps the planner from pairing all visits with one another, to try each for an edge.
    listed = EdgeRow.target_id + 0
    return (
        _with_ends(certainty, back, target)
        .join(own, and_(own.node_id == EdgeRow.source_id, own.crawl_id == crawl_id))
        .join(other, and_(other.node_id == listed, other.crawl_id == crawl_id))
        .outerjoin(answer, answer.id == other.answer_id)
        .where(edge_held_by(own.answer_id))
    )


def _with_ends(
    certainty: ColumnElement[str], back: type[EdgeRow], target: type[NodeRow]
) -> Select[int, int, int, str]:
    way_back = and_(back.source_id == EdgeRow.target_id, back.target_id == EdgeRow.source_id)
    return (
        select(EdgeRow.source_id, EdgeRow.target_id, EdgeRow.position, certainty)
        .join(target, target.id == EdgeRow.target_id)
        .outerjoin(back, way_back)
        .order_by(EdgeRow.source_id, EdgeRow.position, EdgeRow.target_id)
    )
