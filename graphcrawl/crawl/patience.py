"""When accounts use up their retries one after another: pause, probe, and in the end give up.

A single account that gives no answer failed by itself. Several in a row mean that the server does
not answer, and asking for the rest would mark the whole frontier as failed. So the crawl pauses,
longer each time, and after each pause asks for one account; any answer lets it go on. If none
comes, what is left stays in the queue, unless each of it has used up its retries by itself.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

from graphcrawl.crawl.retry import RetryPolicy
from graphcrawl.errors import CrawlIncomplete, RateLimited
from graphcrawl.model import Outcome, OutcomeKind

SILENT_ACCOUNTS: Final = 5
"""Accounts in a row that may use up their retries before the server counts as down."""

BEHIND: Final = 1.5
"""An account that gave no answer waits so many times as long as all pauses to come: the probes are
others, for it may be its own fault."""


@dataclass(slots=True)
class Patience:
    """Tells outcomes that failed by themselves from those of a server that is down.

    Attributes
    ----------
    policy : RetryPolicy
        How long the pauses are, and how many there are.
    clock : callable
        Seconds, monotonic.
    given_up : CrawlIncomplete or None
        Set once the server has not answered after the last pause.
    """

    policy: RetryPolicy
    clock: Callable[[], float] = time.monotonic
    given_up: CrawlIncomplete | None = None
    _held: list[Outcome] = field(default_factory=list)
    _silent: dict[int, Outcome] = field(default_factory=dict)
    _pauses: int = 0
    _until: float | None = None

    @property
    def is_troubled(self) -> bool:
        """Whether the crawl pauses or probes."""
        return self._until is not None

    @property
    def seconds_left(self) -> float:
        """Seconds that the present pause still takes."""
        return 0.0 if self._until is None else max(0.0, self._until - self.clock())

    def room(self, workers: int, flying: int) -> int:
        """Give the accounts that may be claimed: none in a pause, then one at a time."""
        if self._until is None:
            return workers - flying
        return 0 if flying or self.seconds_left > 0 else 1

    def take(self, outcome: Outcome) -> list[Outcome]:
        """Give the outcomes that can be recorded, now that this one is there."""
        if outcome.kind is OutcomeKind.RETURNED:
            return [outcome]
        if outcome.kind is not OutcomeKind.EXHAUSTED:
            self._silent.pop(outcome.claim.node_id, None)
            # The server is there after all, so those before failed by themselves.
            self._pauses, self._until = 0, None
            return [*self.settle(), outcome]
        if outcome.cause != RateLimited.cause:
            # A 429 says nothing of the account, however often it comes.
            self._silent[outcome.claim.node_id] = replace(outcome, attempts=0)
        if self._until is None:
            self._held.append(outcome)
            if outcome.cause != RateLimited.cause and len(self._held) < SILENT_ACCOUNTS:
                return []
        elif self.seconds_left > 0:
            # It was asked for before the pause began.
            return [self._postponed(outcome)]
        else:
            self._held = [outcome]
        return self._pause(outcome)

    def settle(self) -> list[Outcome]:
        """Give the accounts that were held back, when nothing else is left: they failed."""
        held, self._held = self._held, []
        return held

    def exhausted(self, waiting: int) -> list[Outcome]:
        """Give the accounts that used up their retries in this run, if all that wait are such.

        They have failed then, each as its last attempt did. Where others wait too, nothing is
        known of those, and none is marked. An account is given once.

        Parameters
        ----------
        waiting : int
            Accounts in the queue.
        """
        silent, self._silent = list(self._silent.values()), {}
        return silent if len(silent) == waiting else []

    def _pause(self, last: Outcome) -> list[Outcome]:
        held = self.settle()
        if self._pauses >= self.policy.pauses:
            self.given_up = CrawlIncomplete(
                f"the API stopped answering ({last.message}); everything answered is saved"
            )
            return [replace(one, kind=OutcomeKind.RETURNED) for one in held]
        self._pauses += 1
        self._until = self.clock() + self.policy.pause(self._pauses)
        return list(map(self._postponed, held))

    def _postponed(self, outcome: Outcome) -> Outcome:
        # Nothing is known of the account itself, so nothing is written of it but when it is due.
        later = range(self._pauses + 1, self.policy.pauses + 1)
        wait = BEHIND * (self.seconds_left + sum(map(self.policy.pause, later)))
        return replace(outcome, kind=OutcomeKind.POSTPONED, wait=wait, cause=None, message=None)
