"""How values are spelt in the formats that are text, a column at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from graphcrawl.cells import plain
from graphcrawl.export.contents import Block, Column, Kind, Value

Spelling = Callable[[Any], str]


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

_NUMBERS: Final = frozenset({Kind.WHOLE, Kind.REAL})


def cells(
    columns: Sequence[Column],
    block: Block,
    words: Mapping[Kind, Spelling],
    around: Callable[[int, Column], tuple[str, str]] = lambda at, column: ("", ""),
) -> list[Iterator[str]]:
    """Spell some rows of a table, column by column; what is not known is nothing at all.

    Parameters
    ----------
    columns : sequence of Column
    block : Block
        Values of these columns.
    words : mapping of Kind to Spelling
    around : callable
        Gives, for a column and its place among these, what stands before and after each value.
    """
    return [
        _spelt(values, words[column.kind], column.kind, *around(at, column))
        for at, (column, values) in enumerate(zip(columns, block, strict=True))
    ]


def _spelt(
    values: Sequence[Value], write: Spelling, kind: Kind, before: str, after: str
) -> Iterator[str]:
    """Write the values of a column.

    Most columns repeat few values, so each is written once; numbers cost more to look up than to
    write.
    """
    if kind in _NUMBERS:
        return ("" if one is None else f"{before}{write(one)}{after}" for one in values)
    held: dict[Value, str] = {None: ""}
    held |= {one: f"{before}{write(one)}{after}" for one in set(values) if one is not None}
    return map(held.__getitem__, values)


def lines(*columns: Iterable[str]) -> Iterator[str]:
    """Put the cells of some rows together, row by row; the first columns decide how many."""
    return map("".join, zip(*columns, strict=False))
