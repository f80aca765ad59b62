from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from random import Random

import pytest

from graphcrawl.store import Store
from tests.conftest import ROOT
from tests.crawl.killed import DEPTH, SEEDS, WORKERS
from tests.worlds import (
    World,
    by_name,
    crawl,
    expected,
    found,
    go_on,
    new_store,
    random_lists,
    rows,
)

ACCOUNTS, DEGREE = 1200, 6
KILLS = 6
MORE_KILLS = 12
"""Processes at most: some may end before they are killed, once little is left."""


def kill_some(database: Path, requests: Path, seed: int) -> int:
    """Start the crawl again and again and kill it in the middle; give how many were killed."""
    random, kills = Random(seed), 0
    numbers = map(str, (ACCOUNTS, DEGREE, seed))
    command = [sys.executable, "-m", "tests.crawl.killed", str(database), str(requests), *numbers]
    for _ in range(MORE_KILLS):
        if kills == KILLS:
            break
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "crawling\n"
            time.sleep(random.uniform(0.005, 0.12))
            os.kill(process.pid, signal.SIGKILL)
            kills += process.wait(20) == -signal.SIGKILL
    return kills


def state(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """Everything that an uninterrupted crawl must have brought too, keys and times apart."""
    ends = "JOIN nodes s ON s.id = source_id JOIN nodes t ON t.id = target_id"
    return {
        "nodes": rows(
            store,
            "SELECT network, social_id, username, title, state, expanded_at IS NULL "
            "FROM nodes ORDER BY 1, 2",
        ),
        "edges": rows(
            store,
            "SELECT s.social_id, t.social_id, position, removed_at "
            f"FROM edges {ends} ORDER BY 1, 2",
        ),
        "visits": rows(
            store,
            "SELECT social_id, depth, v.status, cause, error, answer_id IS NULL "
            "FROM visits v JOIN nodes ON id = node_id ORDER BY 1",
        ),
        "history": rows(store, "SELECT * FROM node_history"),
        "changes": rows(store, "SELECT * FROM edge_changes"),
    }


@pytest.mark.parametrize("seed", [1, 2])
def test_killed_at_any_instant_and_resumed_equals_uninterrupted(tmp_path: Path, seed: int) -> None:
    database, requests = tmp_path / "g.db", tmp_path / "requests"
    kills = kill_some(database, requests, seed)
    assert kills >= KILLS // 2
    lists = random_lists(ACCOUNTS, DEGREE, seed)
    truth = expected(lists, SEEDS, DEPTH)
    rest = World(lists)
    with new_store(database) as store, new_store(tmp_path / "whole.db") as whole:
        assert rows(store, "SELECT count(*) FROM visits WHERE status = 'done'") < [
            (len(truth.asked),)
        ]
        assert rows(store, "PRAGMA integrity_check") == [("ok",)]
        go_on(store, 1, rest, DEPTH, workers=WORKERS)
        crawl(whole, World(lists), by_name(*SEEDS), DEPTH)
        assert state(store) == state(whole)
        assert found(store, 1).depths == truth.depths
        assert found(store, 1).edges == truth.edges
    asked = Counter([*requests.read_text().split(), *rest.asked])
    assert set(asked) == truth.asked
    assert asked.total() - len(asked) <= WORKERS * kills
