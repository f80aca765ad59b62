"""Guarantee 1, with real processes that are killed (SIGKILL) and started again."""

from __future__ import annotations

import os
import signal
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from tests.cli.running import run, spawn
from tests.counting import counting_process
from tests.crawl.killing import Trial

# Read before a fixture takes such variables away.
TRIALS = int(os.environ.get("GRAPHCRAWL_TEST_TRIALS", "1"))
KILLS = 5


@pytest.mark.parametrize("seed", range(1, 1 + TRIALS))
@pytest.mark.parametrize("workers", [1, 4, 16])
def test_killed_again_and_again_equals_uninterrupted(
    tmp_path: Path, workers: int, seed: int
) -> None:
    """At start-up, while the database is made, at requests and commits, and at the end."""
    trial = Trial(tmp_path, workers, seed)
    trial.run(KILLS)
    assert trial.kills.total() >= 1
    assert trial.problems() == []
    assert trial.map.exists()


DEPTH = 6
ASKED = 2**DEPTH - 1


def test_killed_while_a_simulator_in_another_process_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    random, kills = Random(1), 0
    with counting_process(latency=0.02) as server:
        for name, value in (("URL", server.url), ("ID", "any"), ("TOKEN", "any")):
            monkeypatch.setenv(f"HYPEAUDITOR_{name}", value)
        command = ["seed", "instagram:a0", "-d", str(DEPTH), "--rate", "0", "--no-map"]
        for _ in range(3):
            with spawn(*command) as process:
                while not Path("output/graph.db-crawl1.lock").exists():
                    time.sleep(0.001)
                time.sleep(random.uniform(0.0, 0.3))
                process.kill()
            kills += process.returncode == -signal.SIGKILL
            command = ["resume", "1", "--no-map"]
        assert run(*command).code == 0
    with closing(sqlite3.connect("output/graph.db")) as connection:
        query = "SELECT depth, status, count(*) FROM visits GROUP BY 1, 2 ORDER BY 1"
        assert connection.execute(query).fetchall() == [
            *((depth, "done", 2**depth) for depth in range(DEPTH)),
            (DEPTH, "skipped", 2**DEPTH),
        ]
        edges = connection.execute("SELECT count(*) FROM edges WHERE removed_at IS NULL")
        assert edges.fetchone() == (2 * ASKED,)
    assert kills >= 2
    assert ASKED <= len(server.moments) <= ASKED + 4 * kills
