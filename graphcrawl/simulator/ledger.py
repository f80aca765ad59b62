"""What was asked, and when: so that a test can prove what a crawler did."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass
from threading import Lock

from graphcrawl.simulator.faults import FaultKind


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRecord:
    """One request.

    Attributes
    ----------
    time : float
        Seconds on the monotonic clock when its head had been read.
    network : str
        As asked; empty for the plan and for requests that name no account.
    asked : str
        The username or ID that was asked for, or empty.
    social_id : str or None
        The account's ID, where its report was found.
    status : int
        Of the response; 0 when on purpose none was sent.
    fault : FaultKind or None
        What went wrong on purpose.
    """

    time: float
    status: int
    network: str = ""
    asked: str = ""
    social_id: str | None = None
    fault: FaultKind | None = None


class Ledger:
    """Remember the newest requests, and how many there were; safe to share between threads.

    Parameters
    ----------
    size : int
        How many requests are remembered.
    """

    def __init__(self, size: int) -> None:
        self._lock = Lock()
        self._total = 0
        self._records: deque[RequestRecord] = deque(maxlen=size)

    def note(self, record: RequestRecord) -> None:
        """Remember a request, and forget the oldest when there are too many."""
        with self._lock:
            self._total += 1
            self._records.append(record)

    @property
    def total(self) -> int:
        """How many requests there were, the forgotten ones too."""
        return self._total

    @property
    def records(self) -> tuple[RequestRecord, ...]:
        """The remembered requests, in the order of their answers."""
        with self._lock:
            return tuple(self._records)

    def counts(self) -> Counter[tuple[str, str]]:
        """Count remembered requests by network and by the username or ID asked for."""
        return Counter((r.network, r.asked) for r in self.records if r.asked)
