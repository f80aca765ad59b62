"""More than an hour ahead: asked about once, on a terminal; never in a script."""

from __future__ import annotations

import select
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from graphcrawl.cli.options import confirm
from graphcrawl.wording import duration

if TYPE_CHECKING:
    from graphcrawl.cli.wishes import Wishes
    from graphcrawl.crawl import Progress, StopSignal
    from graphcrawl.runs import CrawlOptions

LONG_SECONDS: Final = 3_600.0
"""What takes longer is asked about."""

TELLING_REQUESTS: Final = 20
"""So many requests tell enough of the branching to ask because of an estimate."""

BEGINNING_SECONDS: Final = 900.0
"""An estimate that grows long only later is not asked about: the user may have left."""

LOOK_SECONDS: Final = 0.25


def may_ask(options: CrawlOptions, wishes: Wishes) -> bool:
    """Tell whether somebody is there to be asked, and whether it can take long at all."""
    wanted = options.rate and not (wishes.yes or wishes.quiet)
    return bool(wanted) and sys.stdin.isatty() and sys.stderr.isatty()


def seconds_ahead(requests: int, options: CrawlOptions, *, sent: int = 0) -> float:
    """Give the time that requests take at the rate, within the run's bounds; 0 without a rate.

    Parameters
    ----------
    sent : int
        Requests that this run has sent already.
    """
    if not options.rate:
        return 0.0
    if options.max_requests is not None:
        requests = min(requests, max(0, options.max_requests - sent))
    seconds = 60.0 * requests / options.rate
    return seconds if options.max_seconds is None else min(seconds, options.max_seconds)


def confirm_long(requests: int, options: CrawlOptions) -> bool:
    """Ask, if what is known to be ahead takes long; give whether it was asked.

    Raises
    ------
    InputError
        After a no; nothing has been done.
    """
    seconds = seconds_ahead(requests, options)
    if seconds <= LONG_SECONDS:
        return False
    confirm(f"At least {duration(seconds)} ahead at {options.rate} a minute. Go on?")
    return True


@dataclass(slots=True)
class Doubt:
    """Asks once when the beginning of a crawl shows that much is ahead.

    Attributes
    ----------
    options : CrawlOptions
    stop : StopSignal
        Set after a no.
    settled : bool
        Whether nothing is to be asked any more.
    """

    options: CrawlOptions
    stop: StopSignal
    settled: bool = False

    def question(self, progress: Progress) -> str | None:
        """Word the question, if it is time for it."""
        if self.settled or progress.ahead is None or progress.requests < TELLING_REQUESTS:
            return None
        if progress.seconds > BEGINNING_SECONDS:
            self.settled = True
            return None
        ahead = seconds_ahead(progress.ahead.requests, self.options, sent=progress.requests)
        if ahead <= LONG_SECONDS:
            return None
        return f"About {duration(ahead)} ahead, as estimated so far. Go on?"

    def ask(self, question: str) -> None:
        """Ask on the terminal; after a no the crawl ends, with everything saved."""
        self.settled = True
        if not _is_confirmed(question, self.stop):
            self.stop.set()


def _is_confirmed(question: str, stop: StopSignal) -> bool:
    sys.stderr.write(f"{question} [y/N]: ")
    sys.stderr.flush()
    # Not input(): it would outlast a signal, whose handler only sets the stop signal.
    while not stop.is_set():
        if sys.platform == "win32" or select.select([sys.stdin], [], [], LOOK_SECONDS)[0]:
            return sys.stdin.readline().strip().casefold() in ("y", "yes")
    return False
