from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphcrawl.crawl import (
    Asker,
    Budgeted,
    BudgetReached,
    RetryPolicy,
    Source,
    StopSignal,
    Unlimited,
)
from graphcrawl.crawl.asking import CrawlEnding, Reach, ServerNeverReached, Stopped
from graphcrawl.errors import (
    ApiError,
    BrokenAnswer,
    InvalidRequest,
    InvalidToken,
    NoApiAccess,
    RateLimited,
    ReportForbidden,
    ReportNotFound,
    ReportPending,
    RequestTimeout,
    ServerFault,
    TransientError,
    Unreachable,
)
from graphcrawl.model import AccountRef, Answer, Claim, Outcome, OutcomeKind, Refusal
from tests.worlds import account, answer

KINDS = [ServerFault, BrokenAnswer, RequestTimeout, Unreachable, RateLimited]
BY_ID = AccountRef("instagram", "name.7", "7")
BY_NAME = AccountRef("instagram", "name.7")

Say = Answer | Exception


@dataclass
class Script:
    """A source that says what it was told to, in order, on a clock that only waits move."""

    says: Sequence[Say]
    takes: float = 0.0
    now: float = 0.0
    refs: list[AccountRef] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)

    def ask(self, ref: AccountRef) -> Answer:
        self.refs.append(ref)
        self.times.append(self.now)
        self.now += self.takes
        said = self.says[min(len(self.refs), len(self.says)) - 1]
        if isinstance(said, Exception):
            raise said
        return said

    def wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds

    def clock(self) -> float:
        return self.now

    def asker(self, **changes: object) -> Asker:
        options: dict[str, object] = {
            "permits": Unlimited(clock=self.clock),
            "stop": StopSignal(),
            "wait": self.wait,
            "random": lambda: 0.5,
            "reach": Reach(clock=self.clock, reached=True),
        }
        return Asker(self, **{**options, **changes})  # type: ignore[arg-type]

    def outcome(self, ref: AccountRef = BY_ID, **changes: object) -> Outcome:
        return self.asker(**changes).ask(Claim(1, ref, 0))


GOOD = answer("7", "a", "b")


@pytest.mark.parametrize("kind", KINDS)
def test_every_transient_kind_is_tried_again_at_least_six_times(kind: type[TransientError]) -> None:
    script = Script([kind("no")] * 6 + [GOOD])
    done = script.outcome()
    assert (done.kind, done.attempts, done.answer) == (OutcomeKind.ANSWERED, 7, GOOD)


@pytest.mark.parametrize("kind", KINDS)
def test_waits_grow_up_to_the_cap_and_then_it_is_enough(kind: type[TransientError]) -> None:
    script = Script([kind("no")])
    ended = script.outcome(random=lambda: 0.0)
    policy = RetryPolicy()
    waits = [later - sooner for sooner, later in zip(script.times, script.times[1:], strict=False)]
    assert waits == sorted(waits)
    assert waits[0] == (2.0 if kind is RateLimited else 0.5)
    assert waits[1] == 2 * waits[0]
    assert waits[-1] == policy.cap
    assert (ended.kind, ended.cause) == (OutcomeKind.EXHAUSTED, kind.cause)
    assert ended.attempts == len(script.refs) == policy.retries + 1


@given(
    failures=st.integers(1, 40),
    asked=st.none() | st.floats(0, 10_000),
    luck=st.floats(0, 1),
    limited=st.booleans(),
)
def test_no_wait_is_without_bounds(
    failures: int, asked: float | None, luck: float, limited: bool
) -> None:
    policy = RetryPolicy()
    error = (RateLimited if limited else ServerFault)("no", retry_after=asked)
    wait = policy.wait(error, failures, lambda: luck)
    if asked is None:
        least = min(policy.cap, (2.0 if limited else 0.5) * 2 ** (failures - 1))
        assert least <= wait <= min(policy.cap, least * 1.25)
    else:
        least = min(asked, policy.retry_after_cap)
        assert least <= wait <= least + 1.0


def test_jitter_spreads_workers() -> None:
    policy, error = RetryPolicy(), ServerFault("no")
    waits = {policy.wait(error, 3, lambda luck=luck: luck) for luck in (0.0, 0.5, 1.0)}  # type: ignore[misc]
    assert waits == {2.0, 2.25, 2.5}


def test_retry_after_is_honoured_and_capped() -> None:
    script = Script([RateLimited("no", retry_after=17.0), ServerFault("no", retry_after=9e9), GOOD])
    assert script.outcome(random=lambda: 0.0).kind is OutcomeKind.ANSWERED
    assert script.times == [0.0, 17.0, 17.0 + 120.0]


def test_429_holds_everybody() -> None:
    script = Script([RateLimited("no"), GOOD])
    permits = Unlimited(clock=script.clock)
    script.outcome(permits=permits, random=lambda: 0.0, wait=script.wait)
    other = Script([GOOD], now=0.0)
    held: list[float] = []

    def wait(seconds: float) -> None:
        held.append(seconds)
        script.now += seconds

    script.now = 0.5
    with permits.permit(wait):
        pass
    assert held == [1.5]
    assert not other.refs


def test_only_429_holds_everybody() -> None:
    holds: list[float] = []

    class Spy(Unlimited):
        def hold(self, seconds: float) -> None:
            holds.append(seconds)

    Script([ServerFault("no"), Unreachable("no"), GOOD]).outcome(permits=Spy())
    assert holds == []
    Script([RateLimited("no", retry_after=40.0), GOOD]).outcome(permits=Spy())
    assert holds == [40.5]


def test_a_report_in_the_making_is_postponed_with_growing_waits() -> None:
    policy, waits = RetryPolicy(), []
    for postponed in range(policy.pending_retries):
        script = Script([ReportPending("being made")])
        outcome = script.asker(random=lambda: 0.0).ask(Claim(1, BY_ID, 0, postponed))
        assert (outcome.kind, outcome.attempts) == (OutcomeKind.POSTPONED, 1)
        assert script.waits == []
        waits.append(outcome.wait)
    assert waits[:4] == [1.0, 2.0, 4.0, 8.0]
    last = Script([ReportPending("being made")])
    outcome = last.asker().ask(Claim(1, BY_ID, 0, policy.pending_retries))
    assert (outcome.kind, outcome.cause) == (OutcomeKind.DEFERRED, "pending")


def test_a_report_in_the_making_heeds_the_servers_own_time() -> None:
    script = Script([ReportPending("being made", retry_after=33.0)])
    assert script.outcome(random=lambda: 0.0).wait == 33.0


REFUSED = Claim(1, BY_ID, 0, refusal=Refusal("not-found", "no such ID"))
"""An account whose ID the vendor did not take, as it is claimed again."""


@pytest.mark.parametrize("refusal", [ReportNotFound("404"), InvalidRequest("400")])
def test_a_refused_id_is_written_down_before_its_name_is_asked(refusal: ApiError) -> None:
    script = Script([refusal, GOOD])
    done = script.outcome()
    assert (done.kind, done.cause, done.message) == (
        OutcomeKind.BY_NAME,
        refusal.cause,
        str(refusal),
    )
    assert (done.attempts, script.refs) == (1, [BY_ID])


def test_the_name_alone_is_asked_then() -> None:
    script = Script([ServerFault("500"), GOOD])
    done = script.asker().ask(REFUSED)
    assert (done.kind, done.answer, done.attempts) == (OutcomeKind.ANSWERED, GOOD, 2)
    assert script.refs == [BY_NAME, BY_NAME]


@pytest.mark.parametrize(
    "by_name",
    [answer("8", "a"), answer(None, "a"), ReportNotFound("404"), ReportForbidden("403")],
    ids=["another", "nobody", "unknown", "private"],
)
def test_a_name_that_changed_hands_is_not_taken_for_the_account(by_name: Say) -> None:
    script = Script([by_name])
    done = script.asker().ask(REFUSED)
    assert (done.kind, done.cause, done.message) == (
        OutcomeKind.REFUSED,
        "not-found",
        "no such ID",
    )
    assert done.answer is None
    assert script.refs == [BY_NAME]


@pytest.mark.parametrize(
    ("ref", "refusal"),
    [
        (BY_NAME, ReportNotFound("404")),
        (AccountRef("youtube", social_id="UC1"), ReportNotFound("404")),
        (BY_ID, ReportForbidden("403")),
    ],
)
def test_there_is_no_second_way(ref: AccountRef, refusal: Exception) -> None:
    script = Script([refusal, GOOD])
    assert script.outcome(ref).kind is OutcomeKind.REFUSED
    assert script.refs == [ref]


@pytest.mark.parametrize("error", [InvalidToken("403"), NoApiAccess("402")])
def test_refused_access_ends_all_and_counts_what_was_sent(error: Exception) -> None:
    script = Script([ServerFault("500"), error])
    with pytest.raises(CrawlEnding) as ended:
        script.outcome()
    assert (ended.value.error, ended.value.sent) == (error, 2)


@pytest.mark.parametrize(
    ("takes", "kind"),
    [(0.0, Unreachable), (20.0, Unreachable), (30.0, RequestTimeout), (40.0, RequestTimeout)],
)
def test_a_server_never_reached_ends_within_two_minutes(
    takes: float, kind: type[TransientError]
) -> None:
    script = Script([kind("nothing there")], takes=takes)
    with pytest.raises(CrawlEnding) as ended:
        script.outcome(reach=Reach(clock=script.clock), random=lambda: 1.0)
    assert isinstance(ended.value.error, ServerNeverReached)
    assert ended.value.error.exit_code == 5
    assert script.now <= 120
    assert len(script.refs) == 7 or script.now > 50
    assert ended.value.sent == len(script.refs)


def test_a_clock_may_begin_at_zero_or_anywhere() -> None:
    lengths = []
    for start in (0.0, 1e6):
        script = Script([Unreachable("no")], takes=20.0, now=start)
        with pytest.raises(CrawlEnding):
            script.outcome(reach=Reach(clock=script.clock))
        lengths.append(script.now - start)
    assert lengths[0] == pytest.approx(lengths[1])


@pytest.mark.parametrize(
    "sign", [GOOD, ReportNotFound("404"), ServerFault("500"), BrokenAnswer("")]
)
def test_any_sign_of_life_counts_as_reached(sign: Say) -> None:
    script = Script([sign] + [Unreachable("no")] * 20)
    asker = script.asker(reach=Reach(clock=script.clock))
    if isinstance(sign, Answer):
        asker.ask(Claim(1, BY_NAME, 0))
    assert asker.ask(Claim(2, BY_NAME, 0)).kind in (OutcomeKind.EXHAUSTED, OutcomeKind.REFUSED)


def test_the_stop_signal_ends_a_wait_and_returns_the_claim() -> None:
    stop = StopSignal()

    class Stopping(Script):
        def ask(self, ref: AccountRef) -> Answer:
            stop.set()
            return super().ask(ref)

    script = Stopping([ServerFault("500", retry_after=100.0)])
    outcome = script.outcome(stop=stop, wait=None)
    assert (outcome.kind, outcome.attempts) == (OutcomeKind.RETURNED, 1)
    again = script.outcome(stop=stop, wait=None)
    assert (again.kind, again.attempts) == (OutcomeKind.RETURNED, 0)


def test_waiting_ends_at_once_when_the_end_is_asked_for() -> None:
    stop, caught = StopSignal(), threading.Event()

    def wait() -> None:
        with pytest.raises(Stopped):
            stop.wait(100.0)
        caught.set()

    thread = threading.Thread(target=wait)
    thread.start()
    stop.set()
    assert caught.wait(10)
    thread.join()
    stop.begin()
    assert stop.is_over()


HANDLER = """
import signal, sys
from graphcrawl.crawl import StopSignal
stop, seen = StopSignal(), 0
def handler(number, frame):
    global seen
    seen += 1
    stop.set()
signal.signal(signal.SIGALRM, handler)
signal.setitimer(signal.ITIMER_REAL, 0.0005, 0.0001)
while seen < 1500:
    stop.set(); stop.end()
signal.setitimer(signal.ITIMER_REAL, 0)
print(seen)
"""


def test_a_signal_may_come_while_its_thread_is_in_the_stop_signal() -> None:
    done = subprocess.run(
        [sys.executable, "-c", HANDLER], capture_output=True, timeout=60, check=True, text=True
    )
    assert int(done.stdout) >= 1500


def test_a_budget_bounds_requests_retries_included() -> None:
    script = Script([ServerFault("500")] * 9 + [GOOD])
    permits = Budgeted(Unlimited(clock=script.clock), 4)
    with pytest.raises(CrawlEnding) as ended:
        script.outcome(permits=permits)
    assert isinstance(ended.value.error, BudgetReached)
    assert (len(script.refs), ended.value.sent, ended.value.error.exit_code) == (4, 4, 5)


def test_a_permit_encloses_each_request() -> None:
    events: list[str] = []

    class Spy(Unlimited):
        @contextmanager
        def permit(self, wait: Callable[[float], None]) -> Iterator[None]:
            events.append("permit")
            yield
            events.append("settled")

    class Telling(Script):
        def ask(self, ref: AccountRef) -> Answer:
            events.append("request")
            return super().ask(ref)

    source: Source = Telling([GOOD])
    Asker(source, Spy(), StopSignal()).ask(Claim(1, BY_ID, 0))
    assert events == ["permit", "request", "settled"]


def test_an_answer_is_given_as_it_came() -> None:
    own = account("7", title="changed")
    said = Answer(own, (account("a"),), ("result[2]: no type",))
    assert Script([said]).outcome().answer == said
