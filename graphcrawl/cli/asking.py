"""``query``: one reading statement of SQL."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from graphcrawl.cli import options as given
from graphcrawl.cli.listing import Format
from graphcrawl.cli.writing import write_listing
from graphcrawl.errors import InputError
from graphcrawl.model import Origin

if TYPE_CHECKING:
    from graphcrawl.database import Database


def query(
    sql: Annotated[
        str, typer.Argument(metavar="SQL", help="SELECT, WITH, VALUES, EXPLAIN, or -: from stdin.")
    ],
    parameters: Annotated[
        list[str] | None,
        typer.Option("--param", "-p", metavar="NAME=VALUE", help="A value for :NAME in the SQL."),
    ] = None,
    timeout: Annotated[
        float, typer.Option("--timeout", metavar="SECONDS", help="End after so long.")
    ] = 30.0,
    db: given.Db = None,
    form: given.Form = Format.TABLE,
) -> None:
    """Ask the database one reading statement; nothing can be changed by it.

    Tables: nodes, edges, crawls, visits, answers, node_history, edge_changes. The view edge_list
    gives both ends of every connection by name, with its certainty.
    """
    from graphcrawl.database import Database

    database = Database.at(given.settings_for(db).db)
    statement = sys.stdin.read() if sql == "-" else sql
    values = dict(_parameter(text) for text in parameters or [])
    with database.query(statement, parameters=values, timeout=timeout) as result:
        write_listing(result.columns, result, form)
    _say_if_simulated(database)


def _parameter(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise InputError(f"--param {text!r}: give name=value")
    return name, value


def _say_if_simulated(database: Database) -> None:
    if database.origin is Origin.SIMULATED:
        sys.stderr.write("simulated data: nothing here came from the vendor\n")
