"""JSON as networkx's node_link_graph reads it, a node or an edge on each line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import repeat
from typing import Final

from graphcrawl.cells import as_json
from graphcrawl.export.contents import Column, Contents, Kind, Table
from graphcrawl.export.spelling import SPELT, Spelling, cells, lines


def node_link(contents: Contents) -> Iterator[str]:
    """Give the file piece by piece.

    Notes
    -----
    https://networkx.org/documentation/stable/reference/readwrite/json_graph.html
    """
    yield f'{{"directed": true, "multigraph": false,\n"graph": {as_json(dict(contents.about))},\n'
    yield '"nodes": ['
    yield from _lines(contents.nodes)
    yield '],\n"edges": ['
    yield from _lines(contents.edges)
    yield "]}\n"


def _lines(table: Table) -> Iterator[str]:
    # By kind and not by json.dumps of a dictionary a row: half the time.
    before = "\n"
    for block in table.blocks():
        values = cells(table.columns, block, _WORDS, _named)
        yield before + ",\n".join(lines(repeat("{"), *values, repeat("}")))
        before = ",\n"


def _named(at: int, column: Column) -> tuple[str, str]:
    """Give what stands before a value; only the first column has one in every row."""
    return f"{', ' if at else ''}{as_json(column.name)}: ", ""


def _quoted_moment(value: datetime) -> str:
    return f'"{SPELT[Kind.MOMENT](value)}"'


_WORDS: Final[Mapping[Kind, Spelling]] = {
    **SPELT,
    Kind.TEXT: as_json,
    Kind.MOMENT: _quoted_moment,
}
