"""What takes a real minute begins before the other tests, and is looked at after them."""

from __future__ import annotations

import subprocess
from typing import Final

import pytest

from tests.conftest import ROOT
from tests.crawl.minute import Minute, begin, result_of

FIXTURE: Final = "minute"
UNDER_WAY: Final = pytest.StashKey[subprocess.Popen[str]]()


def _needs_it(item: pytest.Item) -> bool:
    return FIXTURE in getattr(item, "fixturenames", ())


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let whoever waits for the minute come last, in whatever order the others do."""
    items.sort(key=_needs_it)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Begin it, if anybody wants it."""
    if any(map(_needs_it, session.items)) and not session.config.option.collectonly:
        session.config.stash[UNDER_WAY] = begin(ROOT)


@pytest.fixture(scope="session")
def minute(request: pytest.FixtureRequest) -> Minute:
    """What came of it."""
    return result_of(request.config.stash[UNDER_WAY])


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave nothing behind where the tests ended early."""
    process = config.stash.get(UNDER_WAY, None)
    if process is not None and process.poll() is None:
        process.kill()
        process.communicate()
