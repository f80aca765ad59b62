"""How numbers, truths and moments are spelt in every format that is text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from graphcrawl.cells import plain
from graphcrawl.export.contents import Kind

Spelling = Callable[[Any], str]


@lru_cache(4096)
def _moment(value: datetime) -> str:
    return str(plain(value))


def _flag(value: bool) -> str:
    return "true" if value else "false"


SPELT: Final[Mapping[Kind, Spelling]] = {
    # Of numbers alone: SQLite keeps texts in any column, and these refuse them.
    Kind.WHOLE: int.__repr__,
    Kind.REAL: float.__repr__,
    Kind.FLAG: _flag,
    Kind.MOMENT: _moment,
}
"""For all kinds but text; moments in ISO 8601, UTC, with ``Z``."""
