"""What ``crawls show`` tells of a crawl beyond its counts: enough to cite and repeat it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from graphcrawl.cells import plain
from graphcrawl.cli import options as given
from graphcrawl.cli.repeating import repeating_command
from graphcrawl.cli.seed_groups import seed_lines, seed_rows
from graphcrawl.wording import plural

if TYPE_CHECKING:
    from graphcrawl.database import Database
    from graphcrawl.model import AccountRef
    from graphcrawl.store import CrawlRecord, RunRecord

Rows = Iterator[tuple[str, object]]


def record_rows(record: CrawlRecord, database: Database, *, for_people: bool) -> Rows:
    """Give the rows of a crawl's record.

    Parameters
    ----------
    for_people : bool
        In lines, the largest few of what is long; otherwise whole, lists and objects.

    Yields
    ------
    (str, object)
    """
    path = given.shown(database.path)
    newest = record.runs[-1].versions if record.runs else {}
    yield from ((f"versions.{name}", value) for name, value in newest.items())
    # A refresh asks what a database holds: with another one there is nothing to repeat. Nor is
    # there with files that may lie anywhere.
    command = (
        None
        if record.is_refresh or record.is_import
        else repeating_command(record.seed_accounts, record.settings, database=path)
    )
    yield "command", command
    yield from _runs_in_lines(record) if for_people else _whole(record)
    if len(record.seeds) > 1:
        yield from _seeds(record, database, path, for_people=for_people)


def _seeds(record: CrawlRecord, database: Database, path: str, *, for_people: bool) -> Rows:
    ties = database.seed_ties(record.id)
    if not for_people:
        yield from seed_rows(ties)
        return
    more = f"graphcrawl crawls show {record.id} --format json --db {given.quoted(path)}"
    yield from seed_lines(ties, whole=record.asked == record.accounts, more=more)


def _whole(record: CrawlRecord) -> Rows:
    yield "seed_accounts", [seed and _account(seed) for seed in record.seed_accounts]
    yield "runs", [_run(run) for run in record.runs]


def _account(seed: AccountRef) -> Mapping[str, str | None]:
    return {"network": seed.network, "username": seed.username, "id": seed.social_id}


def _run(run: RunRecord) -> Mapping[str, Any]:
    return {
        "status": run.status,
        "started_at": run.started_at,
        "finished_at": run.finished_at,
        "requests": run.requests,
        "reason": run.reason,
        "settings": run.settings,
        "versions": run.versions,
    }


def _runs_in_lines(record: CrawlRecord) -> Rows:
    for number, run in enumerate(record.runs, 1):
        start = plain(run.started_at.replace(microsecond=0))
        end = plain(run.finished_at.replace(microsecond=0)) if run.finished_at else "?"
        yield f"run {number}", f"{start} to {end}, {plural(run.requests, 'request')}, {run.status}"
