"""JSON of nodes and links, as networkx, d3 and graphcrawl write it; read whole into memory."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from graphcrawl.csv_files import UNREADABLE, Columns, Complaints, open_bytes, unreadable
from graphcrawl.errors import InputError
from graphcrawl.imports import values
from graphcrawl.imports.fields import chosen_names
from graphcrawl.imports.raw import About, Ends, RawEdge, RawGraph, RawNode, Source

_OUR_GENERATOR: Final = "graphcrawl "
_SHAPE: Final = 'no graph of nodes and links: it needs {"nodes": [...], "links": [...]}'


def read_node_link(path: Path, columns: Columns) -> RawGraph:
    """Give a graph from a JSON file, plain or gzipped.

    Notes
    -----
    https://networkx.org/documentation/stable/reference/readwrite/json_graph.html
    """
    about = About()
    sources = _sources(path, columns, about)
    return RawGraph("json", (path.name,), str(path), sources, about)


def _sources(path: Path, columns: Columns, about: About) -> Iterator[Source]:
    document = _loaded(path)
    nodes, edges = document.get("nodes"), document.get("links", document.get("edges"))
    if not (isinstance(nodes, list) and isinstance(edges, list)):
        raise InputError(f"{path}: {_SHAPE}")
    _look(document.get("graph"), about)
    of_nodes, of_edges = Complaints(path, "node"), Complaints(path, "link")
    yield Source(_nodes(nodes, columns, of_nodes), of_nodes, Ends.BEFORE)
    undirected = document.get("directed") is False
    yield Source(_edges(edges, columns, of_edges, undirected=undirected), of_edges, Ends.BEFORE)


def _loaded(path: Path) -> dict[str, Any]:
    try:
        with open_bytes(path) as file:
            document = json.loads(file.read().decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not UTF-8; save it in that encoding") from error
    except RecursionError as error:
        raise InputError(f"{path}: lists in lists in lists, too deep to be a graph") from error
    except UNREADABLE as error:
        raise unreadable(path, error) from error
    except ValueError as error:
        raise InputError(f"{path}: no sound JSON: {error}") from error
    if not isinstance(document, dict):
        raise InputError(f"{path}: {_SHAPE}")
    return document


def _look(graph: object, about: About) -> None:
    if isinstance(graph, dict) and str(graph.get("generator", "")).startswith(_OUR_GENERATOR):
        about.ours = True
        about.origins.add(str(graph.get("origin", "")))


def _nodes(nodes: list[object], columns: Columns, complaints: Complaints) -> Iterator[RawNode]:
    name = columns.id or "id"
    key = {name} - chosen_names(columns)
    for place, node in enumerate(nodes, 1):
        if isinstance(node, dict):
            yield RawNode(place, _key(node.get(name)), _without(node, *key))
        else:
            complaints.add(place, "no object")


def _edges(
    edges: list[object], columns: Columns, complaints: Complaints, *, undirected: bool
) -> Iterator[RawEdge]:
    ends = columns.source or "source", columns.target or "target"
    for place, edge in enumerate(edges, 1):
        if isinstance(edge, dict):
            source, target = (_key(edge.get(end)) for end in ends)
            yield RawEdge(place, source, target, _without(edge, *ends), undirected)
        else:
            complaints.add(place, "no object")


def _without(values: dict[str, object], *names: str) -> dict[str, object]:
    return {name: value for name, value in values.items() if name not in names}


def _key(value: object) -> str:
    """Give what edges call a node by: numbers and texts, as they are written."""
    return values.text(value) or "" if isinstance(value, str | int | float) else ""
