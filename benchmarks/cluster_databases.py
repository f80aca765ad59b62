"""From a database to stored clusters, beside networkx's Louvain fed from the same database.

`large`: 100,000 accounts and 500,000 ties, in this process, process start and imports left out for
both. `process`: `graphcrawl clusters` as a user runs it on the Facebook page graph, start and all,
beside networkx's Louvain alone on the graph in memory; its modules are compiled, as an
installation leaves them. `huge`: a million accounts and five million
ties, each engine in a process of its own, with its peak memory.
"""

from __future__ import annotations

import gc
import hashlib
import json
import os
import resource
import shutil
import sqlite3
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TypeVar

import large_graphs
import networkx as nx
from sqlalchemy import select

from graphcrawl import findings
from graphcrawl.graph.options import ClusterOptions, Engine, has_networkit
from graphcrawl.store import open_for_reading, open_store
from graphcrawl.store.schema import EdgeRow, NodeRow

Parts = list[set[int]]
T = TypeVar("T")

NASA = "54971236771"


def loaded(path: Path) -> nx.Graph:
    """Give a database's ties to networkx, by SQLAlchemy's rows."""
    made = nx.Graph()
    with (
        closing(open_for_reading(path)) as store,
        store.engine.connect() as connection,
    ):
        made.add_nodes_from(connection.execute(select(NodeRow.id)).scalars())
        edges = select(EdgeRow.source_id, EdgeRow.target_id).where(EdgeRow.removed_at.is_(None))
        made.add_edges_from(map(tuple, connection.execute(edges)))
    return made


def timed(run: Callable[[], T]) -> tuple[float, T]:
    """Give the seconds of a call, and what it gave."""
    # Or the collector would walk the judge's graph, in whose time it pleases.
    gc.collect()
    gc.freeze()
    began = time.perf_counter()
    result = run()
    return time.perf_counter() - began, result


def clustered(path: Path, rng_seed: int = 0) -> Parts:
    """Find and store the clusters of a database."""
    with closing(open_store(path)) as store:
        found = findings.cluster(store, ClusterOptions(rng_seed=rng_seed), None).found
    return [set(one.ids()) for one in found.communities]


def large(folder: Path, rounds: int) -> None:
    """Alternate graphcrawl and networkx on a drawn database."""
    path = large_graphs.drawn_database(folder / "100k.db", 100_000, 500_000)
    clustered(_copy(path))
    judge = loaded(path)
    mine, its, quality = [], [], []
    for seed in range(rounds):
        copy = _copy(path)
        took, parts = timed(lambda copy=copy, seed=seed: clustered(copy, seed))  # type: ignore[misc]
        mine.append(took)
        took, louvain = timed(
            lambda seed=seed: nx.community.louvain_communities(loaded(path), seed=seed)  # type: ignore[misc]
        )
        its.append(took)
        quality.append(tuple(nx.community.modularity(judge, found) for found in (parts, louvain)))
        apart = sum(not nx.is_connected(judge.subgraph(part)) for part in parts)
        print(f"  {mine[-1]:.2f} s and {its[-1]:.2f} s; modularity {quality[-1][0]:.4f} and "
              f"{quality[-1][1]:.4f}; clusters in several pieces: {apart}")  # fmt: skip
    ratios = sorted(theirs / ours for ours, theirs in zip(mine, its, strict=True))
    print(
        f"large: {statistics.median(mine):.2f} s beside {statistics.median(its):.2f} s, "
        f"{statistics.median(ratios):.1f} times as fast ({ratios[0]:.1f}-{ratios[-1]:.1f}); "
        f"modularity {min(a - b for a, b in quality):+.4f} at the least"
    )
    print(f"  the same bytes from two processes: {len({_stored(path, run) for run in '12'}) == 1}")


def _stored(path: Path, hash_seed: str) -> str:
    """Run the command, and give a digest of what it wrote and stored."""
    copy = _copy(path)
    written = subprocess.run(
        [sys.executable, "-m", "graphcrawl", "clusters", "--db", copy, "--format", "csv"],
        check=True,
        capture_output=True,
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
    ).stdout
    with closing(sqlite3.connect(copy)) as connection:
        rows = connection.execute("SELECT * FROM memberships ORDER BY 1, 2").fetchall()
    return hashlib.sha256(written + json.dumps(rows).encode()).hexdigest()


def _copy(path: Path) -> Path:
    return Path(shutil.copy(path, path.with_suffix(".copy.db")))


def process(folder: Path, data: Path, rounds: int) -> None:
    """Alternate `graphcrawl clusters` on the page graph and networkx's Louvain in memory."""
    path = folder / "pages.db"
    path.unlink(missing_ok=True)
    large_graphs.database(path, *large_graphs.pages(data))
    judge, mine, its, qualities = loaded(path), [], [], []
    command_line = str(Path(sys.executable).with_name("graphcrawl"))
    clusters = [command_line, "clusters", "--db"]
    compiled = {**os.environ, "PYTHONPYCACHEPREFIX": str(folder / "compiled")}
    compiled.pop("PYTHONDONTWRITEBYTECODE", None)
    subprocess.run([*clusters, str(_copy(path))], check=True, stdout=-3, env=compiled)
    for seed in range(rounds):
        command = [*clusters, str(_copy(path)), "--rng-seed", str(seed)]
        took, _ = timed(
            lambda command=command: subprocess.run(command, check=True, stdout=-3, env=compiled)  # type: ignore[misc]
        )
        mine.append(took)
        took, louvain = timed(lambda seed=seed: nx.community.louvain_communities(judge, seed=seed))  # type: ignore[misc]
        its.append(took)
        with closing(sqlite3.connect(path.with_suffix(".copy.db"))) as connection:
            (stored,) = connection.execute("SELECT modularity FROM clusterings").fetchone()
            name = connection.execute(
                "SELECT m.cluster, c.name, (SELECT count(*) FROM memberships o "
                " WHERE o.cluster = m.cluster AND o.clustering_id = m.clustering_id) "
                "FROM memberships m JOIN nodes n ON n.id = m.node_id "
                "JOIN clusters c USING (clustering_id, cluster) WHERE n.social_id = ?",
                (NASA,),
            ).fetchone()
        qualities.append((stored, nx.community.modularity(judge, louvain)))
        print(f"  {mine[-1]:.2f} s and {its[-1]:.2f} s; modularity {stored:.4f} and "
              f"{qualities[-1][1]:.4f}; NASA's page is in cluster {name}")  # fmt: skip
    ratios = sorted(theirs / ours for ours, theirs in zip(mine, its, strict=True))
    print(
        f"process: {statistics.median(mine):.2f} s beside {statistics.median(its):.2f} s, "
        f"{statistics.median(ratios):.1f} times as fast ({ratios[0]:.1f}-{ratios[-1]:.1f}); "
        f"modularity {min(a for a, _ in qualities):.4f} at the least"
    )


def huge(folder: Path) -> None:
    """Give time and peak memory of each engine, loading included."""
    path = large_graphs.drawn_database(folder / "1m.db", 1_000_000, 5_000_000)
    for engine in (Engine.GRASPOLOGIC, Engine.NETWORKIT)[: 1 + has_networkit()]:
        command = [sys.executable, __file__, str(_copy(path)), engine.value]
        took, ran = timed(
            lambda command=command: subprocess.run(command, check=True, capture_output=True)  # type: ignore[misc]
        )
        print(f"huge: {ran.stdout.decode().strip()}; {took:.1f} s with the process's start")


def alone(path: Path, engine: Engine) -> None:
    """Find clusters in this process, and say what it took."""
    with closing(open_store(path)) as store:
        took, clustering = timed(
            lambda: findings.cluster(store, ClusterOptions(engine=engine), None)
        )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    found = clustering.found
    print(
        f"{found.engine}: {took:.1f} s from the database to stored clusters, {peak:.2f} GB, "
        f"{len(found.communities):,} clusters, modularity {found.modularity:.4f}"
    )


if __name__ == "__main__":
    alone(Path(sys.argv[1]), Engine(sys.argv[2]))
