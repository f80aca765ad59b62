"""Requests a second of a depth-3 crawl: graphcrawl, a Scrapy spider, and bare requests.

One simulator serves the same real graph to all of them; runs alternate, so that the machine's
drift meets each alike. Every run is a process of its own and reports the seconds from its first
request to its last commit; starting Python and importing is left out for all.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
SEED = "54971236771"
EXPECTED = (12_880, 148_699, 3_977)
"""Accounts, connections and requests of the depth-3 crawl on the Facebook page graph."""


@dataclass(frozen=True, slots=True)
class Run:
    """One process's figures."""

    seconds: float
    requests: int
    accounts: int
    connections: int

    @property
    def speed(self) -> float:
        """Requests a second."""
        return self.requests / self.seconds


CONTESTANTS: dict[str, Sequence[str]] = {
    "graphcrawl, 4 workers": ("run_graphcrawl.py", "4"),
    "graphcrawl, 16 workers": ("run_graphcrawl.py", "16"),
    "Scrapy, storing the same": ("run_scrapy.py",),
    "requests, storing nothing": ("run_requests.py",),
}


@contextmanager
def simulator(data: Path) -> Iterator[str]:
    """Serve the graph from a process of its own; give its address."""
    command = [sys.executable, "-m", "graphcrawl", "simulator", "--port", "0", "--undirected"]
    command += ["--nodes", str(data / "nodes.csv.gz"), "--edges", str(data / "edges.csv.gz")]
    command += ["--id", "page_id", "--title", "page_name"]
    command += ["--source", "page_id_1", "--target", "page_id_2"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().split(" at ")[1].split()[0]
        finally:
            process.terminate()


def run(name: str, url: str) -> Run:
    """Let one contestant crawl."""
    script, *arguments = CONTESTANTS[name]
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, str(HERE / script), url, SEED, folder, *arguments]
        output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return Run(**json.loads(output.splitlines()[-1]))


def check(name: str, result: Run) -> None:
    """Refuse a figure that another crawl gave."""
    found = (result.accounts, result.connections, result.requests)
    if found != EXPECTED:
        raise SystemExit(f"{name} crawled {found}, not {EXPECTED}")


def main() -> None:
    """Alternate the contestants, and print medians and ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the page graph")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    speeds: dict[str, list[float]] = {name: [] for name in CONTESTANTS}
    with simulator(options.data) as url:
        for _ in range(options.rounds):
            for name in CONTESTANTS:
                result = run(name, url)
                check(name, result)
                speeds[name].append(result.speed)
    peer = speeds["Scrapy, storing the same"]
    head = f"{'requests a second':28} {'median':>7} {'min':>6} {'max':>6}"
    print(f"{head}  ratio to Scrapy, by round")
    for name, values in speeds.items():
        ratio = statistics.median(mine / its for mine, its in zip(values, peer, strict=True))
        print(
            f"{name:28} {statistics.median(values):7.0f} {min(values):6.0f} {max(values):6.0f}"
            f"  {ratio:.2f}"
        )


if __name__ == "__main__":
    main()
