"""Databases of any size with communities like those of an LFR benchmark, written without a crawl.

Degrees and community sizes fall as power laws, and a share of each account's ties leaves its
community (Lancichinetti, Fortunato, Radicchi 2008, doi:10.1103/PhysRevE.78.046110). Unlike there,
stubs are matched at random and only once: what meets itself or meets twice is dropped.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, insert

from graphcrawl.model import Network, Origin
from graphcrawl.simulator.names import title
from graphcrawl.store import open_store
from graphcrawl.store.dialects import now
from graphcrawl.store.schema import AnswerRow, CrawlRow, EdgeRow, NodeRow, VisitRow, table_of

Whole = NDArray[np.int64]

AWAY = 0.35
"""Share of an account's ties that leave its community."""

SMALLEST, LARGEST = 20, 2_000
"""Accounts of a community, whose numbers fall by the power 1.5."""

FEWEST, MOST = 4, 500
"""Ties of an account, whose numbers fall by the power 2.3."""

PART = 50_000
"""Rows a statement."""


def ties_of(accounts: int, ties: int, rng_seed: int = 0) -> tuple[Whole, Whole]:
    """Draw about so many ties.

    Returns
    -------
    array of int64, n by 2
        Each pair once, the listing account first.
    array of int64
        Each account's community.
    """
    chance = np.random.default_rng(rng_seed)
    sizes = _power_law(chance, 1.5, SMALLEST, LARGEST, accounts // SMALLEST + 1)
    communities = np.repeat(np.arange(len(sizes)), sizes)[:accounts]
    degrees = _power_law(chance, 2.3, FEWEST, MOST, accounts).astype(np.float64)
    # A little more, for those that are dropped.
    degrees *= 2.06 * ties / degrees.sum()
    at_home = chance.poisson(degrees * (1 - AWAY))
    away = chance.poisson(degrees * AWAY)
    pairs = np.concatenate([_matched(chance, at_home, communities), _matched(chance, away, None)])
    low, high = pairs.min(axis=1), pairs.max(axis=1)
    keys = np.unique(low[low != high] * accounts + high[low != high])
    keys = np.sort(chance.permutation(keys)[:ties])
    drawn = np.stack([keys // accounts, keys % accounts], axis=1)
    turned = chance.random(len(drawn)) < 0.5
    drawn[turned] = drawn[turned][:, ::-1]
    return drawn, communities


def _power_law(chance: np.random.Generator, power: float, low: int, high: int, count: int) -> Whole:
    """Draw numbers from `low` to `high` that fall by a power, through the inverse of their sum."""
    step = 1 - power
    drawn = low**step + chance.random(count) * (high**step - low**step)
    found: Whole = (drawn ** (1 / step)).astype(np.int64)
    return found


def _matched(chance: np.random.Generator, stubs: Whole, communities: Whole | None) -> Whole:
    """Pair stubs at random: all with all, or those of one community."""
    ends = chance.permutation(np.repeat(np.arange(len(stubs)), stubs))
    if communities is not None:
        ends = ends[np.argsort(communities[ends], kind="stable")]
    ends = ends[: len(ends) // 2 * 2].reshape(-1, 2)
    if communities is not None:
        ends = ends[communities[ends[:, 0]] == communities[ends[:, 1]]]
    return ends


def database(path: Path, accounts: int, ties: int, rng_seed: int = 0) -> Path:
    """Write a crawled database, every account asked, unless the file is there already."""
    if path.exists():
        return path
    drawn, communities = ties_of(accounts, ties, rng_seed)
    half = path.with_name(f"{path.name}.half")
    half.unlink(missing_ok=True)
    store = open_store(half, origin=Origin.SIMULATED)
    with store.engine.begin() as connection:
        _write_accounts(connection, communities)
        _write_edges(connection, drawn)
    with store.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    store.close()
    half.rename(path)
    return path


def _write_accounts(connection: Connection, communities: Whole) -> None:
    moment, networks = now(), [network.value for network in Network]
    crawl = {"status": "complete", "seeds": [], "settings": {}, "started_at": moment}
    connection.execute(insert(CrawlRow).values(id=1, finished_at=moment, **crawl))
    for start in range(0, len(communities), PART):
        part = range(start, min(start + PART, len(communities)))
        told = {"first_seen_at": moment, "last_seen_at": moment, "valid_from": moment}
        nodes = [
            {
                "id": at + 1,
                "network": networks[at % len(networks)],
                "social_id": f"sim{at}",
                "username": f"name{at}",
                "name_key": f"name{at}",
                "title": title(int(communities[at]) * 7919 + at % 5),
                "subscribers_count": at * 2_654_435_761 % 10**6,
                "state": "READY",
                "expanded_at": moment,
                **told,
            }
            for at in part
        ]
        answers = [
            {"id": at + 1, "crawl_id": 1, "node_id": at + 1, "asked_at": moment, "outcome": "ok",
             "rows": 0, "skipped_rows": 0}
            for at in part
        ]  # fmt: skip
        visits = [
            {"crawl_id": 1, "node_id": at + 1, "depth": 0, "status": "done", "answer_id": at + 1,
             "attempts": 1, "postponed": 0}
            for at in part
        ]  # fmt: skip
        for row, values in ((NodeRow, nodes), (AnswerRow, answers), (VisitRow, visits)):
            connection.execute(insert(table_of(row)), values)


def _write_edges(connection: Connection, drawn: Whole) -> None:
    order = np.lexsort((drawn[:, 1], drawn[:, 0]))
    drawn = drawn[order]
    starts = np.searchsorted(drawn[:, 0], drawn[:, 0])
    positions = np.arange(len(drawn)) - starts
    moment = now()
    for start in range(0, len(drawn), PART):
        rows = zip(
            drawn[start : start + PART].tolist(),
            positions[start : start + PART].tolist(),
            strict=True,
        )
        connection.execute(
            insert(table_of(EdgeRow)),
            [
                {"source_id": one + 1, "target_id": other + 1, "position": position,
                 "first_seen_at": moment, "last_seen_at": moment, "answer_id": one + 1}
                for (one, other), position in rows
            ],
        )  # fmt: skip


def main() -> None:
    """Write a database."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("database", type=Path)
    parser.add_argument("--accounts", type=int, default=100_000)
    parser.add_argument("--ties", type=int, default=500_000)
    options = parser.parse_args()
    database(options.database, options.accounts, options.ties)


if __name__ == "__main__":
    main()
