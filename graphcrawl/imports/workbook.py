"""XLSX workbooks, as graphcrawl, Excel and LibreOffice write them; sheets are read row by row.

Read by openpyxl, from what was packed within bounds. Its XML is the standard library's, whose expat
ends what entities would let grow and fetches nothing that they name; with lxml there, that does not
resolve them.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from graphcrawl.errors import InputError
from graphcrawl.imports.libraries import check_library
from graphcrawl.imports.records import Cells, Records, Said
from graphcrawl.imports.unpacking import Growth
from graphcrawl.wording import printable

if TYPE_CHECKING:
    from openpyxl import Workbook

MAGIC: Final = b"PK\x03\x04"
ABOUT: Final = "about"
# A sheet of numbers is some 15 times as large as packed, one of the same long text everywhere 90.
# Of the worst XML, elements in elements, openpyxl makes 0.8 GB in memory of each 8 MB.
_GROWTH: Final = Growth(free=8 << 20, times=200)
_MOST_ROWS: Final = 1 << 20
"""Excel's own limit; what a row's number claims beyond it would be filled up with empty rows."""

_ROWS_AT_ONCE: Final = 500
_WHOLE_NUMBER: Final = "whole number"
_NUMBER: Final = "number"

Row = tuple[int, Cells]


@dataclass(frozen=True, slots=True)
class _About:
    """What the sheet `about` of an export of ours says: of the whole, and of each column."""

    said: Said
    kinds: Mapping[tuple[str, str], str]


@contextmanager
def open_sheet(path: Path, name: str) -> Iterator[Records]:
    """Open a sheet of a workbook: the one of this name, else the only one that is there.

    Raises
    ------
    InputError
        If it is no workbook, has no such sheet, or cannot be read (also from reading its rows), or
        openpyxl is not installed.
    """
    with _open_book(path) as book:
        sheets = {sheet.title: sheet for sheet in book.worksheets}
        found = _chosen(path, list(sheets), name)
        about = _about(path, sheets.get(ABOUT))
        place, header = _header(path, sheets[found])
        kinds = [about.kinds.get((found, one), "") for one in header]
        rows = _rows(path, sheets[found], first=place + 1, width=len(header))
        yield Records(path, header, about.said, lambda: _declared(rows, kinds))


def has_sheet(path: Path, name: str) -> bool:
    """Whether a workbook has a sheet of this name; raises as `open_sheet` does."""
    with _open_book(path) as book:
        return any(sheet.title.casefold() == name for sheet in book.worksheets)


@contextmanager
def _open_book(path: Path) -> Iterator[Workbook]:
    check_library(path, format="xlsx", module="openpyxl")
    from openpyxl import load_workbook

    with _told(path):
        file = path.open("rb")
    with file:
        with _told(path):
            _check_parts(path, file)
            book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
        with closing(book):
            yield book


def _check_parts(path: Path, file: BinaryIO) -> None:
    with ZipFile(file) as archive:
        for part in archive.infolist():
            # Others may ask for any amount of memory before they give a byte.
            if part.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
                raise InputError(f"{path}: no workbook is packed like this")
            name = printable(part.filename, 60)
            _GROWTH.check(path, name, unpacked=part.file_size, packed=part.compress_size)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Turn what openpyxl raises of a broken workbook into one line, and what it warns of into none.

    Of parts that are not what it expects it raises anything: also a KeyError, TypeError,
    AttributeError, SyntaxError.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except InputError:
        raise
    except Exception as error:
        # Its own words of a ValueError say only that there was one.
        cause = error.__cause__ or error
        said = getattr(cause, "strerror", None) or str(cause) or type(cause).__name__
        reason = printable(" ".join(said.split()), 200)
        raise InputError(f"{path}: no sound workbook: {reason}") from error


def _chosen(path: Path, sheets: Sequence[str], name: str) -> str:
    same = [one for one in sheets if one.casefold() == name]
    others = [one for one in sheets if one.casefold() != ABOUT]
    if same or len(others) == 1:
        return (same or others)[0]
    there = printable(", ".join(sheets) or "none", 200)
    raise InputError(f"{path}: no sheet {name!r}; it has {there}")


def _rows(path: Path, sheet: Any, *, first: int = 1, width: int | None = None) -> Iterator[Row]:
    """Give a sheet's rows with their numbers, from the first on, as wide as is said."""
    # What it says of its own size is often wrong.
    sheet.reset_dimensions()
    cells = sheet.iter_rows(min_row=first, max_row=_MOST_ROWS, max_col=width)
    numbered = enumerate(cells, first)
    while True:
        with _told(path):
            some = [
                (place, [_value(cell) for cell in row])
                for place, row in islice(numbered, _ROWS_AT_ONCE)
            ]
        if not some:
            return
        yield from some


def _value(cell: Any) -> object:
    """Give a cell's text, truth, number or moment in UTC; an error is None."""
    value: object = cell.value
    if isinstance(value, str):
        return None if cell.data_type == "e" else _unescaped(value)
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) else value


def _unescaped(text: str) -> str:
    from openpyxl.utils.escape import unescape

    return str(unescape(text)) if "_x" in text else text


def _header(path: Path, sheet: Any) -> tuple[int, list[str]]:
    """Give the number of the first row that holds something, and the names in it."""
    for place, cells in _rows(path, sheet):
        names = ["" if cell is None else str(cell) for cell in cells]
        while names and not names[-1]:
            names.pop()
        if names:
            return place, names
    raise InputError(
        f"{path}: no column names; if they are there, save it as an Excel workbook that is not "
        "Strict Open XML"
    )


def _about(path: Path, sheet: Any | None) -> _About:
    """Read what an export of ours says of itself; nothing of any other workbook."""
    told: dict[str, str] = {}
    kinds: dict[tuple[str, str], str] = {}
    for _, cells in () if sheet is None else _rows(path, sheet):
        words = [str(cell) for cell in cells if cell is not None]
        if len(words) == 2:
            told.setdefault(*words)
        elif len(words) == 4:
            kinds[words[0], words[1]] = words[2]
    said = Said(told.get("generator", ""), told.get("origin", ""))
    return _About(said, kinds if said.ours else {})


def _declared(rows: Iterator[Row], kinds: Sequence[str]) -> Iterator[Row]:
    if not any(kinds):
        return rows
    return ((place, list(map(_as_declared, row, kinds))) for place, row in rows)


def _as_declared(value: object, kind: str) -> object:
    """Give a number that our sheet `about` declares: of another kind, or too long for a cell."""
    try:
        if kind == _WHOLE_NUMBER and isinstance(value, str):
            return int(value)
        if kind == _NUMBER and isinstance(value, str | int):
            return float(value)
    except (ValueError, OverflowError):
        pass
    return value
