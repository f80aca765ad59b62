"""Parquet: typed columns for data frames, DuckDB and Spark; one file a table."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from graphcrawl.cells import as_json
from graphcrawl.export.contents import Block, Contents, Kind, Table, Value

if TYPE_CHECKING:
    import pyarrow as pa

META: Final = "graphcrawl"
"""The key under which a file's metadata holds, as JSON, what is said of the export."""

_ROWS_AT_ONCE: Final = 50_000
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


def write_parquet(table: Table, contents: Contents, path: Path) -> None:
    """Write a table, batch by batch."""
    import pyarrow.parquet as pq

    schema = _schema(table, contents)
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for block in table.blocks(_ROWS_AT_ONCE):
            writer.write_batch(_batch(block, schema))


def _schema(table: Table, contents: Contents) -> pa.Schema:
    import pyarrow as pa

    types = {
        Kind.TEXT: pa.string(),
        Kind.WHOLE: pa.int64(),
        Kind.REAL: pa.float64(),
        Kind.FLAG: pa.bool_(),
        Kind.MOMENT: pa.timestamp("us", tz="UTC"),
    }
    fields = [
        pa.field(_encodable(column.name), types[column.kind], metadata={"meaning": column.meaning})
        for column in table.columns
    ]
    return pa.schema(fields, metadata={META: as_json(dict(contents.about))})


def _batch(block: Block, schema: pa.Schema) -> pa.RecordBatch:
    import pyarrow as pa

    arrays = [_array(values, field.type) for field, values in zip(schema, block, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _array(values: Sequence[Value], type: pa.DataType) -> pa.Array:
    import pyarrow as pa

    try:
        return pa.array(values, type)
    except UnicodeEncodeError:
        return pa.array([_encodable(one) if isinstance(one, str) else one for one in values], type)


def _encodable(text: str) -> str:
    # No answer holds a lone surrogate: the parser replaces them in the same way.
    return _SURROGATE.sub("\ufffd", text)
