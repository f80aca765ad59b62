"""The busiest minute at the server, and the share of permits used, of real crawls under a rate.

``python -m benchmarks.windows``, from the repository's root. All crawls run at once, each plan
against a simulator in a process of its own, which notes when each request comes.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.counting import WINDOW, busiest, counting_process
from tests.pacing import Runner, crawl_for

KILLED = (5.0, 40.0)
"""Seconds that a process lives before it is killed, where it is."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Crawls that share one client ID, and the server that they ask."""

    name: str
    rate: int
    runners: Sequence[Runner]
    latency: float
    faults: float = 0.0


PLANS = (
    Plan("1 process, 4 workers", 30, [Runner(4)], 1.0),
    Plan("1 process, 4 workers", 95, [Runner(4)], 1.0),
    Plan("1 process, 4 workers", 95, [Runner(4)], 0.1),
    Plan("1 process, 16 workers", 240, [Runner(16)], 1.0),
    Plan("2 processes, 4 and 16 workers", 95, [Runner(4), Runner(16)], 0.2),
    Plan("the same, killed", 95, [Runner(4, KILLED), Runner(16, KILLED)], 0.2, 0.1),
    Plan("1 worker, killed", 95, [Runner(1, KILLED)], 0.1),
)


def run(plan: Plan, seconds: float) -> str:
    """Crawl for so long, and say what the server saw."""
    lasting = seconds + 5.0
    with (
        tempfile.TemporaryDirectory() as folder,
        counting_process(plan.latency, plan.faults) as server,
    ):
        kills = crawl_for(lasting, server.url, Path(folder), plan.runners, rate=plan.rate)
    first = min(server.moments)
    came = sum(at < first + seconds for at in server.moments)
    share = came / (plan.rate * seconds / WINDOW)
    steady = [at for at in server.moments if first + WINDOW <= at < first + seconds]
    later = len(steady) / (plan.rate * (seconds - WINDOW) / WINDOW)
    return (
        f"{plan.name:32} {plan.rate:4} {plan.latency:7.1f} {plan.faults:6.1f} {kills:5}"
        f" {came:8} {busiest(server.moments):7} {share:6.1%} {later:6.1%}"
    )


def main() -> None:
    """Run every plan, and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--windows", type=int, default=10, help="minutes to crawl, 2 or more")
    seconds = parser.parse_args().windows * WINDOW
    head = f"{'':32} {'rate':>4} {'latency':>7} {'faults':>6} {'kills':>5} {'requests':>8}"
    print(f"{head} {'busiest':>7} {'share':>6} {'later':>6}", flush=True)
    with ThreadPoolExecutor(len(PLANS)) as pool:
        for line in pool.map(lambda plan: run(plan, seconds), PLANS):
            print(line, flush=True)


if __name__ == "__main__":
    main()
