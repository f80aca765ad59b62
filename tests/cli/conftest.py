"""A new user's empty folder, a command line in it, and a server that stands in for the vendor."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

import graphcrawl.runs
from graphcrawl.api import Timeouts
from graphcrawl.cli.main import main
from graphcrawl.crawl import RetryPolicy
from graphcrawl.runs import CrawlOptions
from graphcrawl.simulator import Simulator, SmallWorld
from tests.cli.running import CLIENT_ID, TOKEN, Cli, Ended

HASTY = RetryPolicy(base=0.0, limited_base=0.0, pending_base=0.0, retry_after_cap=0.0)
"""As many attempts as ever, without the waits."""

QUICK = Timeouts(connect=2.0, read=0.5, whole=5.0)

Serve = Callable[..., Simulator]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder: empty."""
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    return here


@pytest.fixture(autouse=True)
def _at_eighty_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERMINAL_WIDTH", "80")


@pytest.fixture(autouse=True)
def _in_haste(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands in this process do not wait between attempts."""
    hasty = functools.partial(CrawlOptions, policy=HASTY, timeouts=QUICK)
    monkeypatch.setattr(graphcrawl.runs, "CrawlOptions", hasty)


@pytest.fixture
def cli(capfd: pytest.CaptureFixture[str]) -> Cli:
    """Run a command in this process."""

    def run(*arguments: str) -> Ended:
        capfd.readouterr()
        code = main(arguments)
        written = capfd.readouterr()
        return Ended(code, written.out, written.err)

    return run


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[Serve]:
    """Start a simulator, and let the environment point at it."""
    with ExitStack() as running:

        def start(world: Any = None, **manners: Any) -> Simulator:
            server = running.enter_context(Simulator(world or SmallWorld(), **manners))
            monkeypatch.setenv("HYPEAUDITOR_URL", server.url)
            monkeypatch.setenv("HYPEAUDITOR_ID", CLIENT_ID)
            monkeypatch.setenv("HYPEAUDITOR_TOKEN", TOKEN)
            return server

        yield start


@pytest.fixture
def server(serve: Serve) -> Simulator:
    """The small world's server, which the environment points at."""
    return serve()


@pytest.fixture
def dead_port(monkeypatch: pytest.MonkeyPatch) -> str:
    """An address of this machine where nobody listens, which the environment points at."""
    with Simulator(SmallWorld()) as server:
        url = server.url
    monkeypatch.setenv("HYPEAUDITOR_URL", url)
    monkeypatch.setenv("HYPEAUDITOR_ID", CLIENT_ID)
    monkeypatch.setenv("HYPEAUDITOR_TOKEN", TOKEN)
    return url
