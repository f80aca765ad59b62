"""Exports of a database: each format as a whole, and its writing against networkx's writers.

networkx is given the same nodes, edges and attributes as a graph in memory, which is not counted;
graphcrawl reads its rows while it writes. Rounds alternate in one process.
"""

from __future__ import annotations

import argparse
import io
import resource
import statistics
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import networkx as nx
from large_graphs import drawn_database

import graphcrawl
from graphcrawl.cells import plain
from graphcrawl.export import Contents, ExportFormat, stream_export
from graphcrawl.export.contents import Table
from graphcrawl.outputs import contents_of
from graphcrawl.store import open_for_reading

ROUNDS = 3
PEERS: Mapping[ExportFormat, Callable[[nx.DiGraph, io.BytesIO], None]] = {
    ExportFormat.GEXF: lambda graph, out: nx.write_gexf(graph, out, version="1.2draft"),
    ExportFormat.GRAPHML: nx.write_graphml,
}


def seconds(act: Callable[..., object], *given: object) -> float:
    """Say how long something takes."""
    before = time.perf_counter()
    act(*given)
    return time.perf_counter() - before


def attributes(table: Table) -> list[dict[str, object]]:
    """Give a table's rows as networkx takes them."""
    names = [column.name for column in table.columns]
    return [
        {name: plain(value) for name, value in zip(names, row, strict=True) if value is not None}
        for row in table.rows()
    ]


def in_memory(contents: Contents) -> nx.DiGraph:
    """Give the same graph to networkx."""
    graph = nx.DiGraph()
    for node in attributes(contents.nodes):
        graph.add_node(node.pop("id"), **node)
    for edge in attributes(contents.edges):
        graph.add_edge(edge.pop("source"), edge.pop("target"), **edge)
    return graph


def against_networkx(path: Path) -> None:
    """Compare the writing alone."""
    with closing(open_for_reading(path)) as store:
        contents = contents_of(store)
        graph = in_memory(contents)
        for format, write in PEERS.items():
            ours, theirs = [], []
            for _ in range(ROUNDS):
                ours.append(seconds(stream_export, contents, io.BytesIO(), format))
                theirs.append(seconds(write, graph, io.BytesIO()))
            mine, other = statistics.median(ours), statistics.median(theirs)
            print(
                f"  writing {format:8} {mine:6.2f} s; networkx {other:6.2f} s, {other / mine:.1f}"
            )


def whole(path: Path) -> None:
    """Export everything in each format, reading, clusters and layout included."""
    with TemporaryDirectory() as folder:
        for format in ExportFormat:
            output = Path(folder) / format
            took = seconds(graphcrawl.open(path).export, output, format)
            files = [file for file in (output, *output.glob("*")) if file.is_file()]
            size = sum(file.stat().st_size for file in files) / 1e6
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
            print(f"  {format:8} {took:6.2f} s, {size:6.1f} MB written, peak so far {peak} MB")


def main() -> None:
    """Measure both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accounts", type=int, default=10_000)
    parser.add_argument("--connections", type=int, default=40_000)
    parser.add_argument("--alone", action="store_true", help="leave networkx out")
    options = parser.parse_args()
    with TemporaryDirectory() as folder:
        path = drawn_database(Path(folder) / "graph.db", options.accounts, options.connections)
        print(f"{options.accounts:,} accounts, {options.connections:,} connections")
        whole(path)
        if not options.alone:
            against_networkx(path)


if __name__ == "__main__":
    main()
