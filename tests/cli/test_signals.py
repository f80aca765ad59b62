"""A signal ends a crawl in order wherever it is: starting, asking, waiting, drawing."""

from __future__ import annotations

import os
import pty
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from graphcrawl.cli.signals import is_interrupt
from graphcrawl.simulator import FaultKind, Faults, Simulator
from tests.cli.conftest import Serve
from tests.cli.running import COMMAND, DEADLINE, Tree, finished, going_on, spawn

SEED = ("seed", "instagram:a0", "--depth", "9", "--workers", "2", "--no-map")
AT_ONCE = 10.0
"""Seconds within which an end counts as prompt on a busy machine; each wait is far longer."""


def wait_until(happened: Callable[[], bool]) -> None:
    end = time.monotonic() + DEADLINE
    while not happened():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.002)


def heeds(process: subprocess.Popen[str], number: signal.Signals) -> bool:
    """Whether a process has a handler of its own for a signal."""
    status = Path(f"/proc/{process.pid}/status").read_text()
    (caught,) = (line.split()[1] for line in status.splitlines() if line.startswith("SigCgt"))
    return bool(int(caught, 16) & 1 << number - 1)


def statuses(path: str = "output/graph.db") -> dict[str, int]:
    with closing(sqlite3.connect(path)) as connection:
        return dict(connection.execute("SELECT status, count(*) FROM visits GROUP BY 1"))


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="tells of handlers on Linux")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_while_the_program_starts(serve: Serve, number: signal.Signals, seed: int) -> None:
    serve(Tree(), latency=0.01)
    process = spawn(*SEED, "--rate", "0")
    # Python has its own handler of SIGINT; ours come together.
    wait_until(lambda: heeds(process, signal.SIGTERM))
    time.sleep(Random(f"{number}/{seed}").uniform(0.0, 0.5))
    process.send_signal(number)
    ended = finished(process)
    assert ended.code == 130
    assert "Traceback" not in ended.err


def test_what_python_made_of_an_interrupt_is_one() -> None:
    class Interrupting:
        def __set_name__(self, owner: type, name: str) -> None:
            raise KeyboardInterrupt

    with pytest.raises((KeyboardInterrupt, RuntimeError)) as raised:
        type("Owner", (), {"field": Interrupting()})
    assert is_interrupt(raised.value)
    assert not is_interrupt(RuntimeError("another"))


WAITS = {
    "a permit": ((), ("--rate", "2")),
    "a retry": ((FaultKind.TOO_MANY_WAIT,), ("--rate", "0")),
    "a report in the making": ((FaultKind.PENDING,), ("--rate", "0")),
}


@pytest.mark.parametrize("waiting_for", WAITS)
def test_while_it_waits(serve: Serve, waiting_for: str) -> None:
    kinds, options = WAITS[waiting_for]
    faults = Faults(share=1.0, kinds=kinds, retry_after=100) if kinds else None
    server = serve(Tree(), faults=faults)
    process = spawn(*SEED, *options)
    wait_until(lambda: server.total == (1 if kinds else 2))
    time.sleep(0.1)
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    ended = finished(process)
    assert time.monotonic() - began < AT_ONCE
    assert ended.code == 130
    assert going_on(ended.err.strip().splitlines()[-1]) == ["resume", "1"]
    assert "claimed" not in statuses()
    assert server.total <= 2


DRAWING = """
import sys, time
from graphcrawl.cli import run
from graphcrawl.database import Database
def draw(*_, **__):
    print("drawing", flush=True)
    time.sleep(600)
Database.map = draw
sys.argv = ["graphcrawl", *sys.argv[1:]]
run()
"""


def test_while_it_draws(serve: Serve) -> None:
    serve(Tree(size=7))
    command = [sys.executable, "-c", DRAWING, *SEED[:-1], "--rate", "0"]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "drawing\n"
    process.send_signal(signal.SIGTERM)
    ended = finished(process)
    assert ended.code == 130
    assert "the crawl is saved" in ended.line
    assert "graphcrawl map --crawl 1 " in ended.line
    assert statuses() == {"done": 7}


def test_a_terminal_that_is_closed_ends_it_in_order(serve: Serve) -> None:
    server = serve(Tree(), latency=0.02)
    ours, theirs = pty.openpty()
    # The first terminal that a session's leader opens is the one whose loss it is told of.
    opening = ["sh", "-c", 'exec "$@" <"$0" >"$0" 2>&1', os.ttyname(theirs)]
    started = [*opening, *COMMAND, *SEED, "--rate", "0"]

    def heed_the_loss() -> None:
        # Who runs the tests may have been started by nohup, which a child would inherit.
        signal.signal(signal.SIGHUP, signal.SIG_DFL)

    with subprocess.Popen(started, start_new_session=True, preexec_fn=heed_the_loss) as process:
        wait_until(lambda: server.total >= 4)
        os.close(theirs)
        os.close(ours)
    assert process.returncode == 130
    with closing(sqlite3.connect("output/graph.db")) as connection:
        assert connection.execute("SELECT status FROM crawls").fetchall() == [("interrupted",)]
    found = statuses()
    assert found["done"] == server.total
    assert "claimed" not in found


def test_one_that_python_swallows_ends_it_all_the_same() -> None:
    """As when it comes while an object dies: what is raised there goes no further."""
    script = """
import os, signal, weakref
from graphcrawl.cli.signals import interrupt_on_signals, stop_on_signals
class Thing: pass
interrupt_on_signals()
thing = Thing()
tie = weakref.ref(thing, lambda _: os.kill(os.getpid(), signal.SIGINT))
del thing
print("swallowed")
try:
    with stop_on_signals(going_on="", quiet=True):
        print("began")
except KeyboardInterrupt:
    print("ended")
"""
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert (ran.stdout.split(), ran.stderr) == (["swallowed", "ended"], "")


def test_what_nohup_started_outlives_its_terminal(serve: Serve) -> None:
    server: Simulator = serve(Tree(size=63), latency=0.02)
    muted = ["sh", "-c", "trap '' HUP; exec \"$@\"", "sh", *COMMAND, *SEED, "--rate", "0"]
    with subprocess.Popen(muted, stdout=subprocess.DEVNULL) as process:
        wait_until(lambda: server.total >= 2)
        process.send_signal(signal.SIGHUP)
    assert process.returncode == 0
    assert statuses() == {"done": 63}
