"""GEXF 1.3, which Gephi reads with positions, colours and sizes.

Moments are attributes, and the graph is static: a timeline would show an account as absent before
it was first seen, and that is not known.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count, islice, repeat
from typing import Final

from graphcrawl.export.contents import Block, Column, Contents, Kind, Spot, Table
from graphcrawl.export.spelling import cells, lines
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
    drawn = map(_drawn, spots) if spots else repeat("")
    for block in table.blocks():
        ids, labels = cells(table.columns[:2], block[:2], WORDS)
        yield "".join(
            lines(
                repeat('<node id="'),
                ids,
                repeat('" label="'),
                labels,
                repeat('"><attvalues>'),
                *_values(table.columns[2:], block[2:]),
                repeat("</attvalues>"),
                islice(drawn, len(block[0])),
                repeat("</node>\n"),
            )
        )


def _edges(table: Table) -> Iterator[str]:
    numbers = map(str, count())
    for block in table.blocks():
        sources, targets = cells(table.columns[:2], block[:2], WORDS)
        yield "".join(
            lines(
                repeat('<edge id="'),
                islice(numbers, len(block[0])),
                repeat('" source="'),
                sources,
                repeat('" target="'),
                targets,
                repeat('"><attvalues>'),
                *_values(table.columns[2:], block[2:]),
                repeat("</attvalues></edge>\n"),
            )
        )


def _values(columns: Sequence[Column], block: Block) -> list[Iterator[str]]:
    return cells(columns, block, WORDS, lambda at, _: (f'<attvalue for="{at}" value="', '"/>'))


def _drawn(spot: Spot) -> str:
    red, green, blue = spot.color
    return (
        f'<viz:color r="{red}" g="{green}" b="{blue}"/>'
        f'<viz:position x="{spot.x}" y="{spot.y}" z="0.0"/><viz:size value="{spot.size}"/>'
    )
