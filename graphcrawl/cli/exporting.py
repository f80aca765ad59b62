"""``export``: the graph in a file that another program reads; a command for each format."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

import typer

from graphcrawl.cli import options as given
from graphcrawl.errors import InputError
from graphcrawl.model import Origin
from graphcrawl.wording import plural, printable

STDOUT: Final = Path("-")

app = typer.Typer(invoke_without_command=True, rich_markup_mode=None)


@app.callback()
def export(context: typer.Context) -> None:
    """Write the graph for Gephi, networkx, spreadsheets and others.

    The whole database, or one crawl with --crawl. Every account says whether it was asked: of the
    others it is not known whom they list. docs/exports.md tells each column.
    """
    if context.invoked_subcommand is None:
        raise InputError(
            f"name a format: {', '.join((*FORMATS, 'datasette'))}; see graphcrawl export --help"
        )


def _command(format: str) -> Callable[..., None]:
    def write(
        db: given.Db = None,
        crawl: given.Crawl = None,
        filters: given.Filters = None,
        output: given.Output = None,
        force: given.Force = False,
    ) -> None:
        _write(format, db, crawl, filters or [], output, force=force)

    return write


FORMATS: Final = {
    "gexf": ("for Gephi, laid out as the map", "open it in Gephi"),
    "graphml": ("for igraph, Cytoscape, yEd, networkx", "read it with igraph, Cytoscape or yEd"),
    "csv": ("for spreadsheets, pandas, R", "open nodes.csv and edges.csv"),
    "json": ("for networkx and JavaScript", "read it with networkx's node_link_graph"),
    "parquet": ("for data frames, DuckDB, Spark", "read nodes.parquet and edges.parquet"),
    "xlsx": ("for Excel and LibreOffice", "open it in a spreadsheet"),
}
"""What each format is for, and what to do with the file."""

for _name, (_purpose, _) in FORMATS.items():
    app.command(_name, help=f"Write the graph {_purpose}.")(_command(_name))


@app.command("datasette")
def datasette(db: given.Db = None, output: given.Output = None, force: given.Force = False) -> None:
    """Write what Datasette is to be told of the database.

    Datasette opens a database as it is; with this it names tables and columns, offers the
    ready-made queries, searches accounts, and says what is simulated.
    """
    from graphcrawl.database import Database

    database = Database.at(given.settings_for(db).db)
    if output == STDOUT:
        sys.stdout.write(f"{database.datasette_metadata()}\n")
        return
    path = output or given.OUTPUT / f"{database.path.stem}-datasette.json"
    database.export_datasette(path, force=force)
    shown = given.shown(path)
    sys.stdout.write(f"{printable(shown)}\n")
    sys.stderr.write(
        f"open it with: datasette {given.quoted(given.shown(database.path))} --metadata "
        f"{given.quoted(shown)}\n"
    )


def _write(
    name: str,
    db: str | None,
    crawl: int | None,
    conditions: list[str],
    output: Path | None,
    *,
    force: bool,
) -> None:
    from graphcrawl.database import Database
    from graphcrawl.export import ExportFormat
    from graphcrawl.graph.conditions import parse_filter

    format = ExportFormat(name)
    filters = tuple(map(parse_filter, conditions))
    database = Database.at(given.settings_for(db).db)
    if output == STDOUT:
        sys.stdout.flush()
        database.export_to(sys.stdout.buffer, format, crawl_id=crawl, filters=filters)
        return
    path = output or _usual(database.path, crawl, name)
    written = database.export(path, format, crawl_id=crawl, filters=filters, force=force)
    sys.stdout.write(f"{printable(given.shown(path))}\n")
    whose = "" if written.origin is Origin.VENDOR else f", {written.origin} data"
    sys.stderr.write(
        f"{plural(written.nodes, 'account')}, {plural(written.edges, 'connection')}{whose}; "
        f"{FORMATS[name][1]}\n"
    )


def _usual(database: Path, crawl: int | None, name: str) -> Path:
    from graphcrawl.export import FOLDERS

    stem = database.stem if crawl is None else f"{database.stem}-crawl{crawl}"
    return given.OUTPUT / (f"{stem}-{name}" if name in FOLDERS else f"{stem}.{name}")
