"""GraphML, which networkx, igraph, Cytoscape and yEd read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Final

from graphcrawl.export.contents import Column, Contents, Kind, Row, Table
from graphcrawl.export.spelling import Spelling
from graphcrawl.export.xml import HEAD, WORDS, text

_TYPES: Final = {
    Kind.TEXT: "string",
    Kind.WHOLE: "long",
    Kind.REAL: "double",
    Kind.FLAG: "boolean",
    # There is no type for a moment.
    Kind.MOMENT: "string",
}
_ABOUT: Final = ("generator", "origin", "description")


def graphml(contents: Contents) -> Iterator[str]:
    """Give the file piece by piece.

    Notes
    -----
    http://graphml.graphdrawing.org/specification.html
    """
    yield HEAD
    yield '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'
    for name in _ABOUT:
        yield f'<key id="g_{name}" for="graph" attr.name="{name}" attr.type="string"/>\n'
    yield from _keys("node", contents.nodes.columns[1:])
    yield from _keys("edge", contents.edges.columns[2:])
    yield '<graph id="G" edgedefault="directed">\n'
    about = (contents.about["generator"], contents.about["origin"], contents.words())
    for name, said in zip(_ABOUT, about, strict=True):
        yield f'<data key="g_{name}">{text(str(said))}</data>\n'
    yield from chain(_nodes(contents.nodes), _edges(contents.edges))
    yield "</graph>\n</graphml>\n"


def _keys(kind: str, columns: Sequence[Column]) -> Iterator[str]:
    for at, column in enumerate(columns):
        yield (
            f'<key id="{kind[0]}{at}" for="{kind}" attr.name="{text(column.name)}" '
            f'attr.type="{_TYPES[column.kind]}"/>\n'
        )


def _nodes(table: Table) -> Iterator[str]:
    writers = _writers("n", table.columns[1:])
    for row in table.rows():
        yield f'<node id="{row[0]:d}">{"".join(_values(writers, row[1:]))}</node>\n'


def _edges(table: Table) -> Iterator[str]:
    writers = _writers("e", table.columns[2:])
    for row in table.rows():
        values = "".join(_values(writers, row[2:]))
        yield f'<edge source="{row[0]:d}" target="{row[1]:d}">{values}</edge>\n'


def _writers(letter: str, columns: Iterable[Column]) -> list[tuple[str, Spelling]]:
    return [(f'<data key="{letter}{at}">', WORDS[column.kind]) for at, column in enumerate(columns)]


def _values(writers: Sequence[tuple[str, Spelling]], row: Row) -> Iterator[str]:
    for (start, write), value in zip(writers, row, strict=True):
        if value is not None:
            yield f"{start}{write(value)}</data>"
