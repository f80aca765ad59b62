"""What only a process of its own can show: signals, closed pipes, terminals, competing runs."""

from __future__ import annotations

import itertools
import os
import pty
import select
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from threading import Event
from typing import IO

import pytest

from graphcrawl.model import AccountRef
from graphcrawl.simulator import FaultKind, Faults, Simulator
from graphcrawl.simulator.world import Reply
from tests.cli.conftest import Serve
from tests.cli.running import COMMAND, DEADLINE, Cli, Ended, Tree, finished, going_on, run, spawn

DEEP = ("seed", "instagram:a0", "--depth", "9", "--rate", "0", "--workers", "2")


def wait_until(happened: Callable[[], bool]) -> None:
    end = time.monotonic() + DEADLINE
    while not happened():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.005)


def done(path: str) -> int:
    with closing(sqlite3.connect(path)) as connection:
        query = "SELECT count(*) FROM visits WHERE status = 'done'"
        count: int = connection.execute(query).fetchone()[0]
    return count


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_a_crawl_in_order_and_resume_completes_it(
    cli: Cli, serve: Serve, number: signal.Signals
) -> None:
    server = serve(Tree(size=63), latency=0.02)
    process = spawn(*DEEP)
    wait_until(lambda: server.total >= 4)
    process.send_signal(number)
    ended = finished(process)
    assert ended.code == 130
    assert ended.out.startswith("crawl 1 of instagram:a0, depth 9: interrupted\n")
    notice, line = ended.err.strip().splitlines()
    assert "once more ends at once" in notice
    assert line.startswith("graphcrawl: interrupted; everything answered is saved; ")
    assert going_on(line) == ended.next_command == ["resume", "1"]
    assert done("output/graph.db") == server.total < 63, "no answer was lost"
    resumed = cli(*going_on(line))
    assert resumed.code == 0
    assert "  63 accounts, 62 connections, 63 requests, " in resumed.out
    assert set(server.counts().values()) == {1}


def test_a_second_signal_does_not_wait_for_a_request_that_hangs(cli: Cli, serve: Serve) -> None:
    faults = Faults(share=1.0, kinds=(FaultKind.HANG,), hang_seconds=DEADLINE)
    server = serve(Tree(size=7), faults=faults)
    process = spawn(*DEEP, "--db", "a b.db", "--no-map")
    wait_until(lambda: server.total >= 1)
    process.send_signal(signal.SIGINT)
    assert process.stderr is not None
    first = process.stderr.readline() + process.stderr.readline()
    assert "once more ends at once" in first
    process.send_signal(signal.SIGINT)
    ended = finished(process)
    assert ended.code == 130
    line = ended.err.strip()
    assert going_on(line) == ["resume", "--db", "a b.db"]
    serve(Tree(size=7))
    assert cli(*going_on(line), "--no-map").code == 0
    assert done("a b.db") == 7


class Paused(Tree):
    """Accounts that answer until so many have been asked for, and the others when they may."""

    def __init__(self, asked: int, *, size: int) -> None:
        super().__init__(size=size)
        self._numbers = itertools.count()
        self._asked = asked
        self.goes_on = Event()

    def look_up(self, asked: AccountRef) -> Reply:
        if next(self._numbers) >= self._asked:
            assert self.goes_on.wait(DEADLINE), "it never went on"
        return super().look_up(asked)


def test_a_kill_loses_nothing_that_was_answered(cli: Cli, serve: Serve) -> None:
    world = Paused(8, size=63)
    server = serve(world)
    process = spawn(*DEEP, "--no-map")
    wait_until(lambda: server.total >= 8)
    process.kill()
    assert finished(process).code == -signal.SIGKILL
    world.goes_on.set()
    assert cli("crawls", "-f", "json").rows()[0]["status"] == "interrupted"
    # A process of its own waits for answers as long as users do: none is asked for twice because
    # it came late.
    ended = run("resume", "--no-map")
    assert ended.code == 0
    assert "  63 accounts, 62 connections, " in ended.out
    twice = [count for count in server.counts().values() if count > 1]
    assert len(twice) <= 2, "one request a worker"


def test_a_second_process_on_a_crawl_is_refused(serve: Serve) -> None:
    server = serve(Tree(size=500), latency=0.02)
    process = spawn(*DEEP, "--no-map")
    try:
        wait_until(lambda: server.total >= 2)
        ended = run("resume", "1", "--rate", "0", "--no-map")
        assert ended.code == 2
        assert "another process" in ended.line
    finally:
        process.terminate()
        finished(process)


@pytest.mark.parametrize(
    "command",
    [
        ("--help",),
        ("crawls", "show", "1"),
        ("map", "--output", "-"),
        ("query", "WITH RECURSIVE c(x) AS (VALUES(1) UNION ALL SELECT x + 1 FROM c LIMIT 300000) "
        "SELECT x FROM c", "--format", "csv"),
    ],
    ids=lambda command: command[0],
)  # fmt: skip
def test_a_reader_that_has_had_enough_is_no_fault(
    cli: Cli, serve: Serve, command: tuple[str, ...]
) -> None:
    serve(Tree())
    cli("seed", "instagram:a0", "-d", "2", "--rate", "0", "--no-map")
    process = spawn(*command)
    assert process.stdout is not None
    assert process.stdout.readline()
    process.stdout.close()
    process.stdout = None
    ended = finished(process)
    assert ended.code == 0
    assert "Broken" not in ended.err
    assert "Traceback" not in ended.err


STUCK = """
import sys, time
from graphcrawl.cli import asking
from graphcrawl.cli.main import main
from graphcrawl.database import Database
asking.GRACE_SECONDS = 0.05
Database.query = lambda *_, **__: time.sleep(600)
sys.exit(main(sys.argv[1:]))
"""


def test_a_query_that_nothing_else_can_end_is_ended(cli: Cli, serve: Serve) -> None:
    serve(Tree())
    cli("seed", "instagram:a0", "-d", "1", "--rate", "0", "--no-map")
    ended = subprocess.run(
        [sys.executable, "-c", STUCK, "query", "SELECT 1", "--timeout", "0.05"],
        capture_output=True,
        encoding="utf-8",
        timeout=DEADLINE,
    )
    assert ended.returncode == 2
    assert "graphcrawl: the query did not end within 0.05 s; " in ended.stderr
    assert "--timeout" in ended.stderr
    assert ended.stdout == ""


def on_terminal(*arguments: str, answer: str | None = None, columns: int = 80) -> Ended:
    """Run a command whose input and errors are a terminal; give what that terminal saw as err."""
    ours, theirs = pty.openpty()
    os.set_inheritable(theirs, True)
    environ = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "TERM")}
    process = subprocess.Popen(
        [*COMMAND, *arguments],
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=theirs,
        env={**environ, "COLUMNS": str(columns), "TERM": "xterm-256color"},
    )
    os.close(theirs)
    if answer is not None:
        os.write(ours, answer.encode())
    with process, closing(_Terminal(ours)) as terminal:
        assert process.stdout is not None
        seen = terminal.read_to_end(process.stdout)
        code = process.wait(DEADLINE)
    return Ended(code, seen[1].decode(), seen[0].decode())


class _Terminal:
    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def read_to_end(self, pipe: IO[bytes]) -> tuple[bytes, bytes]:
        """Read the terminal and a pipe until both are closed on the other side."""
        seen = {self._descriptor: b"", pipe.fileno(): b""}
        is_open = set(seen)
        while is_open:
            ready, _, _ = select.select(list(is_open), [], [], DEADLINE)
            assert ready, "nothing more came"
            for one in ready:
                try:
                    chunk = os.read(one, 65_536)
                except OSError:  # Linux says so when the last process has left a terminal
                    chunk = b""
                seen[one] += chunk
                is_open -= set() if chunk else {one}
        return seen[self._descriptor], seen[pipe.fileno()]

    def close(self) -> None:
        os.close(self._descriptor)


@pytest.fixture
def busy(serve: Serve) -> Simulator:
    return serve(Tree(title="\x1b[31mred", size=63), latency=0.02)


def test_progress_is_one_line_that_goes_away(busy: Simulator) -> None:
    ended = on_terminal(*DEEP, "--no-map")
    assert ended.code == 0
    assert ended.out.startswith("crawl 1 of instagram:a0, depth 9: complete\n")
    assert "\x1b" not in ended.out
    frames = [frame for frame in ended.err.replace("\r", "\n").split("\n") if "request" in frame]
    assert len(frames) > 1
    assert any("queued" in frame and "a minute" in frame for frame in frames)
    assert any("at least" in frame and " left" in frame for frame in frames)
    assert ended.err.endswith("\x1b[2K"), "the last line is wiped"
    assert "\x1b[31mred" not in ended.err


def test_progress_never_wraps(busy: Simulator) -> None:
    ended = on_terminal(*DEEP, "--no-map", columns=40)
    assert ended.code == 0
    assert "…" in ended.err
    assert "\x1b[1A\x1b[2K\x1b[1A" not in ended.err, "no more than one line is ever wiped"


def test_no_colour_where_it_is_not_wanted(busy: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "\x1b[32m" not in on_terminal(*DEEP, "--no-map").err
    monkeypatch.delenv("NO_COLOR")
    assert "\x1b[32m" in on_terminal("resume", "1", "--depth", "10").err
    assert "\x1b" not in run("crawls").out


def test_quiet_is_quiet_on_a_terminal_too(busy: Simulator) -> None:
    ended = on_terminal(*DEEP, "--quiet", "--max-requests", "9")
    assert ended.code == 5
    assert ended.out == ""
    assert len(ended.err.strip().splitlines()) == 1


@pytest.mark.parametrize(("answer", "code"), [("y\n", 0), ("n\n", 2), ("\x04", 130)])
def test_before_it_asks_for_all_it_asks_back(
    serve: Serve, folder: Path, answer: str, code: int
) -> None:
    server = serve(Tree(size=3))
    ended = on_terminal(
        "seed", "instagram:a0", "--depth", "all", "--rate", "0", "--no-map", answer=answer
    )
    assert ended.code == code
    assert "Go on? [y/N]" in ended.err
    assert "Go on?" not in ended.out
    assert server.total == (3 if code == 0 else 0)
    assert list(folder.iterdir()) == ([folder / "output"] if code == 0 else [])


def test_before_it_forgets_it_asks_back(cli: Cli, serve: Serve) -> None:
    serve(Tree())
    cli("seed", "instagram:a0", "-d", "1", "--rate", "0", "--no-map")
    ended = on_terminal("forget", "instagram:a1", answer="n\n")
    assert ended.code == 2
    assert "nothing was done" in ended.err
    assert "3 accounts" not in ended.out
    ended = on_terminal("forget", "instagram:a1", answer="y\n")
    assert ended.code == 0
    assert "instagram:a1 is forgotten: 1 account and 1 connection deleted" in ended.out


def test_a_log_gets_a_line_now_and_then(
    cli: Cli, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve(Tree())
    monkeypatch.setattr("graphcrawl.cli.progress.LINE_SECONDS", 0.0)
    ended = cli("seed", "instagram:a0", "-d", "5", "--rate", "0", "--no-map")
    assert ended.code == 0
    lines = ended.err.splitlines()
    assert lines[-1].startswith("31 requests · 0 queued · ")
    assert not any("\x1b" in line or "\r" in line for line in lines)
