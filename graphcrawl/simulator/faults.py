"""What goes wrong on purpose, and when: the same requests meet the same faults every time."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from enum import StrEnum
from math import ceil
from random import Random
from typing import Final

from graphcrawl.errors import SettingsError

ONE_MINUTE: Final = 60.0
"""The vendor's window, in seconds."""


class FaultKind(StrEnum):
    """Everything that a request can meet instead of its answer; values are for command lines."""

    TOO_MANY = "429"
    TOO_MANY_WAIT = "429-retry-after"
    SERVER_ERROR = "500"
    BAD_GATEWAY = "502"
    RESET = "reset"
    CUT = "cut"
    PENDING = "202"
    HANG = "hang"


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """Which requests go wrong, and how.

    Attributes
    ----------
    share : float
        Of requests that meet a fault, 0 to 1.
    kinds : tuple of FaultKind
        Drawn from evenly.
    rng_seed : int
        Another seed spoils other requests.
    retry_after : int
        Seconds in the Retry-After of `FaultKind.TOO_MANY_WAIT`, and in a 202's ``retry``.
    hang_seconds : float
        How long a hanging connection stays open without an answer.

    Raises
    ------
    SettingsError
        When the share is not within 0 to 1, or there is no kind to draw from.
    """

    share: float = 0.0
    kinds: tuple[FaultKind, ...] = tuple(FaultKind)
    rng_seed: int = 0
    retry_after: int = 1
    hang_seconds: float = 30.0

    def __post_init__(self) -> None:
        if not 0 <= self.share <= 1:
            raise SettingsError(f"the share of faults must lie within 0 and 1, not {self.share}")
        if not self.kinds:
            raise SettingsError("no kind of fault to draw from")

    def choose(self, number: int) -> FaultKind | None:
        """Decide on a request by its number in order of arrival, from 0; None lets it pass."""
        if not self.share:
            return None
        # A string seeds the generator through SHA-512: neighbours have nothing in common.
        draw = Random(f"{self.rng_seed}/{number}")
        return draw.choice(self.kinds) if draw.random() < self.share else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """The vendor's limit: so many requests within any window of so many seconds.

    Attributes
    ----------
    requests : int
        1 or more; the documentation says "less than 100 a minute".
    seconds : float
        The window's length.
    retry_after : bool
        Tell a refused client how many seconds to wait.

    Raises
    ------
    SettingsError
        When no request would ever pass.
    """

    requests: int = 99
    seconds: float = ONE_MINUTE
    retry_after: bool = True

    def __post_init__(self) -> None:
        if self.requests < 1 or self.seconds <= 0:
            raise SettingsError("a limit needs at least 1 request in more than 0 seconds")


class SlidingWindow:
    """Count the requests that passed within the limit's window; not safe to share unlocked."""

    def __init__(self, limit: Limit) -> None:
        self._limit = limit
        self._passed: deque[float] = deque(maxlen=limit.requests)

    def admit(self, now: float) -> int | None:
        """Let a request pass, or refuse it.

        Parameters
        ----------
        now : float
            Seconds on a clock that never goes back.

        Returns
        -------
        int or None
            None when it passed, else whole seconds until one would. Refused ones do not count.
        """
        if len(self._passed) == self._limit.requests:
            elapsed = now - self._passed[0]
            if elapsed < self._limit.seconds:
                return ceil(self._limit.seconds - elapsed)
        self._passed.append(now)
        return None
