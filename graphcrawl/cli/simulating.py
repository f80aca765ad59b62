"""``simulator``: a local server that speaks the vendor's API."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Final

import typer

from graphcrawl.addresses import parse_account
from graphcrawl.cli import columns as files
from graphcrawl.cli import options as given
from graphcrawl.cli.piped import as_files
from graphcrawl.csv_files import Columns
from graphcrawl.errors import AccountTextError, InputError
from graphcrawl.model import AccountRef
from graphcrawl.simulator.manners import OwnRow
from graphcrawl.wording import plural, printable

if TYPE_CHECKING:
    from graphcrawl.simulator import FaultKind, Simulator

PORT: Final = 8765


def simulator(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="0: any free one.", min=0, max=65535)] = PORT,
    accounts: Annotated[
        int | None, typer.Option(metavar="N", help="A computed world of N accounts.", min=1)
    ] = None,
    nodes: files.Nodes = None,
    edges: files.Edges = None,
    id_: files.Id = None,
    username: files.Username = None,
    title: files.Title = None,
    network: files.NetworkColumn = None,
    subscribers: files.Subscribers = None,
    source: files.SourceColumn = None,
    target: files.Target = None,
    undirected: files.Undirected = False,
    day: Annotated[
        int, typer.Option(metavar="N", help="Another day: 30 shows changes.", min=0)
    ] = 0,
    latency: Annotated[
        float, typer.Option(metavar="SECONDS", help="Wait before each answer.", min=0.0)
    ] = 0.0,
    limit: Annotated[
        int | None,
        typer.Option(metavar="N", help="Answer 429 beyond N requests a minute.", min=1),
    ] = None,
    faults: Annotated[
        float,
        typer.Option(metavar="SHARE", help="Share (0-1) of requests that fail.", min=0.0, max=1.0),
    ] = 0.0,
    fault: Annotated[
        list[str] | None,
        typer.Option(metavar="KIND", help="Only this kind of failure; repeatable."),
    ] = None,
    own_row: Annotated[
        OwnRow, typer.Option(help="Where the asked account's own row stands.")
    ] = OwnRow.FIRST,
    rng_seed: Annotated[int, typer.Option(metavar="N", help="Seed of all chance.")] = 0,
) -> None:
    """Serve simulated data as the vendor's API does, until Ctrl-C.

    Without a size or files, a small invented world around NASA. Any client ID and token are
    accepted. Point the crawler at it with HYPEAUDITOR_URL.
    """
    from graphcrawl.simulator import Faults, Limit, Simulator, open_world

    columns = Columns(
        id=id_,
        username=username,
        title=title,
        network=network,
        subscribers=subscribers,
        source=source,
        target=target,
    )
    with as_files(nodes, edges) as (nodes, edges):
        world = open_world(
            accounts=accounts,
            nodes=nodes,
            edges=edges,
            columns=columns if columns != Columns() else None,
            undirected=undirected,
            day=day,
            rng_seed=rng_seed,
        )
    server = Simulator(
        world,
        host=host,
        port=port,
        latency=latency,
        faults=Faults(share=faults, kinds=_kinds(fault or []), rng_seed=rng_seed),
        limit=None if limit is None else Limit(requests=limit),
        own_row=own_row,
        pictures=True,
    )
    try:
        server.serve_forever(started=lambda: _announce(server))
    except KeyboardInterrupt:
        sys.stderr.write(f"stopped after {plural(server.total, 'request')}\n")


def _kinds(names: list[str]) -> tuple[FaultKind, ...]:
    from graphcrawl.simulator import FaultKind

    try:
        return tuple(FaultKind(name) for name in names) or tuple(FaultKind)
    except ValueError as error:
        known = ", ".join(FaultKind)
        wrong = next(name for name in names if name not in set(FaultKind))
        raise InputError(f"--fault {wrong!r}: there are {known}") from error


def _entrance(ref: AccountRef) -> str:
    """Name a world's first account as it can be typed: a file's names may be no names at all."""
    try:
        parse_account(str(ref))
    except AccountTextError:
        return f"{ref.network}:id:{ref.social_id}"
    return str(ref)


def _announce(server: Simulator) -> None:
    account = given.quoted(_entrance(server.world.entrance))
    sys.stdout.write(
        f"simulated data at {server.url} until Ctrl-C ({printable(server.world.summary)})\n"
        "to crawl it:\n"
        f"  HYPEAUDITOR_URL={server.url} HYPEAUDITOR_ID=any HYPEAUDITOR_TOKEN=any \\\n"
        f"    graphcrawl seed {account} --depth 2 --rate 0 --db output/simulated.db\n"
    )
    sys.stdout.flush()
