"""Tables whose cells have types: what a Parquet file and a workbook's sheet have in common."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Final

from graphcrawl.csv_files import Complaints, Heading

UNIT: Final = "row"
_OUR_GENERATOR: Final = "graphcrawl "

Cells = Sequence[object]


@dataclass(frozen=True, slots=True)
class Said:
    """What a file says of itself.

    Attributes
    ----------
    generator, origin : str
        Empty where it says nothing.
    """

    generator: str = ""
    origin: str = ""

    @property
    def ours(self) -> bool:
        """Whether graphcrawl wrote it."""
        return self.generator.startswith(_OUR_GENERATOR)


class Records(Heading):
    """A table with typed cells, readable once.

    Parameters
    ----------
    path : Path
    header : list of str
    said : Said
    rows : callable
        Gives each row's number and its cells, as many as the header has.
    """

    def __init__(
        self,
        path: Path,
        header: list[str],
        said: Said,
        rows: Callable[[], Iterator[tuple[int, Cells]]],
    ) -> None:
        super().__init__(path, header)
        self.said = said
        self._rows = rows

    def rows(self, complaints: Complaints) -> Iterator[tuple[int, Cells]]:
        """Yield numbers and rows; empty ones are passed over."""
        for place, row in self._rows():
            cells = tuple(map(plain_cell, row))
            if any(cell is not None for cell in cells):
                yield place, cells


def plain_cell(value: object) -> object:
    """Give a cell as JSON could hold it: no NaN, a moment as its text."""
    if value is None or isinstance(value, str | bool | int | list | dict):
        return value
    if isinstance(value, float):
        return None if math.isnan(value) else value
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Decimal) and value.is_finite():
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return str(value)
