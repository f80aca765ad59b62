"""Threads that share the interpreter's lock, kept on one processor core."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def on_one_core() -> Iterator[None]:
    """Keep this thread, and those that it starts, on the core where it runs now.

    Only one thread at a time can hold the interpreter's lock. In a crawl that waits for nothing but
    the processor it changes hands about nine times a request, and between two cores every change
    wakes a sleeping one: that cost as much as a third of all else (1.06 ms of processor a request,
    and 0.68 on one core). Other programs keep the other cores, and nothing changes where the system
    cannot do this (it is Linux that can) or does not allow it.
    """
    if sys.platform != "linux":
        yield
        return
    allowed = os.sched_getaffinity(0)
    try:
        # That the core is none of ours, by now or by a container's making, is refused too.
        os.sched_setaffinity(0, {_current_core()})
    except OSError:
        yield
        return
    try:
        yield
    finally:
        os.sched_setaffinity(0, allowed)


def _current_core() -> int:
    with open("/proc/thread-self/stat", encoding="utf-8", errors="replace") as file:
        # The 39th field; the second is the program's name in brackets, and may hold anything.
        return int(file.read().rpartition(")")[2].split()[36])
