"""Ctrl-C, SIGTERM and a closed terminal: an orderly end, then a prompt one."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import TYPE_CHECKING, Final, NoReturn

from graphcrawl.wording import printable

if TYPE_CHECKING:
    from graphcrawl.crawl import StopSignal

INTERRUPTED: Final = 130
STDOUT: Final = 1
STDERR: Final = 2
HANGUP: Final = getattr(signal, "SIGHUP", None)
"""A terminal that was closed or lost; Windows has none."""

_SHOW_CURSOR: Final = "\x1b[?25h"

_came: Final[list[int]] = []
"""Signals that were to end this process."""


def interrupt_on_signals() -> None:
    """Let each signal end this process as Ctrl-C does, even one that a shell has muted.

    A lost terminal is heeded unless that was muted: what nohup starts is to outlive it.
    """

    def end(number: int, frame: FrameType | None) -> NoReturn:
        _came.append(number)
        _let_go_of_lost_terminal()
        raise KeyboardInterrupt

    sys.unraisablehook = _tell_of_faults
    for one in _heeded():
        signal.signal(one, end)


def heed_earlier() -> None:
    """End now if a signal came that could not end the process then.

    What is raised while Python works of its own accord, as when an object dies or a module has
    been imported, goes no further than there.

    Raises
    ------
    KeyboardInterrupt
    """
    if _came:
        raise KeyboardInterrupt


def _tell_of_faults(told: sys.UnraisableHookArgs) -> None:
    if not issubclass(told.exc_type, KeyboardInterrupt):
        sys.__unraisablehook__(told)


def is_interrupt(error: BaseException | None) -> bool:
    """Tell whether a signal is what ended something, also where Python made another error of it."""
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__cause__
    return error is not None


def _heeded() -> tuple[signal.Signals, ...]:
    always = (signal.SIGINT, signal.SIGTERM)
    if HANGUP is None or signal.getsignal(HANGUP) is signal.SIG_IGN:
        return always
    return (*always, HANGUP)


@contextmanager
def stop_on_signals(*, going_on: str, quiet: bool) -> Iterator[StopSignal]:
    """Turn the first signal into an orderly end of a crawl; a second one ends the process.

    Parameters
    ----------
    going_on : str
        The command that goes on with the crawl.
    quiet : bool
        Say nothing on the first signal.

    Yields
    ------
    StopSignal
        Set by the first signal.
    """
    from graphcrawl.crawl import StopSignal

    stop = StopSignal()

    def end(number: int, frame: FrameType | None) -> None:
        _let_go_of_lost_terminal()
        if stop.is_set():
            _end_now(going_on)
        stop.set()
        if not quiet:
            _say("\nending with the running requests; once more ends at once\n")

    before = {one: signal.signal(one, end) for one in _heeded()}
    try:
        heed_earlier()
        yield stop
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def _let_go_of_lost_terminal() -> None:
    """Send nowhere what is still said: to a terminal that is gone each write would be a fault."""
    for stream in (STDOUT, STDERR):
        try:
            os.write(stream, b"")
        except OSError:
            with suppress(OSError):
                nowhere = os.open(os.devnull, os.O_WRONLY)
                os.dup2(nowhere, stream)
                os.close(nowhere)


def _end_now(going_on: str) -> NoReturn:
    # Not an exception: a request that hangs would be waited for. What was answered is committed,
    # and what was not is asked again, as after any kill.
    cursor = _SHOW_CURSOR if sys.stderr.isatty() else ""
    line = f"graphcrawl: interrupted; everything answered is saved; {going_on} goes on"
    _say(f"{cursor}\n{printable(line)}\n")
    os._exit(INTERRUPTED)


def _say(text: str) -> None:
    # Python's own stream may be in the middle of a write when a signal comes.
    with suppress(OSError):
        os.write(STDERR, text.encode("utf-8", "backslashreplace"))
