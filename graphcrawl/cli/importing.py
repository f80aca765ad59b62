"""``import``: an existing graph becomes a database like any other."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from graphcrawl.cli import columns as files
from graphcrawl.cli import options as given
from graphcrawl.cli import own_columns
from graphcrawl.cli.piped import as_files
from graphcrawl.cli.sources import of_origin
from graphcrawl.csv_files import Columns
from graphcrawl.errors import InputError
from graphcrawl.model import Network
from graphcrawl.wording import plural, printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphcrawl.database.importing import ImportResult

_SHOWN: Final = 5
_LONGEST_NAME: Final = 60

DefaultNetwork = Annotated[
    str,
    typer.Option(
        "--default-network",
        metavar="NET",
        help="What accounts are on where nothing says it: one of the six, or any other name, "
        "whose accounts are kept and cannot be asked.",
    ),
]
SkipBroken = Annotated[
    bool,
    typer.Option("--skip-broken", help="Leave broken rows out and count them; else they end it."),
]


Accounts = Annotated[
    Path | None,
    typer.Option(
        "--nodes",
        metavar="FILE",
        help="A real graph's accounts: CSV, maybe .gz, Parquet (extra parquet), or the sheet nodes "
        "of an XLSX workbook (extra xlsx).",
    ),
]
Connections = Annotated[
    Path | None,
    typer.Option(
        "--edges", metavar="FILE", help="A real graph's connections, likewise; the sheet edges."
    ),
]
Attributes = Annotated[
    Path | None,
    typer.Option(
        "--attributes",
        metavar="FILE",
        help="Instead of a graph: columns of your own for accounts that are here already, from "
        "CSV, Parquet or an XLSX sheet whose rows name them (account; or network with username or "
        "id).",
    ),
]
Texts = Annotated[
    list[str] | None,
    typer.Option(
        "--text",
        metavar="COL",
        help="With --attributes: a column of texts although it looks like numbers; repeatable.",
    ),
]
RemoveColumn = Annotated[
    list[str] | None,
    typer.Option(
        "--remove-column",
        metavar="COL",
        help="Delete a column of your own with all its values; repeatable.",
    ),
]


def import_graph(
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="[FILE]",
            help="GEXF, GraphML, JSON of nodes and links, XLSX with sheets nodes and edges, CSV or "
            "Parquet of connections, or a folder with nodes and edges as .csv or .parquet; all but "
            "XLSX and Parquet maybe .gz. For any FILE, - is standard input.",
            show_default=False,
        ),
    ] = None,
    nodes: Accounts = None,
    edges: Connections = None,
    id_: files.Id = None,
    username: files.Username = None,
    title: files.Title = None,
    network: files.NetworkColumn = None,
    subscribers: files.Subscribers = None,
    source: files.SourceColumn = None,
    target: files.Target = None,
    undirected: files.Undirected = False,
    default_network: DefaultNetwork = Network.INSTAGRAM.value,
    skip_broken: SkipBroken = False,
    attributes: Attributes = None,
    texts: Texts = None,
    remove_column: RemoveColumn = None,
    db: given.Db = None,
) -> None:
    """Bring an existing graph in, from files of any program.

    It goes into a new database, where every account counts as asked, unless a column or attribute
    asked says false; what graphcrawl exported comes back as it was. Without options, columns are
    id, username, title, network, subscribers, and source, target.

    With --attributes, columns of your own join the accounts of a database that is there:

    graphcrawl import --attributes my.csv
    """
    from graphcrawl.database import Database

    database = Database.at(given.settings_for(db).db)
    if attributes is not None or remove_column:
        if file or nodes or edges:
            raise InputError("one at a time: a graph, or --attributes and --remove-column")
        columns = Columns(id=id_, username=username, network=network)
        with as_files(attributes) as (attributes,):
            own_columns.change(
                database,
                attributes,
                columns,
                texts or (),
                remove_column or (),
                skip_broken=skip_broken,
            )
        return
    if texts:
        raise InputError("--text says what a column of --attributes is: name that file")
    columns = Columns(
        id=id_,
        username=username,
        title=title,
        network=network,
        subscribers=subscribers,
        source=source,
        target=target,
    )
    with as_files(file, nodes, edges) as (file, nodes, edges):
        result = database.import_graph(
            file,
            nodes=nodes,
            edges=edges,
            columns=columns,
            network=default_network,
            undirected=undirected,
            skip_broken=skip_broken,
        )
    lines = _summary(result, given.shown(database.path))
    sys.stdout.write("".join(f"{printable(line)}\n" for line in lines))


def _summary(result: ImportResult, path: str) -> Iterator[str]:
    stored = result.stored
    yield (
        f"{plural(stored.accounts, 'account')} and {plural(stored.connections, 'connection')} "
        f"imported from {' and '.join(result.files)}"
    )
    if stored.asked < stored.accounts:
        unasked = stored.accounts - stored.asked
        yield f"  {plural(unasked, 'account')} not asked: whom they list is not known"
    for network, number in sorted(result.foreign.items(), key=lambda item: (-item[1], item[0])):
        yield f"  {plural(number, 'account')} on {network}, which the API cannot be asked about"
    yield from _left_out(result)
    if (said := of_origin(result.origin)) is not None:
        yield f"  {said}"
    yield f"  database  {path}"
    yield f"  next      graphcrawl map --db {given.quoted(path)}"


def _left_out(result: ImportResult) -> Iterator[str]:
    if result.loops:
        yield f"  {plural(result.loops, 'connection')} of an account to itself left out"
    if result.stored.repeated:
        yield f"  {plural(result.stored.repeated, 'repeated connection')} left out"
    unkept = sorted(result.unkept.items(), key=lambda item: (-item[1], item[0]))
    for name, number in unkept[:_SHOWN]:
        many = plural(number, "connection")
        yield f"  {name[:_LONGEST_NAME]} of {many} left out: connections have no such column"
    if (more := len(unkept) - _SHOWN) > 0:
        yield f"  {plural(more, 'more attribute')} of connections left out"
    if result.broken:
        yield f"  {plural(result.broken, 'broken row')} left out"
