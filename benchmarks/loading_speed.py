"""A database's million connections: as arrays, beside SQLAlchemy's rows into networkx.

Both read all accounts and standing connections of a drawn database (`large_graphs.py`) with
200,000 accounts. graphcrawl also finds which connections are mutual, who was asked and who has how
many followers; networkx gets bare numbers into a DiGraph. Rounds alternate in one process.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import time
from contextlib import closing
from pathlib import Path

import large_graphs
import networkx as nx
from sqlalchemy import select

from graphcrawl.findings import read_arrays
from graphcrawl.store import Store, open_for_reading
from graphcrawl.store.schema import EdgeRow, NodeRow

ACCOUNTS, EDGES = 200_000, 1_000_000


def arrays(store: Store) -> int:
    """Read arrays."""
    return len(read_arrays(store).sources)


def rows(store: Store) -> int:
    """Read SQLAlchemy's rows into networkx."""
    made = nx.DiGraph()
    with store.engine.connect() as connection:
        made.add_nodes_from(connection.execute(select(NodeRow.id)).scalars())
        edges = select(EdgeRow.source_id, EdgeRow.target_id).where(EdgeRow.removed_at.is_(None))
        made.add_edges_from(map(tuple, connection.execute(edges)))
    edges_read: int = made.number_of_edges()
    return edges_read


def main() -> None:
    """Alternate, and print medians and the ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--folder", type=Path, default=Path("../bench"), help="for the database")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    path = large_graphs.drawn_database(options.folder / "loading.db", ACCOUNTS, EDGES)
    seconds: dict[str, list[float]] = {"arrays": [], "rows": []}
    with closing(open_for_reading(path)) as store:
        arrays(store)
        for _ in range(options.rounds):
            for name, load in (("arrays", arrays), ("rows", rows)):
                gc.collect()
                began = time.perf_counter()
                assert load(store) == EDGES
                seconds[name].append(time.perf_counter() - began)
    ratios = sorted(its / mine for mine, its in zip(*seconds.values(), strict=True))
    for name, took in seconds.items():
        print(f"{name:7} {statistics.median(took):6.2f} s ({min(took):.2f}-{max(took):.2f})")
    print(f"{statistics.median(ratios):.1f} times as fast ({ratios[0]:.1f}-{ratios[-1]:.1f})")


if __name__ == "__main__":
    main()
