"""Servers that note every request when it comes: in this process, or as one of their own.

``python -m tests.counting LATENCY FAULTS`` serves an endless tree from the simulator, and writes
its address; when its standard input is closed it writes each request as JSON, and ends.
"""

from __future__ import annotations

import bisect
import json
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from graphcrawl.simulator import FaultKind, Faults, Simulator
from tests.cli.running import Tree
from tests.conftest import ROOT
from tests.worlds import WorldServer, name_of

WINDOW: Final = 60.0
SPOILING: Final = (FaultKind.TOO_MANY, FaultKind.SERVER_ERROR, FaultKind.RESET, FaultKind.CUT)
"""What a share of the requests meets, where one is wanted: none of these takes long."""


def busiest(moments: Sequence[float], seconds: float = WINDOW) -> int:
    """Give the most requests in any span of so many seconds, its end not included."""
    ordered = sorted(moments)
    return max(
        (bisect.bisect_left(ordered, at + seconds) - place for place, at in enumerate(ordered)),
        default=0,
    )


@dataclass
class CountingServer(WorldServer):
    """A world behind HTTP that notes what it was asked, and when.

    Attributes
    ----------
    latency : float
        Seconds that an answer takes.
    on_arrival : callable
        Is given the request's number, from 1, before it is answered.
    arrivals : list of (float, str)
        Seconds of the monotonic clock, and what was asked for as it was asked.
    """

    latency: float = 0.0
    on_arrival: Callable[[int], None] = lambda _: None
    arrivals: list[tuple[float, str]] = field(default_factory=list)
    _noting: threading.Lock = field(default_factory=threading.Lock)

    def reply(self, query: Mapping[str, list[str]]) -> tuple[int, object, Mapping[str, str]]:
        """Note a request, and answer it."""
        with self._noting:
            asked = f"id {query['id'][0]}" if "id" in query else f"name {query['username'][0]}"
            self.arrivals.append((time.monotonic(), asked))
            number = len(self.arrivals)
        self.on_arrival(number)
        if self.latency:
            time.sleep(self.latency)
        return super().reply(query)

    @property
    def moments(self) -> list[float]:
        """When each request came."""
        return [at for at, _ in self.arrivals]

    @property
    def counts(self) -> Counter[str]:
        """How often each account was asked for."""
        return Counter(asked for _, asked in self.arrivals)

    @property
    def repeated(self) -> int:
        """How many requests had come before, in the same words."""
        return len(self.arrivals) - len(self.counts)

    @property
    def accounts(self) -> Counter[str]:
        """How often each account was asked for, by name; by its ID and then its name is once."""
        times: Counter[str] = Counter()
        for asked, count in self.counts.items():
            way, _, who = asked.partition(" ")
            times |= Counter({name_of(who) if way == "id" else who: count})
        return times

    @property
    def asked_again(self) -> int:
        """How often an account was asked for again."""
        return self.accounts.total() - len(self.accounts)


@dataclass
class CountingProcess:
    """A simulator in another process.

    Attributes
    ----------
    url : str
    moments : list of float
        When each request came, on the monotonic clock; known when the server has ended.
    """

    url: str
    moments: list[float] = field(default_factory=list)


@contextmanager
def counting_process(latency: float = 0.0, faults: float = 0.0) -> Iterator[CountingProcess]:
    """Serve an endless tree (``instagram:a0``) from a process of its own."""
    command = [sys.executable, "-m", "tests.counting", str(latency), str(faults)]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        server = CountingProcess(process.stdout.readline().strip())
        try:
            yield server
        finally:
            out, _ = process.communicate(timeout=60)
            server.moments += json.loads(out)


def main(latency: float, faults: float) -> None:
    spoiled = Faults(share=faults, kinds=SPOILING)
    with Simulator(Tree(), latency=latency, faults=spoiled) as server:
        print(server.url, flush=True)
        sys.stdin.read()
    print(json.dumps([record.time for record in server.log]))


if __name__ == "__main__":
    main(*map(float, sys.argv[1:]))
