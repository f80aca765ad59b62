"""GraphML, which networkx, igraph, Cytoscape and yEd read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, repeat
from typing import Final

from graphcrawl.export.contents import Block, Column, Contents, Kind, Table
from graphcrawl.export.spelling import cells, lines
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
    for block in table.blocks():
        (ids,) = cells(table.columns[:1], block[:1], WORDS)
        values = _values("n", table.columns[1:], block[1:])
        yield "".join(lines(repeat('<node id="'), ids, repeat('">'), *values, repeat("</node>\n")))


def _edges(table: Table) -> Iterator[str]:
    for block in table.blocks():
        sources, targets = cells(table.columns[:2], block[:2], WORDS)
        yield "".join(
            lines(
                repeat('<edge source="'),
                sources,
                repeat('" target="'),
                targets,
                repeat('">'),
                *_values("e", table.columns[2:], block[2:]),
                repeat("</edge>\n"),
            )
        )


def _values(letter: str, columns: Sequence[Column], block: Block) -> list[Iterator[str]]:
    return cells(columns, block, WORDS, lambda at, _: (f'<data key="{letter}{at}">', "</data>"))
