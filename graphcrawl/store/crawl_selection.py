"""What reads one crawl as arrays."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select

from graphcrawl.store import dialects
from graphcrawl.store.depths import edge_held_by
from graphcrawl.store.schema import AnswerRow, EdgeRow, NodeRow, VisitRow
from graphcrawl.store.selections import UNKNOWN, Selection


def selection_of(crawl_id: int) -> Selection:
    """Select a crawl's accounts, and the edges that its own answers held."""
    nearest = (
        select(VisitRow.node_id, VisitRow.depth).where(VisitRow.crawl_id == crawl_id).subquery()
    )
    followers = func.coalesce(NodeRow.subscribers_count, UNKNOWN)
    ends = (EdgeRow.source_id, EdgeRow.target_id)
    sql, values = dialects.as_texts(
        keys=_accounts(crawl_id, NodeRow.id).order_by(
            NodeRow.network, NodeRow.social_id, NodeRow.id
        ),
        followers=_accounts(
            crawl_id, dialects.joined(NodeRow.id), dialects.joined(followers)
        ).where(NodeRow.id >= bindparam("first"), NodeRow.id <= bindparam("last")),
        titles=_accounts(crawl_id, NodeRow.id, NodeRow.title),
        facts=select(
            *(NodeRow.id, NodeRow.network, NodeRow.state),
            *(nearest.c.depth, NodeRow.subscribers_count),
        ).outerjoin(nearest, nearest.c.node_id == NodeRow.id),
        asked=select(dialects.joined(VisitRow.node_id)).where(
            VisitRow.crawl_id == crawl_id, VisitRow.status == "done"
        ),
        edges=_held(crawl_id, *ends, EdgeRow.position),
        ends=_held(crawl_id, *ends),
        ways_back=_elsewhere(crawl_id),
    )
    return Selection(**sql, removed=None, values=values)


def _accounts(crawl_id: int, *values: ColumnElement[Any]) -> Select[*tuple[Any, ...]]:
    holds = VisitRow.node_id == NodeRow.id
    return select(*values).join_from(NodeRow, VisitRow, holds).where(VisitRow.crawl_id == crawl_id)


def _held(crawl_id: int, *columns: ColumnElement[int]) -> Select[*tuple[Any, ...]]:
    return _joined_numbers(crawl_id, *columns).where(edge_held_by(VisitRow.answer_id))


def _elsewhere(crawl_id: int) -> Select[*tuple[Any, ...]]:
    """Give the standing edges of accounts of which a crawl has no whole answer of its own."""
    return (
        _joined_numbers(crawl_id, EdgeRow.source_id, EdgeRow.target_id)
        .outerjoin(AnswerRow, AnswerRow.id == VisitRow.answer_id)
        .where(
            EdgeRow.removed_at.is_(None),
            or_(AnswerRow.skipped_rows.is_(None), AnswerRow.skipped_rows != 0),
        )
    )


def _joined_numbers(crawl_id: int, *columns: ColumnElement[int]) -> Select[*tuple[Any, ...]]:
    """Give columns of a crawl's edges as texts, for all sources of a range of keys."""
    leaves = and_(VisitRow.node_id == EdgeRow.source_id, VisitRow.crawl_id == crawl_id)
    texts = [dialects.joined(column) for column in columns]
    return (
        select(*texts)
        .select_from(EdgeRow)
        .join(VisitRow, leaves)
        .where(EdgeRow.source_id >= bindparam("first"), EdgeRow.source_id <= bindparam("last"))
    )
