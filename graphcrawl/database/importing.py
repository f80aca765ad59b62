"""Bringing an existing graph into a database."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from graphcrawl.csv_files import Columns
from graphcrawl.database.file import DatabaseFile
from graphcrawl.errors import InputError
from graphcrawl.incoming import Ending
from graphcrawl.model import Network

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphcrawl.imports import RawGraph
    from graphcrawl.model import Origin
    from graphcrawl.store import Imported


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import brought, and what it left out.

    Attributes
    ----------
    stored : Imported
    origin : Origin
        Whom the data comes from: `IMPORTED`, unless an export of graphcrawl's tells.
    files : tuple of str
        Without their folders.
    loops : int
        Connections from an account to itself: left out.
    broken : int
        Rows that could not be used: left out, as was wished.
    foreign : mapping of str to int
        Accounts by network, on those that the API cannot be asked about.
    unkept : mapping of str to int
        Of attributes that a connection has no place for, such as a weight, by their names: how many
        connections had one. They are left out.
    """

    stored: Imported
    origin: Origin
    files: tuple[str, ...]
    loops: int
    broken: int
    foreign: Mapping[str, int]
    unkept: Mapping[str, int]


class Importing(DatabaseFile):
    """Bring an existing graph in."""

    __slots__ = ()

    def import_graph(
        self,
        path: str | Path | None = None,
        *,
        nodes: str | Path | None = None,
        edges: str | Path | None = None,
        columns: Columns | None = None,
        network: str = Network.INSTAGRAM.value,
        undirected: bool = False,
        skip_broken: bool = False,
    ) -> ImportResult:
        """Bring a graph from files into this database, which is made when it is absent.

        Parameters
        ----------
        path : str, Path or None
            A GEXF, GraphML or JSON file, a workbook, a file of connections in CSV or Parquet, or a
            folder that holds nodes and edges as .csv or .parquet; all but workbooks and Parquet
            may be gzipped. None: `edges` is there.
        nodes, edges : str, Path or None
            CSV, Parquet, or a workbook with a sheet of this name; without one of accounts, the ends
            of the connections are the accounts.
        columns : Columns or None
            Which columns or attributes hold what.
        network : str
            What accounts are on where nothing says it.
        undirected : bool
            List each connection from both ends, whatever the file says.
        skip_broken : bool
            Leave out what is broken, and count it.

        Returns
        -------
        ImportResult

        Raises
        ------
        InputError
            If a file cannot be read, or holds something broken; nothing is written then.
        StoreError
            If the database holds something already, or cannot be made or written.
        """
        from graphcrawl.imports import Assembly
        from graphcrawl.store import IMPORT, bring_up_to_date, open_for_import, store_import

        columns = columns or Columns()
        graph = _graph(_place(path), _place(nodes), _place(edges), columns)
        assembly = Assembly(
            graph,
            columns=columns,
            network=network,
            undirected=undirected,
            skip_broken=skip_broken,
        )

        def ending(connections: int) -> Ending:
            told = {
                "files": list(graph.names),
                "format": graph.format,
                "undirected": undirected,
                "connections": connections,
                "loops": assembly.loops,
                "broken": assembly.broken,
                "unkept": dict(assembly.unkept),
            }
            return Ending(assembly.origin, {IMPORT: told})

        with open_for_import(self.path) as store:
            stored = store_import(store, assembly.incoming(), ending, guess_own=not graph.typed)
            bring_up_to_date(store.engine)
        return ImportResult(
            stored=stored,
            origin=assembly.origin,
            files=graph.names,
            loops=assembly.loops,
            broken=assembly.broken,
            foreign=dict(assembly.foreign),
            unkept=dict(assembly.unkept),
        )


def _place(path: str | Path | None) -> Path | None:
    return None if path is None else Path(path)


def _graph(path: Path | None, nodes: Path | None, edges: Path | None, columns: Columns) -> RawGraph:
    from graphcrawl.imports import open_graph, read_tables

    if path is not None:
        if nodes is not None or edges is not None:
            raise InputError("one file, or --nodes and --edges: not both")
        return open_graph(path, columns)
    if edges is None:
        raise InputError("there is nothing to import: name a file, or --edges FILE (and --nodes)")
    return read_tables(nodes, edges, columns)
