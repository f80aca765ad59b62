"""Folders for databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.nobody import public_folder


@pytest.fixture
def public() -> Iterator[Path]:
    """A folder that others can reach."""
    with public_folder(0o755) as folder:
        yield folder
