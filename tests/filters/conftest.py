"""A new database, and a server of ninety accounts of many kinds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from graphcrawl.store import Store
from tests.filters.crowd import LISTS, profile
from tests.worlds import WorldServer, new_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "g.db") as opened:
        yield opened


@pytest.fixture
def server() -> Iterator[WorldServer]:
    with WorldServer(LISTS, profile=profile) as running:
        yield running
