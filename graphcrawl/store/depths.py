"""Depths as shortest distances, kept true while answers arrive in any order.

Accounts are claimed by depth, but a late answer can still open a shorter way. Then the depth is
lowered, and so are all that follow over the edges of this crawl. A provisional depth is never too
small, so nothing is asked that an ordered crawl would not have asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    SQLColumnExpression,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
    true,
    update,
)

from graphcrawl.filters import RING
from graphcrawl.store import dialects
from graphcrawl.store.schema import (
    EdgeChangeRow,
    EdgeGapRow,
    EdgeRow,
    NodeRow,
    VisitRow,
    alias_of,
    table_of,
)

RIM: Final = "rim"
"""Cause of a skipped visit: at the crawl's last depth, so never to be asked."""

_IS_RIM: Final = and_(VisitRow.status == "skipped", VisitRow.cause == RIM)


def edge_held_by(
    answer_id: SQLColumnExpression[int | None], edge: type[EdgeRow] = EdgeRow
) -> ColumnElement[bool]:
    """Give the condition that an edge stood in the answer `answer_id` of its source.

    Answers of one account are numbered in their order, so an edge that came with an earlier (or
    this) answer stood there unless its newest change up to then says that it had vanished, or
    the answer is a partial one without it.
    """
    change = alias_of(EdgeChangeRow)
    newest = alias_of(EdgeChangeRow)
    gap = alias_of(EdgeGapRow)
    last_change = (
        select(func.max(newest.answer_id))
        .where(
            newest.source_id == edge.source_id,
            newest.target_id == edge.target_id,
            newest.answer_id <= answer_id,
        )
        # Said outright: of itself it would look no further than the query around it, and take the
        # newest change of all edges.
        .correlate_except(newest)
        .scalar_subquery()
    )
    vanished = (
        exists()
        .where(
            change.source_id == edge.source_id,
            change.target_id == edge.target_id,
            change.answer_id == last_change,
            change.present.is_(False),
        )
        .correlate_except(change)
    )
    left_out = (
        exists()
        .where(
            gap.source_id == edge.source_id,
            gap.target_id == edge.target_id,
            gap.answer_id == answer_id,
        )
        .correlate_except(gap)
    )
    return and_(edge.answer_id <= answer_id, ~vanished, ~left_out)


def lower(
    connection: Connection, crawl_id: int, depth_limit: int | None, depths: Mapping[int, int]
) -> None:
    """Lower visits to the given depths, and all that follow from that.

    Parameters
    ----------
    depths : mapping of int to int
        By node, a depth that may be smaller than the stored one; no depth is ever raised.
    """
    wave = dict(depths)
    while wave:
        rows = [{"node": node, "lowered": depth} for node, depth in wave.items()]
        connection.execute(_LOWER, [{"crawl": crawl_id, **row} for row in rows])
        for part in dialects.in_parts(list(wave)):
            _queue_rim(connection, crawl_id, depth_limit, VisitRow.node_id.in_(part))
        wave = _beyond(connection, crawl_id, wave)


_LOWER: Final = (
    update(table_of(VisitRow))
    .where(
        VisitRow.crawl_id == bindparam("crawl"),
        VisitRow.node_id == bindparam("node"),
        # What was read before another lowering of the same answer may be out of date.
        VisitRow.depth > bindparam("lowered"),
    )
    .values(depth=bindparam("lowered"))
)


def _beyond(connection: Connection, crawl_id: int, wave: Mapping[int, int]) -> dict[int, int]:
    own, other = alias_of(VisitRow), alias_of(VisitRow)
    lowered: dict[int, int] = {}
    for part in dialects.in_parts(list(wave)):
        query = (
            select(EdgeRow.source_id, EdgeRow.target_id, other.depth)
            .join(own, and_(own.node_id == EdgeRow.source_id, own.crawl_id == crawl_id))
            .join(other, and_(other.node_id == EdgeRow.target_id, other.crawl_id == crawl_id))
            .where(EdgeRow.source_id.in_(part), edge_held_by(own.answer_id))
        )
        for source, target, depth in connection.execute(query):
            closer = wave[source] + 1
            if depth is not None and closer < min(depth, lowered.get(target, depth)):
                lowered[target] = closer
    return lowered


def queue_rim(connection: Connection, crawl_id: int, depth_limit: int | None) -> int:
    """Queue the accounts of the rim that lie within a (new) depth limit; say how many.

    Those of a ring that was asked for some of their connections are asked again, for all.
    """
    return _queue_rim(connection, crawl_id, depth_limit, true())


def queue_ring(connection: Connection, crawl_id: int) -> int:
    """Queue all accounts of the rim, so that a crawl becomes complete; say how many."""
    return _queue(connection, crawl_id, _IS_RIM)


def _queue_rim(
    connection: Connection, crawl_id: int, depth_limit: int | None, which: ColumnElement[bool]
) -> int:
    within = true() if depth_limit is None else VisitRow.depth < depth_limit
    return _queue(connection, crawl_id, or_(_IS_RIM, VisitRow.cause == RING), which, within)


def _queue(connection: Connection, crawl_id: int, *which: ColumnElement[bool]) -> int:
    result = connection.execute(
        update(VisitRow)
        .where(VisitRow.crawl_id == crawl_id, *which)
        .values(status="queued", cause=None, answer_id=None)
    )
    return result.rowcount


def provisional_names(connection: Connection, crawl_id: int) -> dict[tuple[str, str], int]:
    """Give the seeds of a crawl that no answer has named yet, by network and case-folded name."""
    query = (
        select(NodeRow.network, NodeRow.name_key, NodeRow.id)
        .join(VisitRow, VisitRow.node_id == NodeRow.id)
        .where(VisitRow.crawl_id == crawl_id, NodeRow.social_id.is_(None))
    )
    return {(network, key or ""): node for network, key, node in connection.execute(query)}
