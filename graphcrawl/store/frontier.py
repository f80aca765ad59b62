"""The frontier: which accounts of a crawl are known, asked, waiting and due.

It is the visited set too, so claims, discoveries, edges and completions share transactions; no
queue engine could do that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import Connection, func, or_, select, update
from sqlalchemy.exc import DBAPIError

from graphcrawl.model import AccountRef, Claim, Outcome, Turn
from graphcrawl.store import dialects
from graphcrawl.store.opening import Store, unusable
from graphcrawl.store.recorder import Added, Recorder
from graphcrawl.store.schema import CrawlRow, NodeRow, VisitRow


class CrawlFrontier:
    """The frontier of one crawl, held by one process.

    Parameters
    ----------
    store : Store
    crawl_id : int
    depth_limit : int or None
        Accounts nearer than this are asked; None: all.
    clock : callable
        Gives the present moment, UTC.
    """

    def __init__(
        self,
        store: Store,
        crawl_id: int,
        depth_limit: int | None,
        *,
        clock: Callable[[], datetime] = dialects.now,
    ) -> None:
        self._store = store
        self._crawl_id = crawl_id
        self._clock = clock
        self._recorder = Recorder(crawl_id, depth_limit)
        with self._transaction() as connection:
            self._recorder.load(connection)

    def turn(self, outcomes: Sequence[Outcome], room: int) -> Turn:
        """Record outcomes and claim up to `room` accounts, in one durable transaction.

        Raises
        ------
        StoreError
            If the database cannot be written; then none of it has happened.
        """
        moment = self._clock()
        with self._transaction() as connection:
            added = [self._recorder.record(connection, one, moment) for one in outcomes]
            self._count_requests(connection, outcomes)
            claims = self._claim(connection, room, moment) if room else ()
            next_due = None
            if room and not claims:
                next_due = self._next_due(connection, moment)
        return _turn(added, claims, next_due)

    def queued(self) -> int:
        """Count the accounts that wait to be asked."""
        query = (
            select(func.count())
            .select_from(VisitRow)
            .where(VisitRow.crawl_id == self._crawl_id, VisitRow.status == "queued")
        )
        with self._transaction() as connection:
            return connection.execute(query).scalar_one()

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        try:
            with self._store.engine.begin() as connection:
                yield connection
        except DBAPIError as error:
            raise unusable(self._store.path, error) from error

    def _count_requests(self, connection: Connection, outcomes: Sequence[Outcome]) -> None:
        sent = sum(outcome.attempts for outcome in outcomes)
        if sent:
            connection.execute(
                update(CrawlRow)
                .where(CrawlRow.id == self._crawl_id)
                .values(requests=CrawlRow.requests + sent)
            )

    def _claim(self, connection: Connection, room: int, moment: datetime) -> tuple[Claim, ...]:
        query = (
            select(
                VisitRow.node_id,
                VisitRow.depth,
                VisitRow.postponed,
                NodeRow.network,
                NodeRow.username,
                NodeRow.social_id,
            )
            .join(NodeRow, NodeRow.id == VisitRow.node_id)
            .where(
                VisitRow.crawl_id == self._crawl_id,
                VisitRow.status == "queued",
                or_(VisitRow.retry_at.is_(None), VisitRow.retry_at <= moment),
            )
            .order_by(VisitRow.depth, VisitRow.node_id)
            .limit(room)
        )
        claims = tuple(
            Claim(
                node_id=row.node_id,
                ref=AccountRef(row.network, row.username, row.social_id),
                depth=row.depth,
                postponed=row.postponed,
            )
            for row in connection.execute(query)
        )
        if claims:
            connection.execute(
                update(VisitRow)
                .where(
                    VisitRow.crawl_id == self._crawl_id,
                    VisitRow.node_id.in_([claim.node_id for claim in claims]),
                )
                .values(status="claimed")
            )
        return claims

    def _next_due(self, connection: Connection, moment: datetime) -> float | None:
        query = select(func.min(VisitRow.retry_at)).where(
            VisitRow.crawl_id == self._crawl_id, VisitRow.status == "queued"
        )
        due = connection.execute(query).scalar_one()
        return None if due is None else max(0.0, (due - moment).total_seconds())


def _turn(added: Sequence[Added], claims: tuple[Claim, ...], next_due: float | None) -> Turn:
    return Turn(
        claims=claims,
        accounts=sum(one.accounts for one in added),
        connections=sum(one.connections for one in added),
        next_due=next_due,
    )
