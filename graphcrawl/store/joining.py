"""A seed known by name alone, and the account that turns out to be it, become one.

Only in the crawl whose answer told so: in another one the name may have been someone else's.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, delete, exists, func, or_, select, update

from graphcrawl.store.clusterings import move_memberships
from graphcrawl.store.decisions import repoint_decision
from graphcrawl.store.depths import edge_held_by
from graphcrawl.store.edges import Sighting, store_edges
from graphcrawl.store.own import move_own
from graphcrawl.store.reuse import is_whole
from graphcrawl.store.schema import (
    AnswerRow,
    EdgeChangeRow,
    EdgeGapRow,
    EdgeRow,
    NodeRow,
    VisitRow,
    table_of,
)

Visit = Mapping[str, Any]
"""A row of `visits`."""

SETTLED: Final = ("done", "claimed")
"""A visit of either side in one of these stands for both."""


def join_nodes(connection: Connection, crawl_id: int, provisional: int, real: int) -> None:
    """Make one account of two: what the crawl has of the provisional node goes to the real one.

    The smaller depth stays. What follows from a lowered depth is left to the caller.
    """
    visits = _visits(connection, crawl_id, (provisional, real))
    mine, other = visits.get(provisional), visits.get(real)
    if mine is None:
        return
    sighting = _sighting(connection, mine, other, real)
    _write_visit(connection, mine, other, real)
    connection.execute(
        update(AnswerRow)
        .where(AnswerRow.crawl_id == crawl_id, AnswerRow.node_id == provisional)
        .values(node_id=real)
    )
    if sighting is not None:
        store_edges(connection, sighting)
        if sighting.whole:
            _expand(connection, real, sighting.moment)
    _leave(connection, provisional, real)


def _visits(connection: Connection, crawl_id: int, nodes: tuple[int, int]) -> dict[int, Visit]:
    query = select(table_of(VisitRow)).where(
        VisitRow.crawl_id == crawl_id, VisitRow.node_id.in_(nodes)
    )
    return {row["node_id"]: dict(row) for row in connection.execute(query).mappings()}


def _sighting(
    connection: Connection, mine: Visit, other: Visit | None, real: int
) -> Sighting | None:
    """Give the provisional node's answer, if it had one, as an answer of the real one.

    When both were asked in this crawl, neither answer can show that the other's edges vanished.
    """
    answer_id: int | None = mine["answer_id"]
    if answer_id is None:
        return None
    answer = connection.execute(
        select(AnswerRow.asked_at, AnswerRow.skipped_rows).where(AnswerRow.id == answer_id)
    ).one()
    targets = connection.execute(
        select(EdgeRow.target_id)
        .join(VisitRow, VisitRow.node_id == EdgeRow.source_id)
        .where(
            VisitRow.crawl_id == mine["crawl_id"],
            VisitRow.node_id == mine["node_id"],
            EdgeRow.target_id != real,
            edge_held_by(VisitRow.answer_id),
        )
        .order_by(EdgeRow.position, EdgeRow.target_id)
    )
    asked_too = other is not None and other["answer_id"] is not None
    return Sighting(
        answer_id=answer_id,
        source=real,
        targets=list(targets.scalars()),
        moment=answer.asked_at,
        # What a visit that is done lacks all the same is said by its cause.
        whole=not answer.skipped_rows and mine["cause"] is None,
        alone=not asked_too,
    )


def _write_visit(connection: Connection, mine: Visit, other: Visit | None, real: int) -> None:
    crawl_id, provisional = mine["crawl_id"], mine["node_id"]
    connection.execute(
        delete(VisitRow).where(VisitRow.crawl_id == crawl_id, VisitRow.node_id == real)
    )
    connection.execute(
        update(VisitRow)
        .where(VisitRow.crawl_id == crawl_id, VisitRow.node_id == provisional)
        .values(**{**_joined(mine, other), "node_id": real})
    )


def _joined(mine: Visit, other: Visit | None) -> dict[str, Any]:
    """Say which visit stands for both.

    A name that the vendor did not know is asked again by the ID that is known now: otherwise the
    order of the answers would decide what the graph holds.
    """
    rows = [mine] if other is None else [mine, other]
    settled = [row for status in SETTLED for row in rows if row["status"] == status]
    if settled:
        chosen = dict(settled[0])
    elif other is not None and other["status"] in ("failed", "deferred"):
        chosen = dict(other)
    else:
        chosen = {**mine, "status": "queued", "retry_at": None, "cause": None, "error": None}
    answers = [row["answer_id"] for row in rows if row["answer_id"] is not None]
    return {
        **chosen,
        "depth": min(row["depth"] for row in rows),
        "attempts": sum(row["attempts"] for row in rows),
        "answer_id": max(answers, default=None),
    }


def _expand(connection: Connection, real: int, moment: datetime) -> None:
    connection.execute(
        update(NodeRow)
        .where(
            NodeRow.id == real,
            or_(NodeRow.expanded_at.is_(None), NodeRow.expanded_at < moment),
        )
        .values(expanded_at=moment)
    )


def _take_back(connection: Connection, provisional: int) -> None:
    """Leave to a node that stays only what its own answers say: one was another's."""
    own = select(AnswerRow.id).where(AnswerRow.node_id == provisional)
    for row in (EdgeChangeRow, EdgeGapRow):
        connection.execute(
            delete(row).where(row.source_id == provisional, row.answer_id.not_in(own))
        )
    held = exists().where(VisitRow.node_id == provisional, edge_held_by(VisitRow.answer_id))
    connection.execute(
        delete(EdgeRow).where(
            EdgeRow.source_id == provisional,
            EdgeRow.answer_id.not_in(own),
            ~held.correlate(EdgeRow),
        )
    )
    vanished = exists().where(
        EdgeChangeRow.source_id == EdgeRow.source_id,
        EdgeChangeRow.target_id == EdgeRow.target_id,
        EdgeChangeRow.present.is_(False),
    )
    connection.execute(
        update(EdgeRow)
        .where(EdgeRow.source_id == provisional, ~vanished.correlate(EdgeRow))
        .values(removed_at=None)
    )
    newest = select(func.max(AnswerRow.asked_at)).where(
        AnswerRow.node_id == provisional, is_whole()
    )
    connection.execute(
        update(NodeRow)
        .where(NodeRow.id == provisional)
        .values(expanded_at=newest.scalar_subquery())
    )


def _leave(connection: Connection, provisional: int, real: int) -> None:
    """Delete the provisional node, unless another crawl still knows the seed by name alone."""
    shared = select(exists().where(VisitRow.node_id == provisional))
    if connection.execute(shared).scalar_one():
        _take_back(connection, provisional)
        return
    since = select(NodeRow.first_seen_at).where(NodeRow.id == provisional).scalar_subquery()
    connection.execute(
        update(NodeRow)
        .where(NodeRow.id == real, NodeRow.first_seen_at > since)
        .values(first_seen_at=since)
    )
    move_memberships(connection, provisional, real)
    repoint_decision(connection, provisional, real)
    move_own(connection, provisional, real)
    connection.execute(delete(NodeRow).where(NodeRow.id == provisional))
