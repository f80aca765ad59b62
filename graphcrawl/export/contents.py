"""What an export holds: two tables with typed columns, what is said of them, how it is drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from graphcrawl.cells import Plain

Value = None | bool | int | float | str | datetime
Row = Sequence[Value]


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
    rows : callable
        Gives them from the first on, each with a value for every column. The values are of the
        column's kind or None: moments are aware, numbers are finite.
    """

    columns: tuple[Column, ...]
    count: int
    rows: Callable[[], Iterator[Row]]


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
