"""A bound on the requests of one run, retries included."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from graphcrawl.crawl.ports import Permits, Wait
from graphcrawl.errors import CrawlIncomplete


class BudgetReached(CrawlIncomplete):
    """Every request that the budget allows has been sent."""


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
