"""A listing as a table that fits the terminal."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import islice, product
from numbers import Real
from typing import Final, TextIO

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from graphcrawl.cells import in_cell, plain
from graphcrawl.wording import printable

ABSENT: Final = "–"

# A page settles the widths and is all that is held; rich draws one in 0.4 s.
PAGE_ROWS: Final = 1_000

LONGEST_CELL: Final = 1_000
NARROWEST_TEXT: Final = 12
WHOLE_WORD: Final = 28
NARROWEST_NAME: Final = 8
WHOLE_NAME: Final = 11
NARROWEST_TABLE: Final = 20
GAP: Final = 2

# A double-width character cannot be folded into less.
NARROWEST_COLUMN: Final = 2

Cells = list["Cell"]


@dataclass(frozen=True, slots=True)
class Cell:
    """What a value looks like in a table."""

    text: str
    is_number: bool = False
    is_absent: bool = False


def write_table(
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    out: TextIO,
    width: int | None,
    color: bool,
    caption: str | None,
) -> int:
    """Write rows for people, in columns or, where these do not fit, in blocks.

    Parameters
    ----------
    columns, rows, out, width, color, caption
        As in `graphcrawl.cli.listing.render`.

    Returns
    -------
    int
        Rows written.
    """
    paper = Paper(out, width=width, color=color)
    names = [printable(column, LONGEST_CELL) for column in columns]
    keys = [column == "id" or column.endswith("_id") for column in columns]
    shown = (
        [shown_cell(value, is_key=key) for value, key in zip(row, keys, strict=True)]
        for row in rows
    )
    count = _write_pages(paper, names, shown)
    if not count:
        paper.print("no rows")
    if caption:
        paper.print(printable(caption), style="dim")
    return count


def _write_pages(paper: Paper, names: list[str], rows: Iterator[Cells]) -> int:
    widths: list[int] | None = [0] * len(names)
    right: list[bool] = []
    count = 0
    for page in _pages(rows):
        right = right or [_is_numeric(held) for held in _by_column(page, len(names))]
        # Columns only grow, so that pages join; where they no longer fit, blocks go on.
        widths = widths and fitted(names, page, paper.width, wide=widths)
        if widths:
            paper.print(_columns(names, page, widths, right, is_first=not count))
        else:
            paper.print(_blocks(names, page, paper.width))
        count += len(page)
    return count


def _pages(rows: Iterator[Cells]) -> Iterator[list[Cells]]:
    page = list(islice(rows, PAGE_ROWS))
    yield page
    while page := list(islice(rows, PAGE_ROWS)):
        yield page


def _by_column(page: Sequence[Cells], columns: int) -> list[tuple[Cell, ...]]:
    return list(zip(*page, strict=True)) or [()] * columns


class Paper:
    """Where rich draws, before the text goes out.

    rich would answer a closed pipe by ending the process with status 1; so it draws in memory,
    and whoever called us meets the BrokenPipeError.
    """

    def __init__(self, out: TextIO, *, width: int | None, color: bool) -> None:
        asked = shutil.get_terminal_size().columns if width is None else width
        self.width = max(asked, NARROWEST_TABLE)
        self._out = out
        self._color = color

    def print(self, drawn: Table | str, *, style: str | None = None) -> None:
        """Write a table, or a text that folds at the width."""
        page = io.StringIO()
        # Without a height, rich takes a dumb terminal to be 80 cells wide whatever it is told.
        console = Console(
            file=page,
            width=self.width,
            height=25,
            color_system="standard" if self._color else None,
            force_terminal=self._color,
            no_color=not self._color,
            legacy_windows=False,
            markup=False,
            emoji=False,
            highlight=False,
        )
        console.print(
            Text(drawn, overflow="fold") if isinstance(drawn, str) else drawn, style=style
        )
        for line in page.getvalue().splitlines():
            self._out.write(f"{line.rstrip(' ')}\n")


def shown_cell(value: object, *, is_key: bool = False) -> Cell:
    """Put a value into words for a table.

    Parameters
    ----------
    value : object
    is_key : bool
        Whether whole numbers are names, which are not grouped.
    """
    simple = plain(value)
    if simple is None:
        return Cell(ABSENT, is_absent=True)
    if isinstance(simple, bool):
        return Cell("yes" if simple else "no")
    if isinstance(value, Real | Decimal) and isinstance(simple, int | float):
        return Cell(str(simple) if is_key and isinstance(simple, int) else grouped(simple), True)
    if isinstance(value, datetime):
        return Cell(in_cell(value.replace(microsecond=0), str))
    return Cell(in_cell(value, lambda text: printable(text, LONGEST_CELL)))


def grouped(number: int | float) -> str:
    """Write a number with grouped thousands, and four decimals at most.

    Examples
    --------
    >>> grouped(96809672), grouped(0.734377), grouped(2.5e-7)
    ('96,809,672', '0.7344', '2.5e-07')
    """
    if isinstance(number, int):
        return f"{number:,}"
    if number and not 1e-3 <= abs(number) < 1e15:
        return f"{number:.4g}"
    return f"{number:,.4f}".rstrip("0").rstrip(".")


def _is_numeric(cells: Sequence[Cell]) -> bool:
    held = [cell for cell in cells if not cell.is_absent]
    return bool(held) and all(cell.is_number for cell in held)


def fitted(
    names: Sequence[str], page: Sequence[Cells], width: int, *, wide: Sequence[int]
) -> list[int] | None:
    """Share out the width: numbers stay whole, and the widest texts give way first.

    Parameters
    ----------
    names : sequence of str
        The columns' names.
    page : sequence of lists of Cell
        The rows that decide.
    width : int
        Cells across.
    wide : sequence of int
        Cells that each column had before: it wants no less.

    Returns
    -------
    list of int or None
        Cells for each column; None if the columns do not fit.
    """
    # rich also leaves room for a gap after the last column.
    room = width - GAP * len(names) + 1
    cells = _by_column(page, len(names))
    natural = [
        max(NARROWEST_COLUMN, before, cell_len(name), *(cell_len(cell.text) for cell in held))
        for name, held, before in zip(names, cells, wide, strict=True)
    ]
    # Words stay whole where there is room for all of them; rather those of rows than of names.
    for longest, heading in product((WHOLE_WORD, NARROWEST_TEXT), (WHOLE_NAME, NARROWEST_NAME)):
        least = [
            min(wanted, max(_least(held, longest), min(cell_len(name), heading)))
            for name, held, wanted in zip(names, cells, natural, strict=True)
        ]
        if sum(least) <= room:
            break
    else:
        return None
    level = max(natural, default=0)
    while sum(map(max, least, (min(wanted, level) for wanted in natural))) > room:
        level -= 1
    return [max(low, min(wanted, level)) for low, wanted in zip(least, natural, strict=True)]


def _least(cells: Sequence[Cell], most: int) -> int:
    """Give the cells that a column needs: for whole numbers, or whole words up to some length."""
    if _is_numeric(cells):
        return max(NARROWEST_COLUMN, *(cell_len(cell.text) for cell in cells))
    texts = [cell.text for cell in cells]
    if most > NARROWEST_TEXT:
        texts = [word for text in texts for word in text.split()]
    return max(NARROWEST_COLUMN, min(max(map(cell_len, texts), default=0), most))


def _columns(
    names: Sequence[str],
    page: Sequence[Cells],
    widths: Sequence[int],
    right: Sequence[bool],
    *,
    is_first: bool,
) -> Table:
    table = Table(
        box=box.SIMPLE_HEAD,
        show_header=is_first,
        show_edge=False,
        padding=(0, GAP - 1, 0, 0),
        header_style="bold",
    )
    for name, width, is_right in zip(names, widths, right, strict=True):
        table.add_column(
            Text(name),
            width=width,
            justify="right" if is_right else "left",
            overflow="fold",
        )
    for row in page:
        table.add_row(*(Text(cell.text) for cell in row))
    return table


def _blocks(names: Sequence[str], page: Sequence[Cells], width: int) -> Table:
    table = Table.grid(padding=(0, GAP, 0, 0))
    longest = max((cell_len(name) for name in names), default=0)
    label = max(NARROWEST_COLUMN, min(longest, width // 3))
    table.add_column(width=label, overflow="fold", style="bold")
    table.add_column(width=width - label - GAP, overflow="fold")
    for row in page:
        for name, cell in zip(names, row, strict=True):
            table.add_row(Text(name), Text(cell.text))
        table.add_row()
    return table
