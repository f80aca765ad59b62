"""Which accounts of a crawl wait, which of them come first, and which a filter leaves alone."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from typing import Final, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    String,
    and_,
    bindparam,
    func,
    literal_column,
    or_,
    select,
    update,
)

from graphcrawl.filters import FILTERED, Filters, Order, Sieve
from graphcrawl.model import Refusal
from graphcrawl.store import dialects
from graphcrawl.store.depths import RIM, queue_rim
from graphcrawl.store.schema import EdgeRow, NodeRow, VisitRow, table_of

_visits: Final = table_of(VisitRow)
_nodes: Final = table_of(NodeRow)
_edges: Final = table_of(EdgeRow)


ANOTHER_WAY: Final = ("not-found", "invalid-request")
"""Causes after which an account that was asked by its ID is asked by its name, once it has one.

A visit that is queued and has one of them waits for that."""


class Due(NamedTuple):
    """An account whose turn has come, as its visit and its node stand."""

    node_id: int
    depth: int
    postponed: int
    cause: str | None
    network: str
    username: str | None
    social_id: str | None
    subscribers_count: int | None
    state: str | None
    error: str | None

    @property
    def refusal(self) -> Refusal | None:
        """How the vendor refused its ID, if it is to be asked by its name."""
        if self.cause not in ANOTHER_WAY or self.username is None:
            return None
        return Refusal(self.cause or "", self.error)

    def refused_by(self, sieve: Sieve) -> str | None:
        """Give the cause for which a filter leaves it alone, by what is known of it now."""
        told = (self.network, self.social_id, self.username, self.subscribers_count, self.state)
        return sieve.refuses(*told, depth=self.depth)


DUE_COLUMNS: Final = (
    *(_visits.c[name] for name in ("node_id", "depth", "postponed", "cause")),
    *(_nodes.c[name] for name in ("network", "username", "social_id")),
    *(_nodes.c[name] for name in ("subscribers_count", "state")),
    _visits.c.error,
)


_ARE_DUE: Final = (
    select(*DUE_COLUMNS)
    .join(_nodes, _nodes.c.id == _visits.c.node_id)
    .where(
        _visits.c.crawl_id == bindparam("crawl"),
        _visits.c.status == literal_column("'queued'"),
        or_(_visits.c.retry_at.is_(None), _visits.c.retry_at <= bindparam("now", type_=String)),
    )
)
_AMONG: Final = dialects.Prepared(_ARE_DUE.where(dialects.within(_visits.c.node_id, "ids")))

MOST_RANKED: Final = 1_000
"""Accounts of one ranking."""

RANKING_SERVES: Final = 20.0
"""How many times as long as it took a ranking serves."""


def due_in_order(order: Order) -> Callable[..., list[Due]]:
    """Give what finds the accounts that are due, the first ones first.

    Returns
    -------
    callable
        Takes a connection, and by keyword crawl_id, now (as the database has it) and room.
    """
    if order is Order.SEEN_FROM_MOST:
        return _Ranking(_due_query(order))
    return partial(_find_due, _due_query(order))


def _find_due(
    query: dialects.Prepared, connection: Connection, *, crawl_id: int, now: object, room: int
) -> list[Due]:
    return [Due(*row) for row in query.run(connection, crawl=crawl_id, now=now, room=room)]


class _Ranking:
    """Accounts that are due, ranked now and then: ranking looks at everyone who waits.

    Ranking 5,000 accounts for each claim took 0.2 s of each; the last ranking serves until it has
    cost a twentieth of the time.
    """

    def __init__(self, query: dialects.Prepared) -> None:
        self._query = query
        self._ranked: deque[int] = deque()
        self._until = float("-inf")

    def __call__(
        self, connection: Connection, *, crawl_id: int, now: object, room: int
    ) -> list[Due]:
        if not self._ranked or time.monotonic() >= self._until:
            self._rank(connection, crawl_id, now)
        found = self._next(connection, crawl_id, now, room)
        if not found:
            self._rank(connection, crawl_id, now)
            found = self._next(connection, crawl_id, now, room)
        return found

    def _rank(self, connection: Connection, crawl_id: int, now: object) -> None:
        began = time.monotonic()
        due = _find_due(self._query, connection, crawl_id=crawl_id, now=now, room=MOST_RANKED)
        self._ranked = deque(one.node_id for one in due)
        ended = time.monotonic()
        self._until = ended + RANKING_SERVES * (ended - began)

    def _next(self, connection: Connection, crawl_id: int, now: object, room: int) -> list[Due]:
        """Take the next ones, those left out that are not due any more."""
        found: list[Due] = []
        while self._ranked and len(found) < room:
            part = [self._ranked.popleft() for _ in range(min(room, len(self._ranked)))]
            ids = dialects.as_list(part)
            rows = _AMONG.run(connection, crawl=crawl_id, now=now, ids=ids)
            due = {one.node_id: one for one in (Due(*row) for row in rows)}
            found += [due[one] for one in part if one in due]
        # More than asked for: the rest comes first the next time.
        self._ranked.extendleft(one.node_id for one in reversed(found[room:]))
        return found[:room]


@lru_cache(maxsize=len(Order))
def _due_query(order: Order) -> dialects.Prepared:
    return dialects.Prepared(
        _ARE_DUE.order_by(_visits.c.depth, *_WITHIN_A_DEPTH[order](), _visits.c.node_id).limit(
            bindparam("room")
        )
    )


def _most_followed() -> tuple[ColumnElement[object], ...]:
    return (_nodes.c.subscribers_count.desc().nulls_last(),)


def _seen_from_most() -> tuple[ColumnElement[object], ...]:
    """Count the accounts of this crawl whose answers in it brought, or held again, the account."""
    asked = _visits.alias("asked")
    listing = (
        select(func.count())
        .select_from(
            _edges.join(
                asked,
                and_(
                    asked.c.node_id == _edges.c.source_id,
                    asked.c.crawl_id == bindparam("crawl"),
                    asked.c.answer_id.is_not(None),
                ),
            )
        )
        .where(_edges.c.target_id == _visits.c.node_id, _edges.c.removed_at.is_(None))
        .correlate(_visits)
        .scalar_subquery()
    )
    return (listing.desc(),)


_WITHIN_A_DEPTH: Final[Mapping[Order, Callable[[], tuple[ColumnElement[object], ...]]]] = {
    Order.POSITION: tuple,
    Order.SUBSCRIBERS: _most_followed,
    Order.SEEN_FROM_MOST: _seen_from_most,
}


def skip_visits(connection: Connection, crawl_id: int, refused: Mapping[int, str]) -> None:
    """Leave accounts alone, each for its cause."""
    statement = (
        update(_visits)
        .where(_visits.c.crawl_id == bindparam("crawl"), _visits.c.node_id == bindparam("node"))
        .values(status="skipped", cause=bindparam("why"), error=None, retry_at=None)
    )
    rows = [{"crawl": crawl_id, "node": node, "why": cause} for node, cause in refused.items()]
    if rows:
        connection.execute(statement, rows)


def judge_again(
    connection: Connection, crawl_id: int, depth_limit: int | None, filters: Filters
) -> None:
    """Queue what these filters let through of all that waits or was left alone, and nothing else.

    What lies at the last depth waits for it to be raised, or for the crawl to be made complete.
    """
    _let_all_in(connection, crawl_id)
    queue_rim(connection, crawl_id, depth_limit)
    if depth_limit is not None:
        connection.execute(
            update(VisitRow)
            .where(
                VisitRow.crawl_id == crawl_id,
                VisitRow.status == "queued",
                VisitRow.depth >= depth_limit,
            )
            .values(status="skipped", cause=RIM)
        )
    _leave_out(connection, crawl_id, filters, or_(_WAITS, VisitRow.cause == RIM))


def judge_refreshed(connection: Connection, crawl_id: int, filters: Filters) -> None:
    """Do the same for a refresh, which asks whom it was begun for, however far from a seed."""
    _let_all_in(connection, crawl_id)
    _leave_out(connection, crawl_id, filters, _WAITS)


_WAITS: Final = VisitRow.status == "queued"


def _let_all_in(connection: Connection, crawl_id: int) -> None:
    connection.execute(
        update(VisitRow)
        .where(
            VisitRow.crawl_id == crawl_id,
            VisitRow.status == "skipped",
            VisitRow.cause.in_(FILTERED),
        )
        .values(status="queued", cause=None)
    )


def _leave_out(
    connection: Connection, crawl_id: int, filters: Filters, among: ColumnElement[bool]
) -> None:
    if sieve := filters.sieve():
        skip_visits(connection, crawl_id, _refused(connection, crawl_id, sieve, among))


def _refused(
    connection: Connection, crawl_id: int, sieve: Sieve, among: ColumnElement[bool]
) -> dict[int, str]:
    query = (
        select(*DUE_COLUMNS)
        .join(_nodes, _nodes.c.id == _visits.c.node_id)
        .where(VisitRow.crawl_id == crawl_id, among)
    )
    due = (Due(*row) for row in connection.execute(query))
    return {one.node_id: cause for one in due if (cause := one.refused_by(sieve))}
