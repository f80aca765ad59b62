"""Permits to send a request, shared by every crawl of one user with one client ID.

A permit is durable before its request leaves, and counts until a window after its answer; one
whose process was killed counts until a window after its timeout. So whatever is killed or
restarted, no window at the server holds more requests than the rate: any two requests that arrive
within it had permits that counted at once. Counters in memory lose this at every restart.

Moments are the date's at the machine's first use of the file since its start, and go on by a clock
that nobody can set: a date set forward would end permits early. Where the system has no such clock
the date itself is read.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Final

from sqlalchemy import (
    Connection,
    Float,
    Index,
    Integer,
    MetaData,
    String,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from graphcrawl.errors import StoreError
from graphcrawl.store import dialects
from graphcrawl.store.dialects import DATABASE_ERRORS
from graphcrawl.store.faults import in_words, reason_of
from graphcrawl.store.schema import RowClass, column
from graphcrawl.store.since_boot import BootClock

WINDOW: Final = 60.0
"""Seconds within which the vendor counts requests."""

MARGIN: Final = 0.05
"""Seconds added to each permit, for clocks that tick coarsely."""

LONGEST_NAP: Final = 5.0
"""Seconds after which a waiting worker looks again: another process may have ended early."""

LOG_PAGES: Final = 1_000
"""Pages of 4 KB in the write-ahead log, at most: the file itself has a few."""


class _Base(RowClass):
    metadata = MetaData()


class PermitRow(_Base, table="permits"):
    """One request, sent or about to be."""

    __table_args__ = (Index("ix_permits_owner", "owner", "counts_until"),)

    id = column(Integer, primary_key=True)
    owner = column(String(64), doc="Digest of host and client ID.")
    taken_at = column(Float(), doc="Seconds since 1970.")
    counts_until = column(Float(), doc="Seconds since 1970.")


class HoldRow(_Base, table="holds"):
    """The vendor's own word that it is too much, for everyone."""

    owner = column(String(64), primary_key=True)
    since = column(Float(), doc="Seconds since 1970.")
    until = column(Float(), doc="Seconds since 1970.")


class ClockRow(_Base, table="clocks"):
    """What turns the readings of a start's clock into seconds since 1970, for all its processes."""

    boot = column(String(128), primary_key=True)
    began_at = column(Float(), doc="Seconds since 1970 when it read 0.")


@dataclass(frozen=True, slots=True)
class PermitSettings:
    """Whose permits, and how many.

    Attributes
    ----------
    host : str
        Of the API, with its port.
    client_id : str
        Only a digest of it is stored.
    rate : int
        Requests in any window, at least 1.
    timeout : float
        Seconds after which a request without an answer is given up.
    """

    host: str
    client_id: str
    rate: int
    timeout: float

    @property
    def owner(self) -> str:
        """The digest under which these permits are kept."""
        return blake2b(f"{self.host}\n{self.client_id}".encode(), digest_size=16).hexdigest()


class SharedPermits:
    """Permits in a SQLite file of the user's.

    Parameters
    ----------
    path : Path
        Made when absent.
    settings : PermitSettings
    clock : callable
        Seconds since 1970; the same for all processes of a machine.
    boot : BootClock or None
        Makes them immune to whoever sets the date.
    """

    def __init__(
        self,
        path: Path,
        settings: PermitSettings,
        *,
        clock: Callable[[], float] = time.time,
        boot: BootClock | None = None,
    ) -> None:
        self._path = path
        self._settings = settings
        # One thread of a process uses the file at a time. SQLite has no queue for those who wait:
        # it lets each look again ever more rarely, so of many threads some would wait for as long
        # as the others are busy.
        self._turn = threading.Lock()
        self._line: list[object] = []
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"cannot keep permits in {path.parent}: {error.strerror}") from error
        self._engine = dialects.sqlite_engine(path, log_pages=LOG_PAGES)
        try:
            with self._translated():
                dialects.set_wal(self._engine)
            with self._transaction() as connection:
                _Base.metadata.create_all(connection)
                steady = None if boot is None else _steady(connection, boot, clock)
        except StoreError:
            self._engine.dispose()
            raise
        self._clock = steady or clock

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()

    @contextmanager
    def permit(self, wait: Callable[[float], None]) -> Iterator[None]:
        """Wait for a permit; the block is one request.

        Raises
        ------
        StoreError
            If the permits cannot be kept.
        """
        key = self._wait_for_one(wait)
        try:
            yield
        finally:
            self._settle(key)

    def _wait_for_one(self, wait: Callable[[float], None]) -> int:
        me = object()
        self._line.append(me)
        try:
            while True:
                key, pause = self._take(me)
                if key is not None:
                    return key
                wait(min(pause, LONGEST_NAP))
        finally:
            self._line.remove(me)

    def hold(self, seconds: float) -> None:
        """Let nobody begin a request for so many seconds.

        Raises
        ------
        StoreError
            If the permits cannot be kept.
        """
        owner = self._settings.owner
        with self._transaction() as connection:
            now = self._clock()
            self._mend(connection, now)
            query = select(HoldRow.until).where(HoldRow.owner == owner)
            until = max(now + seconds, connection.execute(query).scalar() or 0.0)
            connection.execute(delete(HoldRow).where(HoldRow.owner == owner))
            connection.execute(insert(HoldRow).values(owner=owner, since=now, until=until))

    def _take(self, me: object) -> tuple[int | None, float]:
        """Take a permit and give its key, or say in how many seconds to ask again.

        With so many others of this process ahead in the line there is nothing to be had before
        one more permit than that has ended; if all looked at the first, most would look in vain.
        """
        with self._transaction() as connection:
            now = self._clock()
            self._mend(connection, now)
            pause = self._pause(connection, now, self._line.index(me))
            if pause > 0:
                return None, pause
            result = connection.execute(
                insert(PermitRow)
                .values(
                    owner=self._settings.owner,
                    taken_at=now,
                    counts_until=now + self._settings.timeout + WINDOW + MARGIN,
                )
                .returning(PermitRow.id)
            )
            return result.scalar_one(), 0.0

    def _mend(self, connection: Connection, now: float) -> None:
        """Drop what no longer counts, and what a clock that was set back left in the future.

        Permits are brought back to now, since their requests may just have been sent.
        """
        connection.execute(delete(PermitRow).where(PermitRow.counts_until <= now))
        longest = now + self._settings.timeout + WINDOW + MARGIN
        connection.execute(
            update(PermitRow)
            .where(PermitRow.taken_at > now + MARGIN)
            .values(taken_at=now, counts_until=longest)
        )
        connection.execute(
            delete(HoldRow).where(or_(HoldRow.until <= now, HoldRow.since > now + MARGIN))
        )

    def _pause(self, connection: Connection, now: float, ahead: int) -> float:
        owner = self._settings.owner
        held: float = connection.execute(
            select(func.coalesce(func.max(HoldRow.until), 0.0)).where(HoldRow.owner == owner)
        ).scalar_one()
        counting = list(
            connection.execute(
                select(PermitRow.counts_until)
                .where(PermitRow.owner == owner)
                .order_by(PermitRow.counts_until)
            ).scalars()
        )
        excess = len(counting) - self._settings.rate
        if excess < 0:
            return max(held - now, 0.0)
        return max(held, counting[min(excess + ahead, len(counting) - 1)]) - now

    def _settle(self, key: int) -> None:
        """Note that the answer came: the permit counts for one window from now.

        Where that cannot be noted it counts longer, which harms less than to lose the answer; the
        next permit will say what is wrong.
        """
        until = self._clock() + WINDOW + MARGIN
        with suppress(StoreError), self._transaction() as connection:
            connection.execute(
                update(PermitRow)
                .where(PermitRow.id == key, PermitRow.counts_until > until)
                .values(counts_until=until)
            )

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        with self._turn, self._translated(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except DATABASE_ERRORS as error:
            reason = reason_of(error)
            words = in_words(reason)
            raise StoreError(
                f"cannot keep permits in {self._path}, without which no rate can be promised: "
                + (words if words != reason else f"{reason}; mend or remove the file")
            ) from error


def _steady(
    connection: Connection, boot: BootClock, clock: Callable[[], float]
) -> Callable[[], float]:
    """Give the permits' clock for this start of the machine, the same in every process of it."""
    known = select(ClockRow.began_at).where(ClockRow.boot == boot.boot)
    began: float | None = connection.execute(known).scalar()
    if began is None:
        began = clock() - boot.read()
        connection.execute(insert(ClockRow).values(boot=boot.boot, began_at=began))
    since = began
    return lambda: since + boot.read()
