"""How long to wait before the next attempt, and how often to try: small values, no sleeping."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from graphcrawl.errors import RateLimited, TransientError


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Growing, jittered, bounded waits.

    Attributes
    ----------
    retries : int
        Attempts after the first. With 10, an account is lost once in 177,000 when a third of all
        answers fail.
    base : float
        Seconds before the first retry; doubled for each further one.
    limited_base : float
        The same after a 429 that names no time.
    pending_base : float
        The same after a 202 (the report is being made).
    pending_retries : int
        How often a report that is being made is asked for again in one run.
    cap : float
        Seconds that no wait of ours exceeds.
    retry_after_cap : float
        Seconds that no wait asked for by the server exceeds.
    jitter : float
        Share (0-1) by which a wait may be longer, so that workers do not return in step.
    never_reached_retries : int
        Retries while the server has never answered at all.
    never_reached_seconds : float
        After so long without any answer nothing is tried again.
    pauses : int
        How often a crawl pauses when accounts use up their retries one after another.
    pause_factor : float
        Seconds of the first pause, as a multiple of `base`; doubled for each further one.
    probe_retries : int
        Attempts after the first for the account that is asked after a pause.
    """

    retries: int = 10
    base: float = 0.5
    limited_base: float = 2.0
    pending_base: float = 1.0
    pending_retries: int = 8
    cap: float = 30.0
    retry_after_cap: float = 120.0
    jitter: float = 0.25
    never_reached_retries: int = 6
    never_reached_seconds: float = 50.0
    pauses: int = 3
    pause_factor: float = 60.0
    probe_retries: int = 2

    def pause(self, number: int) -> float:
        """Give the seconds of the `number`-th pause (from 1)."""
        return self.base * self.pause_factor * 2.0 ** (number - 1)

    def wait(self, error: TransientError, failures: int, random: Callable[[], float]) -> float:
        """Give the seconds to wait after the `failures`-th failed attempt (from 1)."""
        base = self.limited_base if isinstance(error, RateLimited) else self.base
        return self._jittered(error, base, failures, random)

    def postpone(
        self, error: TransientError, postponed: int, random: Callable[[], float]
    ) -> float | None:
        """Give the seconds until a report in the making is asked for again; None: give up."""
        if postponed >= self.pending_retries:
            return None
        return self._jittered(error, self.pending_base, postponed + 1, random)

    def _jittered(
        self, error: TransientError, base: float, failures: int, random: Callable[[], float]
    ) -> float:
        if error.retry_after is not None:
            # Jitter only ever lengthens: the server's own time is a lower bound.
            asked = min(error.retry_after, self.retry_after_cap)
            return asked + min(1.0, self.jitter * asked) * random()
        grown = min(self.cap, base * 2.0 ** min(failures - 1, 20))
        return min(self.cap, grown * (1.0 + self.jitter * random()))
