"""The closing summary of a crawl: what is there, what is missing, and what comes next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from graphcrawl.cli.sources import of_origin
from graphcrawl.errors import NothingFound
from graphcrawl.filters import CUT, IN_WORDS, RING
from graphcrawl.model import Origin
from graphcrawl.moments import moment_name
from graphcrawl.wording import duration, plural, printable

if TYPE_CHECKING:
    from graphcrawl.crawl import PictureCounts
    from graphcrawl.runs import CrawlResult
    from graphcrawl.store import CrawlRecord

SHOWN_SEEDS: Final = 3
VENDOR_RATE: Final = 95
"""Requests a minute by which time is told for a crawl without a rate."""

LOOK: Final = (
    "SELECT network, username, subscribers_count FROM nodes "
    "ORDER BY subscribers_count DESC LIMIT 10"
)
"""What the next command asks when a crawl has seen everything: who is followed most."""

CAUSES: Final[Mapping[str, str]] = {
    "not-found": "without a report (404)",
    "private": "private or without posts (403)",
    "invalid-request": "refused as invalid (400)",
    "unexpected-status": "answered in an undocumented way",
    "unusable-answer": "answered with unusable data",
    "pending": "with a report still being made (202)",
    "rate-limited": "held back by the rate limit (429)",
    "server-fault": "lost to server faults (5xx)",
    "broken-answer": "lost to broken answers",
    "timeout": "lost to timeouts",
    "unreachable": "lost to broken connections",
}


@dataclass(frozen=True, slots=True)
class Files:
    """What a crawl left behind, as it can be typed.

    Attributes
    ----------
    database : str
    page : str or None
        The map, if one was drawn.
    flags : str
        What ``resume`` must be told to find the database and the source again, with a leading
        blank.
    reading : str
        What a reading command must be told to find the database, likewise.
    """

    database: str
    page: str | None
    flags: str
    reading: str


def summarise(
    result: CrawlResult, files: Files, *, origin: Origin, seeds: Sequence[tuple[str, str]] = ()
) -> str:
    """Write the summary.

    Parameters
    ----------
    result : CrawlResult
    files : Files
    origin : Origin
        Simulated data is called so.
    seeds : sequence of (str, str)
        How the seeds hang together: what each line is about, and what it says.

    Returns
    -------
    str
        Lines, each ended.
    """
    record, whose = result.record, of_origin(origin)
    lines = [
        _title(record),
        f"  {plural(record.accounts, 'account')}, {plural(record.connections, 'connection')}, "
        f"{plural(record.requests, 'request')}, {duration(result.seconds)}",
        *([f"  {_reused(record)}"] if record.reused.answers else []),
        *_failures(record),
        f"  {_reach(record)}",
        *(f"  {about:<9} {text}" for about, text in seeds),
        *([f"  {_pictures(result.pictures)}"] if result.pictures else []),
        *([f"  map       {files.page}"] if files.page else []),
        f"  database  {files.database}",
        *([f"  {whose}"] if whose else []),
        *([f"  next      {_next(record, files)}"] if is_worth_showing(result) else []),
    ]
    return "".join(f"{printable(line)}\n" for line in lines)


def is_worth_showing(result: CrawlResult) -> bool:
    """Tell whether there is anything to look at: not before the first answer about a seed."""
    record = result.record
    answered = record.asked + record.count("failed") + record.count("skipped")
    return bool(answered) and not isinstance(result.ended, NothingFound)


def ending(result: CrawlResult, files: Files) -> str:
    """Say in one line why a crawl is not complete, and what goes on with it."""
    if isinstance(result.ended, NothingFound):
        return str(result.ended)
    return f"{result.ended}; {_going_on(result.record, files)} goes on"


def _title(record: CrawlRecord) -> str:
    seeds = ", ".join(record.seeds[:SHOWN_SEEDS])
    if len(record.seeds) > SHOWN_SEEDS:
        seeds += f" and {len(record.seeds) - SHOWN_SEEDS} more"
    if record.is_refresh:
        return f"crawl {record.id}, a refresh{f' of {seeds}' if seeds else ''}: {record.status}"
    depth = "all" if record.depth is None else record.depth
    return f"crawl {record.id} of {seeds}, depth {depth}: {record.status}"


def _reused(record: CrawlRecord) -> str:
    answers, oldest = record.reused.answers, record.reused.oldest
    age = (datetime.now(UTC) - oldest).total_seconds() if oldest else 0.0
    which = "it is" if answers == 1 else "the oldest is"
    return f"{plural(answers, 'answer')} taken from the database, {which} {duration(age)} old"


def _failures(record: CrawlRecord) -> list[str]:
    counts = {
        cause: number
        for (status, cause), number in record.statuses.items()
        if status in ("failed", "deferred") and cause
    }
    return [
        f"  {number:,} {CAUSES.get(cause, cause)}"
        for cause, number in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    ]


def _reach(record: CrawlRecord) -> str:
    waiting, rim = record.count("queued"), record.count("skipped", "rim")
    foreign = record.count("skipped", "unknown-network")
    said = [
        (waiting, f"{plural(waiting, 'account')} still in the queue ({_time(waiting, record)})"),
        (
            rim,
            f"{plural(rim, 'account')} on the rim {_were(rim)} not asked ({_time(rim, record)})",
        ),
        (
            foreign,
            f"{plural(foreign, 'account')} on networks that the API cannot be asked about",
        ),
    ]
    parts = [text for count, text in said if count] + _left_out(record)
    if parts:
        return "; ".join(parts)
    if record.status != "complete":
        return "not everything reachable was seen yet"
    without_answer = ", but for those without an answer" if record.count("failed") else ""
    return f"everything reachable was seen{without_answer}"


def _left_out(record: CrawlRecord) -> list[str]:
    """Say what filters left out, of accounts and of answers."""
    left = [(record.count("skipped", cause), words) for cause, words in IN_WORDS.items()]
    causes = [f"{number:,} {words}" for number, words in left if number]
    filtered, cut = sum(number for number, _ in left), record.count("done", CUT)
    ring = record.count("done", RING)
    most = record.settings.get("max_connections")
    parts = [
        f"{plural(filtered, 'account')} {_were(filtered)} not asked: {', '.join(causes)}"
        if filtered
        else "",
        f"{plural(cut, 'answer')} cut to {'fewer' if most is None else f'{most:,}'} connections"
        if cut
        else "",
        f"{plural(ring, 'account')} on the rim {_were(ring)} asked for connections among these "
        "accounts alone"
        if ring
        else "",
    ]
    return [part for part in parts if part]


def _were(number: int) -> str:
    return "was" if number == 1 else "were"


def _pictures(counts: PictureCounts) -> str:
    parts = [
        f"{plural(counts.kept, 'picture')} kept",
        f"{counts.failed:,} could not be fetched" if counts.failed else "",
        f"{counts.elsewhere:,} on hosts that are not asked" if counts.elsewhere else "",
        f"{counts.late:,} left out for want of time" if counts.late else "",
    ]
    return ", ".join(part for part in parts if part)


def _time(requests: int, record: CrawlRecord) -> str:
    rate = record.settings.get("rate") or VENDOR_RATE
    return f"{duration(60.0 * requests / rate)} at {rate} a minute"


def _next(record: CrawlRecord, files: Files) -> str:
    if record.status != "complete":
        return _going_on(record, files)
    if record.is_refresh:
        return f"graphcrawl diff {moment_name(record.started_at)}{files.reading}"
    if record.count("skipped", "rim") and record.depth is not None:
        return f"{_going_on(record, files)} --depth {record.depth + 1}"
    # Double quotes serve every shell, Windows' own too.
    return f'graphcrawl query "{LOOK}"{files.reading}'


def _going_on(record: CrawlRecord, files: Files) -> str:
    most = record.settings.get("max_nodes")
    # With the bound that was reached it would end at once.
    wider = " --max-nodes all" if most is not None and record.accounts >= most else ""
    return f"graphcrawl resume {record.id}{wider}{files.flags}"
