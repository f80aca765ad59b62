"""A table of accounts or connections in whatever file it is: CSV, Parquet, a workbook's sheet."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path

from graphcrawl.csv_files import UNREADABLE, Table, open_table, unreadable
from graphcrawl.imports.parquet import MAGIC as PARQUET
from graphcrawl.imports.parquet import open_parquet
from graphcrawl.imports.records import Records
from graphcrawl.imports.workbook import MAGIC as ARCHIVE
from graphcrawl.imports.workbook import open_sheet

Grid = Table | Records


class GridFormat(StrEnum):
    """What a file of rows is."""

    CSV = "csv"
    PARQUET = "parquet"
    XLSX = "xlsx"


def grid_format(path: Path) -> GridFormat:
    """Tell by a file's content what it is: neither Parquet nor an archive is CSV.

    Raises
    ------
    InputError
        If it cannot be read.
    """
    if path.exists() and not path.is_file():
        # What is looked at of a pipe is gone.
        return GridFormat.CSV
    try:
        with path.open("rb") as file:
            first = file.read(len(ARCHIVE))
    except UNREADABLE as error:
        raise unreadable(path, error) from error
    known = {PARQUET: GridFormat.PARQUET, ARCHIVE: GridFormat.XLSX}
    return known.get(first, GridFormat.CSV)


@contextmanager
def open_grid(path: Path, name: str) -> Iterator[Grid]:
    """Open a table; of a workbook, the sheet of this name.

    Raises
    ------
    InputError
        If it cannot be read, also from reading its rows, or needs a library that is not there.
    """
    format = grid_format(path)
    if format is GridFormat.PARQUET:
        with open_parquet(path) as table:
            yield table
    elif format is GridFormat.XLSX:
        with open_sheet(path, name) as sheet:
            yield sheet
    else:
        with open_table(path) as rows:
            yield rows
