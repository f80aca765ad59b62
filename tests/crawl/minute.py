"""A minute of crawls under a rate, in a process of its own: ``python -m tests.crawl.minute``.

It has to last as long as it does, but most of that is waiting: so it begins with the tests, and is
looked at when all others have run.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from tests.counting import WINDOW, CountingServer
from tests.pacing import Runner, crawl_for
from tests.worlds import name_of, random_lists

Refusal = tuple[int, object, Mapping[str, str]]

RATE: Final = 95
KILLED: Final = (6.0, 25.0)
ENOUGH: Final = 1.5 * RATE
"""More requests than this, and the second minute has begun."""

DEADLINE: Final = 4 * WINDOW


class Restless:
    """Now and then a redirect, and now and then a failure, instead of an answer.

    No account is redirected twice in a row: a client may take that for a circle, and end.
    """

    def __init__(self) -> None:
        self.kinds: Counter[int] = Counter()
        self._lock = threading.Lock()
        self._on_the_way: set[str] = set()

    def __call__(self, asked: str) -> Refusal | None:
        with self._lock:
            self.kinds[0] += 1
            status = {3: 302, 7: 500}.get(self.kinds[0] % 10, 200)
            if status == 302 and asked in self._on_the_way:
                status = 200
            self._on_the_way.discard(asked)
            if status == 302:
                self._on_the_way.add(asked)
            self.kinds[status] += 1
        place = f"/api/method/auditor.reportConnections?id={asked}&type=instagram&v=2"
        headers = {"Location": place} if status == 302 else {}
        return None if status == 200 else (status, {}, headers)


@dataclass(frozen=True)
class Minute:
    """What came of it.

    Attributes
    ----------
    kills, redirects, failures : int
    moments : list of float
        When each request came.
    """

    kills: int
    redirects: int
    failures: int
    moments: list[float]


def begin(root: Path) -> subprocess.Popen[str]:
    """Let it begin."""
    command = [sys.executable, "-m", "tests.crawl.minute"]
    return subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True)


def result_of(process: subprocess.Popen[str]) -> Minute:
    """Wait for its end."""
    out, _ = process.communicate(timeout=DEADLINE)
    return Minute(**json.loads(out))


def main() -> None:
    """Run two processes on two databases, killed and started again, with redirects and retries."""
    restless = Restless()
    runners = [Runner(4, KILLED), Runner(16, KILLED)]
    with (
        tempfile.TemporaryDirectory() as folder,
        CountingServer(random_lists(900, 8, 1), restless, latency=0.05) as server,
    ):
        kills = 0
        began = time.monotonic()
        # A busy machine's second minute begins later: what a killed process had sent counts long.
        while len(server.moments) <= ENOUGH and time.monotonic() - began < DEADLINE / 2:
            seconds = WINDOW + 8.0 if not kills else 15.0
            entrance = f"instagram:{name_of('u0')}"
            kills += crawl_for(
                seconds, server.url, Path(folder), runners, rate=RATE, entrance=entrance
            )
    kinds = restless.kinds
    print(json.dumps(asdict(Minute(kills, kinds[302], kinds[500], server.moments))))


if __name__ == "__main__":
    main()
