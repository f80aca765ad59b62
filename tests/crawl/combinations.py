"""Random combinations of options, kills, budgets and failures, held against a plain search.

A world is crawled in several runs, most of them cut off: by a budget, by accounts that fail for as
long as the run lasts, by an order to stop, or by a kill. A kill is a frontier that raises before or
after the transaction of a turn, and a crawl that nobody closes. Between two runs options change.
"""

from __future__ import annotations

import threading
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from random import Random
from typing import Any, Final

from graphcrawl.crawl import Asker, Bounds, Budgeted, Crawl, StopSignal, Unlimited
from graphcrawl.errors import (
    AccountError,
    GraphcrawlError,
    InvalidRequest,
    ReportForbidden,
    ReportNotFound,
    ReportPending,
    ServerFault,
)
from graphcrawl.filters import Filters, Order, Sieve
from graphcrawl.model import Account, AccountRef, Answer, Outcome, Turn
from graphcrawl.store import CrawlFrontier, Retry, Store, finish_crawl, take_up
from tests.worlds import HASTY, Expected, found

NETWORKS: Final = ("instagram", "twitter", "youtube")
STATES: Final = ("READY", "NOT_READY", "LOW_VIEWS")


class Killed(BaseException):
    """What stands for SIGKILL: nothing that catches errors may see it as one."""


@dataclass
class RandomWorld:
    """Accounts on three networks, some without a report by ID, by any name, or private.

    Attributes
    ----------
    lists : dict
        By ID, the IDs listed, in order.
    refused : dict
        By ID, the error that asking by ID gives.
    nobodys : set of str
        Those of them that asking by name does not find either.
    hidden : set of str
        Accounts whose own row is missing in their answer.
    down, pending : set of str
        Accounts that fail, or whose report is being made, for now.
    answered : Counter of AccountRef
        Answers and refusals given, by how they were asked for.
    """

    accounts: dict[str, Account]
    lists: dict[str, list[str]]
    refused: dict[str, type[AccountError]] = field(default_factory=dict)
    nobodys: set[str] = field(default_factory=set)
    hidden: set[str] = field(default_factory=set)
    down: set[str] = field(default_factory=set)
    pending: set[str] = field(default_factory=set)
    answered: Counter[AccountRef] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        everyone = self.accounts.values()
        self._by_name = {(one.network, one.username): one.social_id for one in everyone}

    def ask(self, ref: AccountRef) -> Answer:
        """Answer as the API's client would."""
        one = ref.social_id or self._by_name[ref.network, ref.username]
        if one in self.down:
            raise ServerFault("down for now")
        if one in self.pending:
            raise ReportPending("being made")
        with self._lock:
            plain = AccountRef(ref.network, None if ref.social_id else ref.username, ref.social_id)
            self.answered[plain] += 1
        if one in self.refused and (ref.social_id or one in self.nobodys):
            raise self.refused[one](f"{one}: refused")
        listed = tuple(self.accounts[to] for to in self.lists[one] if to != one)
        return Answer(None if one in self.hidden else self.accounts[one], listed)


def random_world(random: Random) -> RandomWorld:
    """Give a world of 10 to 60 accounts."""
    ids = [f"u{number}" for number in range(random.randint(10, 60))]
    accounts = {one: _account(one, random) for one in ids}
    lists = {one: _list(ids, random) for one in ids}
    refusals: tuple[type[AccountError], ...] = (ReportNotFound, InvalidRequest, ReportForbidden)
    refused = {one: random.choice(refusals) for one in ids if random.random() < 0.15}
    nobodys = {
        one for one, kind in refused.items() if kind is ReportForbidden or random.random() < 0.5
    }
    hidden = {one for one in ids if one not in refused and random.random() < 0.1}
    return RandomWorld(accounts, lists, refused, nobodys, hidden)


def _account(social_id: str, random: Random) -> Account:
    return Account(
        network=random.choice(NETWORKS),
        social_id=social_id,
        username=f"name.{social_id}",
        title=f"Title of {social_id}",
        subscribers_count=random.choice((None, 10, 1_000, 100_000)),
        state=random.choice((None, *STATES)),
    )


def _list(ids: Sequence[str], random: Random) -> list[str]:
    return [*dict.fromkeys(random.choices(ids, k=random.choice((0, 1, 2, 3, 3, 6))))]


@dataclass(frozen=True)
class Run:
    """One run of a crawl, and how it is cut off.

    Attributes
    ----------
    kill_at : int or None
        The turn of the frontier at which it is killed, from 0.
    committed : bool
        Whether that turn's transaction still happens.
    stop_at : int or None
        The turn at which it is asked to end.
    down, pending : frozenset of str
        Accounts that give no answer in it.
    """

    depth: int | None
    filters: Filters
    workers: int = 1
    max_requests: int | None = None
    max_nodes: int | None = None
    kill_at: int | None = None
    committed: bool = False
    stop_at: int | None = None
    down: frozenset[str] = frozenset()
    pending: frozenset[str] = frozenset()
    retry: Retry = Retry.USED_UP
    reuse_since: datetime | None = None

    def settings(self) -> dict[str, Any]:
        """Give what is written down of it, as far as taking a crawl up reads it."""
        return {"depth": self.depth, **self.filters.recorded()}


def random_run(random: Random, world: RandomWorld, seeds: Sequence[str]) -> Run:
    """Give a run that is likely to be cut off."""
    ids = [one for one in world.lists if one not in seeds]
    some = frozenset(random.sample(sorted(world.lists), k=min(8, len(world.lists) // 2)))
    return Run(
        depth=random.choice((1, 2, 3, 4, None)),
        filters=random_filters(random, world, ids),
        workers=random.choice((1, 2, 5)),
        max_requests=random.choice((None, None, 3, 10)),
        max_nodes=random.choice((None, None, 12)),
        kill_at=random.choice((None, *range(12))),
        committed=random.random() < 0.5,
        stop_at=random.choice((None, None, None, 2, 6)),
        down=some if random.random() < 0.3 else frozenset(),
        pending=some if random.random() < 0.3 else frozenset(),
        retry=random.choice((Retry.USED_UP, Retry.USED_UP, *Retry)),
    )


def random_filters(random: Random, world: RandomWorld, ids: Sequence[str]) -> Filters:
    """Give filters of any kind; accounts of `ids` may be excluded."""
    excluded = random.sample(list(ids), k=random.choice((0, 0, 2)))
    return Filters(
        follow=random.choice(((), (), ("instagram",), ("instagram", "twitter"))),
        min_subscribers=random.choice((None, None, 500)),
        skip_states=random.choice(((), (), ("not_ready",))),
        exclude=tuple(_ref(world.accounts[one], random) for one in excluded),
        max_connections=random.choice((None, None, 1, 2)),
        complete=random.random() < 0.3,
        order=random.choice(tuple(Order)),
    )


def _ref(account: Account, random: Random) -> AccountRef:
    if random.random() < 0.5:
        return AccountRef(account.network, account.username)
    return AccountRef(account.network, None, account.social_id)


def seed_refs(random: Random, world: RandomWorld, seeds: Sequence[str]) -> list[AccountRef]:
    """Name seeds by their IDs or by their names; by the way that the vendor takes."""
    refs = {one: _ref(world.accounts[one], random) for one in seeds}
    for one in world.refused.keys() & refs.keys():
        account = world.accounts[one]
        refs[one] = AccountRef(account.network, account.username)
    return list(refs.values())


class _Fragile(CrawlFrontier):
    """A frontier whose process is killed, or asked to end, at one of its turns."""

    run: Run
    stop: StopSignal
    turns: int = 0

    def turn(self, outcomes: Sequence[Outcome], room: int) -> Turn:
        number, self.turns = self.turns, self.turns + 1
        if number == self.run.stop_at:
            self.stop.set()
        if number != self.run.kill_at:
            return super().turn(outcomes, room)
        if self.run.committed:
            super().turn(outcomes, room)
        raise Killed


def carry_out(store: Store, crawl_id: int, world: RandomWorld, run: Run) -> bool:
    """Run a crawl from where it stands; tell whether it was killed."""
    world.down, world.pending = set(run.down), set(run.pending)
    stop = StopSignal()
    permits = Unlimited() if run.max_requests is None else Budgeted(Unlimited(), run.max_requests)
    frontier = _Fragile(
        store, crawl_id, run.depth, filters=run.filters, reuse_since=run.reuse_since
    )
    frontier.run, frontier.stop = run, stop
    held = len(found(store, crawl_id).depths)
    bounds = Bounds(max_nodes=run.max_nodes, held=held)
    asker = Asker(world, permits, stop, policy=HASTY)
    status = "complete"
    try:
        Crawl(frontier, asker, stop, workers=run.workers, bounds=bounds).run()
    except Killed:
        return True
    except GraphcrawlError:
        status = "interrupted"
    finish_crawl(store, crawl_id, status, None)
    return False


def go_on(store: Store, crawl_id: int, world: RandomWorld, run: Run) -> bool:
    """Take a crawl up and run it; tell whether it was killed."""
    take_up(store, crawl_id, run.settings(), retry=run.retry)
    return carry_out(store, crawl_id, world, run)


def undisturbed(run: Run) -> Run:
    """Give the same run with nothing that cuts it off."""
    return Run(run.depth, run.filters, workers=run.workers, reuse_since=run.reuse_since)


@dataclass
class Search:
    """What a crawl must hold, found breadth-first, one account after the other."""

    world: RandomWorld
    depth: int | None
    filters: Filters

    def __post_init__(self) -> None:
        self._sieve: Sieve | None = self.filters.sieve()

    def result(self, seeds: Sequence[str]) -> Expected:
        """Search from seeds."""
        depths, waiting = dict.fromkeys(seeds, 0), deque(seeds)
        asked: set[str] = set()
        edges: set[tuple[str, str]] = set()
        while waiting:
            one = waiting.popleft()
            if (self.depth is not None and depths[one] >= self.depth) or self._refuses(one, depths):
                continue
            asked.add(one)
            for to in self._listed(one):
                edges.add((one, to))
                if to not in depths:
                    depths[to] = depths[one] + 1
                    waiting.append(to)
        if self.filters.complete and self.depth is not None:
            ring = {one for one in depths if depths[one] >= self.depth}
            ring = {one for one in ring if not self._refuses(one, depths)}
            asked |= ring
            edges |= {(one, to) for one in ring for to in self._listed(one) if to in depths}
        return Expected(depths, asked, edges)

    def _listed(self, one: str) -> list[str]:
        world = self.world
        if one in world.nobodys or (one in world.refused and one in world.hidden):
            return []
        return [to for to in world.lists[one] if to != one][: self.filters.max_connections]

    def _refuses(self, one: str, depths: dict[str, int]) -> bool:
        account = self.world.accounts[one]
        told = (account.username, account.subscribers_count, account.state)
        return self._sieve is not None and bool(
            self._sieve.refuses(account.network, one, *told, depth=depths[one])
        )


def held_by(store: Store, crawl_id: int) -> Expected:
    """Give what a crawl holds; an account that it knows by name alone stands under its ID."""
    have = found(store, crawl_id)

    def plain(name: str) -> str:
        return name.removeprefix("?name.")

    return Expected(
        {plain(one): depth for one, depth in have.depths.items()},
        set(map(plain, have.asked)),
        {(plain(one), plain(to)) for one, to in have.edges},
    )


def changed(world: RandomWorld, random: Random) -> RandomWorld:
    """Give the same accounts later: some list others."""
    lists = {
        one: _list([*world.lists], random) if random.random() < 0.4 else list(listed)
        for one, listed in world.lists.items()
    }
    return replace(world, lists=lists, answered=Counter())
