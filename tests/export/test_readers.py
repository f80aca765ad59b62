"""Other programs' readers find in each format just the graph that was written."""

from __future__ import annotations

import csv
import io
import json
import math
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import igraph
import networkx as nx
import openpyxl
import pyarrow.parquet as pq
from hypothesis import given, settings
from openpyxl.utils.escape import unescape

from graphcrawl.cells import unescaped, unguarded
from graphcrawl.export import Contents, ExportFormat, write_export
from graphcrawl.export.contents import Kind, Table
from tests.export.made import everything, rows, written

few = settings(max_examples=20)
fewer = settings(max_examples=10)

Rows = list[dict[str, Any]]


def as_text(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as formats without moments have it."""
    return {name: said(value) for name, value in row.items()}


def said(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return value


def exact(value: object) -> Any:
    return unescaped(value) if isinstance(value, str) else value


def same(found: Rows, expected: Rows) -> None:
    """Values and their types: True is no 1, 1.0 no 1."""
    assert found == expected
    for one, other in zip(found, expected, strict=True):
        assert {name: type(v) for name, v in one.items()} == {
            name: type(v) for name, v in other.items()
        }


def of_networkx(graph: nx.DiGraph, *, drop: tuple[str, ...] = ()) -> tuple[Rows, Rows]:
    nodes = [
        {"id": node, **{exact(k): exact(v) for k, v in held.items() if k not in drop}}
        for node, held in graph.nodes(data=True)
    ]
    edges = [
        {"source": one, "target": other, **{exact(k): exact(v) for k, v in held.items()}}
        for one, other, held in graph.edges(data=True)
    ]
    return nodes, edges


def ordered(edges: Rows) -> Rows:
    return sorted(edges, key=lambda edge: (edge["source"], edge["target"]))


def expected(contents: Contents) -> tuple[Rows, Rows]:
    return (
        [as_text(row) for row in rows(contents.nodes)],
        ordered([as_text(row) for row in rows(contents.edges)]),
    )


@few
@given(everything())
def test_networkx_reads_the_gexf(contents: Contents) -> None:
    graph = nx.read_gexf(io.BytesIO(written(contents, ExportFormat.GEXF)), node_type=int)
    assert graph.is_directed()
    assert not graph.is_multigraph()
    viz = [held["viz"] for _, held in graph.nodes(data=True)]
    nodes, edges = of_networkx(graph, drop=("viz",))
    for edge in edges:
        del edge["id"]
    want = expected(contents)
    same(nodes, want[0])
    same(ordered(edges), want[1])
    for found, spot in zip(viz, contents.spots, strict=True):
        assert found["position"] == {"x": spot.x, "y": spot.y, "z": 0.0}
        assert found["size"] == spot.size
        assert tuple(found["color"][part] for part in "rgb") == spot.color


@few
@given(everything())
def test_networkx_reads_the_graphml(contents: Contents) -> None:
    graph = nx.read_graphml(io.BytesIO(written(contents, ExportFormat.GRAPHML)), node_type=int)
    assert graph.is_directed()
    assert graph.graph["origin"] == contents.about["origin"]
    assert "A <note>." in graph.graph["description"]
    nodes, edges = of_networkx(graph)
    want = expected(contents)
    same(nodes, want[0])
    same(ordered(edges), want[1])


@few
@given(everything())
def test_networkx_reads_the_json(contents: Contents) -> None:
    data = json.loads(written(contents, ExportFormat.JSON))
    graph = nx.node_link_graph(data, edges="edges")
    assert graph.is_directed()
    assert graph.graph == contents.about
    nodes = [{"id": node, **held} for node, held in graph.nodes(data=True)]
    edges = [{"source": u, "target": v, **held} for u, v, held in graph.edges(data=True)]
    want = expected(contents)
    same(nodes, want[0])
    same(ordered(edges), want[1])


@few
@given(everything())
def test_igraph_reads_the_graphml(contents: Contents) -> None:
    with tempfile.NamedTemporaryFile(suffix=".graphml") as file:
        file.write(written(contents, ExportFormat.GRAPHML))
        file.flush()
        graph = igraph.Graph.Read_GraphML(file.name)
    assert graph.is_directed()
    want = expected(contents)
    ids = [int(one) for one in graph.vs["id"]]
    assert ids == [row["id"] for row in want[0]]
    assert [(ids[edge.source], ids[edge.target]) for edge in graph.es] == [
        (row["source"], row["target"]) for row in rows(contents.edges)
    ]
    assert graph.es["certainty"] == [row["certainty"] for row in rows(contents.edges)]
    assert graph.vs["asked"] == [row["asked"] for row in want[0]]
    # igraph leaves one reference as it is, in names alone.
    names = {unescaped(name.replace("&#38;", "&")): name for name in graph.vs.attributes()}
    for column in contents.nodes.columns[1:]:
        if column.kind in (Kind.TEXT, Kind.MOMENT):
            found = [unescaped(text) for text in graph.vs[names[column.name]]]
            assert found == [row.get(column.name, "") for row in want[0]]


@few
@given(everything())
def test_pyarrow_reads_the_parquet(contents: Contents) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "made"
        write_export(contents, folder, ExportFormat.PARQUET)
        for name, table in (("nodes", contents.nodes), ("edges", contents.edges)):
            read = pq.read_table(folder / f"{name}.parquet")
            about = json.loads(read.schema.metadata[b"graphcrawl"])
            assert about == contents.about
            assert read.num_rows == table.count
            found = [
                {key: value for key, value in row.items() if value is not None}
                for row in read.to_pylist()
            ]
            same(found, [encodable(row) for row in rows(table)])


def encodable(row: Mapping[str, Any]) -> dict[str, Any]:
    return {str(fit(name)): fit(value) for name, value in row.items()}


def fit(value: object) -> object:
    """A lone surrogate cannot be encoded; the parser of answers replaces it in the same way."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return value


@few
@given(everything())
def test_csv_gives_every_cell_back(contents: Contents) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "made"
        write_export(contents, folder, ExportFormat.CSV)
        assert json.loads((folder / "about.json").read_text("utf-8")) == contents.about
        for name, table in (("nodes", contents.nodes), ("edges", contents.edges)):
            with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
                header, *lines = csv.reader(file)
            columns = [unguarded(one) for one in header]
            assert columns.pop() == "origin"
            assert {line.pop() for line in lines} <= {contents.about["origin"]}
            assert columns == [column.name for column in table.columns]
            found = [typed(table, line) for line in lines]
            same(found, [as_text(row) for row in rows(table)])


def typed(table: Table, line: list[str]) -> dict[str, Any]:
    """A line of CSV as its columns' kinds say."""
    read = {
        Kind.TEXT: unguarded,
        Kind.MOMENT: str,
        Kind.WHOLE: int,
        Kind.REAL: float,
        Kind.FLAG: {"true": True, "false": False}.__getitem__,
    }
    return {
        column.name: read[column.kind](cell)  # type: ignore[operator]
        for column, cell in zip(table.columns, line, strict=True)
        if cell
    }


@fewer
@given(everything())
def test_openpyxl_reads_the_workbook(contents: Contents) -> None:
    book = openpyxl.load_workbook(io.BytesIO(written(contents, ExportFormat.XLSX)))
    assert book.sheetnames == ["nodes", "edges", "about"]
    for table, sheet in ((contents.nodes, book["nodes"]), (contents.edges, book["edges"])):
        header, *lines = sheet.iter_rows()
        assert [unescape(cell.value) for cell in header] == [
            fit(column.name) for column in table.columns
        ]
        assert not [cell for line in lines for cell in line if cell.data_type == "f"]
        found = [
            {
                column.name: in_excel(column.kind, cell.value)
                for column, cell in zip(table.columns, line, strict=True)
                if cell.value is not None
            }
            for line in lines
        ]
        for one, other in zip(found, rows(table), strict=True):
            assert one.keys() == other.keys()
            for name, value in one.items():
                assert is_close(value, fit(other[name])), (name, value, other[name])
    said = [tuple(row) for row in book["about"].iter_rows(max_col=2, values_only=True)]
    assert ("origin", contents.about["origin"]) in said


def in_excel(kind: Kind, value: Any) -> Any:
    if kind is Kind.WHOLE:
        return int(value)
    if kind is Kind.REAL:
        return float(value)
    if kind is Kind.MOMENT:
        return value.replace(tzinfo=UTC)
    return unescape(value) if isinstance(value, str) else value


def is_close(value: object, other: object) -> bool:
    if isinstance(value, datetime) and isinstance(other, datetime):
        return abs(value - other) < timedelta(milliseconds=1)
    if isinstance(value, int | float) and isinstance(other, float):
        return math.isclose(value, other, rel_tol=1e-14)
    return [type(value), value] == [type(other), other]
