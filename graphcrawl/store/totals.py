"""How much a database holds, in a few numbers."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import func, select

from graphcrawl.store.opening import Store
from graphcrawl.store.schema import CrawlRow, EdgeRow, NodeRow


class Totals(NamedTuple):
    """How much a database holds.

    Attributes
    ----------
    accounts : int
    asked : int
        Those whose connections are known from a whole answer.
    connections : int
        That stand now.
    crawls : int
    """

    accounts: int
    asked: int
    connections: int
    crawls: int


def read_totals(store: Store) -> Totals:
    """Count what a database holds.

    Raises
    ------
    StoreError
        If the database cannot be read.
    """
    accounts = select(func.count(), func.count(NodeRow.expanded_at)).select_from(NodeRow)
    edges = select(func.count()).select_from(EdgeRow).where(EdgeRow.removed_at.is_(None))
    crawls = select(func.count()).select_from(CrawlRow)
    with store.reading() as connection:
        held, asked = connection.execute(accounts).one()
        standing = connection.execute(edges).scalar_one()
        return Totals(held, asked, standing, connection.execute(crawls).scalar_one())
