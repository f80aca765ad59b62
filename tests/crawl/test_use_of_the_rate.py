"""Guarantee 2 by simulated time: engine, permits and database are real, and only waiting is not."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import pytest

from graphcrawl.crawl import Asker, Crawl, StopSignal
from graphcrawl.crawl.asking import Stopped
from graphcrawl.errors import Interrupted
from graphcrawl.model import AccountRef, Answer
from graphcrawl.store import CrawlFrontier, PermitSettings, SharedPermits, start_crawl
from tests.counting import WINDOW, busiest
from tests.worlds import answer as answer_of
from tests.worlds import by_id, new_store


class SharedTime:
    """Time that passes when every one of so many threads waits for it."""

    def __init__(self, threads: int, stop: StopSignal) -> None:
        self.now = 1_800_000_000.0
        self._threads = threads
        self._stop = stop
        self._due: list[float] = []
        self._changed = threading.Condition()

    def __call__(self) -> float:
        return self.now

    def wait(self, seconds: float) -> None:
        with self._changed:
            due = self.now + seconds
            self._due.append(due)
            if len(self._due) == self._threads:
                self.now = min(self._due)
                self._due = [one for one in self._due if one > self.now]
                self._changed.notify_all()
            while self.now < due:
                has_passed = self._changed.wait(30.0)
                if self._stop.is_over():
                    raise Stopped("enough")
                assert has_passed, "not every thread waits: time stands still"

    def wake(self) -> None:
        with self._changed:
            self._changed.notify_all()


@dataclass
class Clockwork:
    """A tree without end whose answers take as long as they are told to."""

    time: SharedTime
    takes: Callable[[], float]
    enough: Callable[[float], None]
    arrivals: list[float] = field(default_factory=list)
    _random: Random = field(default_factory=lambda: Random(1))

    def ask(self, ref: AccountRef) -> Answer:
        takes = self.takes()
        # It arrives at any moment until its answer.
        self.arrivals.append(self.time.now + self._random.random() * takes)
        self.time.wait(takes)
        self.enough(self.time.now)
        number = int(ref.social_id or 0)
        return answer_of(str(number), str(2 * number + 1), str(2 * number + 2))


PLANS = {
    "30, 4 workers, 1 s": (30, 4, lambda: 1.0),
    "95, 4 workers, 1 s": (95, 4, lambda: 1.0),
    "95, 16 workers, up to 1 s": (95, 16, Random(2).random),
    "240, 16 workers, 1 s": (240, 16, lambda: 1.0),
}


@pytest.mark.parametrize("plan", PLANS)
def test_the_rate_is_used_and_never_passed(tmp_path: Path, plan: str) -> None:
    rate, workers, takes = PLANS[plan]
    stop = StopSignal()
    time = SharedTime(workers, stop)
    end = time.now + 10 * WINDOW

    def enough(now: float) -> None:
        if now >= end:
            stop.set()
            time.wake()

    source = Clockwork(time, takes, enough)
    settings = PermitSettings("host", "me", rate, 70.0)
    permits = SharedPermits(tmp_path / "permits.db", settings, clock=time)
    with new_store(tmp_path / "g.db") as store:
        # Time passes when all workers wait, so that there must be an account for each.
        crawl_id = start_crawl(store, by_id(*map(str, range(63, 127))), {"depth": None})
        asker = Asker(source, permits, stop, wait=time.wait)
        with pytest.raises(Interrupted):
            Crawl(CrawlFrontier(store, crawl_id, None), asker, stop, workers=workers).run()
    permits.close()
    assert busiest(source.arrivals) <= rate
    assert sum(at < end for at in source.arrivals) >= 0.97 * 10 * rate
