"""GEXF, 1.1 to 1.3, as Gephi, networkx and graphcrawl write it."""

from __future__ import annotations

import re
from typing import Final

from graphcrawl.cells import unescaped
from graphcrawl.csv_files import Complaints
from graphcrawl.imports.raw import About, Raw, RawEdge, RawNode
from graphcrawl.imports.xml import Attributes, typed

_OF_EDGES: Final = ("weight", "label")
_UNDIRECTED: Final = frozenset({"undirected", "mutual"})
_OUR_CREATOR: Final = "graphcrawl "
_OUR_KEYWORDS: Final = re.compile("graphcrawl, ([a-z]+) data")


class Gexf:
    """Understands a GEXF file.

    Notes
    -----
    https://gexf.net/schema.html. Of an attribute that changes over time the last value counts.
    """

    def __init__(self, about: About, complaints: Complaints) -> None:
        self.found: list[Raw] = []
        self._about = about
        self._types: dict[tuple[str, str], str] = {}
        self._titles: dict[str, dict[str, str]] = {"node": {}, "edge": {}}
        self._defaults: dict[str, dict[str, object]] = {"node": {}, "edge": {}}
        self._class = "node"
        self._attribute = ""
        self._undirected = False
        self._nodes: list[RawNode] = []
        self._edge: RawEdge | None = None

    def start(self, name: str, attributes: Attributes, line: int) -> None:
        """Meet an element's beginning."""
        match name:
            case "graph":
                self._undirected = attributes.get("defaultedgetype") in _UNDIRECTED
            case "attributes":
                self._class = attributes.get("class", "node")
            case "attribute":
                self._attribute = attributes.get("id", "")
                titles = self._titles.setdefault(self._class, {})
                titles[self._attribute] = self._text(attributes.get("title", self._attribute))
                self._types[self._class, self._attribute] = attributes.get("type", "string")
            case "node":
                self._start_node(attributes, line)
            case "edge":
                self._start_edge(attributes, line)
            case "attvalue":
                self._tell(attributes)

    def end(self, name: str, text: str) -> None:
        """Meet its end."""
        match name:
            case "creator":
                self._about.ours = text.startswith(_OUR_CREATOR)
            case "keywords":
                found = _OUR_KEYWORDS.fullmatch(text) if self._about.ours else None
                self._about.origins.update(found.groups() if found else ())
            case "default":
                self._default(text)
            case "node" if self._nodes:
                self.found.append(self._nodes.pop())
            case "edge" if self._edge is not None:
                self.found.append(self._edge)
                self._edge = None

    def _default(self, text: str) -> None:
        title = self._titles.get(self._class, {}).get(self._attribute)
        if title is not None:
            kind = self._types[self._class, self._attribute]
            self._defaults.setdefault(self._class, {})[title] = typed(kind, text)

    def _start_node(self, attributes: Attributes, line: int) -> None:
        values: dict[str, object] = dict(self._defaults["node"])
        if "label" in attributes:
            values["label"] = self._text(attributes["label"])
        self._nodes.append(RawNode(line, attributes.get("id", ""), values))

    def _start_edge(self, attributes: Attributes, line: int) -> None:
        kind = attributes.get("type")
        told = {name: attributes[name] for name in _OF_EDGES if name in attributes}
        self._edge = RawEdge(
            line,
            attributes.get("source", ""),
            attributes.get("target", ""),
            self._defaults["edge"] | told,
            self._undirected if kind is None else kind in _UNDIRECTED,
        )

    def _tell(self, attributes: Attributes) -> None:
        kind, item = ("node", self._nodes[-1]) if self._nodes else ("edge", self._edge)
        if self._edge is not None:
            kind, item = "edge", self._edge
        # GEXF 1.1 called it id.
        which = attributes.get("for", attributes.get("id", ""))
        title = self._titles[kind].get(which)
        if item is not None and title is not None:
            assert isinstance(item.values, dict)
            told = self._text(attributes.get("value", ""))
            item.values[title] = typed(self._types[kind, which], told)

    def _text(self, text: str) -> str:
        return unescaped(text) if self._about.ours and "\\" in text else text
