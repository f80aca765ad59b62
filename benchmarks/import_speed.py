"""A graph from CSV into a database: graphcrawl's import against plain inserts of the same rows.

The peer reads the same files with csv, and inserts accounts and connections with SQLAlchemy Core
in batches into the same tables. It checks nothing, and writes no answers, visits or places in
lists: what a few lines of one's own would do.
"""

from __future__ import annotations

import argparse
import csv
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path

from sqlalchemy import insert

import graphcrawl
from graphcrawl.model import Origin
from graphcrawl.store import dialects, open_store
from graphcrawl.store.schema import AnswerRow, CrawlRow, EdgeRow, NodeRow

BATCH = 5_000


def write(folder: Path, accounts: int, connections: int) -> None:
    """Write a random graph as nodes.csv and edges.csv."""
    chance = random.Random(0)
    with (folder / "nodes.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["id", "username", "title", "network", "subscribers"])
        for at in range(accounts):
            out.writerow([at, f"user{at}", f"Title of {at}", "instagram", chance.randrange(10**6)])
    pairs: set[tuple[int, int]] = set()
    while len(pairs) < connections:
        source, target = chance.randrange(accounts), chance.randrange(accounts)
        if source != target:
            pairs.add((source, target))
    with (folder / "edges.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["source", "target"])
        out.writerows(pairs)


def ours(folder: Path, database: Path) -> None:
    """Import it."""
    graphcrawl.open(database).import_graph(folder)


def plain(folder: Path, database: Path) -> None:
    """Insert it."""
    now = dialects.now()
    seen = {"first_seen_at": now, "last_seen_at": now}
    keys: dict[str, int] = {}
    with (
        closing(open_store(database, origin=Origin.IMPORTED)) as store,
        store.engine.begin() as connection,
    ):
        crawl = {"status": "complete", "seeds": [], "settings": {}, "started_at": now}
        connection.execute(insert(CrawlRow).values(id=1, **crawl))
        for rows in batches(folder / "nodes.csv"):
            keys |= {row["id"]: len(keys) + at for at, row in enumerate(rows, 1)}
            connection.execute(
                insert(NodeRow),
                [
                    {
                        "id": keys[row["id"]],
                        "network": row["network"],
                        "social_id": row["id"],
                        "username": row["username"],
                        "name_key": row["username"].casefold(),
                        "title": row["title"],
                        "subscribers_count": int(row["subscribers"]),
                        "valid_from": now,
                        **seen,
                    }
                    for row in rows
                ],
            )
        answer = {"crawl_id": 1, "node_id": 1, "asked_at": now, "outcome": "ok", "rows": 0}
        connection.execute(insert(AnswerRow).values(id=1, **answer))
        for rows in batches(folder / "edges.csv"):
            ends = [(keys[row["source"]], keys[row["target"]]) for row in rows]
            connection.execute(
                insert(EdgeRow),
                [
                    {"source_id": one, "target_id": two, "position": 0, "answer_id": 1, **seen}
                    for one, two in ends
                ],
            )


def batches(path: Path) -> Iterator[list[dict[str, str]]]:
    """Read a table in batches."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        while batch := list(islice(rows, BATCH)):
            yield batch


def timed(run: Callable[[Path, Path], None], folder: Path) -> str:
    """Run it once into a new database, and say what it took."""
    database = folder / f"{run.__name__}.db"
    database.unlink(missing_ok=True)
    wall, cpu = time.perf_counter(), time.process_time()
    run(folder, database)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return (
        f"{run.__name__:6} {wall:6.1f} s, {cpu:5.1f} s of processor, {database.stat().st_size:,} B"
    )


def main() -> None:
    """Measure both, round by round."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--accounts", type=int, default=100_000)
    parser.add_argument("--connections", type=int, default=500_000)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder, given.accounts, given.connections)
        for _ in range(given.rounds):
            for run in (ours, plain):
                print(timed(run, folder))


if __name__ == "__main__":
    main()
