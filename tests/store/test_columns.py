"""Columns hold what the rows hold that objects are made of, and their moments."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import select

from graphcrawl.model import Certainty
from graphcrawl.store import Store, open_for_reading, read_graph
from graphcrawl.store.arrays import snapshot
from graphcrawl.store.columns import Dated, account_moments, account_rows, edge_columns
from graphcrawl.store.schema import EdgeRow, NodeRow
from tests.worlds import World, by_id, crawl, new_store

LISTS = {"s": ["a", "b", "gone"], "a": ["s"], "b": ["c"], "gone": []}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Three crawls: s lists b, no longer, and again no more; c was never asked."""
    path = tmp_path / "g.db"
    with new_store(path) as made:
        crawl(made, World(LISTS), by_id("s"), 2)
        crawl(made, World({**LISTS, "s": ["d", "a"]}), by_id("s"), 1)
        crawl(made, World({"z": []}), by_id("z"), 1)
        with made.engine.begin() as connection:
            # Not as we write it: by another program's hand.
            moment = "'2026-01-31T12:00:00+02:00'"
            connection.exec_driver_sql(f"UPDATE nodes SET first_seen_at = {moment} WHERE id = 1")
    with closing(open_for_reading(path)) as opened:
        yield opened


def moments(dated: Dated) -> list[tuple[datetime | None, ...]]:
    columns = [[dated.known[at] for at in column.tolist()] for column in dated.columns]
    return list(zip(*columns, strict=True))


@pytest.mark.parametrize("crawl_id", [None, 1, 2, 3])
def test_columns_are_the_rows(store: Store, crawl_id: int | None) -> None:
    facts = read_graph(store, crawl_id)
    with snapshot(store) as now:
        rows = list(account_rows(now, crawl_id))
        ids = np.array([row[0] for row in rows], np.int64)
        dated, edges = account_moments(now, ids), edge_columns(now, crawl_id, ids)
    assert rows == [tuple(node) for node in facts.nodes]
    certainties = [list(Certainty)[at] for at in edges.certainties.tolist()]
    keys = (column.tolist() for column in (edges.sources, edges.targets, edges.positions))
    assert list(zip(*keys, certainties, strict=True)) == [tuple(edge) for edge in facts.edges]
    with store.engine.connect() as connection:
        of_nodes = {
            key: tuple(seen)
            for key, *seen in connection.execute(
                select(
                    *(NodeRow.id, NodeRow.first_seen_at, NodeRow.last_seen_at),
                    NodeRow.expanded_at,
                )
            )
        }
        of_edges = {
            (source, target): tuple(seen)
            for source, target, *seen in connection.execute(
                select(
                    *(EdgeRow.source_id, EdgeRow.target_id, EdgeRow.first_seen_at),
                    *(EdgeRow.last_seen_at, EdgeRow.removed_at),
                )
            )
        }
    assert moments(dated) == [of_nodes[node.id] for node in facts.nodes]
    assert moments(edges.dated) == [of_edges[edge.source, edge.target] for edge in facts.edges]
    assert any(seen[2] for seen in moments(edges.dated)) == (crawl_id == 1), "removed later"


def test_a_database_without_accounts(tmp_path: Path) -> None:
    with new_store(tmp_path / "empty.db") as store, snapshot(store) as now:
        none = np.zeros(0, np.int64)
        assert list(account_rows(now, None)) == []
        assert moments(account_moments(now, none)) == []
        assert len(edge_columns(now, None, none).sources) == 0
