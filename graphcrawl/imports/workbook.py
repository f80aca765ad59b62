"""XLSX workbooks, as graphcrawl, Excel and LibreOffice write them; sheets are read row by row.

A workbook is XML in a zip archive, and the reader of XML that refuses what may grow or fetch is
here already: a library would bring another. ECMA-376, Office Open XML File Formats, part 1.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, cast
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from graphcrawl.errors import InputError
from graphcrawl.imports.records import Cells, Records, Said
from graphcrawl.imports.sheets import Cell, Relations, Rows, Sheets, Strings, Styles, value_of
from graphcrawl.imports.xml import Found, Handler, parsed
from graphcrawl.wording import printable

MAGIC: Final = b"PK\x03\x04"
ABOUT: Final = "about"
_MOST_UNPACKED: Final = 64 << 20
_MOST_GROWTH: Final = 200
"""What an archive's part may unpack to: bytes in any case, and times its packed size beyond."""

# An archive that is locked is a RuntimeError, one that is damaged may be any of the others.
_BROKEN: Final = (BadZipFile, zlib.error, struct.error, EOFError, OSError, RuntimeError, ValueError)
_WHOLE_NUMBER: Final = "whole number"
_NUMBER: Final = "number"


@dataclass(frozen=True, slots=True)
class _About:
    """What the sheet `about` of an export of ours says: of the whole, and of each column."""

    said: Said
    kinds: Mapping[tuple[str, str], str]


class _Book:
    """A workbook's parts, and what all of its sheets share."""

    def __init__(self, path: Path, archive: ZipFile) -> None:
        self.path = path
        self._archive = archive
        relations = dict(self._parsed("xl/_rels/workbook.xml.rels", Relations()))
        sheets = Sheets()
        self.sheets = {
            name: relations[key]
            for name, key in self._parsed("xl/workbook.xml", sheets)
            if key in relations
        }
        self._epoch = sheets.epoch
        self._strings = self._shared("xl/sharedStrings.xml", Strings())
        self._dates = self._shared("xl/styles.xml", Styles())

    def rows(self, name: str) -> Iterator[tuple[int, Sequence[Cell]]]:
        """Give a sheet's rows with their numbers; cells may be missing anywhere."""
        return self._parsed(self.sheets[name], Rows())

    def value(self, cell: Cell) -> object:
        """Give what a cell holds."""
        return value_of(cell, self._strings, self._dates, self._epoch)

    def _shared(self, part: str, handler: Handler[Found]) -> list[Found]:
        return list(self._parsed(part, handler)) if part in self._archive.namelist() else []

    def _parsed(self, part: str, handler: Handler[Found]) -> Iterator[Found]:
        with _told(self.path):
            try:
                info = self._archive.getinfo(part)
            except KeyError:
                raise InputError(f"{self.path}: no workbook: it holds no {part}") from None
            if info.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
                raise InputError(f"{self.path}: no workbook is packed like this")
            if info.file_size > max(_MOST_UNPACKED, _MOST_GROWTH * info.compress_size):
                raise InputError(
                    f"{self.path}: {printable(part, 60)} would unpack to {info.file_size:,} bytes "
                    f"from {info.compress_size:,}: more than any sheet of a graph"
                )
            file = self._archive.open(info)
        with file:
            found = parsed(self.path, cast(BinaryIO, file), handler)
            while True:
                with _told(self.path):
                    one = next(found, None)
                if one is None:
                    return
                yield one


@contextmanager
def open_sheet(path: Path, name: str) -> Iterator[Records]:
    """Open a sheet of a workbook: the one of this name, else the only one that is there.

    Raises
    ------
    InputError
        If it is no workbook, has no such sheet, or cannot be read: also from reading its rows.
    """
    with _told(path):
        archive = ZipFile(path)
    with archive:
        book = _Book(path, archive)
        found = _sheet(book, name)
        about = _about(book)
        rows = book.rows(found)
        _, first = next(rows, (0, ()))
        header = _header(book, first)
        kinds = [about.kinds.get((found, one), "") for one in header]
        yield Records(path, header, about.said, lambda: _records(book, rows, kinds))


def has_sheet(path: Path, name: str) -> bool:
    """Whether a workbook has a sheet of this name; raises as `open_sheet` does."""
    with _told(path):
        archive = ZipFile(path)
    with archive:
        return any(one.casefold() == name for one in _Book(path, archive).sheets)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Turn what a broken archive raises into one line."""
    try:
        yield
    except _BROKEN as error:
        reason = printable(str(getattr(error, "strerror", None) or error), 200)
        raise InputError(f"{path}: no sound workbook: {reason}") from error


def _sheet(book: _Book, name: str) -> str:
    same = [one for one in book.sheets if one.casefold() == name]
    others = [one for one in book.sheets if one.casefold() != ABOUT]
    if same or len(others) == 1:
        return (same or others)[0]
    there = printable(", ".join(book.sheets) or "none", 200)
    raise InputError(f"{book.path}: no sheet {name!r}; it has {there}")


def _header(book: _Book, cells: Sequence[Cell]) -> list[str]:
    names = {cell.column: str(book.value(cell)) for cell in cells}
    if not names:
        raise InputError(f"{book.path}: row 1: no column names")
    return [names.get(at, "") for at in range(max(names) + 1)]


def _about(book: _Book) -> _About:
    """Read what an export of ours says of itself; nothing of any other workbook."""
    told: dict[str, str] = {}
    kinds: dict[tuple[str, str], str] = {}
    for _, cells in book.rows(ABOUT) if ABOUT in book.sheets else ():
        words = [str(book.value(cell)) for cell in cells]
        if len(words) == 2:
            told.setdefault(*words)
        elif len(words) == 4:
            kinds[words[0], words[1]] = words[2]
    said = Said(told.get("generator", ""), told.get("origin", ""))
    return _About(said, kinds if said.ours else {})


def _records(
    book: _Book, rows: Iterator[tuple[int, Sequence[Cell]]], kinds: Sequence[str]
) -> Iterator[tuple[int, Cells]]:
    for place, cells in rows:
        row: list[object] = [None] * len(kinds)
        for cell in cells:
            # What stands beside the columns that have names is a remark of somebody's.
            if cell.column < len(kinds):
                row[cell.column] = _as_declared(book.value(cell), kinds[cell.column])
        yield place, row


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
