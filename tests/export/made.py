"""Contents to export: hostile texts, large numbers, gaps, and graphs of any shape."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import numpy as np
from hypothesis import strategies as st

from graphcrawl.export import (
    Contents,
    ExportFormat,
    Known,
    Moments,
    edge_table,
    node_table,
    stream_export,
)
from graphcrawl.export.contents import Spot, Table
from graphcrawl.graph import ConnectionGraph, Edge, Found, Node
from graphcrawl.graph.own import Own
from graphcrawl.model import Certainty, Origin, OwnValue

DAY: Final = datetime(2026, 1, 31, 12, 0, 0, 250_000, tzinfo=UTC)

texts = st.one_of(
    st.text(st.characters(exclude_categories=[]), max_size=12),
    st.text("=+-@'\\x0u1b_5F\r\n\t\x08\x1b\x85\u202e\ud800\ufffe＝ <>&\"]", max_size=12),
    st.sampled_from(["]]></data>", "<!--", "&#0;", "_x0041_", "null", "NaN", "1e5", "true", " "]),
)
wholes = st.one_of(st.none(), st.integers(0, 9), st.integers(-(2**63), 2**63 - 1))
reals = st.one_of(st.none(), st.floats())
maybe_text = st.one_of(st.none(), texts)


@st.composite
def graphs(draw: st.DrawFn) -> ConnectionGraph:
    """Make a graph of a few accounts with anything in them."""
    count = draw(st.integers(1, 5))
    nodes = tuple(
        Node(
            id=at * 7 + 1,
            network=draw(texts),
            social_id=draw(maybe_text),
            username=draw(maybe_text),
            title=draw(maybe_text),
            subscribers_count=draw(wholes),
            er=draw(reals),
            state=draw(maybe_text),
            depth=draw(st.one_of(st.none(), st.integers(0, 3))),
            visit=draw(st.sampled_from([None, "done", "failed", "skipped"])),
            cause=draw(maybe_text),
        )
        for at in range(count)
    )
    pairs = st.tuples(st.sampled_from(nodes), st.sampled_from(nodes))
    ends = draw(st.lists(pairs, unique_by=lambda pair: (pair[0].id, pair[1].id), max_size=8))
    edges = (
        Edge(source.id, target.id, at, draw(st.sampled_from(Certainty)))
        for at, (source, target) in enumerate(ends)
        if source is not target
    )
    ordered = sorted(edges, key=lambda edge: (edge.source, edge.position))
    return ConnectionGraph(nodes, tuple(ordered), draw(st.sampled_from(Origin)))


@st.composite
def everything(draw: st.DrawFn) -> Contents:
    """Make contents: a graph, and tags, notes and columns with anything in them."""
    graph = draw(graphs())
    ids = st.sampled_from([node.id for node in graph.nodes])
    values: st.SearchStrategy[Any] = st.sampled_from(
        [texts, st.booleans(), st.integers(), st.floats()]
    )
    columns: dict[str, dict[int, OwnValue]] = draw(
        st.dictionaries(texts.filter(bool), values.flatmap(lambda one: st.dictionaries(ids, one)))
    )
    own = Own(notes=draw(st.dictionaries(ids, texts)), columns=columns)
    return contents(graph, own=own)


def contents(graph: ConnectionGraph, *, own: Own | None = None, named: bool = False) -> Contents:
    """Give what is exported of a graph, its accounts seen one day after the other."""
    known = Known(
        found=Found(),
        own=own or Own(),
        called=lambda node: f"account {node.id}",
        standing=lambda node: "asked" if node.visit == "done" else "unasked",
        node_moments=moments([(DAY, DAY + timedelta(days=node.id), None) for node in graph.nodes]),
        edge_moments=moments([(DAY, DAY, None) for _ in graph.edges]),
    )
    return Contents(
        about={
            "generator": "graphcrawl 1",
            "origin": graph.origin.value,
            "title": "T",
            "summary": "S",
            "notes": ["A <note>."],
        },
        nodes=node_table(graph, known),
        edges=edge_table(graph, known, named=named),
        spots=[Spot(node.id + 0.5, -2.0, 4.5, (1, 20, 255)) for node in graph.nodes],
    )


def moments(rows: Sequence[tuple[datetime | None, ...]]) -> Moments:
    """Give the moments of rows, three of each, every moment once."""
    known = list(dict.fromkeys(moment for row in rows for moment in row))
    places = np.array([[known.index(moment) for moment in row] for row in rows], np.int64)
    return Moments(known, list(places.reshape(-1, 3).T))


def written(held: Contents, format: ExportFormat) -> bytes:
    """Give the bytes of a format that is one file."""
    out = io.BytesIO()
    stream_export(held, out, format)
    return out.getvalue()


def rows(table: Table) -> list[dict[str, Any]]:
    """Give a table's rows, what is not known left out; and assert that it is what it says."""
    found = [
        {
            column.name: value
            for column, value in zip(table.columns, row, strict=True)
            if value is not None
        }
        for row in table.rows()
    ]
    assert len(found) == table.count
    assert not [v for row in found for v in row.values() if isinstance(v, float) and math.isnan(v)]
    return found
