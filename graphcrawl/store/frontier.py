"""The frontier: which accounts of a crawl are known, asked, waiting and due.

It is the visited set too, so claims, discoveries, edges and completions share transactions; no
queue engine could do that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final

from sqlalchemy import Connection, bindparam, func, select, update

from graphcrawl.errors import StoreError
from graphcrawl.filters import Filters
from graphcrawl.model import AccountRef, Claim, Outcome, Turn
from graphcrawl.store import dialects
from graphcrawl.store.accounts import name_key
from graphcrawl.store.census import Headcount, count_levels
from graphcrawl.store.depths import queue_ring
from graphcrawl.store.name_index import NamesBehind
from graphcrawl.store.opening import Store
from graphcrawl.store.recorder import Added, Recorder
from graphcrawl.store.reuse import SETTLED_AT_ONCE, StoredAnswers
from graphcrawl.store.schema import CrawlRow, VisitRow, table_of
from graphcrawl.store.waiting import Due, due_in_order, skip_visits

_visits: Final = table_of(VisitRow)
_crawls: Final = table_of(CrawlRow)

_CLAIM: Final = dialects.Prepared(
    update(_visits)
    .where(_visits.c.crawl_id == bindparam("crawl"), dialects.within(_visits.c.node_id, "ids"))
    .values(status="claimed")
)
_COUNT_REQUESTS: Final = dialects.Prepared(
    update(_crawls)
    .where(_crawls.c.id == bindparam("crawl"))
    .values(requests=_crawls.c.requests + bindparam("sent"))
)


@dataclass(frozen=True, slots=True)
class _Settled:
    """What stored answers added, and the due accounts that they will settle in the next turn."""

    added: Sequence[Added] = ()
    more: frozenset[int] = frozenset()


class CrawlFrontier:
    """The frontier of one crawl, held by one process.

    Parameters
    ----------
    store : Store
    crawl_id : int
    depth_limit : int or None
        Accounts nearer than this are asked; None: all.
    reuse_since : datetime or None
        Whole answers that are not older count for this crawl, and are not asked for again.
    filters : Filters or None
        Who of them is not asked, how much is kept of an answer, and who comes first.
    clock : callable
        Gives the present moment, UTC.
    """

    def __init__(
        self,
        store: Store,
        crawl_id: int,
        depth_limit: int | None,
        *,
        reuse_since: datetime | None = None,
        filters: Filters | None = None,
        clock: Callable[[], datetime] = dialects.now,
    ) -> None:
        filters = filters or Filters()
        self._store = store
        self._crawl_id = crawl_id
        self._clock = clock
        self._find_due = due_in_order(filters.order)
        self._sieve = filters.sieve()
        self._rings = filters.complete and depth_limit is not None
        self._out = 0
        self._names = NamesBehind()
        self._recorder = Recorder(crawl_id, depth_limit, filters)
        self._stored = StoredAnswers(crawl_id, reuse_since) if reuse_since else None
        with self._transaction() as connection:
            self._recorder.load(connection)
            self._named = _named_seeds(connection, crawl_id)

    def turn(self, outcomes: Sequence[Outcome], room: int) -> Turn:
        """Record outcomes and claim up to `room` accounts, in one durable transaction.

        Raises
        ------
        StoreError
            If the database cannot be written; then none of it has happened.
        """
        moment = self._clock()
        with self._transaction() as connection:
            self._recorder.begin(connection, moment)
            added = [self._recorder.record(connection, one, moment) for one in outcomes]
            self._count_requests(connection, outcomes)
            settled = self._settle(connection, room, moment) if room else _Settled()
            claims = self._claim(connection, room, moment, settled) if room else ()
            next_due = None
            if room and not claims:
                next_due = 0.0 if settled.more else self._next_due(connection, moment)
            if self._is_rings_turn(room, claims, next_due, len(outcomes)):
                # Only now is it known which accounts the crawl holds.
                queue_ring(connection, self._crawl_id)
                claims = self._claim(connection, room, moment, _Settled())
            self._recorder.end(connection)
        self._out += len(claims) - len(outcomes)
        for one in added:
            self._names.add(one.connections)
        return _turn([*added, *settled.added], claims, next_due)

    def rest(self, *, idle: bool) -> None:
        """Index names for a search, if many wait for it, or the crawl is idle.

        In a transaction of its own: that names cannot be indexed ends no crawl.
        """
        if not self._names.may_be_due(idle=idle):
            return
        try:
            with self._transaction() as connection:
                self._recorder.begin(connection, self._clock())
                self._names.catch_up(connection, idle=idle)
                self._recorder.end(connection)
        except StoreError:
            self._names.give_up()

    def queued(self) -> int:
        """Count the accounts that wait to be asked."""
        query = (
            select(func.count())
            .select_from(VisitRow)
            .where(VisitRow.crawl_id == self._crawl_id, VisitRow.status == "queued")
        )
        with self._transaction() as connection:
            return connection.execute(query).scalar_one()

    def levels(self) -> dict[int, Headcount]:
        """Count the accounts of each depth."""
        with self._transaction() as connection:
            return count_levels(connection, self._crawl_id)

    def _is_rings_turn(
        self, room: int, claims: Sequence[Claim], next_due: float | None, ended: int
    ) -> bool:
        nothing_waits = bool(room) and not claims and next_due is None
        return self._rings and nothing_waits and self._out == ended

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        try:
            with self._store.writing() as connection:
                yield connection
        except BaseException:
            self._recorder.distrust()
            raise

    def _count_requests(self, connection: Connection, outcomes: Sequence[Outcome]) -> None:
        sent = sum(outcome.attempts for outcome in outcomes)
        if sent:
            _COUNT_REQUESTS.run(connection, crawl=self._crawl_id, sent=sent)

    def _settle(self, connection: Connection, room: int, moment: datetime) -> _Settled:
        """Let stored answers count for the accounts whose turn it is, as long as there are any.

        One such answer may change who comes next, so what is due is looked up again after it.
        """
        added: list[Added] = []
        while self._stored is not None:
            due = self._due(connection, room, moment)
            stored = self._stored.find(connection, due)
            if not stored or len(added) >= SETTLED_AT_ONCE:
                return _Settled(added, frozenset(stored))
            for claim in due:
                if claim.node_id in stored:
                    answer = stored[claim.node_id]
                    added.append(self._recorder.reuse(connection, claim, answer, moment))
        return _Settled()

    def _claim(
        self, connection: Connection, room: int, moment: datetime, settled: _Settled
    ) -> tuple[Claim, ...]:
        due = self._due(connection, room, moment)
        claims = tuple(claim for claim in due if claim.node_id not in settled.more)
        if claims:
            ids = dialects.as_list(claim.node_id for claim in claims)
            _CLAIM.run(connection, crawl=self._crawl_id, ids=ids)
        return claims

    def _due(self, connection: Connection, room: int, moment: datetime) -> tuple[Claim, ...]:
        now = dialects.stamp(connection.dialect.name, moment)
        find = partial(self._find_due, connection, crawl_id=self._crawl_id, now=now, room=room)
        due = find()
        while refused := self._refused(due):
            # More has been learnt of them since they were queued.
            skip_visits(connection, self._crawl_id, refused)
            due = [one for one in due if one.node_id not in refused] or find()
        return tuple(map(self._as_claim, due))

    def _refused(self, due: Sequence[Due]) -> dict[int, str]:
        if self._sieve is None:
            return {}
        return {one.node_id: cause for one in due if (cause := one.refused_by(self._sieve))}

    def _as_claim(self, due: Due) -> Claim:
        return Claim(
            node_id=due.node_id,
            ref=AccountRef(due.network, due.username, due.social_id),
            depth=due.depth,
            postponed=due.postponed,
            refusal=due.refusal,
            named=due.depth == 0 and (due.network, name_key(due.username)) in self._named,
        )

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


def _named_seeds(connection: Connection, crawl_id: int) -> frozenset[tuple[str, str | None]]:
    seeds = connection.execute(select(CrawlRow.seeds).where(CrawlRow.id == crawl_id)).scalar_one()
    return frozenset(
        (seed["network"], name_key(seed["username"])) for seed in seeds if seed.get("username")
    )
