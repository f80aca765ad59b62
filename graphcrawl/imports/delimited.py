"""Tables: one of accounts, one of connections, or the latter alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from graphcrawl.cells import unguarded
from graphcrawl.csv_files import Columns, Complaints
from graphcrawl.imports import values
from graphcrawl.imports.fields import chosen_names, usual_column
from graphcrawl.imports.grids import Grid, GridFormat, grid_format, open_grid
from graphcrawl.imports.raw import NOTHING_TOLD, About, Ends, RawEdge, RawGraph, RawNode, Source
from graphcrawl.imports.records import UNIT, Records

ORIGIN: Final = "origin"
OUR_NODES: Final = frozenset({"id", "label", "network", "social_id", "standing", ORIGIN})
"""Columns by which our own CSV of accounts is known; users may add and remove others."""

OUR_EDGES: Final = frozenset({"certainty", "position", ORIGIN})
"""Columns by which that of connections is known, likewise."""

NODES: Final = "nodes"
EDGES: Final = "edges"
"""The sheets of a workbook."""


def read_tables(nodes: Path | None, edges: Path, columns: Columns) -> RawGraph:
    """Give a graph from tables: CSV, plain or gzipped, Parquet, or sheets of workbooks.

    Parameters
    ----------
    nodes : Path or None
        None: the accounts are the ends of the connections.
    edges : Path
        May be the same workbook.
    columns : Columns

    Raises
    ------
    InputError
        If a file cannot be read.
    """
    about = About()
    format = grid_format(nodes or edges)
    return RawGraph(
        format=format.value,
        names=(edges.name,) if nodes is None or nodes == edges else (nodes.name, edges.name),
        path=str(nodes or edges),
        sources=_sources(nodes, edges, columns, about),
        about=about,
        typed=format is not GridFormat.CSV,
    )


def _sources(nodes: Path | None, edges: Path, columns: Columns, about: About) -> Iterator[Source]:
    if nodes is not None:
        complaints = complaints_about(nodes)
        yield Source(_nodes(nodes, columns, about, complaints), complaints, Ends.BEFORE)
    complaints = complaints_about(edges)
    ends = Ends.NEW if nodes is None else Ends.BEFORE
    yield Source(_edges(edges, columns, about, complaints), complaints, ends)


def complaints_about(path: Path) -> Complaints:
    """Give what notes a table's broken rows, in what its format counts."""
    return Complaints(path) if grid_format(path) is GridFormat.CSV else Complaints(path, UNIT)


def _nodes(path: Path, columns: Columns, about: About, complaints: Complaints) -> Iterator[RawNode]:
    with open_grid(path, NODES) as table:
        key = table.require(usual_column(table.header, columns.id, "id"), "id")
        for usual in ("username", "title", "network", "subscribers"):
            table.index(getattr(columns, usual), usual)
        is_guarded = not isinstance(table, Records) and set(table.header) >= OUR_NODES
        about.ours = is_guarded or _look(table, about)
        names = _names(table, is_guarded=is_guarded)
        origin = names.get(ORIGIN) if is_guarded else None
        told = chosen_names(columns)
        others = {name: at for name, at in names.items() if at != key or name in told}
        tell = _telling(others, is_guarded=is_guarded)
        for line, row in table.rows(complaints):
            if origin is not None:
                about.origins.add(str(row[origin]))
            yield RawNode(line, key_of(row[key]), tell(row))


def _edges(path: Path, columns: Columns, about: About, complaints: Complaints) -> Iterator[RawEdge]:
    with open_grid(path, EDGES) as table:
        source = table.require(usual_column(table.header, columns.source, "source"), "source")
        target = table.require(usual_column(table.header, columns.target, "target"), "target")
        is_guarded = not isinstance(table, Records) and about.ours
        _look(table, about)
        every = _names(table, is_guarded=is_guarded).items()
        names = {name: at for name, at in every if at not in (source, target)}
        tell = _telling(names, is_guarded=is_guarded)
        is_told = not isinstance(table, Records) and set(names) >= OUR_EDGES
        origin = names.get(ORIGIN) if is_told else None
        for line, row in table.rows(complaints):
            if origin is not None:
                about.origins.add(str(row[origin]))
            yield RawEdge(line, key_of(row[source]), key_of(row[target]), tell(row))


def _look(table: Grid, about: About) -> bool:
    """Whether a table with types is ours; then it says whom its data comes from."""
    if not (isinstance(table, Records) and table.said.ours):
        return False
    about.origins.add(table.said.origin)
    return True


def key_of(value: object) -> str:
    """Give what an account is called by; a column with gaps may hold 7 as 7.0."""
    if isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return values.text(value) or "" if isinstance(value, int | float) else ""


def _names(table: Grid, *, is_guarded: bool) -> dict[str, int]:
    """Give the columns' places; of two with one name the first counts."""
    names: dict[str, int] = {}
    for at, name in enumerate(table.header):
        names.setdefault(unguarded(name) if is_guarded else name, at)
    return names


def _telling(
    names: Mapping[str, int], *, is_guarded: bool
) -> Callable[[Sequence[object]], Mapping[str, object]]:
    """Give what makes attributes of a row's cells."""
    if not names:
        return lambda row: NOTHING_TOLD
    if not is_guarded:
        return lambda row: {name: row[at] for name, at in names.items()}
    # Guards are rare: most cells are taken as they are.
    return lambda row: {
        name: unguarded(cell) if "'" in (cell := str(row[at]))[:1] or "\\" in cell else cell
        for name, at in names.items()
    }
