"""Where a crawl stands, on standard error: one line on a terminal, now and then one elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

from graphcrawl.wording import duration, plural

if TYPE_CHECKING:
    from graphcrawl.cli.ahead import Doubt
    from graphcrawl.crawl import Progress

Report = Callable[["Progress"], None]

SPINNER_WIDTH: Final = 4
LINE_SECONDS: Final = 15.0
"""How often a log gets a line."""


def progress_line(progress: Progress, rate: int) -> str:
    """Say where a crawl stands.

    Parameters
    ----------
    progress : Progress
    rate : int
        Requests a minute that may be sent; 0: no limit.
    """
    failed = sum(progress.failures.values())
    # What matters most comes first: a narrow terminal cuts the end off.
    parts = [
        plural(progress.requests, "request"),
        _trouble(progress),
        f"{progress.queued:,} queued",
        f"{_a_minute(progress):,.0f} a minute",
        *_time_left(progress, rate),
        f"{progress.accounts:,} new",
        f"{failed:,} failed" if failed else "",
    ]
    return " · ".join(part for part in parts if part)


def _trouble(progress: Progress) -> str:
    if progress.pause is not None:
        tried = f"in {duration(progress.pause)}" if progress.pause else "now"
        return f"no answers: one account is tried {tried}"
    return f"retrying ({progress.trouble})" if progress.trouble else ""


def _a_minute(progress: Progress) -> float:
    return 60.0 * progress.requests / max(progress.seconds, 1e-3)


def _time_left(progress: Progress, rate: int) -> list[str]:
    """Give the time of the queue, which is sure, and of the next depth, which is an estimate."""
    speed = float(rate) if rate else _a_minute(progress)
    if not progress.queued or speed <= 0:
        return []
    said = [f"at least {duration(60.0 * progress.queued / speed)} left"]
    ahead = progress.ahead
    if ahead is not None and ahead.beyond:
        level, beyond = (duration(60.0 * one / speed) for one in (ahead.left, ahead.beyond))
        said.append(
            f"estimate: {level} for depth {ahead.depth}, then about {ahead.beyond:,} accounts, "
            f"{beyond}, for depth {ahead.depth + 1}"
        )
    return said


@contextmanager
def show_progress(rate: int, *, quiet: bool, doubt: Doubt | None = None) -> Iterator[Report | None]:
    """Give what reports a crawl's progress for as long as the block lasts; None when quiet.

    Parameters
    ----------
    doubt : Doubt or None
        Asks on the terminal if much is ahead.
    """
    if quiet:
        yield None
    elif sys.stderr.isatty():
        with _on_terminal(rate, doubt) as report:
            yield report
    else:
        yield _in_log(rate)


@contextmanager
def _on_terminal(rate: int, doubt: Doubt | None) -> Iterator[Report]:
    from rich.console import Console
    from rich.status import Status
    from rich.text import Text

    console = Console(stderr=True)

    def line(progress: Progress) -> Text:
        text = Text(progress_line(progress, rate))
        # A line that wraps could not be wiped again when the window has changed.
        text.truncate(console.width - SPINNER_WIDTH, overflow="ellipsis")
        return text

    status = Status("asking", console=console)

    def report(progress: Progress) -> None:
        if doubt is not None and (question := doubt.question(progress)):
            # In the thread that turns the frontier: nothing more is claimed meanwhile.
            status.stop()
            doubt.ask(question)
            status.start()
        # A terminal may be lost at any time: the crawl is none the worse for it.
        with suppress(OSError):
            status.update(line(progress))

    status.start()
    try:
        yield report
    finally:
        with suppress(OSError):
            status.stop()


def _in_log(rate: int) -> Report:
    last = time.monotonic()

    def report(progress: Progress) -> None:
        nonlocal last
        if time.monotonic() - last >= LINE_SECONDS:
            last = time.monotonic()
            sys.stderr.write(progress_line(progress, rate) + "\n")

    return report
