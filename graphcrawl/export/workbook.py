"""XLSX: one workbook with the sheets nodes, edges and about.

XlsxWriter and not openpyxl: 100,000 rows of 16 cells took 6.2 s and 21 MB against 12.9 s and 39 MB,
openpyxl makes a formula of a text that begins with ``=``, and stamps each file with the time.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from graphcrawl.errors import InputError
from graphcrawl.export.contents import Column, Contents, Kind, Table
from graphcrawl.export.spelling import SPELT
from graphcrawl.wording import ELLIPSIS

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

MOST_ROWS: Final = 2**20 - 1
"""Beside the header; Excel's own limit."""

LONGEST: Final = 32_767
"""Code units of UTF-16 in a cell; Excel's own limit."""

_EXACT: Final = 2**53
_LARGEST: Final = 9.9e307
_FIRST_DAY: Final = datetime(1899, 12, 30, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)
_MILLISECONDS_A_DAY: Final = 86_400_000
_EXCELS_FIRST: Final = datetime(1900, 3, 1, tzinfo=UTC)
"""It counts a 29th of February 1900 that there never was; before that days would be others."""

_EXCELS_LAST: Final = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
_WIDTHS: Final = {Kind.TEXT: 22, Kind.MOMENT: 20}
_WIDTH: Final = 11


def write_workbook(contents: Contents, out: BinaryIO) -> None:
    """Write the workbook.

    Raises
    ------
    InputError
        If a table has more rows than a sheet.
    """
    check_size(contents)
    # XlsxWriter keeps rows in files of its own, and leaves them there if it is interrupted.
    with TemporaryDirectory(prefix="graphcrawl-") as folder:
        whole = Path(folder) / "whole.xlsx"
        _Book(whole, contents).write()
        with whole.open("rb") as file:
            shutil.copyfileobj(file, out)


def check_size(contents: Contents) -> None:
    """Refuse what a sheet has no room for.

    Raises
    ------
    InputError
    """
    for name, table in (("accounts", contents.nodes), ("connections", contents.edges)):
        if table.count > MOST_ROWS:
            raise InputError(
                f"a sheet of Excel's holds {MOST_ROWS:,} rows, and there are {table.count:,} "
                f"{name}: export csv or parquet instead, or less with --filter or --crawl"
            )


class _Book:
    """A workbook that is written row by row, and counts the texts that had to be cut."""

    def __init__(self, path: Path, contents: Contents) -> None:
        from xlsxwriter import Workbook

        self.contents = contents
        self.cut = 0
        self.book: Workbook = Workbook(
            str(path), {"constant_memory": True, "tmpdir": str(path.parent)}
        )
        # Else the time of today, and every file would be another.
        self.book.set_properties({"created": _FIRST_DAY.replace(year=1980, tzinfo=None)})
        self.bold = self.book.add_format({"bold": True})
        self.date = self.book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})

    def write(self) -> None:
        """Write all sheets."""
        self.book.use_zip64()
        for name, table in (("nodes", self.contents.nodes), ("edges", self.contents.edges)):
            self._write_table(self.book.add_worksheet(name), table)
        self._write_about(self.book.add_worksheet("about"))
        self.book.close()

    def _write_table(self, sheet: Worksheet, table: Table) -> None:
        self._head(sheet, table.columns)
        writers = [self._writer(sheet, column.kind) for column in table.columns]
        for at, row in enumerate(table.rows(), 1):
            for column, (write, value) in enumerate(zip(writers, row, strict=True)):
                if value is not None:
                    write(at, column, value)

    def _head(self, sheet: Worksheet, columns: Sequence[Column]) -> None:
        for at, column in enumerate(columns):
            sheet.set_column(at, at, _WIDTHS.get(column.kind, _WIDTH))
        for at, column in enumerate(columns):
            sheet.write_string(0, at, self._text(column.name), self.bold)
        sheet.freeze_panes(1, 0)

    def _writer(self, sheet: Worksheet, kind: Kind) -> Callable[[int, int, Any], object]:
        writers: dict[Kind, Callable[[int, int, Any], object]] = {
            Kind.TEXT: lambda row, at, value: sheet.write_string(row, at, self._text(value)),
            Kind.WHOLE: lambda row, at, value: _write_number(sheet, row, at, value, _EXACT),
            Kind.REAL: lambda row, at, value: _write_number(sheet, row, at, value, _LARGEST),
            Kind.FLAG: sheet.write_boolean,
            Kind.MOMENT: lambda row, at, value: self._write_moment(sheet, row, at, value),
        }
        return writers[kind]

    def _write_moment(self, sheet: Worksheet, row: int, column: int, value: datetime) -> None:
        if _EXCELS_FIRST <= value < _EXCELS_LAST:
            sheet.write_number(row, column, _days(value), self.date)
        else:
            sheet.write_string(row, column, SPELT[Kind.MOMENT](value))

    def _text(self, text: str) -> str:
        fitting = fitted(text)
        self.cut += len(fitting) < len(text)
        return fitting

    def _write_about(self, sheet: Worksheet) -> None:
        sheet.set_column(0, 0, 20)
        sheet.set_column(1, 3, 40)
        for at, row in enumerate(self._about()):
            for column, text in enumerate(row):
                sheet.write_string(at, column, self._text(text))

    def _about(self) -> Iterator[tuple[str, ...]]:
        for key, said in self.contents.about.items():
            for one in said if isinstance(said, list) else [said]:
                yield key, str(one)
        if self.cut:
            yield "cut", f"{self.cut:,} texts are longer than a cell, and end in {ELLIPSIS}"
        yield "times", "UTC"
        for name, table in (("nodes", self.contents.nodes), ("edges", self.contents.edges)):
            for column in table.columns:
                yield name, column.name, column.kind.value, column.meaning


def _days(moment: datetime) -> float:
    """Give a moment as workbooks hold it: Excel knows milliseconds, and nothing finer."""
    return round((moment - _FIRST_DAY) / _MILLISECOND) / _MILLISECONDS_A_DAY


def fitted(text: str) -> str:
    """Cut what a cell has no room for, and replace what no file can hold."""
    # No character is more than two code units.
    if 2 * len(text) <= LONGEST and text.isprintable():
        return text
    encoded = text.encode("utf-16-le", "surrogatepass")
    if len(encoded) <= 2 * LONGEST and text.isprintable():
        return text
    if len(encoded) > 2 * LONGEST:
        return encoded[: 2 * LONGEST - 2].decode("utf-16-le", "replace") + ELLIPSIS
    return encoded.decode("utf-16-le", "replace")


def _write_number(sheet: Worksheet, row: int, column: int, value: float, most: float) -> None:
    # Beyond `most` it would be another number there; as a text it is itself.
    if abs(value) <= most:
        sheet.write_number(row, column, value)
    else:
        sheet.write_string(row, column, str(value))
