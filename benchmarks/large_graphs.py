"""Databases of any size with communities like those of an LFR benchmark, written without a crawl.

Degrees and community sizes fall as power laws, and a share of each account's ties leaves its
community (Lancichinetti, Fortunato, Radicchi 2008, doi:10.1103/PhysRevE.78.046110). Unlike there,
stubs are matched at random and only once: what meets itself or meets twice is dropped. So no one
account leads to all others; `answers_graph.py` draws graphs to be crawled, of which one does.
"""

from __future__ import annotations

import argparse
import csv
import gzip
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, insert

from graphcrawl.model import Network, Origin
from graphcrawl.simulator.names import slug, title
from graphcrawl.store import open_store
from graphcrawl.store.dialects import now
from graphcrawl.store.schema import (
    AnswerRow,
    Base,
    CrawlRow,
    EdgeRow,
    NodeRow,
    VisitRow,
    table_of,
)

Whole = NDArray[np.int64]

AWAY = 0.35
"""Share of an account's ties that leave its community."""

SMALLEST, LARGEST = 20, 2_000
"""Accounts of a community, whose numbers fall by the power 1.5."""

FEWEST, MOST = 4, 500
"""Ties of an account, whose numbers fall by the power 2.3."""

SPARE = 1.15
"""So many times the stubs that are wanted, for those that are dropped."""

PART = 50_000
"""Rows a statement."""


class Row(NamedTuple):
    """An account."""

    network: str
    social_id: str
    title: str
    followers: int | None


def drawn(accounts: int, ties: int, rng_seed: int = 0) -> tuple[list[Row], Whole]:
    """Draw a graph.

    Returns
    -------
    list of Row
    array of int64, n by 2
        Places of the listing and the listed account; each pair of accounts once.
    """
    chance = np.random.default_rng(rng_seed)
    sizes = _power_law(chance, 1.5, SMALLEST, LARGEST, accounts // SMALLEST + 1)
    communities = np.repeat(np.arange(len(sizes)), sizes)[:accounts]
    degrees = _power_law(chance, 2.3, FEWEST, MOST, accounts).astype(np.float64)
    degrees *= 2 * SPARE * ties / degrees.sum()
    at_home = _matched(chance, chance.poisson(degrees * (1 - AWAY)), communities)
    away = _matched(chance, chance.poisson(degrees * AWAY), np.zeros(accounts, np.int64))
    pairs = np.sort(np.concatenate([at_home, away]), axis=1)
    pairs = np.unique(pairs[pairs[:, 0] != pairs[:, 1]], axis=0)
    kept = chance.permutation(pairs)[:ties]
    turned = chance.random(len(kept)) < 0.5
    kept[turned] = kept[turned][:, ::-1]
    networks = [network.value for network in Network]
    rows = [
        Row(
            networks[at % len(networks)],
            f"sim{at}",
            f"{title(community * 7919)} {slug(at * 104_729)}",
            at * 2_654_435_761 % 10**6,
        )
        for at, community in enumerate(communities.tolist())
    ]
    return rows, kept


def _power_law(chance: np.random.Generator, power: float, low: int, high: int, count: int) -> Whole:
    """Draw numbers from `low` to `high` that fall by a power, through the inverse of their sum."""
    step = 1 - power
    even = low**step + chance.random(count) * (high**step - low**step)
    found: Whole = (even ** (1 / step)).astype(np.int64)
    return found


def _matched(chance: np.random.Generator, stubs: Whole, communities: Whole) -> Whole:
    """Pair stubs at random within communities."""
    ends = chance.permutation(np.repeat(np.arange(len(stubs)), stubs))
    ends = ends[np.argsort(communities[ends], kind="stable")]
    pairs = ends[: len(ends) // 2 * 2].reshape(-1, 2)
    inside: Whole = pairs[communities[pairs[:, 0]] == communities[pairs[:, 1]]]
    return inside


def pages(data: Path) -> tuple[list[Row], Whole]:
    """Read the Facebook page graph: every like both ways."""
    titles = {page: name for page, name, *_ in _table(data / "nodes.csv.gz")}
    places = {page: place for place, page in enumerate(titles)}
    ties = [(places[one], places[other]) for one, other in _table(data / "edges.csv.gz")]
    edges = np.array([*ties, *((other, one) for one, other in ties)], np.int64)
    return [Row("instagram", page, name, None) for page, name in titles.items()], edges


def _table(file: Path) -> Iterator[list[str]]:
    with gzip.open(file, "rt", encoding="utf-8", newline="") as opened:
        lines = csv.reader(opened)
        next(lines)
        yield from lines


def database(path: Path, rows: Sequence[Row], edges: Whole) -> Path:
    """Write a crawled database in which every account was asked."""
    store = open_store(path, origin=Origin.SIMULATED)
    with store.engine.begin() as connection:
        _write_accounts(connection, rows)
        _write_edges(connection, edges)
    store.close()
    return path


def drawn_database(path: Path, accounts: int, ties: int) -> Path:
    """Write a database of a drawn graph, unless the file is there already."""
    if not path.exists():
        half = path.with_name(f"{path.name}.half")
        half.unlink(missing_ok=True)
        database(half, *drawn(accounts, ties)).rename(path)
    return path


def _write_accounts(connection: Connection, rows: Sequence[Row]) -> None:
    moment = now()
    crawl = {"status": "complete", "seeds": [], "settings": {}, "started_at": moment}
    connection.execute(insert(CrawlRow).values(id=1, finished_at=moment, **crawl))
    same = {"state": "READY", "expanded_at": moment, "first_seen_at": moment}
    same |= {"last_seen_at": moment, "valid_from": moment}
    answer = {"crawl_id": 1, "asked_at": moment, "outcome": "ok", "rows": 0, "skipped_rows": 0}
    visit = {"crawl_id": 1, "depth": 0, "status": "done", "attempts": 1, "postponed": 0}
    for start in range(0, len(rows), PART):
        part = list(enumerate(rows[start : start + PART], start=start + 1))
        _insert(
            connection,
            NodeRow,
            (
                {"id": key, "network": row.network, "social_id": row.social_id,
                 "username": f"name{key}", "name_key": f"name{key}", "title": row.title,
                 "subscribers_count": row.followers, **same}
                for key, row in part
            ),
        )  # fmt: skip
        _insert(connection, AnswerRow, ({"id": key, "node_id": key, **answer} for key, _ in part))
        _insert(
            connection, VisitRow, ({"node_id": key, "answer_id": key, **visit} for key, _ in part)
        )


def _write_edges(connection: Connection, edges: Whole) -> None:
    edges = edges[np.lexsort((edges[:, 1], edges[:, 0]))] + 1
    positions = np.arange(len(edges)) - np.searchsorted(edges[:, 0], edges[:, 0])
    moment = now()
    same = {"first_seen_at": moment, "last_seen_at": moment}
    for start in range(0, len(edges), PART):
        part = edges[start : start + PART].tolist()
        places = positions[start : start + PART].tolist()
        _insert(
            connection,
            EdgeRow,
            (
                {"source_id": one, "target_id": other, "position": place, "answer_id": one, **same}
                for (one, other), place in zip(part, places, strict=True)
            ),
        )


def _insert(connection: Connection, row: type[Base], values: Iterator[dict[str, object]]) -> None:
    connection.execute(insert(table_of(row)), list(values))


def main() -> None:
    """Write a database."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("database", type=Path)
    parser.add_argument("--accounts", type=int, default=100_000)
    parser.add_argument("--ties", type=int, default=500_000)
    options = parser.parse_args()
    drawn_database(options.database, options.accounts, options.ties)


if __name__ == "__main__":
    main()
