"""The formats of an export, and what each is for."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class ExportFormat(StrEnum):
    """The formats, as ``graphcrawl export`` names them."""

    GEXF = "gexf"
    GRAPHML = "graphml"
    CSV = "csv"
    JSON = "json"


FOLDERS: Final = frozenset({ExportFormat.CSV})
"""Formats that are two tables, in a folder of their own."""

PURPOSES: Final = {
    ExportFormat.GEXF: "Gephi opens it, with the map's positions, colours and sizes.",
    ExportFormat.GRAPHML: "igraph, Cytoscape, yEd and networkx read it.",
    ExportFormat.CSV: "Spreadsheets, pandas and R read nodes.csv and edges.csv.",
    ExportFormat.JSON: "networkx reads it with node_link_graph, and so does JavaScript.",
}
