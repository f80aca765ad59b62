"""The server as a process of its own, as somebody starts it in another terminal."""

from __future__ import annotations

import gzip
import shlex
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cli.running import Cli, Ended, finished, run, spawn


@dataclass
class Running:
    """A simulator, its address, and the command that it names to crawl it."""

    process: subprocess.Popen[str]
    url: str
    environ: dict[str, str]
    command: list[str]


@contextmanager
def simulator(*arguments: str, number: signal.Signals = signal.SIGTERM) -> Iterator[Running]:
    process = spawn("simulator", "--port", "0", *arguments)
    ended: Ended | None = None
    try:
        assert process.stdout is not None
        first, how, variables, crawl = (process.stdout.readline() for _ in range(4))
        assert first.startswith("simulated data at http://127.0.0.1:"), first
        assert how == "to crawl it:\n"
        environ = dict(word.split("=", 1) for word in shlex.split(variables.rstrip("\\\n")))
        program, *command = shlex.split(crawl)
        assert program == "graphcrawl"
        yield Running(process, first.split()[3], environ, command)
    finally:
        process.send_signal(number)
        ended = finished(process)
    assert ended.code == 0
    assert ended.err.startswith("stopped after ")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_command_that_it_names_crawls_it(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    with simulator(number=number) as running:
        for name, value in running.environ.items():
            monkeypatch.setenv(name, value)
        assert running.environ["HYPEAUDITOR_URL"] == running.url
        ended = cli(*running.command)
        assert ended.code == 0, ended.err
        assert "54 accounts, 70 connections, 8 requests" in ended.out
        assert "simulated data" in ended.out


def test_a_computed_world_with_faults_names_its_own_entrance(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = ("--accounts", "300", "--rng-seed", "3", "--own-row", "last", "--faults", "0.3")
    with simulator(*options, "--fault", "500", "--fault", "429", "--latency", "0.001") as running:
        for name, value in running.environ.items():
            monkeypatch.setenv(name, value)
        ended = cli(*running.command, "--no-map")
        assert ended.code == 0, ended.err
        assert "nasa" not in running.command


def test_a_limit_is_the_vendors(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    with simulator("--limit", "2") as running:
        for name, value in running.environ.items():
            monkeypatch.setenv(name, value)
        assert cli("doctor").code == cli("doctor").code == 0
        ended = cli("doctor")
        assert ended.code == 5
        assert "too many requests" in ended.err


def test_a_real_graph_from_files_with_hostile_names(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    nodes = 'page,called\n1,"a\';touch owned #"\n2,two\n3,\x1b[31mthree\n'
    Path("nodes.csv.gz").write_bytes(gzip.compress(nodes.encode()))
    Path("edges.csv").write_text("from,to\n1,2\n2,3\n", encoding="utf-8")
    columns = ("--id", "page", "--username", "called", "--source", "from", "--target", "to")
    files = ("--nodes", "nodes.csv.gz", "--edges", "edges.csv", "--undirected")
    with simulator(*files, *columns) as running:
        for name, value in running.environ.items():
            monkeypatch.setenv(name, value)
        # The name is one word for a shell, and no account's name for us: it is asked by its ID.
        ended = cli(*running.command, "--no-map")
        assert ended.code == 0, ended.err
        assert "3 accounts, 3 connections, 2 requests" in ended.out
    assert not Path("owned").exists()


def test_a_port_that_is_taken(cli: Cli) -> None:
    with simulator() as running:
        port = running.url.rpartition(":")[2]
        ended = run("simulator", "--port", port)
        assert ended.code == 2
        assert f"port {port}" in ended.line
