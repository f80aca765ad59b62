"""``query``: one reading statement of SQL."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Annotated, Final

import typer

from graphcrawl.cli import options as given
from graphcrawl.cli.listing import Format
from graphcrawl.cli.signals import STDERR
from graphcrawl.cli.sources import of_origin
from graphcrawl.cli.writing import write_listing
from graphcrawl.errors import InputError

if TYPE_CHECKING:
    from graphcrawl.database import Database

GRACE_SECONDS: Final = 5.0
"""Beyond the timeout, for a statement to end by itself."""


def query(
    sql: Annotated[
        str,
        typer.Argument(
            metavar="SQL", help="One SELECT, WITH, VALUES or EXPLAIN; -: from standard input."
        ),
    ],
    parameters: Annotated[
        list[str] | None,
        typer.Option(
            "--param", "-p", metavar="NAME=VALUE", help="A value for :NAME in the SQL; repeatable."
        ),
    ] = None,
    timeout: Annotated[
        float, typer.Option("--timeout", metavar="SECONDS", help="End after so long.")
    ] = 30.0,
    db: given.Db = None,
    form: given.Form = Format.TABLE,
) -> None:
    """Ask the database in SQL; nothing can be changed by it.

    One reading statement, such as: graphcrawl query "SELECT * FROM edge_list LIMIT 10"

    Tables: nodes, edges, crawls, runs, visits, answers, node_history, edge_changes, clusterings,
    clusters, memberships, creators, creator_accounts. The view edge_list gives both ends of every
    connection by name, with its certainty.
    """
    from graphcrawl.database import Database

    if not timeout > 0:
        raise InputError(f"--timeout {timeout:g}: give more than 0 seconds")
    values = dict(_parameter(text) for text in parameters or [])
    database = Database.at(given.settings_for(db).db)
    statement = sys.stdin.read() if sql == "-" else sql
    _say_whose(database)
    with (
        _ended_after(timeout),
        database.query(statement, parameters=values, timeout=timeout) as result,
    ):
        write_listing(result.columns, result, form)


@contextmanager
def _ended_after(timeout: float) -> Iterator[None]:
    """End the process when a statement outlasts its time in a place that nothing else can end.

    SQLite looks at the clock between the rows that it visits; one call of a function over large
    values may take minutes.
    """
    line = (
        f"graphcrawl: the query did not end within {timeout:g} s; narrow it, or allow more with "
        "--timeout\n"
    )

    def end() -> None:
        with suppress(OSError):
            os.write(STDERR, line.encode())
        os._exit(InputError.exit_code)

    timer = threading.Timer(min(timeout + GRACE_SECONDS, threading.TIMEOUT_MAX), end)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _parameter(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise InputError(f"--param {text!r}: give name=value")
    return name, value


def _say_whose(database: Database) -> None:
    if (said := of_origin(database.origin)) is not None:
        sys.stderr.write(f"{said}\n")
