"""What the crawl needs of the world: answers, a frontier, permits; for pictures, two more.

The crawl is breadth-first search over a neighbour function. In production that function is the
API's client and the frontier a database; in a test a dictionary will do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from graphcrawl.model import Account, AccountRef, Answer, Outcome, Thumbnail, Turn

Wait = Callable[[float], None]
"""Waits for seconds, or raises `Stopped` as soon as the crawl is asked to end."""


class Source(Protocol):
    """Where answers come from; called by several threads at once."""

    def ask(self, ref: AccountRef) -> Answer:
        """Ask once for an account's connections.

        Raises
        ------
        ApiError
            Whatever came instead of an answer.
        """
        ...


class Frontier(Protocol):
    """Which accounts are known, asked, waiting and due; called by one thread."""

    def turn(self, outcomes: Sequence[Outcome], room: int) -> Turn:
        """Record outcomes and claim up to `room` accounts, in one durable transaction.

        A claim without its outcome is asked again after a restart. Claims come by (depth, id).
        No claims means that nothing is due now: `Turn.next_due` says when something will be, and
        None that the frontier is empty but for what is claimed.
        """
        ...

    def rest(self, *, idle: bool) -> None:
        """Do what nothing waits for, between two turns; a little more of it in an idle crawl."""
        ...

    def queued(self) -> int:
        """Count the accounts that wait to be asked."""
        ...


class Permits(Protocol):
    """Who may send a request when; shared by all that use one client ID."""

    def permit(self, wait: Wait) -> AbstractContextManager[None]:
        """Wait for a permit, durable before the block is entered; the block is one request.

        Leaving the block says that the answer came or was given up.
        """
        ...

    def hold(self, seconds: float) -> None:
        """Let nobody begin a request for so many seconds: the vendor said that it is too much."""
        ...


class PictureSource(Protocol):
    """Where pictures come from; called by several threads at once."""

    def allows(self, url: str) -> bool:
        """Tell whether an address is asked at all."""
        ...

    def fetch(self, url: str) -> Thumbnail | None:
        """Fetch a picture, within a bounded time; None whatever went wrong."""
        ...


class Album(Protocol):
    """Where pictures are kept; called by one thread."""

    def lacking(self, accounts: Sequence[Account]) -> list[Account]:
        """Give those of some accounts that have no picture yet, in their order."""
        ...

    def keep(self, pictures: Iterable[tuple[Account, Thumbnail]]) -> int:
        """Store pictures in one transaction, and say how many."""
        ...
