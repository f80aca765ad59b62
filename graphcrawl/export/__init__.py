"""Files that other programs read: Gephi, igraph, networkx, spreadsheets, data frames."""

from graphcrawl.export.contents import Contents, Spot
from graphcrawl.export.formats import FOLDERS, NAMED, ExportFormat
from graphcrawl.export.libraries import check_library
from graphcrawl.export.tables import Known, Moments, edge_table, node_table
from graphcrawl.export.writing import check_output, stream_export, write_export

__all__ = [
    "FOLDERS",
    "NAMED",
    "Contents",
    "ExportFormat",
    "Known",
    "Moments",
    "Spot",
    "check_library",
    "check_output",
    "edge_table",
    "node_table",
    "stream_export",
    "write_export",
]
