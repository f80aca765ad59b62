"""Exports of a database: each format as a whole, and its writing against networkx's writers.

A whole export is one process, with the reading, clusters, creators and, for gexf, the layout. For
the comparison networkx has the same nodes, edges and attributes as a graph in memory, and neither
side's reading counts. Rounds alternate in one process.
"""

from __future__ import annotations

import argparse
import io
import json
import multiprocessing
import resource
import statistics
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import networkx as nx
from large_graphs import drawn_database

import graphcrawl
from graphcrawl.cells import plain
from graphcrawl.export import Contents, ExportFormat, stream_export
from graphcrawl.export.contents import Table
from graphcrawl.outputs import contents_of
from graphcrawl.store import open_for_reading

ROUNDS = 3


def written_as_json(graph: nx.DiGraph, out: io.BytesIO) -> None:
    """Write node-link JSON as networkx's documents do."""
    out.write(json.dumps(nx.node_link_data(graph, edges="edges")).encode())


PEERS: Mapping[ExportFormat, Callable[[nx.DiGraph, io.BytesIO], None]] = {
    ExportFormat.GEXF: lambda graph, out: nx.write_gexf(graph, out, version="1.2draft"),
    ExportFormat.GRAPHML: nx.write_graphml,
    ExportFormat.JSON: written_as_json,
}


def seconds(act: Callable[..., object], *given: object) -> float:
    """Say how long something takes."""
    before = time.perf_counter()
    act(*given)
    return time.perf_counter() - before


def attributes(table: Table) -> list[dict[str, Any]]:
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
        print(f"  writing {format:8} {mine:6.2f} s; networkx {other:6.2f} s, {other / mine:.1f}")


def whole(path: Path, output: Path, format: ExportFormat) -> tuple[float, float, int]:
    """Export everything in a format: wall and processor seconds, peak megabytes."""
    took = seconds(graphcrawl.open(path).export, output, format)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return took, time.process_time(), peak


def each_format(path: Path, rounds: int) -> None:
    """Export in each format, each time in a process of its own."""
    for format in ExportFormat:
        found = []
        for _ in range(rounds):
            with TemporaryDirectory() as folder:
                output = Path(folder) / format
                # A fork would count what this process has in memory already.
                with multiprocessing.get_context("spawn").Pool(1) as pool:
                    found.append(pool.apply(whole, (path, output, format)))
                files = [file for file in (output, *output.glob("*")) if file.is_file()]
                size = sum(file.stat().st_size for file in files) / 1e6
        wall, processor, peak = map(statistics.median, zip(*found, strict=True))
        print(
            f"  {format:8} {wall:6.2f} s, processor with start {processor:6.2f} s, "
            f"peak {peak:.0f} MB, {size:6.1f} MB written"
        )


def main() -> None:
    """Measure both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accounts", type=int, default=20_000)
    parser.add_argument("--connections", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=1, help="whole exports of each format")
    parser.add_argument("--alone", action="store_true", help="leave networkx out")
    options = parser.parse_args()
    with TemporaryDirectory() as folder:
        path = drawn_database(Path(folder) / "graph.db", options.accounts, options.connections)
        print(f"{options.accounts:,} accounts, {options.connections:,} connections", flush=True)
        each_format(path, options.rounds)
        if not options.alone:
            against_networkx(path)


if __name__ == "__main__":
    main()
