"""Which format a file has: by what is in it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from graphcrawl.csv_files import UNREADABLE, Columns, open_bytes, unreadable
from graphcrawl.errors import InputError
from graphcrawl.imports.delimited import EDGES, NODES, read_tables
from graphcrawl.imports.gexf import Gexf
from graphcrawl.imports.graphml import GraphMl
from graphcrawl.imports.grids import GridFormat, grid_format
from graphcrawl.imports.node_link import read_node_link
from graphcrawl.imports.raw import RawGraph
from graphcrawl.imports.workbook import has_sheet
from graphcrawl.imports.xml import read_xml, root_of

_NAMES: Final = ("{}.csv", "{}.csv.gz", "{}.parquet")
_KNOWN: Final = (
    "GEXF, GraphML, JSON of nodes and links, XLSX, Parquet of connections, a folder with nodes.csv "
    "and edges.csv, or .parquet"
)
_CSV: Final = frozenset({".csv", ".tsv", ".txt"})
_BEGINNING: Final = 4_096


def open_graph(path: Path, columns: Columns) -> RawGraph:
    """Find out which format a file or folder has, by its content, and give its graph.

    Raises
    ------
    InputError
        If it cannot be read, or is nothing that can be imported.
    """
    if path.is_dir():
        return read_tables(_in_folder(path, NODES), _in_folder(path, EDGES), columns)
    if path.exists() and not path.is_file():
        raise InputError(
            f"{path}: is a pipe or a device, whose format cannot be told: save it as a file, pipe "
            "it into graphcrawl import -, or name it as CSV with --edges"
        )
    format = grid_format(path)
    if format is GridFormat.XLSX:
        return read_tables(path if has_sheet(path, NODES) else None, path, columns)
    if format is GridFormat.PARQUET:
        return read_tables(None, path, columns)
    first = _first_sign(path)
    if first == b"<":
        return _xml(path)
    if first == b"{":
        return read_node_link(path, columns)
    if _CSV & {suffix.casefold() for suffix in path.suffixes}:
        return read_tables(None, path, columns)
    raise InputError(f"{path}: unknown format; there are {_KNOWN}, and CSV by --nodes and --edges")


def _in_folder(folder: Path, name: str) -> Path:
    there = (folder / pattern.format(name) for pattern in _NAMES)
    found = next((path for path in there if path.exists()), None)
    if found is None:
        raise InputError(f"{folder}: no {name}.csv or {name}.parquet in this folder")
    return found


def _first_sign(path: Path) -> bytes:
    try:
        with open_bytes(path) as file:
            beginning = file.read(_BEGINNING)
    except UNREADABLE as error:
        raise unreadable(path, error) from error
    # XML may come in UTF-16, with zeros between its signs.
    return beginning.lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n")[:1]


def _xml(path: Path) -> RawGraph:
    root = root_of(path)
    if root == "gexf":
        return read_xml(path, "gexf", Gexf)
    if root == "graphml":
        return read_xml(path, "graphml", GraphMl)
    raise InputError(f"{path}: XML, but neither GEXF nor GraphML; there are {_KNOWN}")
