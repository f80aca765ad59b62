"""The whole Facebook page graph, read from its files as a graph."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator
from pathlib import Path

from graphcrawl.graph import ConnectionGraph, Edge, Node
from graphcrawl.model import Certainty, Origin
from tests.conftest import FacebookPages


def whole(pages: FacebookPages) -> ConnectionGraph:
    """Return every page as an account, and every like both ways; followers are not known."""
    titles = {page: title for page, title, *_ in _rows(pages.nodes)}
    keys = {page: key for key, page in enumerate(sorted(titles))}
    nodes = (
        Node(key, "instagram", page, None, titles[page], None, None, None, visit="done")
        for page, key in keys.items()
    )
    edges = (
        Edge(keys[source], keys[target], 0, Certainty.MUTUAL)
        for one, other in _rows(pages.edges)
        for source, target in ((one, other), (other, one))
        if source != target
    )
    return ConnectionGraph(tuple(nodes), tuple(edges), Origin.SIMULATED)


def _rows(file: Path) -> Iterator[list[str]]:
    with gzip.open(file, "rt", encoding="utf-8", newline="") as opened:
        rows = csv.reader(opened)
        next(rows)
        yield from rows
