"""What an export holds: two tables with typed columns, what is said of them, how it is drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from graphcrawl.cells import Plain

Value = None | bool | int | float | str | datetime
Row = Sequence[Value]
Block = Sequence[Sequence[Value]]
"""Some rows, column by column."""

ROWS_AT_ONCE: Final = 8_192


class Kind(StrEnum):
    """What the values of a column are; any of them may be None, which no file ever holds."""

    TEXT = "text"
    WHOLE = "whole number"
    REAL = "number"
    FLAG = "true or false"
    MOMENT = "moment"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table, an attribute in a graph's file.

    Attributes
    ----------
    name : str
    kind : Kind
    meaning : str
        In one sentence.
    """

    name: str
    kind: Kind
    meaning: str


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Rows that are made while they are read, so that a large export takes little memory.

    Attributes
    ----------
    columns : tuple of Column
    count : int
        How many rows there are.
    part : callable
        Gives the rows from one place to before another, column by column. The values are of the
        column's kind or None, and never None in the first two columns: moments are aware, numbers
        are finite.
    """

    columns: tuple[Column, ...]
    count: int
    part: Callable[[int, int], Block]

    def blocks(self, size: int = ROWS_AT_ONCE) -> Iterator[Block]:
        """Give all rows, so many at once; column by column, which is how they are fast to write."""
        for start in range(0, self.count, size):
            yield self.part(start, min(start + size, self.count))

    def rows(self) -> Iterator[Row]:
        """Give the rows one by one."""
        for block in self.blocks():
            yield from zip(*block, strict=True)


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a node is drawn.

    Attributes
    ----------
    x, y : float
        Map units; `y` grows upwards, as Gephi has it.
    size : float
        Radius in map units.
    color : (int, int, int)
        Red, green, blue, each 0-255.
    """

    x: float
    y: float
    size: float
    color: tuple[int, int, int]


@dataclass(frozen=True, slots=True, eq=False)
class Contents:
    """Everything that is exported.

    Attributes
    ----------
    about : mapping
        Who made it, of what, and what is missing: texts, numbers and lists of texts.
    nodes : Table
        Its columns begin with ``id`` and ``label``.
    edges : Table
        Its columns begin with ``source`` and ``target``.
    spots : sequence of Spot
        In the order of the nodes; empty where nobody has drawn them.
    """

    about: Mapping[str, Plain]
    nodes: Table
    edges: Table
    spots: Sequence[Spot] = ()

    def words(self) -> str:
        """Say in one text what `about` says, for formats that have room for one."""
        said = [self.about["title"], self.about["summary"]]
        notes = self.about["notes"]
        assert isinstance(notes, list)
        return " ".join(f"{str(text).rstrip('.')}." for text in (*said, *notes) if text)
