"""Options about the files of an existing graph: which they are, and which columns hold what."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Nodes = Annotated[
    Path | None,
    typer.Option(
        "--nodes",
        metavar="FILE",
        help="A real graph's accounts: CSV, maybe .gz; - is standard input.",
    ),
]
Edges = Annotated[
    Path | None,
    typer.Option("--edges", metavar="FILE", help="A real graph's connections, likewise."),
]
Id = Annotated[str | None, typer.Option("--id", metavar="COL", help="Column of IDs.")]
Username = Annotated[
    str | None,
    typer.Option("--username", metavar="COL", help="Column of usernames; without, the ID."),
]
Title = Annotated[str | None, typer.Option("--title", metavar="COL", help="Column of titles.")]
NetworkColumn = Annotated[
    str | None,
    typer.Option("--network", metavar="COL", help="Column of networks; without, instagram."),
]
Subscribers = Annotated[
    str | None, typer.Option("--subscribers", metavar="COL", help="Column of follower counts.")
]
SourceColumn = Annotated[
    str | None,
    typer.Option("--source", metavar="COL", help="Column of the listing account's ID."),
]
Target = Annotated[
    str | None, typer.Option("--target", metavar="COL", help="Column of the listed account's ID.")
]
Undirected = Annotated[
    bool, typer.Option("--undirected", help="List each connection from both ends.")
]
