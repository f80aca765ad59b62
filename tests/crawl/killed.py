"""A process to be killed: it crawls a world from a seed into a file, or goes on with crawl 1.

Arguments: the database, a file that notes each request, the world's accounts, degree and seed.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from graphcrawl.model import Origin
from graphcrawl.store import crawl_lock, list_crawls, open_store, start_crawl, take_up
from tests.worlds import World, by_name, random_lists, run

WORKERS = 4
DEPTH = 9
SEEDS = ("u0", "u1", "u2", "u3", "u4")


def main(database: Path, requests: Path, accounts: int, degree: int, seed: int) -> None:
    log = os.open(requests, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def before(social_id: str) -> None:
        # One short write is one line, whoever else writes, and outlives the process.
        os.write(log, f"{social_id}\n".encode())
        time.sleep(0.001)

    store = open_store(database, origin=Origin.SIMULATED)
    if not list_crawls(store):
        start_crawl(store, by_name(*SEEDS), {"depth": DEPTH})
    with crawl_lock(database, 1):
        take_up(store, 1, {"depth": DEPTH})
        sys.stdout.write("crawling\n")
        sys.stdout.flush()
        run(
            store,
            1,
            World(random_lists(accounts, degree, seed), before=before),
            DEPTH,
            workers=WORKERS,
        )
    store.close()
    os.close(log)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), *map(int, sys.argv[3:]))
