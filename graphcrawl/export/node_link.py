"""JSON as networkx's node_link_graph reads it, a node or an edge on each line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

from graphcrawl.cells import as_json
from graphcrawl.export.contents import Contents, Kind, Table
from graphcrawl.export.spelling import SPELT, Spelling


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
    writers = [(f"{as_json(column.name)}: ", _WORDS[column.kind]) for column in table.columns]
    before = "\n"
    for row in table.rows():
        held = zip(writers, row, strict=True)
        values = [f"{name}{write(value)}" for (name, write), value in held if value is not None]
        yield f"{before}{{{', '.join(values)}}}"
        before = ",\n"


def _quoted_moment(value: datetime) -> str:
    return f'"{SPELT[Kind.MOMENT](value)}"'


_WORDS: Final[Mapping[Kind, Spelling]] = {
    **SPELT,
    Kind.TEXT: as_json,
    Kind.MOMENT: _quoted_moment,
}
