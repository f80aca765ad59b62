"""GraphML, as networkx, igraph, Gephi, yEd and graphcrawl write it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from graphcrawl.cells import unescaped
from graphcrawl.csv_files import Complaints
from graphcrawl.imports.raw import About, Raw, RawEdge, RawNode
from graphcrawl.imports.xml import Attributes, typed

_OUR_GENERATOR: Final = "graphcrawl "
_LABEL: Final = "label"


@dataclass(slots=True)
class _Open:
    """An element that may hold data, and what it has told so far."""

    kind: str
    line: int
    attributes: Attributes
    values: dict[str, object] = field(default_factory=dict)


class GraphMl:
    """Understands a GraphML file.

    Notes
    -----
    http://graphml.graphdrawing.org/specification.html. What yEd draws is passed over, but for the
    first label of a node. Nodes within nodes are accounts like any others.
    """

    def __init__(self, about: About, complaints: Complaints) -> None:
        self.found: list[Raw] = []
        self._about = about
        self._complaints = complaints
        self._names: dict[str, str | None] = {}
        self._types: dict[str, str] = {}
        self._defaults: dict[str, dict[str, object]] = {}
        self._key: Attributes = {}
        self._data = ""
        self._graph_edges: list[bool] = []
        self._open: list[_Open] = []

    def start(self, name: str, attributes: Attributes, line: int) -> None:
        """Meet an element's beginning."""
        match name:
            case "key":
                self._key = attributes
                self._declare(attributes)
            case "graph" | "node" | "edge":
                self._open.append(_Open(name, line, attributes, dict(self._defaults.get(name, {}))))
                if name == "graph":
                    self._graph_edges.append(attributes.get("edgedefault") == "undirected")
            case "data":
                self._data = attributes.get("key", "")
            case "hyperedge":
                self._complaints.add(line, "an edge of more than two ends")

    def end(self, name: str, text: str) -> None:
        """Meet its end."""
        match name:
            case "default":
                self._default(text)
            case "data":
                self._tell_data(text)
            case "NodeLabel":
                self._tell(_LABEL, text.strip(), again=False)
            case "graph" | "node" | "edge":
                self._close(self._open.pop())

    def _declare(self, key: Attributes) -> None:
        which = key.get("id", "")
        # yEd's keys for what it draws have no name: their texts are in elements of its own.
        self._names[which] = None if "yfiles.type" in key else key.get("attr.name", which)
        self._types[which] = key.get("attr.type", "string")

    def _default(self, text: str) -> None:
        which = self._key.get("id", "")
        name, value = self._names.get(which), typed(self._types.get(which, "string"), text)
        for kind in ("node", "edge"):
            if name is not None and self._key.get("for", "all") in (kind, "all"):
                self._defaults.setdefault(kind, {})[name] = value

    def _tell_data(self, text: str) -> None:
        name, kind = self._names.get(self._data, self._data), self._types.get(self._data, "string")
        self._data = ""
        if name is not None:
            self._tell(self._text(name), typed(kind, self._text(text)))

    def _text(self, text: str) -> str:
        return unescaped(text) if self._about.ours and "\\" in text else text

    def _tell(self, name: str, value: object, *, again: bool = True) -> None:
        if not self._open:
            return
        item = self._open[-1]
        if item.kind == "graph":
            self._tell_of_file(name, str(value))
        elif again or name not in item.values:
            item.values[name] = value

    def _tell_of_file(self, name: str, text: str) -> None:
        if name == "generator":
            self._about.ours = text.startswith(_OUR_GENERATOR)
        elif name == "origin" and self._about.ours:
            self._about.origins.add(text)

    def _close(self, item: _Open) -> None:
        told = item.attributes
        if item.kind == "graph":
            self._graph_edges.pop()
        elif item.kind == "node":
            self.found.append(RawNode(item.line, told.get("id", ""), item.values))
        else:
            ends = told.get("source", ""), told.get("target", "")
            self.found.append(RawEdge(item.line, *ends, item.values, self._is_undirected(told)))

    def _is_undirected(self, edge: Attributes) -> bool:
        if "directed" in edge:
            return edge["directed"] == "false"
        return bool(self._graph_edges) and self._graph_edges[-1]
