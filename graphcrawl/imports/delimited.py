"""CSV: one file of accounts, one of connections, or the latter alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from graphcrawl.cells import unguarded
from graphcrawl.csv_files import Columns, Complaints, Table, open_table
from graphcrawl.imports.fields import chosen_names, usual_column
from graphcrawl.imports.raw import NOTHING_TOLD, About, Ends, RawEdge, RawGraph, RawNode, Source

ORIGIN: Final = "origin"
OUR_NODES: Final = frozenset({"id", "label", "network", "social_id", "standing", ORIGIN})
"""Columns by which our own file of accounts is known; users may add and remove others."""

OUR_EDGES: Final = frozenset({"certainty", "position", ORIGIN})
"""Columns by which that of connections is known, likewise."""


def read_csv(nodes: Path | None, edges: Path, columns: Columns) -> RawGraph:
    """Give a graph from CSV files, plain or gzipped; with commas, semicolons or tabs.

    Parameters
    ----------
    nodes : Path or None
        None: the accounts are the ends of the connections.
    edges : Path
    columns : Columns
    """
    about = About()
    return RawGraph(
        format="csv",
        names=tuple(path.name for path in (nodes, edges) if path is not None),
        path=str(nodes or edges),
        sources=_sources(nodes, edges, columns, about),
        about=about,
        typed=False,
    )


def _sources(nodes: Path | None, edges: Path, columns: Columns, about: About) -> Iterator[Source]:
    if nodes is not None:
        complaints = Complaints(nodes)
        yield Source(_nodes(nodes, columns, about, complaints), complaints, Ends.BEFORE)
    complaints = Complaints(edges)
    ends = Ends.NEW if nodes is None else Ends.BEFORE
    yield Source(_edges(edges, columns, about, complaints), complaints, ends)


def _nodes(path: Path, columns: Columns, about: About, complaints: Complaints) -> Iterator[RawNode]:
    with open_table(path) as table:
        key = table.require(usual_column(table.header, columns.id, "id"), "id")
        for usual in ("username", "title", "network", "subscribers"):
            table.index(getattr(columns, usual), usual)
        about.ours = set(table.header) >= OUR_NODES
        names = _names(table, about)
        origin = names.get(ORIGIN) if about.ours else None
        told = chosen_names(columns)
        others = {name: at for name, at in names.items() if at != key or name in told}
        tell = _telling(others, about)
        for line, row in table.rows(complaints):
            if origin is not None:
                about.origins.add(row[origin])
            yield RawNode(line, row[key], tell(row))


def _edges(path: Path, columns: Columns, about: About, complaints: Complaints) -> Iterator[RawEdge]:
    with open_table(path) as table:
        source = table.require(usual_column(table.header, columns.source, "source"), "source")
        target = table.require(usual_column(table.header, columns.target, "target"), "target")
        every = _names(table, about).items()
        names = {name: at for name, at in every if at not in (source, target)}
        tell = _telling(names, about)
        origin = names.get(ORIGIN) if set(names) >= OUR_EDGES else None
        for line, row in table.rows(complaints):
            if origin is not None:
                about.origins.add(row[origin])
            yield RawEdge(line, row[source], row[target], tell(row))


def _names(table: Table, about: About) -> dict[str, int]:
    """Give the columns' places; of two with one name the first counts."""
    names: dict[str, int] = {}
    for at, name in enumerate(table.header):
        names.setdefault(unguarded(name) if about.ours else name, at)
    return names


def _telling(
    names: Mapping[str, int], about: About
) -> Callable[[Sequence[str]], Mapping[str, object]]:
    """Give what makes attributes of a row's cells."""
    if not names:
        return lambda row: NOTHING_TOLD
    if not about.ours:
        return lambda row: {name: row[at] for name, at in names.items()}
    # Guards are rare: most cells are taken as they are.
    return lambda row: {
        name: unguarded(cell) if "'" in (cell := row[at])[:1] or "\\" in cell else cell
        for name, at in names.items()
    }
