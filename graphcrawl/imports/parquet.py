"""Parquet, as graphcrawl, pandas, Polars and DuckDB write it; read batch by batch."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from graphcrawl.errors import InputError
from graphcrawl.imports.libraries import check_library
from graphcrawl.imports.records import Cells, Records, Said
from graphcrawl.imports.unpacking import Growth
from graphcrawl.wording import printable

if TYPE_CHECKING:
    import pyarrow as pa
    from pyarrow.parquet import ParquetFile

MAGIC: Final = b"PAR1"
_META: Final = b"graphcrawl"
_GROWTH: Final = Growth(free=64 << 20, times=200)
_ROWS_AT_ONCE: Final = 10_000
_LONGEST_REASON: Final = 200


@contextmanager
def open_parquet(path: Path) -> Iterator[Records]:
    """Open a table.

    Raises
    ------
    InputError
        If it is none, cannot be read (also from reading its rows), would unpack to far more than
        it is, or pyarrow is not installed.
    """
    check_library(path, format="parquet", module="pyarrow")
    import pyarrow.parquet as pq

    with _told(path):
        file = pq.ParquetFile(path)
    with file:
        with _told(path):
            schema = file.schema_arrow
            _check_growth(path, file)
        yield Records(path, list(schema.names), _said(schema), lambda: _rows(path, file))


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Turn what pyarrow raises of a broken file into one line."""
    import pyarrow as pa

    try:
        yield
    # A text that is not UTF-8 and a moment beyond Python's calendar are ValueErrors, too.
    except (pa.ArrowException, OSError, ValueError, OverflowError, KeyError) as error:
        reason = printable(" ".join(str(error).split()), _LONGEST_REASON)
        raise InputError(f"{path}: no sound Parquet: {reason}") from error


def _check_growth(path: Path, file: ParquetFile) -> None:
    """Refuse a table whose pages, as its metadata says, would unpack to far more than it is."""
    meta = file.metadata
    unpacked = sum(
        meta.row_group(group).column(at).total_uncompressed_size
        for group in range(meta.num_row_groups)
        for at in range(meta.num_columns)
    )
    _GROWTH.check(path, "the table", unpacked=unpacked, packed=path.stat().st_size)


def _said(schema: pa.Schema) -> Said:
    held: Mapping[bytes, bytes] = schema.metadata or {}
    try:
        about = json.loads(held.get(_META, b"{}"))
    except (ValueError, RecursionError):
        return Said()
    if not isinstance(about, dict):
        return Said()
    return Said(str(about.get("generator", "")), str(about.get("origin", "")))


def _rows(path: Path, file: ParquetFile) -> Iterator[tuple[int, Cells]]:
    batches, number = file.iter_batches(batch_size=_ROWS_AT_ONCE), 0
    while True:
        with _told(path):
            batch = next(batches, None)
            rows = [] if batch is None else list(zip(*map(_values, batch.columns), strict=True))
        if batch is None:
            return
        yield from enumerate(rows, number + 1)
        number += len(rows)


def _values(column: Any) -> list[object]:
    import pyarrow as pa

    if pa.types.is_timestamp(column.type):
        # Python knows microseconds, and not every name of a time zone.
        column = column.cast(pa.timestamp("us", tz="UTC"), safe=False)
    values: list[object] = column.to_pylist()
    return values
