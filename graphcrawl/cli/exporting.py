"""``export``: the graph in a file that another program reads; a command for each format."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Final

import typer

from graphcrawl.cli import options as given
from graphcrawl.wording import plural, printable

STDOUT: Final = Path("-")

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

Filters = Annotated[
    list[str] | None,
    typer.Option(
        "--filter",
        metavar="CONDITION",
        help="Export only accounts that fulfil it, and what connects them: network=instagram, "
        "state=READY, depth<=1, followers>=10K. Quote < and >. May be given several times.",
    ),
]


@app.callback()
def export() -> None:
    """Write the graph for Gephi, igraph, networkx, spreadsheets, data frames.

    The whole database, or one crawl with --crawl. Every account says whether it was asked: of the
    others it is not known whom they list. docs/exports.md tells each column.
    """


def _command(format: str) -> Callable[..., None]:
    def write(
        db: given.Db = None,
        crawl: given.Crawl = None,
        filters: Filters = None,
        output: given.Output = None,
        force: given.Force = False,
    ) -> None:
        _write(format, db, crawl, filters or [], output, force=force)

    return write


FORMATS: Final = {
    "gexf": "Write it for Gephi: a GEXF file with the map's positions and colours.",
    "graphml": "Write it for igraph, Cytoscape, yEd or networkx: a GraphML file.",
    "csv": "Write it for spreadsheets, pandas, R: a folder of nodes.csv and edges.csv.",
    "json": "Write it for networkx or JavaScript: a node-link JSON file.",
}
NEXT: Final = {
    "gexf": "open it in Gephi",
    "graphml": "read it with igraph, Cytoscape, yEd or networkx",
    "csv": "open nodes.csv and edges.csv in a spreadsheet, pandas or R",
    "json": "read it with networkx's node_link_graph",
}

for _name, _help in FORMATS.items():
    app.command(_name, help=_help)(_command(_name))


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
    simulated = ", simulated data" if written.origin == "simulated" else ""
    sys.stderr.write(
        f"{plural(written.nodes, 'account')}, {plural(written.edges, 'connection')}{simulated}; "
        f"{NEXT[name]}\n"
    )


def _usual(database: Path, crawl: int | None, name: str) -> Path:
    stem = database.stem if crawl is None else f"{database.stem}-crawl{crawl}"
    return given.OUTPUT / (f"{stem}-{name}" if name == "csv" else f"{stem}.{name}")
