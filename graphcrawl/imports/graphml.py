"""GraphML, as networkx, igraph, Gephi, yEd and graphcrawl write it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from graphcrawl.cells import unescaped
from graphcrawl.imports.raw import About, Raw, RawEdge, RawNode
from graphcrawl.imports.xml import Attributes
from graphcrawl.tables import Complaints

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
        self._names: dict[str, str] = {}
        self._defaults: dict[str, dict[str, str]] = {}
        self._key: Attributes = {}
        self._data = ""
        self._graph_edges: list[bool] = []
        self._open: list[_Open] = []

    def start(self, name: str, attributes: Attributes, line: int) -> None:
        """Meet an element's beginning."""
        match name:
            case "key":
                self._key = attributes
                self._names[attributes.get("id", "")] = attributes.get(
                    "attr.name", attributes.get("id", "")
                )
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
                self._tell(self._names.get(self._data, self._data), text)
                self._data = ""
            case "NodeLabel":
                self._tell(_LABEL, text.strip(), again=False)
            case "graph" | "node" | "edge":
                self._close(self._open.pop())

    def _default(self, text: str) -> None:
        for kind in ("node", "edge"):
            if self._key.get("for", "all") in (kind, "all"):
                name = self._names[self._key.get("id", "")]
                self._defaults.setdefault(kind, {})[name] = text

    def _tell(self, name: str, text: str, *, again: bool = True) -> None:
        if not self._open:
            return
        item = self._open[-1]
        if item.kind == "graph":
            self._tell_of_file(name, text)
        elif again or name not in item.values:
            ours = self._about.ours and "\\" in text
            item.values[name] = unescaped(text) if ours else text

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
