"""How long questions to a database take: each opens the file, answers, and closes it again.

The database is built once, as a crawl writes one (`answers_graph.py`), and kept. Process
start is left out, and the first question of each kind, which compiles its statements. For paths
networkx is beside it: its bidirectional search alone, on a graph that was loaded before, and what
loading that graph from the same database takes.
"""

from __future__ import annotations

import argparse
import contextlib
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final

import networkx as nx
from answers_graph import NETWORKS, RandomWorld, build

import graphcrawl
from graphcrawl.database import Database
from graphcrawl.errors import NothingFound

LIMIT: Final = 0.5
"""Seconds that an answer may take."""

Question = Callable[[Database, Sequence[str]], object]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and how many accounts it is about."""

    name: str
    accounts: int
    ask: Question


QUESTIONS: Final = (
    Asked("path", 2, lambda database, names: database.paths(*names)),
    Asked("path --all", 2, lambda database, names: list(database.paths(*names))),
    Asked("path --crawl 1", 2, lambda database, names: database.paths(*names, crawl_id=1)),
    Asked("show", 1, lambda database, names: database.show(names[0])),
    Asked("similar", 1, lambda database, names: database.similar(names[0])),
    Asked("search", 1, lambda database, names: database.search(names[0].partition(":")[2])),
    Asked("top --by pagerank", 1, lambda database, _: database.top("pagerank")),
    Asked("between, 3 accounts", 3, lambda database, names: database.between(names)),
)


def main() -> None:
    """Build what is not there, ask, and write a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--db", type=Path, default=Path("output/answers.db"))
    parser.add_argument("--accounts", type=int, default=100_000)
    parser.add_argument("--connections", type=int, default=500_000)
    parser.add_argument("--rounds", type=int, default=25)
    given = parser.parse_args()
    if not given.db.exists():
        given.db.parent.mkdir(parents=True, exist_ok=True)
        began = time.perf_counter()
        build(given.db, RandomWorld(given.accounts, given.connections))
        print(f"built {given.db} in {time.perf_counter() - began:.0f} s")
    database = graphcrawl.open(given.db)
    database.clusters()
    size = len(database.graph().nodes)
    print(f"| {size:,} accounts | median ms | lowest | highest | within {LIMIT} s |")
    print("|---|---|---|---|---|")
    for question in QUESTIONS:
        report(
            question.name,
            [
                timed(question.ask, database, names)
                for names in drawn(size, question.accounts, given.rounds + 1)
            ][1:],
        )
    report_networkx(database, drawn(size, 2, given.rounds))


def drawn(size: int, accounts: int, rounds: int) -> list[list[str]]:
    """Draw accounts by chance; one that most list and one that nobody does are among the first."""
    random = Random(rounds)
    numbers = [random.sample(range(size), accounts) for _ in range(rounds)]
    numbers[1][0], numbers[2][-1] = 0, 1
    return [[f"{NETWORKS[one % len(NETWORKS)]}:name{one}" for one in each] for each in numbers]


def timed(ask: Question, database: Database, names: Sequence[str]) -> float:
    """Give the seconds that an answer takes; that there is none is one."""
    began = time.perf_counter()
    with contextlib.suppress(NothingFound):
        ask(database, names)
    return time.perf_counter() - began


def report(name: str, seconds: Sequence[float]) -> None:
    """Write a line of the table."""
    within = sum(one < LIMIT for one in seconds)
    figures = (statistics.median(seconds), min(seconds), max(seconds))
    cells = " | ".join(f"{1000 * figure:.1f}" for figure in figures)
    print(f"| {name} | {cells} | {within} of {len(seconds)} |")


def report_networkx(database: Database, pairs: Sequence[Sequence[str]]) -> None:
    """Time networkx on the same pairs, and loading two columns into it."""
    began = time.perf_counter()
    with database.query("SELECT source_id, target_id FROM edges WHERE removed_at IS NULL") as rows:
        graph = nx.DiGraph(rows)
    loading = time.perf_counter() - began
    sql = "SELECT network || ':' || username, id FROM nodes"
    with database.query(sql) as rows:
        keys = {str(name): key for name, key in rows}
    seconds = []
    for one, other in pairs:
        began = time.perf_counter()
        with contextlib.suppress(nx.NetworkXNoPath, nx.NodeNotFound):
            nx.bidirectional_shortest_path(graph, keys[one], keys[other])
        seconds.append(time.perf_counter() - began)
    report("networkx bidirectional_shortest_path, loaded before", seconds)
    report("networkx, loading for it", [loading])


if __name__ == "__main__":
    main()
