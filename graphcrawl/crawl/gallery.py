"""Pictures of accounts, fetched beside a crawl: it never waits for one, and none can fail it.

The addresses of pictures are signed and expire, so they are fetched as answers arrive. After each
turn of the frontier, when what it recorded is durable, the listed accounts that have no picture
are handed to a few threads; what these bring is stored about once a second, by the crawl's own
thread. A killed process leaves some pictures out, and nothing else.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import Enum, auto
from queue import Empty, SimpleQueue
from typing import Final

from graphcrawl.crawl.asking import StopSignal
from graphcrawl.crawl.ports import Album, Frontier, PictureSource
from graphcrawl.errors import AccessError, CrawlIncomplete, StoreError
from graphcrawl.model import Account, Outcome, Thumbnail, Turn

FETCHERS: Final = 4
"""Pictures asked for at once."""

SAVE_SECONDS: Final = 1.0
"""How often pictures are stored: a transaction for each would be felt."""

PATIENCE_SECONDS: Final = 30.0
"""How long a crawl that has ended waits for the last pictures."""

MOST_WAITING: Final = 10_000
"""Accounts whose picture is still to be fetched; with more than that, some get none."""

_LOOK_SECONDS: Final = 0.1
_LEAVE_SECONDS: Final = 1.0


@dataclass(frozen=True, slots=True)
class PictureCounts:
    """What became of the pictures of one run; accounts that had one before are not counted.

    Attributes
    ----------
    kept : int
        Stored.
    failed : int
        Fetched in vain, or found to be no picture of use.
    elsewhere : int
        Whose address is on no host that is asked.
    late : int
        For which there was no time.
    """

    kept: int = 0
    failed: int = 0
    elsewhere: int = 0
    late: int = 0


class _Missing(Enum):
    FAILED = auto()
    ELSEWHERE = auto()


class Gallery:
    """Fetches and stores pictures for the length of one crawl.

    Parameters
    ----------
    source : PictureSource
        Asked by `fetchers` threads.
    album : Album
        Used by the crawl's own thread alone.
    fetchers : int
    patience : float
        Seconds to wait for the last pictures, when the crawl has ended.
    clock : callable
        Seconds, monotonic.
    """

    def __init__(
        self,
        source: PictureSource,
        album: Album,
        *,
        fetchers: int = FETCHERS,
        patience: float = PATIENCE_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._source = source
        self._album = album
        self._fetchers = fetchers
        self._patience = patience
        self._clock = clock
        self._counts = PictureCounts()
        self._seen: set[tuple[str, str]] = set()
        self._wanted: SimpleQueue[Account | None] = SimpleQueue()
        self._fetched: SimpleQueue[tuple[Account, Thumbnail | _Missing]] = SimpleQueue()
        self._waiting = 0
        self._ready: list[tuple[Account, Thumbnail]] = []
        self._saved_at = clock()
        self._closing = threading.Event()

    @property
    def counts(self) -> PictureCounts:
        """What became of the pictures so far."""
        return self._counts

    @contextmanager
    def beside(self, frontier: Frontier, stop: StopSignal) -> Iterator[Frontier]:
        """Give a frontier to crawl over, whose accounts get their pictures.

        At the end of the block, however it is reached, what was fetched is stored. What is still
        to be fetched is waited for, for so long as `stop` is not set.
        """
        threads = [
            threading.Thread(target=self._fetch, name=f"fetcher-{number}", daemon=True)
            for number in range(self._fetchers)
        ]
        for thread in threads:
            thread.start()
        try:
            try:
                yield _Illustrated(frontier, self)
            except (AccessError, CrawlIncomplete):
                self._wait(stop)
                raise
            self._wait(stop)
        finally:
            self._leave(threads)

    def want(self, accounts: Iterable[Account]) -> None:
        """Have the pictures fetched of those that have an address and no picture."""
        fresh = list(filter(self._is_new, accounts))
        if fresh:
            try:
                fresh = self._album.lacking(fresh)
            except StoreError:
                # The crawl's own transaction will meet the same, and say so.
                fresh = []
        for account in fresh:
            if self._waiting < MOST_WAITING:
                self._waiting += 1
                self._wanted.put(account)
            else:
                self._count(late=1)

    def save(self) -> None:
        """Store what has been fetched, if it is time to."""
        self._take()
        if self._ready and self._clock() - self._saved_at >= SAVE_SECONDS:
            self._store()

    def _is_new(self, account: Account) -> bool:
        identity = (account.network, account.social_id)
        if not account.avatar_url or identity in self._seen:
            return False
        self._seen.add(identity)
        return True

    def _wait(self, stop: StopSignal) -> None:
        until = self._clock() + self._patience
        while self._waiting and not stop.is_set() and self._clock() < until:
            self._take(_LOOK_SECONDS)
            self.save()

    def _leave(self, threads: Sequence[threading.Thread]) -> None:
        """End the threads; one that hangs in a request is left to its timeouts."""
        self._closing.set()
        for _ in threads:
            self._wanted.put(None)
        until = self._clock() + _LEAVE_SECONDS
        for thread in threads:
            thread.join(max(0.0, until - self._clock()))
        self._take()
        if self._ready:
            self._store()
        self._count(late=self._waiting)
        self._waiting = 0

    def _take(self, patience: float = 0.0) -> None:
        """Take what has come, and wait so many seconds for the first of it."""
        try:
            while self._waiting:
                self._file(*self._fetched.get(timeout=patience))
                patience = 0.0
        except Empty:
            return

    def _file(self, account: Account, came: Thumbnail | _Missing) -> None:
        self._waiting -= 1
        if isinstance(came, Thumbnail):
            self._ready.append((account, came))
        elif came is _Missing.FAILED:
            self._count(failed=1)
        else:
            self._count(elsewhere=1)

    def _store(self) -> None:
        try:
            self._count(kept=self._album.keep(self._ready))
        except StoreError:
            self._count(failed=len(self._ready))
        self._ready = []
        self._saved_at = self._clock()

    def _count(self, **more: int) -> None:
        told = {name: getattr(self._counts, name) + number for name, number in more.items()}
        self._counts = replace(self._counts, **told)

    def _fetch(self) -> None:
        while (account := self._wanted.get()) is not None and not self._closing.is_set():
            self._fetched.put((account, self._look_at(account.avatar_url or "")))

    def _look_at(self, url: str) -> Thumbnail | _Missing:
        try:
            if not self._source.allows(url):
                return _Missing.ELSEWHERE
            return self._source.fetch(url) or _Missing.FAILED
        except Exception:
            # A fault of ours in here must not end a crawl of days for the want of a picture.
            return _Missing.FAILED


class _Illustrated:
    """A frontier that tells a gallery whom its durable turns brought."""

    def __init__(self, frontier: Frontier, gallery: Gallery) -> None:
        self._frontier = frontier
        self._gallery = gallery

    def turn(self, outcomes: Sequence[Outcome], room: int) -> Turn:
        turn = self._frontier.turn(outcomes, room)
        self._gallery.want(account for one in outcomes for account in _told(one))
        self._gallery.save()
        return turn

    def rest(self, *, idle: bool) -> None:
        self._frontier.rest(idle=idle)

    def queued(self) -> int:
        return self._frontier.queued()


def _told(outcome: Outcome) -> Iterable[Account]:
    if outcome.answer is None:
        return ()
    own = outcome.answer.own
    return (*((own,) if own else ()), *outcome.answer.connections)
