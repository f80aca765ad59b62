"""The accounts of a crawl that gave no answer yet, or one that is none about connections."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from graphcrawl.store.opening import Store
from graphcrawl.store.schema import NodeRow, VisitRow


class Failure(NamedTuple):
    """An account that failed or was deferred.

    `cause` is the kind of failure, `error` its line, `attempts` the requests sent for it in this
    crawl, `failed_at` when it last failed. `depth` and `failed_at` are None where an import, or an
    older graphcrawl, did not tell.
    """

    network: str
    username: str | None
    social_id: str | None
    depth: int | None
    status: str
    cause: str | None
    error: str | None
    attempts: int
    failed_at: datetime | None


def read_failures(store: Store, crawl_id: int) -> list[Failure]:
    """Give a crawl's failed and deferred accounts, by cause, the nearest to a seed first.

    Raises
    ------
    StoreError
        If the database cannot be read.
    """
    query = (
        select(
            *(NodeRow.network, NodeRow.username, NodeRow.social_id),
            *(VisitRow.depth, VisitRow.status, VisitRow.cause, VisitRow.error),
            *(VisitRow.attempts, VisitRow.failed_at),
        )
        .join(NodeRow, NodeRow.id == VisitRow.node_id)
        .where(VisitRow.crawl_id == crawl_id, VisitRow.status.in_(("failed", "deferred")))
        .order_by(VisitRow.cause, VisitRow.depth, VisitRow.node_id)
    )
    with store.reading() as connection:
        return [Failure._make(row) for row in connection.execute(query)]
