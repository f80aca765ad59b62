"""Databases for the tests of queries."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sql.querying import (
    make_database,
)


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A folder that other users may enter, unlike pytest's own."""
    with tempfile.TemporaryDirectory(prefix="graphcrawl-query-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture(scope="module")
def database(folder: Path) -> Path:
    make_database(folder / "other.db")
    return make_database(folder / "graph.db")


@pytest.fixture
def own_database(tmp_path: Path) -> Path:
    """One that a test may write to."""
    return make_database(tmp_path / "own.db")
