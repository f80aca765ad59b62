"""``crawls``: what was crawled, and how it stands."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Final

import typer

from graphcrawl.cli import options as given
from graphcrawl.cli.listing import Format
from graphcrawl.cli.recording import record_rows
from graphcrawl.cli.writing import write_listing
from graphcrawl.wording import printable

if TYPE_CHECKING:
    from graphcrawl.database import Database
    from graphcrawl.store import CrawlRecord

app = typer.Typer(invoke_without_command=True, rich_markup_mode=None)

COLUMNS: Final = (
    *("id", "status", "seeds", "depth", "accounts", "connections", "requests", "asked"),
    *("rim", "failed", "waiting", "started_at", "finished_at", "reason", "source"),
)
BRIEF: Final = ("id", "status", "seeds", "depth", "accounts", "connections", "source")
"""What fits a terminal; the other formats, and `show`, give everything."""


@app.callback()
def crawls(
    context: typer.Context,
    db: given.Db = None,
    form: given.Form = Format.TABLE,
) -> None:
    """List the crawls of a database, or show one whole."""
    context.obj = (db, form)
    if context.invoked_subcommand is not None:
        return
    database = _database(db)
    records = database.crawls()
    if not records:
        path = printable(given.shown(database.path))
        sys.stderr.write(f"no crawl in {path} yet; graphcrawl seed begins one\n")
    _write(database, records, form, BRIEF if form is Format.TABLE else COLUMNS)


@app.command("show")
def show(
    context: typer.Context,
    crawl: Annotated[int, typer.Argument(metavar="CRAWL", help="Its number.")],
    db: given.Db = None,
    form: given.Form = Format.TABLE,
) -> None:
    """Show one crawl: settings, counts, what became of accounts, its runs.

    --format json holds what it takes to cite and repeat it: the command, the seeds in full,
    settings, versions and times, and how several seeds hang together.
    """
    # Both options may as well stand before the word show.
    above_db, above_form = context.obj
    db = above_db if db is None else db
    form = above_form if form is Format.TABLE else form
    database = _database(db)
    record = database.crawl_record(crawl)
    rows = [(name, value) for name, value in zip(COLUMNS, _row(record, database), strict=True)]
    rows += [(f"settings.{name}", value) for name, value in record.settings.items()]
    rows += [
        (f"accounts.{status}" + (f".{cause}" if cause else ""), number)
        for (status, cause), number in record.statuses.items()
    ]
    if record.reused.answers:
        rows += [("reused.answers", record.reused.answers), ("reused.oldest", record.reused.oldest)]
    rows += record_rows(record, database, for_people=form is Format.TABLE)
    write_listing(("name", "value"), rows, form)


def _database(db: str | None) -> Database:
    from graphcrawl.database import Database

    return Database.at(given.settings_for(db).db)


def _write(
    database: Database, records: Sequence[CrawlRecord], form: Format, columns: Sequence[str]
) -> None:
    kept = [COLUMNS.index(name) for name in columns]
    rows = [_row(record, database) for record in records]
    write_listing(columns, [[row[at] for at in kept] for row in rows], form)


def _row(record: CrawlRecord, database: Database) -> tuple[object, ...]:
    return (
        record.id,
        record.status,
        " ".join(record.seeds),
        None if record.is_refresh else "all" if record.depth is None else record.depth,
        record.accounts,
        record.connections,
        record.requests,
        record.asked,
        record.count("skipped", "rim"),
        record.count("failed"),
        record.count("queued") + record.count("claimed") + record.count("deferred"),
        record.started_at,
        record.finished_at,
        record.reason,
        database.origin.value,
    )
