"""A seed known by name alone, and the account that turns out to be it, become one."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import Connection, delete, exists, select, update
from sqlalchemy.orm import aliased

from graphcrawl.store.schema import AnswerRow, EdgeRow, NodeRow, VisitRow

SETTLED: Final = ("done", "claimed")
"""A visit of either side in one of these stands for both."""


def join_nodes(connection: Connection, provisional: int, real: int) -> None:
    """Make one account of two: everything of the provisional node goes over to the real one.

    The smaller depth stays. What follows from a lowered depth is left to the caller.
    """
    _move_visits(connection, provisional, real)
    _move_edges(connection, provisional, real)
    connection.execute(
        update(AnswerRow).where(AnswerRow.node_id == provisional).values(node_id=real)
    )
    _keep_earliest(connection, provisional, real)
    connection.execute(delete(NodeRow).where(NodeRow.id == provisional))


def _move_visits(connection: Connection, provisional: int, real: int) -> None:
    query = select(VisitRow.__table__).where(VisitRow.node_id.in_((provisional, real)))
    by_crawl: dict[int, dict[int, dict[str, object]]] = {}
    for row in connection.execute(query).mappings():
        by_crawl.setdefault(row["crawl_id"], {})[row["node_id"]] = dict(row)
    for crawl_id, rows in by_crawl.items():
        mine = rows.get(provisional)
        if mine is None:
            continue
        values = _joined(mine, rows.get(real))
        connection.execute(
            delete(VisitRow).where(VisitRow.crawl_id == crawl_id, VisitRow.node_id == real)
        )
        connection.execute(
            update(VisitRow)
            .where(VisitRow.crawl_id == crawl_id, VisitRow.node_id == provisional)
            .values(**{**values, "node_id": real})
        )


def _joined(mine: dict[str, object], other: dict[str, object] | None) -> dict[str, object]:
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
    answers = [row["answer_id"] for row in rows if isinstance(row["answer_id"], int)]
    depths = [row["depth"] for row in rows if isinstance(row["depth"], int)]
    return {**chosen, "depth": min(depths), "answer_id": max(answers, default=None)}


def _move_edges(connection: Connection, provisional: int, real: int) -> None:
    known = aliased(EdgeRow)
    connection.execute(
        update(EdgeRow)
        .where(
            EdgeRow.source_id == provisional,
            EdgeRow.target_id != real,
            ~exists().where(known.source_id == real, known.target_id == EdgeRow.target_id),
        )
        .values(source_id=real)
    )


def _keep_earliest(connection: Connection, provisional: int, real: int) -> None:
    dates: dict[int, tuple[datetime, datetime | None]] = {
        node: (first_seen_at, expanded_at)
        for node, first_seen_at, expanded_at in connection.execute(
            select(NodeRow.id, NodeRow.first_seen_at, NodeRow.expanded_at).where(
                NodeRow.id.in_((provisional, real))
            )
        )
    }
    expanded = [when for _, when in dates.values() if when is not None]
    connection.execute(
        update(NodeRow)
        .where(NodeRow.id == real)
        .values(
            first_seen_at=min(first for first, _ in dates.values()),
            expanded_at=max(expanded, default=None),
        )
    )
