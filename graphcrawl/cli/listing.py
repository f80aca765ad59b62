"""How every listing is written: a table for people, four formats for programs."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import StrEnum
from typing import Final, TextIO

from graphcrawl.cells import as_json, guarded, in_cell, on_one_line, plain

Row = Sequence[object]


class Format(StrEnum):
    """The formats of a listing, as ``--format`` names them."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"
    TSV = "tsv"


def render(
    columns: Sequence[str],
    rows: Iterable[Row],
    *,
    format: Format,
    out: TextIO,
    width: int | None,
    color: bool,
    caption: str | None = None,
) -> int:
    r"""Write rows, each as soon as it is there; a table page by page.

    In every format None is an absence (JSON ``null``, an empty cell, ``–`` in a table), a time is
    ISO 8601 in UTC with ``Z`` (one without a zone is taken for UTC), and bytes are hexadecimal.

    json, jsonl
        One array of objects, a row on each line; or one object a line. Text is exact: what acts
        on a terminal stands as ``\uXXXX``. NaN and infinities are null. A column's name that
        repeats gets ``_2``, ``_3``...
    csv, tsv
        RFC 4180 quoting with lines ended by ``\n``. Numbers are exact, but not-a-number and
        infinities are empty. Text that a spreadsheet would take for a formula begins with an
        apostrophe; control characters and characters that turn the direction of writing stand
        as escapes. A line feed in a cell of csv stays, and `graphcrawl.cells.unguarded` gives its
        text back; in tsv line breaks and tabs become spaces.
    table
        For people: numbers to the right, grouped by thousands, rounded to four decimals. Other
        people's text is one line without control characters. Where the columns do not fit the
        width, each row becomes a block of lines. Rows come in pages of 1,000, and a page may
        widen a column. rich draws some 2,500 rows a second: a long answer is for the others.

    Parameters
    ----------
    columns : sequence of str
        Names, as hostile as the rows. Whole numbers in a column ``id`` or ``..._id`` are names
        too: a table does not group them.
    rows : iterable of sequences
        As many values each as there are columns.
    format : Format
    out : text stream
        Gets all output; of a pipe that closed it raises BrokenPipeError to the caller.
    width : int or None
        Cells across, for a table; None takes the terminal's.
    color : bool
        Whether a table may hold colours and bold type.
    caption : str or None
        A line below a table; other formats leave it out.

    Returns
    -------
    int
        Rows written.
    """
    if format is Format.TABLE:
        # rich takes its time to import, and most commands with another format never need it.
        from graphcrawl.cli.table import write_table

        return write_table(columns, rows, out=out, width=width, color=color, caption=caption)
    return _WRITERS[format](columns, rows, out)


def _write_json(columns: Sequence[str], rows: Iterable[Row], out: TextIO) -> int:
    count = 0
    out.write("[")
    for line in _json_lines(columns, rows):
        out.write(f",\n{line}" if count else f"\n{line}")
        count += 1
    out.write("\n]\n" if count else "]\n")
    return count


def _write_jsonl(columns: Sequence[str], rows: Iterable[Row], out: TextIO) -> int:
    count = 0
    for line in _json_lines(columns, rows):
        out.write(f"{line}\n")
        count += 1
    return count


def _json_lines(columns: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    names = unique_names(columns)
    for row in rows:
        entry = dict(zip(names, map(plain, row), strict=True))
        yield as_json(entry)


def unique_names(columns: Sequence[str]) -> list[str]:
    """Tell names that repeat apart, so that an object loses none of its values."""
    taken = set(columns)
    given: set[str] = set()
    names = []
    for column in columns:
        name, n = column, 2
        while name in given or (n > 2 and name in taken):
            name, n = f"{column}_{n}", n + 1
        given.add(name)
        names.append(name)
    return names


def _write_csv(columns: Sequence[str], rows: Iterable[Row], out: TextIO) -> int:
    return _write_cells(columns, rows, csv.writer(out, lineterminator="\n").writerow, guarded)


def _write_tsv(columns: Sequence[str], rows: Iterable[Row], out: TextIO) -> int:
    writer = csv.writer(out, delimiter="\t", lineterminator="\n")
    return _write_cells(columns, rows, writer.writerow, on_one_line)


def _write_cells(
    columns: Sequence[str],
    rows: Iterable[Row],
    write: Callable[[list[str]], object],
    guard: Callable[[str], str],
) -> int:
    count = 0
    write([guard(column) for column in columns])
    for row in rows:
        write([in_cell(value, guard) for _, value in zip(columns, row, strict=True)])
        count += 1
    return count


_WRITERS: Final = {
    Format.JSON: _write_json,
    Format.JSONL: _write_jsonl,
    Format.CSV: _write_csv,
    Format.TSV: _write_tsv,
}
