"""``query``: one reading statement of SQL."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from graphcrawl.cli import completing
from graphcrawl.cli import options as given
from graphcrawl.cli.cataloguing import write_catalogue
from graphcrawl.cli.listing import Format
from graphcrawl.cli.signals import STDERR
from graphcrawl.cli.sources import of_origin
from graphcrawl.cli.writing import write_listing
from graphcrawl.errors import InputError
from graphcrawl.sql import named_query
from graphcrawl.wording import printable

if TYPE_CHECKING:
    from graphcrawl.database import Database

LONGEST_FILE: Final = 2_000_000
"""Characters that are read of a file; a statement may have fewer."""

EXPLANATION: Final = """\
graphcrawl query asks the database in SQL. It reads, and can change nothing.

Every connection with both ends by name:
  graphcrawl query "SELECT * FROM edge_list LIMIT 10"

The accounts of a network, the most followed first, for a spreadsheet:
  graphcrawl query "SELECT username, title, subscribers_count FROM nodes
    WHERE network = :net ORDER BY 3 DESC" --param net=instagram --format csv

Tables: nodes (accounts), edges and the view edge_list (who lists whom), crawls,
visits and answers (what was asked, and what came), node_history and
edge_changes (what changed), clusters and creators (what was found).

  graphcrawl query --list          every table, view and column, in a sentence
  graphcrawl query --named rim     a ready-made query; --list names them all
  graphcrawl query --file my.sql   a statement from a file, or from a pipe
"""

GRACE_SECONDS: Final = 5.0
"""Beyond the timeout, for a statement to end by itself."""


def query(
    sql: Annotated[
        str | None,
        typer.Argument(
            metavar="[SQL]",
            help="One SELECT, WITH, VALUES or EXPLAIN. -, or nothing in a pipe: from standard "
            "input.",
            show_default=False,
        ),
    ] = None,
    parameters: Annotated[
        list[str] | None,
        typer.Option(
            "--param", "-p", metavar="NAME=VALUE", help="A value for :NAME in the SQL; repeatable."
        ),
    ] = None,
    named: Annotated[
        str | None,
        typer.Option(
            "--named",
            metavar="NAME",
            autocompletion=completing.named_queries,
            help="A ready-made query; --list names them.",
        ),
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--file", metavar="FILE", help="Read the SQL from a file.")
    ] = None,
    list_all: Annotated[
        bool,
        typer.Option("--list", help="List tables, views, columns and the ready-made queries."),
    ] = False,
    timeout: Annotated[
        float, typer.Option("--timeout", metavar="SECONDS", help="End after so long.")
    ] = 30.0,
    db: given.Db = None,
    form: given.Form = Format.TABLE,
) -> None:
    """Ask the database in SQL; nothing can be changed by it.

    One reading statement, such as: graphcrawl query "SELECT * FROM edge_list LIMIT 10"

    --list says what tables there are and what is in them, and names the ready-made queries. The
    view edge_list gives both ends of every connection by name, with its certainty. Without SQL, on
    a terminal, this explains itself.
    """
    if sum((sql is not None, named is not None, file is not None, list_all)) > 1:
        raise InputError("query takes one of SQL, --named, --file and --list")
    if list_all:
        write_catalogue(form)
        return
    if not timeout > 0:
        raise InputError(f"--timeout {timeout:g}: give more than 0 seconds")
    values: dict[str, object] = dict(_parameter(text) for text in parameters or [])
    caption = None
    if named is not None:
        ready = named_query(named)
        statement, values = ready.sql, ready.values(values)
        caption = ready.sentence
    elif sql is None and file is None and sys.stdin.isatty():
        sys.stdout.write(EXPLANATION)
        return
    else:
        statement = _statement(sql, file)
    _answer(given.settings_for(db).db, statement, values, timeout, form, caption)


def _statement(sql: str | None, file: Path | None) -> str:
    if file is None:
        return sys.stdin.read() if sql in (None, "-") else str(sql)
    try:
        with file.open(encoding="utf-8-sig") as opened:
            return opened.read(LONGEST_FILE)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise InputError(f"--file {printable(str(file))}: {reason}") from error


def _answer(
    db: str,
    statement: str,
    values: dict[str, object],
    timeout: float,
    form: Format,
    caption: str | None,
) -> None:
    from graphcrawl.database import Database

    database = Database.at(db)
    with (
        _ended_after(timeout),
        database.query(statement, parameters=values, timeout=timeout) as result,
    ):
        _say_whose(database)
        write_listing(result.columns, result, form, caption=caption)


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
