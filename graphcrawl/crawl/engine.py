"""The breadth-first engine: one thread writes, workers ask and wait for their own commit.

The calling thread alone turns the frontier: each turn records every outcome that is ready and
claims the next accounts, in one transaction. A worker gets its next claim only from the turn that
made its last outcome durable, so a kill repeats at most one request a worker; and what several
workers finished at once shares one commit, which keeps most of the speed of committing rarely.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from queue import Empty, SimpleQueue
from types import MappingProxyType
from typing import Final

from graphcrawl.crawl.asking import Asker, CrawlEnding, StopSignal
from graphcrawl.crawl.budget import Bounds, BudgetReached
from graphcrawl.crawl.patience import Patience
from graphcrawl.crawl.ports import Frontier
from graphcrawl.crawl.progress import Progress, Report
from graphcrawl.errors import Interrupted
from graphcrawl.model import Claim, Outcome, OutcomeKind

TICK_SECONDS: Final = 0.25
"""How often a waiting crawl looks at the clock and the stop signal, and reports."""

GATHER_SECONDS: Final = 0.001
"""How long a finished answer waits for others to share its commit with."""
UNBOUNDED: Final = Bounds()


@dataclass(frozen=True, slots=True)
class _Ended:
    """A claim that ended in something that is no outcome: it goes back to the queue."""

    claim: Claim
    error: BaseException
    sent: int = 0


class Crawl:
    """One run over a frontier.

    Parameters
    ----------
    frontier : Frontier
    asker : Asker
    stop : StopSignal
        Set it to end within the running requests.
    workers : int
        Requests under way at once.
    bounds : Bounds
        When nothing more is begun.
    report : callable or None
        Is given the `Progress` now and then, in the calling thread.
    """

    def __init__(
        self,
        frontier: Frontier,
        asker: Asker,
        stop: StopSignal,
        *,
        workers: int = 4,
        bounds: Bounds = UNBOUNDED,
        report: Report | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._frontier = frontier
        self._asker = asker
        self._stop = stop
        self._workers = workers
        self._bounds = bounds
        self._report = report
        self._clock = clock
        self._started = clock()
        self._reported = float("-inf")
        self._todo: SimpleQueue[Claim | None] = SimpleQueue()
        self._ended: SimpleQueue[Outcome | _Ended] = SimpleQueue()
        self._flying = 0
        self._patience = Patience(asker.policy, clock)
        self._end: BaseException | None = None
        self._counts = Progress()
        self._failures: Counter[str] = Counter()

    def run(self) -> Progress:
        """Ask until nothing within the depth is left.

        Returns
        -------
        Progress
            Of this run.

        Raises
        ------
        AccessError
            The API refused the credentials or the access.
        CrawlIncomplete
            The server was never reached, or stopped answering, or a bound was reached.
        Interrupted
            The stop signal was set.
        StoreError
            The database could not be written.

        Whatever is raised, all that was answered is recorded.
        """
        with self._crew():
            self._go_on()
        self._tell(force=True)
        if self._end is not None:
            raise self._end
        return self._counts

    def _go_on(self) -> None:
        ready: list[Outcome] = []
        while True:
            room = self._room()
            turn = self._frontier.turn(ready, room)
            self._count(ready, turn.accounts, turn.connections)
            for claim in turn.claims:
                self._todo.put(claim)
            self._flying += len(turn.claims)
            self._frontier.rest(idle=not ready)
            self._tell()
            if self._flying or not (self._is_ending() or (room and turn.next_due is None)):
                ready = self._collect(turn.next_due)
            elif not (ready := self._settle()):
                return

    def _room(self) -> int:
        if self._is_ending():
            return 0
        self._asker.probing = self._patience.is_troubled
        return self._patience.room(self._workers, self._flying)

    def _settle(self) -> list[Outcome]:
        """Give the accounts that were held back, when nothing else is left: they failed.

        If the crawl ends early, whose fault it was is not known: they are never recorded, and
        go back to the queue with all that is still claimed.
        """
        held = self._patience.settle()
        if self._end is not None and self._end is self._patience.given_up:
            return self._patience.exhausted(self._frontier.queued())
        if isinstance(self._end, BudgetReached) and not held and not self._frontier.queued():
            # There is nothing that it kept from being asked.
            self._end = None
        return [] if self._end else held

    def _is_ending(self) -> bool:
        if self._end is None and self._stop.is_set():
            self._end = Interrupted("interrupted; everything answered is saved")
        if self._end is None:
            seconds = self._clock() - self._started
            reached = self._bounds.reached(self._counts.accounts, seconds)
            if reached is not None:
                self._end_with(reached)
        return self._end is not None

    def _collect(self, next_due: float | None) -> list[Outcome]:
        """Wait for what is ready: at least one outcome, a due account, or a tick."""
        due = self._patience.seconds_left or TICK_SECONDS if next_due is None else next_due
        patience = min(TICK_SECONDS, max(due, 0.01))
        ready: list[Outcome] = []
        try:
            self._take(self._ended.get(timeout=patience), ready)
            until = self._clock() + GATHER_SECONDS
            while self._flying:
                self._take(self._ended.get(timeout=max(0.0, until - self._clock())), ready)
            return ready
        except Empty:
            return ready

    def _take(self, ended: Outcome | _Ended, ready: list[Outcome]) -> None:
        self._flying -= 1
        if isinstance(ended, _Ended):
            self._end_with(ended.error)
            ready.append(Outcome(ended.claim, OutcomeKind.RETURNED, ended.sent))
            return
        ready.extend(self._patience.take(ended))
        if self._patience.given_up is not None:
            self._end_with(self._patience.given_up)

    def _end_with(self, error: BaseException) -> None:
        """Begin nothing more, and spare those that wait for another attempt their waiting."""
        self._end = self._end or error
        self._stop.end()

    def _count(self, outcomes: list[Outcome], accounts: int, connections: int) -> None:
        counts = self._counts
        failed = (OutcomeKind.REFUSED, OutcomeKind.EXHAUSTED, OutcomeKind.DEFERRED)
        self._failures.update(one.cause or "unknown" for one in outcomes if one.kind in failed)
        self._counts = replace(
            counts,
            requests=self._asker.sent,
            answered=counts.answered + sum(one.kind is OutcomeKind.ANSWERED for one in outcomes),
            accounts=counts.accounts + accounts,
            connections=counts.connections + connections,
            seconds=self._clock() - self._started,
        )

    def _tell(self, *, force: bool = False) -> None:
        now = self._clock()
        if self._report is None or (now - self._reported < TICK_SECONDS and not force):
            return
        self._reported = now
        self._counts = replace(
            self._counts,
            requests=self._asker.sent,
            trouble=self._asker.trouble,
            pause=self._patience.seconds_left if self._patience.is_troubled else None,
            queued=self._frontier.queued(),
            failures=MappingProxyType(dict(self._failures)),
            seconds=now - self._started,
        )
        self._report(self._counts)

    @contextmanager
    def _crew(self) -> Iterator[None]:
        """Run the workers; whatever happens, they end before this does."""
        threads = [
            threading.Thread(target=self._work, name=f"asker-{number}", daemon=True)
            for number in range(self._workers)
        ]
        self._stop.begin()
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._stop.end()
            for _ in threads:
                self._todo.put(None)
            for thread in threads:
                thread.join()

    def _work(self) -> None:
        while (claim := self._todo.get()) is not None:
            try:
                self._ended.put(self._asker.ask(claim))
            except CrawlEnding as ending:
                self._ended.put(_Ended(claim, ending.error, ending.sent))
            except BaseException as error:  # reported by the engine, which ends the crawl
                self._ended.put(_Ended(claim, error))
