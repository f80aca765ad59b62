"""``crawls``: what was crawled, and how it stands."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

import typer

from graphcrawl.cli import options as given
from graphcrawl.cli.listing import Format
from graphcrawl.cli.recording import record_rows
from graphcrawl.cli.writing import write_listing
from graphcrawl.filters import CUT, FILTERED, RING
from graphcrawl.model import AccountRef
from graphcrawl.wording import plural, printable

if TYPE_CHECKING:
    from graphcrawl.database import Database
    from graphcrawl.store import CrawlRecord, Failure

app = typer.Typer(invoke_without_command=True, rich_markup_mode=None)

COLUMNS: Final = (
    *("id", "status", "seeds", "depth", "accounts", "connections", "requests", "asked"),
    *(
        "rim",
        "filtered",
        "cut",
        "failed",
        "waiting",
        "started_at",
        "finished_at",
        "reason",
        "source",
    ),
)
BRIEF: Final = ("id", "status", "seeds", "depth", "accounts", "connections", "source")
"""What fits a terminal; the other formats, and `show`, give everything."""

FAILURE: Final = (
    *("account", "id", "depth", "status", "cause", "error", "attempts", "failed_at", "source"),
)
BRIEF_FAILURES: Final = ("account", "depth", "cause", "attempts", "error")
BRIEF_FAILURE: Final = ("account", "cause", "attempts", "failed_at")
SHOWN_FAILURES: Final = 20
"""Failed accounts that `show` lists on a terminal."""


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
    crawl: given.CrawlNumber,
    db: given.Db = None,
    form: given.Form = Format.TABLE,
) -> None:
    """Show one crawl: settings, counts, outcomes, runs.

    --format json holds what it takes to cite and repeat it: the command, the seeds in full,
    settings, versions and times, and how several seeds hang together.
    """
    db, form = _as_given(context, db, form)
    database = _database(db)
    record = database.crawl_record(crawl)
    rows = [(name, value) for name, value in zip(COLUMNS, _row(record, database), strict=True)]
    rows += [(f"settings.{name}", value) for name, value in _settings(record, form).items()]
    rows += [
        (f"accounts.{status}" + (f".{cause}" if cause else ""), number)
        for (status, cause), number in record.statuses.items()
    ]
    if record.reused.answers:
        rows += [("reused.answers", record.reused.answers), ("reused.oldest", record.reused.oldest)]
    rows += record_rows(record, database, for_people=form is Format.TABLE)
    failed = database.failures(crawl)
    if form is not Format.TABLE:
        rows.append(("failures", [_failure(one) for one in failed]))
    write_listing(("name", "value"), rows, form)
    if form is Format.TABLE and failed:
        sys.stdout.write("\n")
        brief = [[_failure(one)[name] for name in BRIEF_FAILURE] for one in failed]
        caption = f"{_more(len(failed))}graphcrawl crawls failures {crawl} tells more"
        write_listing(BRIEF_FAILURE, brief[:SHOWN_FAILURES], form, caption=caption)


@app.command("failures")
def failures(
    context: typer.Context,
    crawl: given.CrawlNumber,
    limit: given.Limit = 0,
    db: given.Db = None,
    form: given.Form = Format.TABLE,
) -> None:
    """List the accounts that failed or were deferred, by cause.

    graphcrawl resume CRAWL takes up those whose retries were used up, with --retry-failed all but
    accounts without a report or kept private, with --retry-all those too.
    """
    db, form = _as_given(context, db, form)
    database = _database(db)
    failed = database.failures(crawl)
    source = {"source": database.origin.value}
    columns = BRIEF_FAILURES if form is Format.TABLE else FAILURE
    listed = [_failure(one) | source for one in failed[: limit or None]]
    if form is Format.TABLE:
        listed = [one | {"error": _without_account(one)} for one in listed]
    write_listing(
        columns,
        [[one[name] for name in columns] for one in listed],
        form,
        caption=given.caption(database.origin, shown=len(listed), of=len(failed)),
    )


def _as_given(context: typer.Context, db: str | None, form: Format) -> tuple[str | None, Format]:
    """Both options may as well stand before the subcommand."""
    above_db, above_form = context.obj
    return above_db if db is None else db, above_form if form is Format.TABLE else form


def _settings(record: CrawlRecord, form: Format) -> dict[str, object]:
    """Give a crawl's settings; in a table a long list of excluded accounts is its number."""
    excluded = record.settings.get("exclude")
    if form is not Format.TABLE or not excluded:
        return dict(record.settings)
    return {**record.settings, "exclude": plural(len(excluded), "account")}


def _more(failed: int) -> str:
    rest = failed - SHOWN_FAILURES
    return f"{rest:,} more; " if rest > 0 else ""


def _failure(failure: Failure) -> dict[str, object]:
    account = AccountRef(failure.network, failure.username, failure.social_id)
    told = {"account": str(account), "id": failure.social_id}
    return {**told, **{name: getattr(failure, name) for name in FAILURE[2:-1]}}


def _without_account(told: Mapping[str, object]) -> str:
    """Give a failure's line without the account, which has a column of its own."""
    return str(told["error"] or "").removeprefix(f"{told['account']}: ")


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
        _depth(record),
        record.accounts,
        record.connections,
        record.requests,
        record.asked,
        record.count("skipped", "rim"),
        record.count("skipped", *FILTERED),
        record.count("done", CUT, RING),
        record.count("failed"),
        record.count("queued") + record.count("claimed") + record.count("deferred"),
        record.started_at,
        record.finished_at,
        record.reason,
        database.origin.value,
    )


def _depth(record: CrawlRecord) -> int | str | None:
    if record.is_refresh or record.is_import:
        return None
    return "all" if record.depth is None else record.depth
