"""A log of attempts: one line of JSON for each request, written when it is over.

A source and a retry policy are wrapped, and the engine knows nothing of it. After an attempt that
may be repeated the policy is asked how long to wait, by the same thread and at once; so a line is
held back for that instant, to tell the wait too.
"""

from __future__ import annotations

import json
import os
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Final, Self

from graphcrawl.crawl.ports import Source
from graphcrawl.crawl.retry import RetryPolicy
from graphcrawl.errors import ApiError, FileRefused, TransientError
from graphcrawl.model import AccountRef, Answer
from graphcrawl.wording import printable

FAULT: Final = "fault"
"""Outcome of an attempt that ended in a fault of our own."""

HEAD: Final = b'{"crawl": '
"""What every line begins with, and so every log."""


class AttemptLog:
    """A file of lines, appended to; any number of threads may write.

    No line holds a message, a header or an address: only who was asked, and the kind of outcome.

    Parameters
    ----------
    path : Path
        A new file, or one that holds such lines.

    Attributes
    ----------
    crawl_id : int or None
        Stands in every line from when it is set.
    failure : str or None
        Why nothing more is written, in one line; the crawl goes on without it.

    Raises
    ------
    FileRefused
        If it cannot be written, or holds something else.
    """

    def __init__(self, path: Path) -> None:
        self.crawl_id: int | None = None
        self.failure: str | None = None
        self._path = path
        self._lock = threading.Lock()
        self._attempts: Counter[AccountRef] = Counter()
        self._held = threading.local()
        self._file = _opened(path)

    def asking(self, source: Source) -> Source:
        """Wrap a source, so that every request through it is logged."""
        return _LoggedSource(source, self)

    def waiting(self, policy: RetryPolicy) -> RetryPolicy:
        """Wrap the policy that says how long is waited after a request."""
        values = {one.name: getattr(policy, one.name) for one in fields(policy)}
        return _LoggedPolicy(**values, log=self)

    def begin(self, ref: AccountRef) -> int:
        """Count an attempt for an account, and give its number in this run, from 1."""
        self.release()
        with self._lock:
            self._attempts[ref] += 1
            return self._attempts[ref]

    def end(self, ref: AccountRef, line: dict[str, Any], *, may_wait: bool) -> None:
        """Write an attempt, or hold it back until its wait is known."""
        if may_wait:
            self._held.line = line
            return
        with self._lock:
            # It will not be asked again: a crawl of millions must not remember them all.
            self._attempts.pop(ref, None)
        self._write(line)

    def release(self, wait: float | None = None) -> None:
        """Write what this thread holds back, with the seconds that it will wait."""
        line = getattr(self._held, "line", None)
        if line is not None:
            self._held.line = None
            self._write({**line, "wait": None if wait is None else round(wait, 3)})

    def close(self) -> None:
        """Close the file."""
        with self._lock, suppress(OSError):
            self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _write(self, line: dict[str, Any]) -> None:
        data = json.dumps({"crawl": self.crawl_id, **line}).encode() + b"\n"
        with self._lock:
            if self.failure is not None:
                return
            try:
                # Unbuffered, and whole: nothing is lost with the process, no two lines mix.
                if self._file.write(data) != len(data):
                    raise OSError(0, "only a part of a line could be written")
            except (OSError, ValueError) as error:
                reason = getattr(error, "strerror", None) or error
                self.failure = (
                    f"the log {printable(str(self._path))} is not complete: {reason}; the crawl "
                    "went on without it"
                )


def _opened(path: Path) -> BinaryIO:
    shown = printable(str(path))
    try:
        file = open(path, "ab", buffering=0)  # noqa: SIM115
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise FileRefused(f"--log-file {shown} cannot be written: {reason}") from error
    try:
        _refuse_strangers(path, shown)
        if not _ends_a_line(path):
            file.write(b"\n")
    except BaseException:
        file.close()
        raise
    return file


def _refuse_strangers(path: Path, shown: str) -> None:
    if not path.is_file():
        return
    with path.open("rb") as file:
        head = file.read(len(HEAD))
    if not HEAD.startswith(head):
        raise FileRefused(f"--log-file {shown} is there and is no log; name another file")


def _ends_a_line(path: Path) -> bool:
    """Tell whether a line may follow; a full disk may have cut the last one."""
    if not path.is_file() or not path.stat().st_size:
        return True
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1) == b"\n"


@dataclass(frozen=True, slots=True)
class _LoggedSource:
    source: Source
    log: AttemptLog

    def ask(self, ref: AccountRef) -> Answer:
        number = self.log.begin(ref)
        moment, began = datetime.now(UTC), time.monotonic()
        outcome: dict[str, Any] = {"outcome": FAULT, "status": None, "rows": None}
        may_wait = False
        try:
            answer = self.source.ask(ref)
            outcome = {"outcome": "ok", "status": 200, "rows": len(answer.connections)}
            return answer
        except ApiError as error:
            outcome = {"outcome": error.cause, "status": error.status, "rows": None}
            may_wait = isinstance(error, TransientError)
            raise
        finally:
            line = {
                "time": moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
                **_asked(ref),
                "attempt": number,
                **outcome,
                "seconds": round(time.monotonic() - began, 3),
                "wait": None,
            }
            self.log.end(ref, line, may_wait=may_wait)


def _asked(ref: AccountRef) -> dict[str, str | None]:
    """Name an account by what it is asked by."""
    if ref.social_id:
        return {"network": ref.network, "id": ref.social_id}
    return {"network": ref.network, "username": ref.username}


@dataclass(frozen=True, slots=True, kw_only=True)
class _LoggedPolicy(RetryPolicy):
    log: AttemptLog

    def wait(self, error: TransientError, failures: int, random: Callable[[], float]) -> float:
        # Called by its base's name: with slots, a bare super() would look for the class as it
        # was before they were added.
        seconds = RetryPolicy.wait(self, error, failures, random)
        self.log.release(seconds if failures <= self.retries else None)
        return seconds

    def postpone(
        self, error: TransientError, postponed: int, random: Callable[[], float]
    ) -> float | None:
        seconds = RetryPolicy.postpone(self, error, postponed, random)
        self.log.release(seconds)
        return seconds
