"""Real crawls killed again and again until complete: kills survived, requests repeated.

*again* are accounts: one may be cut off by several kills.
``python -m benchmarks.kills``, from the repository's root. Each trial is a world of its own; one
that ends otherwise than an undisturbed crawl of it ends this with its seed.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from pathlib import Path

from tests.crawl.killing import Instant, Trial

WORKERS = (1, 4, 16)


def main() -> None:
    """Run trials with each number of workers, and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=12, help="worlds for each number of workers")
    parser.add_argument("--kills", type=int, default=10, help="kills in each trial, at most")
    options = parser.parse_args()
    print(f"{'workers':>7} {'kills':>6} {'requests':>9} {'repeated':>9} {'again':>6} {'a kill':>7}")
    for workers in WORKERS:
        kills: Counter[Instant] = Counter()
        requests = repeated = accounts = 0
        for seed in range(1000, 1000 + options.trials):
            with tempfile.TemporaryDirectory() as folder:
                trial = Trial(Path(folder), workers, seed)
                trial.run(options.kills)
                if problems := trial.problems():
                    raise SystemExit(f"{workers} workers, seed {seed}: {'; '.join(problems)}")
            kills += trial.kills
            requests += len(trial.server.arrivals)
            repeated += trial.server.repeated
            accounts += trial.server.asked_again
        where = ", ".join(f"{number} {instant}" for instant, number in kills.most_common())
        share = accounts / kills.total()
        print(
            f"{workers:7} {kills.total():6} {requests:9} {repeated:9} {accounts:6} {share:7.2f}"
            f"  {where}",
            flush=True,
        )


if __name__ == "__main__":
    main()
