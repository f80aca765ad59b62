"""A new database, and the small world's server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from graphcrawl.store import Store
from tests.runs.running import LISTS
from tests.worlds import WorldServer, new_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "g.db") as opened:
        yield opened


@pytest.fixture
def server() -> Iterator[WorldServer]:
    with WorldServer(LISTS) as running:
        yield running
