"""GEXF 1.3, which Gephi reads with positions, colours and sizes.

Moments are attributes, and the graph is static: a timeline would show an account as absent before
it was first seen, and that is not known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from graphcrawl.export.contents import Column, Contents, Kind, Row, Spot, Table
from graphcrawl.export.spelling import Spelling
from graphcrawl.export.xml import HEAD, WORDS, text

_TYPES: Final = {
    Kind.TEXT: "string",
    Kind.WHOLE: "long",
    Kind.REAL: "double",
    Kind.FLAG: "boolean",
    # The schema has no type for a moment.
    Kind.MOMENT: "string",
}


def gexf(contents: Contents) -> Iterator[str]:
    """Give the file piece by piece.

    Notes
    -----
    https://gexf.net/schema.html
    """
    yield HEAD
    yield ('<gexf xmlns="http://gexf.net/1.3" xmlns:viz="http://gexf.net/1.3/viz" version="1.3">\n')
    yield from _meta(contents)
    yield '<graph mode="static" defaultedgetype="directed" idtype="integer">\n'
    yield from _declared("node", contents.nodes.columns[2:])
    yield from _declared("edge", contents.edges.columns[2:])
    yield f'<nodes count="{contents.nodes.count}">\n'
    yield from _nodes(contents.nodes, contents.spots)
    yield f'</nodes>\n<edges count="{contents.edges.count}">\n'
    yield from _edges(contents.edges)
    yield "</edges>\n</graph>\n</gexf>\n"


def _meta(contents: Contents) -> Iterator[str]:
    about = contents.about
    seen = about.get("last_seen_at")
    yield f'<meta lastmodifieddate="{str(seen)[:10]}">\n' if seen else "<meta>\n"
    yield f"<creator>{text(str(about['generator']))}</creator>\n"
    yield f"<keywords>graphcrawl, {text(str(about['origin']))} data</keywords>\n"
    yield f"<description>{text(contents.words())}</description>\n</meta>\n"


def _declared(kind: str, columns: Sequence[Column]) -> Iterator[str]:
    yield f'<attributes class="{kind}">\n'
    for at, column in enumerate(columns):
        yield f'<attribute id="{at}" title="{text(column.name)}" type="{_TYPES[column.kind]}"/>\n'
    yield "</attributes>\n"


def _nodes(table: Table, spots: Sequence[Spot]) -> Iterator[str]:
    writers = _writers(table.columns[2:])
    drawn = iter(map(_drawn, spots)) if spots else iter(())
    for row in table.rows():
        values = "".join(_values(writers, row[2:]))
        yield (
            f'<node id="{row[0]:d}" label="{text(str(row[1]))}"><attvalues>{values}</attvalues>'
            f"{next(drawn, '')}</node>\n"
        )


def _edges(table: Table) -> Iterator[str]:
    writers = _writers(table.columns[2:])
    for at, row in enumerate(table.rows()):
        values = "".join(_values(writers, row[2:]))
        yield (
            f'<edge id="{at}" source="{row[0]:d}" target="{row[1]:d}">'
            f"<attvalues>{values}</attvalues></edge>\n"
        )


def _writers(columns: Iterable[Column]) -> list[tuple[str, Spelling]]:
    return [
        (f'<attvalue for="{at}" value="', WORDS[column.kind]) for at, column in enumerate(columns)
    ]


def _values(writers: Sequence[tuple[str, Spelling]], row: Row) -> Iterator[str]:
    for (start, write), value in zip(writers, row, strict=True):
        if value is not None:
            yield f'{start}{write(value)}"/>'


def _drawn(spot: Spot) -> str:
    red, green, blue = spot.color
    return (
        f'<viz:color r="{red}" g="{green}" b="{blue}"/>'
        f'<viz:position x="{spot.x}" y="{spot.y}" z="0.0"/><viz:size value="{spot.size}"/>'
    )
