"""JSON as networkx's node_link_graph reads it, a node or an edge on each line."""

from __future__ import annotations

from collections.abc import Iterator

from graphcrawl.cells import as_json, plain
from graphcrawl.export.contents import Contents, Table


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
    names = [column.name for column in table.columns]
    before = "\n"
    for row in table.rows():
        held = zip(names, row, strict=True)
        yield before + as_json({name: plain(value) for name, value in held if value is not None})
        before = ",\n"
