"""Real crawls under a rate, side by side and killed now and then, until a moment comes."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tests.cli.running import COMMAND


@dataclass(frozen=True)
class Runner:
    """One database's crawl.

    Attributes
    ----------
    workers : int
    lives : tuple of float
        Seconds after which its process is killed and started anew, lowest and highest;
        empty: never.
    """

    workers: int = 4
    lives: tuple[float, float] | tuple[()] = ()


def crawl_for(
    seconds: float,
    url: str,
    folder: Path,
    runners: Sequence[Runner],
    *,
    rate: int,
    entrance: str = "instagram:a0",
) -> int:
    """Let crawls share one client ID for so long; give how often one was killed."""
    until = time.monotonic() + seconds
    kills = [0] * len(runners)

    def keep_running(place: int) -> None:
        command = _command(entrance, folder / f"{place}.db", runners[place], rate)
        kills[place] = _live_again_and_again(
            command, _environ(url, folder), runners[place], until, Random(f"place {place}")
        )

    with ExitStack() as joined:
        for place in range(len(runners)):
            thread = threading.Thread(target=keep_running, args=(place,))
            thread.start()
            joined.callback(thread.join)
    return sum(kills)


def _live_again_and_again(
    command: list[str], environ: dict[str, str], runner: Runner, until: float, random: Random
) -> int:
    kills = 0
    while (left := until - time.monotonic()) > 0:
        life = min(random.uniform(*runner.lives), left) if runner.lives else left
        with subprocess.Popen(
            command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as process:
            try:
                raise AssertionError(f"a crawl without an end has ended: {process.wait(life)}")
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGINT if life >= left else signal.SIGKILL)
            kills += process.wait(60) == -signal.SIGKILL
        command = [*command[:3], "resume", "1", *command[command.index("--db") :]]
    return kills


def _command(entrance: str, database: Path, runner: Runner, rate: int) -> list[str]:
    bounds = ["--db", str(database), "--rate", str(rate), "--workers", str(runner.workers)]
    return [*COMMAND, "seed", entrance, "--depth", "99", *bounds, "--no-map", "--quiet"]


def _environ(url: str, folder: Path) -> dict[str, str]:
    return {
        **os.environ,
        "HYPEAUDITOR_URL": url,
        "HYPEAUDITOR_ID": "one",
        "HYPEAUDITOR_TOKEN": "token",
        "GRAPHCRAWL_STATE_DIR": str(folder / "state"),
        "GRAPHCRAWL_CONFIG_DIR": str(folder / "config"),
    }
