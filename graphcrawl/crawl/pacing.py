"""Permits for a crawl without a rate: none is waited for, but the vendor's 429 holds everyone."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from graphcrawl.crawl.ports import Wait


class Unlimited:
    """As many requests as the workers can send."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._held_until = float("-inf")
        self._lock = threading.Lock()

    @contextmanager
    def permit(self, wait: Wait) -> Iterator[None]:
        """Begin a request as soon as nobody holds them back."""
        while (pause := self._held_until - self._clock()) > 0:
            wait(pause)
        yield

    def hold(self, seconds: float) -> None:
        """Let nobody begin a request for so many seconds."""
        with self._lock:
            self._held_until = max(self._held_until, self._clock() + seconds)
