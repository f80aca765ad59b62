from __future__ import annotations

import bisect
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graphcrawl.errors import StoreError
from graphcrawl.store import (
    BootClock,
    PermitSettings,
    SharedPermits,
    boot_clock,
    permits,
    sqlite_file,
)
from graphcrawl.store.permits import MARGIN, WINDOW

RATE = 5
TIMEOUT = 70.0


class Clock:
    """Seconds that pass only by waiting."""

    def __init__(self, now: float = 1_800_000_000.0) -> None:
        self.now = now
        self.waited = 0.0

    def __call__(self) -> float:
        return self.now

    def wait(self, seconds: float) -> None:
        assert seconds > 0
        self.now += seconds
        self.waited += seconds


def owned(host: str = "hypeauditor.com", client: str = "me", rate: int = RATE) -> PermitSettings:
    return PermitSettings(host=host, client_id=client, rate=rate, timeout=TIMEOUT)


@contextmanager
def opened(path: Path, clock: Clock, who: PermitSettings | None = None) -> Iterator[SharedPermits]:
    with closing(SharedPermits(path, who or owned(), clock=clock)) as shared:
        yield shared


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "permits.db"


def take(shared: SharedPermits, clock: Clock, number: int = 1, takes: float = 0.0) -> list[float]:
    """Send requests one after the other; give the moments at which each was sent."""
    sent = []
    for _ in range(number):
        with shared.permit(clock.wait):
            sent.append(clock.now)
            clock.now += takes
    return sent


def most_in_a_window(moments: list[float]) -> int:
    moments = sorted(moments)
    return max(
        (bisect.bisect_left(moments, at + WINDOW) - place for place, at in enumerate(moments)),
        default=0,
    )


@given(
    steps=st.lists(
        st.tuples(st.integers(0, 1), st.floats(0, 30), st.floats(0, 65)), min_size=1, max_size=40
    )
)
@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
def test_no_window_holds_more_requests_than_the_rate(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[int, float, float]]
) -> None:
    """Two processes by turns; a request arrives at any moment between its permit and its answer."""
    path, clock, random = tmp_path_factory.mktemp("p") / "permits.db", Clock(), Random(1)
    arrived: list[float] = []
    with opened(path, clock) as one, opened(path, clock) as two:
        for who, idle, takes in steps:
            clock.now += idle
            with (one, two)[who].permit(clock.wait):
                arrived.append(clock.now + random.random() * takes)
                clock.now += takes
    assert most_in_a_window(arrived) <= RATE


def test_a_burst_is_allowed_while_the_window_has_room(path: Path) -> None:
    clock = Clock()
    with opened(path, clock) as shared:
        sent = take(shared, clock, 2 * RATE)
    begin = sent[0]
    assert sent[:RATE] == [begin] * RATE
    assert all(begin + WINDOW < moment <= begin + WINDOW + 1 for moment in sent[RATE:])


def test_a_request_counts_until_a_window_after_its_answer(path: Path) -> None:
    clock = Clock()
    with opened(path, clock, owned(rate=1)) as shared:
        first, second = take(shared, clock, 2, takes=20.0)
    assert second == pytest.approx(first + 20.0 + WINDOW + MARGIN)


def test_permits_are_durable_before_the_request_leaves(path: Path) -> None:
    clock = Clock()
    with opened(path, clock) as shared, shared.permit(clock.wait):
        with closing(sqlite3.connect(path)) as connection:
            rows = connection.execute("SELECT taken_at, counts_until FROM permits").fetchall()
        assert rows == [(clock.now, clock.now + TIMEOUT + WINDOW + MARGIN)]


def test_a_request_that_failed_counts_like_any_other(path: Path) -> None:
    clock = Clock()
    with opened(path, clock, owned(rate=1)) as shared:
        with pytest.raises(ZeroDivisionError), shared.permit(clock.wait):
            raise ZeroDivisionError
        begin = clock.now
        assert take(shared, clock) == [pytest.approx(begin + WINDOW + MARGIN)]


KILLED = """
import os, signal, sys
from pathlib import Path
from graphcrawl.store import PermitSettings, SharedPermits
shared = SharedPermits(Path(sys.argv[1]), PermitSettings("hypeauditor.com", "me", 5, 70.0))
with shared.permit(lambda seconds: None), shared.permit(lambda seconds: None):
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_killed_processs_permits_count_until_timeout_and_window(path: Path) -> None:
    began = time.time()
    done = subprocess.run([sys.executable, "-c", KILLED, str(path)], timeout=60, check=False)
    assert done.returncode == -9
    clock = Clock(time.time())
    with opened(path, clock) as shared:
        assert take(shared, clock)[0] - began < 10
    with opened(path, clock, owned(rate=2)) as shared:
        (second,) = take(shared, clock)
    assert TIMEOUT + WINDOW < second - began < TIMEOUT + WINDOW + 10


def test_restarts_forget_nothing(path: Path) -> None:
    clock, sent = Clock(), []
    for _ in range(3 * RATE):
        with opened(path, clock) as shared:
            sent += take(shared, clock)
    assert most_in_a_window(sent) <= RATE
    assert sent[-1] - sent[0] > 2 * WINDOW


@pytest.mark.parametrize("back", [1.0, 59.0, 3600.0, 10 * 365 * 86400.0])
def test_a_clock_set_back_stalls_no_longer_than_one_window_and_timeout(
    path: Path, back: float
) -> None:
    clock = Clock()
    with opened(path, clock) as shared:
        take(shared, clock, RATE)
        shared.hold(30.0)
        clock.now -= back
        clock.waited = 0.0
        take(shared, clock, 1)
    assert clock.waited <= WINDOW + TIMEOUT + 1
    assert clock.waited > WINDOW - 1


class Machine(Clock):
    """A clock whose date can be set, and the one of its start, which cannot."""

    def __init__(self, boot: str = "first") -> None:
        super().__init__()
        self.boot = BootClock(boot, lambda: self.running)
        self.running = 1000.0

    def wait(self, seconds: float) -> None:
        super().wait(seconds)
        self.running += seconds


@pytest.mark.parametrize("steps", [[3600.0], [3600.0, -3600.0], [-3600.0], [59.0, -20.0], [1e9]])
@pytest.mark.parametrize("reopened", [False, True])
def test_a_date_set_anyhow_forgets_no_permit_and_stalls_none(
    path: Path, steps: list[float], reopened: bool
) -> None:
    machine = Machine()
    with ExitStack() as files:

        def anew() -> SharedPermits:
            shared = SharedPermits(path, owned(), clock=machine, boot=machine.boot)
            return files.enter_context(closing(shared))

        shared = anew()
        take(shared, machine, RATE)
        for step in steps:
            machine.now += step
            shared = anew() if reopened else shared
        take(shared, machine)
    assert machine.waited == pytest.approx(WINDOW + MARGIN)


@pytest.mark.parametrize("back", [0.0, 3600.0])
def test_a_restart_of_the_machine_forgets_no_permit(path: Path, back: float) -> None:
    before = Machine()
    with closing(SharedPermits(path, owned(), clock=before, boot=before.boot)) as shared:
        take(shared, before, RATE)
    after = Machine("second")
    after.now, after.running = before.now + 20.0 - back, 5.0
    with closing(SharedPermits(path, owned(), clock=after, boot=after.boot)) as shared:
        take(shared, after)
    assert WINDOW - 20.0 < after.waited <= WINDOW + TIMEOUT + 1


ONE_PERMIT = """
import sys
from pathlib import Path
from graphcrawl.store import PermitSettings, SharedPermits, boot_clock
date = float(sys.argv[2])
def wait(seconds):
    print("waits")
    sys.exit()
settings = PermitSettings("h", "c", 1, 70.0)
with SharedPermits(Path(sys.argv[1]), settings, clock=lambda: date, boot=boot_clock()).permit(wait):
    print("takes")
"""


@pytest.mark.skipif(boot_clock() is None, reason="this system has no clock of its start")
def test_processes_at_different_dates_share_this_machines_own_clock(path: Path) -> None:
    said = [
        subprocess.run(
            [sys.executable, "-c", ONE_PERMIT, str(path), date],
            capture_output=True,
            text=True,
            timeout=60,
        ).stdout
        for date in ("1800000000", "1900000000", "1700000000")
    ]
    assert said == ["takes\n", "waits\n", "waits\n"]


def test_an_answer_is_not_lost_with_the_file_of_permits(path: Path) -> None:
    clock, answers = Clock(), []
    with opened(path, clock) as shared:
        with closing(sqlite3.connect(path)) as connection, shared.permit(clock.wait):
            connection.execute("DROP TABLE permits")
            answers.append("whole")
        with pytest.raises(StoreError, match="no such table"), shared.permit(clock.wait):
            pytest.fail("no permit could be kept")
    assert answers == ["whole"]


def test_hold_is_shared(path: Path) -> None:
    clock = Clock()
    with opened(path, clock) as one, opened(path, clock) as two:
        one.hold(42.0)
        two.hold(10.0)
        begin = clock.now
        assert take(two, clock) == [pytest.approx(begin + 42.0)]
        assert take(one, clock) == [pytest.approx(begin + 42.0)]


def test_a_waiting_process_looks_again(path: Path) -> None:
    """Nobody sleeps through a whole hold: a longer one may come meanwhile."""
    clock, naps = Clock(), []

    def wait(seconds: float) -> None:
        naps.append(seconds)
        clock.wait(seconds)

    with opened(path, clock) as shared:
        shared.hold(60.0)
        with shared.permit(wait):
            pass
    assert max(naps) <= permits.LONGEST_NAP


@pytest.mark.parametrize("other", [owned(client="you"), owned(host="127.0.0.1:8000")])
def test_others_have_their_own_permits(path: Path, other: PermitSettings) -> None:
    clock = Clock()
    with opened(path, clock) as mine, opened(path, clock, other) as theirs:
        take(mine, clock, RATE)
        mine.hold(50.0)
        take(theirs, clock, RATE)
    assert clock.waited == 0


def test_the_file_holds_no_client_id(path: Path) -> None:
    clock = Clock()
    with opened(path, clock, owned(client="client-id-4711")) as shared:
        take(shared, clock)
        shared.hold(1.0)
    for file in path.parent.iterdir():
        assert b"4711" not in file.read_bytes()


def test_old_permits_are_cleared_away(path: Path) -> None:
    clock = Clock()
    with opened(path, clock) as shared:
        for _ in range(10):
            take(shared, clock, RATE)
            clock.now += 2 * WINDOW
        take(shared, clock)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM permits").fetchone() == (1,)


def unusable_paths(folder: Path) -> list[Path]:
    (folder / "file").write_text("x")
    (folder / "garbage").write_text("this is no database, only a text. " * 100)
    (folder / "folder").mkdir()
    return [
        folder / "file" / "permits.db",
        folder / "garbage",
        folder / "folder",
        Path("/proc/graphcrawl/permits.db"),
    ]


def test_where_permits_cannot_be_kept_nothing_is_sent(tmp_path: Path) -> None:
    for path in unusable_paths(tmp_path):
        with pytest.raises(StoreError, match="permits") as refused:
            SharedPermits(path, owned())
        assert refused.value.exit_code == 2
        assert "\n" not in str(refused.value)


def test_waiting_can_be_interrupted(path: Path) -> None:
    class Enough(Exception):
        pass

    def wait(_: float) -> None:
        raise Enough

    clock = Clock()
    with opened(path, clock) as shared:
        take(shared, clock, RATE)
        with pytest.raises(Enough), shared.permit(wait):
            pytest.fail("there was no permit to be had")
        clock.now += 2 * WINDOW
        take(shared, clock, RATE)


SENDING = """
import sys, threading, time
from pathlib import Path
from graphcrawl.store import BootClock, PermitSettings, SharedPermits, boot_clock, permits
permits.WINDOW, permits.MARGIN = 0.5, 0.01
shared = SharedPermits(Path(sys.argv[1]), PermitSettings("h", "c", 40, 1.0))
until = time.time() + float(sys.argv[2])
sent = []
def send():
    while time.time() < until:
        with shared.permit(time.sleep):
            sent.append(time.time())
threads = [threading.Thread(target=send) for _ in range(4)]
for thread in threads: thread.start()
for thread in threads: thread.join()
shared.close()
print(*map(repr, sent))
"""


def test_threads_and_processes_share_one_rate(path: Path) -> None:
    """For real: two processes of four threads, at 40 requests in half a second."""
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", SENDING, str(path), "2.5"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    sent: list[float] = []
    for process in processes:
        out, errors = process.communicate(timeout=60)
        assert errors == ""
        sent += map(float, out.split())
    sent.sort()
    assert len(sent) > 2 * 40
    most = max(bisect.bisect_left(sent, at + 0.5) - place for place, at in enumerate(sent))
    assert most <= 40


def test_many_openers_at_once(path: Path) -> None:
    """The first users of a new file find it ready, or make it."""
    clock, errors, barrier = Clock(), [], threading.Barrier(8)

    def use() -> None:
        try:
            barrier.wait(10)
            with opened(path, clock, owned(rate=99)) as shared, shared.permit(clock.wait):
                pass
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=use) for _ in range(8)]
    with ExitStack() as joined:
        for thread in threads:
            thread.start()
            joined.callback(thread.join)
    assert errors == []


def test_threads_of_one_process_are_never_in_each_others_way(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who finds the file locked has no place in a queue, and may wait while others come and go."""
    threads, each = 8, 40
    clock, errors, barrier = Clock(), [], threading.Barrier(threads)

    def use(shared: SharedPermits) -> None:
        try:
            barrier.wait(10)
            for _ in range(each):
                with shared.permit(clock.wait):
                    pass
                shared.hold(0.0)
        except Exception as error:
            errors.append(error)

    with opened(path, clock, owned(rate=threads * each)) as shared, ExitStack() as joined:
        monkeypatch.setattr(sqlite_file, "BUSY_SECONDS", 0.0)
        for _ in range(threads):
            thread = threading.Thread(target=use, args=(shared,))
            thread.start()
            joined.callback(thread.join)
    assert errors == []
    with closing(sqlite3.connect(path)) as connection:
        counting = "SELECT count(*) FROM permits WHERE counts_until <= ?"
        settled = connection.execute(counting, (clock.now + WINDOW + MARGIN,)).fetchone()
    assert settled == (threads * each,)
