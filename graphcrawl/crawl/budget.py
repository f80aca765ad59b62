"""Bounds on a run: requests, accounts, time. A run that reaches one can be resumed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from graphcrawl.crawl.ports import Permits, Wait
from graphcrawl.errors import CrawlIncomplete
from graphcrawl.wording import duration, plural


class BudgetReached(CrawlIncomplete):
    """A run has had all that its budget allows."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """When a run begins nothing more; what is under way then is recorded whole.

    Attributes
    ----------
    max_nodes : int or None
        Once the crawl holds so many accounts. The answers under way may bring more.
    held : int
        Accounts that it held when the run began.
    max_seconds : float or None
        Once the run has taken so long.
    """

    max_nodes: int | None = None
    held: int = 0
    max_seconds: float | None = None

    def reached(self, joined: int, seconds: float) -> BudgetReached | None:
        """Say which bound is reached, if one is.

        Parameters
        ----------
        joined : int
            Accounts that joined the crawl in this run.
        seconds : float
            Since it began.
        """
        held = self.held + joined
        if self.max_nodes is not None and held >= self.max_nodes:
            return BudgetReached(
                f"the crawl holds {plural(held, 'account')}, with --max-nodes {self.max_nodes}; "
                "everything is saved"
            )
        if self.max_seconds is not None and seconds >= self.max_seconds:
            return BudgetReached(
                f"the time of {duration(self.max_seconds)} is used up; everything is saved"
            )
        return None


class Budgeted:
    """Permits, but no more than so many.

    Parameters
    ----------
    permits : Permits
    most : int
        Requests in this run.
    """

    def __init__(self, permits: Permits, most: int) -> None:
        self._permits = permits
        self._most = most
        self._given = 0
        self._lock = threading.Lock()

    @contextmanager
    def permit(self, wait: Wait) -> Iterator[None]:
        """Wait for a permit, if the budget has one left.

        Raises
        ------
        BudgetReached
        """
        with self._lock:
            if self._given >= self._most:
                raise BudgetReached(
                    f"the budget of {self._most} requests is used up; everything is saved"
                )
            self._given += 1
        with self._permits.permit(wait):
            yield

    def hold(self, seconds: float) -> None:
        """Let nobody begin a request for so many seconds."""
        self._permits.hold(seconds)
