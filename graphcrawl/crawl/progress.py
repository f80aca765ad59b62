"""Where a crawl stands, and what is ahead of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final

from graphcrawl.crawl.estimate import Ahead

COUNT_SECONDS: Final = 2.0
"""How often the accounts of each depth are counted, at most."""

COUNT_SHARE: Final = 0.02
"""Share of the time that counting them may take: a large crawl is counted less often."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a crawl stands.

    Attributes
    ----------
    requests : int
        Sent in this run, retries included.
    answered : int
        Accounts whose connections came in this run.
    accounts, connections : int
        That joined the crawl in this run.
    failures : mapping of str to int
        Accounts by cause of failure, in this run.
    queued : int
        Accounts that wait to be asked.
    trouble : str or None
        Kind of failure of the newest attempt, if it is being retried.
    pause : float or None
        Seconds until a server that does not answer is tried again; None: it answers.
    seconds : float
        Since this run began.
    ahead : Ahead or None
        What is still to be asked, as estimated; None: nobody waits, or nobody has counted.
    """

    requests: int = 0
    answered: int = 0
    accounts: int = 0
    connections: int = 0
    failures: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    queued: int = 0
    trouble: str | None = None
    pause: float | None = None
    seconds: float = 0.0
    ahead: Ahead | None = None


Report = Callable[[Progress], None]


def foretold(
    report: Report,
    look: Callable[[], Ahead | None],
    *,
    clock: Callable[[], float] = time.monotonic,
) -> Report:
    """Give a report that also tells what is ahead, looked at now and then.

    Parameters
    ----------
    report : callable
        Is given the completed `Progress`.
    look : callable
        Counts what waits; takes its time.
    """
    ahead: Ahead | None = None
    due = float("-inf")

    def tell(progress: Progress) -> None:
        nonlocal ahead, due
        began = clock()
        if began >= due:
            ahead = look()
            ended = clock()
            due = ended + max(COUNT_SECONDS, (ended - began) / COUNT_SHARE)
        report(replace(progress, ahead=ahead))

    return tell
