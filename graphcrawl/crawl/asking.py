"""From a claim to its outcome: permits, attempts, and the two ways to ask."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from tenacity import RetryCallState, Retrying

from graphcrawl.crawl.ports import Permits, Source
from graphcrawl.crawl.retry import RetryPolicy
from graphcrawl.errors import (
    AccessError,
    AccountError,
    CrawlIncomplete,
    GraphcrawlError,
    InvalidRequest,
    RateLimited,
    ReportNotFound,
    ReportPending,
    RequestTimeout,
    TransientError,
    Unreachable,
)
from graphcrawl.model import AccountRef, Answer, Claim, Outcome, OutcomeKind


class Stopped(GraphcrawlError):
    """The crawl was asked to end while this claim waited; it goes back to the queue."""


class ServerNeverReached(CrawlIncomplete):
    """No answer of any kind has come in this run."""


class CrawlEnding(GraphcrawlError):
    """No account can be asked any more: the claim goes back to the queue, and the crawl ends.

    Parameters
    ----------
    error : GraphcrawlError
        Why.
    sent : int
        Requests sent for the claim.
    """

    def __init__(self, error: GraphcrawlError, sent: int) -> None:
        super().__init__(str(error))
        self.error = error
        self.sent = sent


class StopSignal:
    """Asks every waiting part of a crawl to end; safe to set from a signal handler."""

    def __init__(self) -> None:
        # A handler may run while its own thread is in here: an Event's lock would wait for itself.
        self._changed = threading.Condition(threading.RLock())
        self._asked = False
        self._over = False

    def set(self) -> None:
        """Ask everything to end."""
        self._asked = True
        self._wake()

    def is_set(self) -> bool:
        """Tell whether the end has been asked for from outside."""
        return self._asked

    def begin(self) -> None:
        """Note that a run begins."""
        self._over = False

    def end(self) -> None:
        """Note that the run ends of itself: what waits need not wait any longer."""
        self._over = True
        self._wake()

    def is_over(self) -> bool:
        """Tell whether nothing more is to be begun."""
        return self._asked or self._over

    def wait(self, seconds: float) -> None:
        """Wait, or raise `Stopped` as soon as nothing more is to be begun."""
        with self._changed:
            if self._changed.wait_for(self.is_over, max(0.0, seconds)):
                raise Stopped("the crawl was asked to end")

    def _wake(self) -> None:
        with self._changed:
            self._changed.notify_all()


@dataclass(slots=True)
class Reach:
    """Whether the server has ever answered in this run; shared by the workers.

    Attributes
    ----------
    clock : callable
        Seconds, monotonic.
    """

    clock: Callable[[], float] = time.monotonic
    reached: bool = False
    _since: float | None = None

    def begin(self) -> None:
        """Note that an attempt begins."""
        if self._since is None:
            self._since = self.clock()

    def note(self, error: TransientError | None) -> None:
        """Note how an attempt ended: anything but silence means that the server is there."""
        if not isinstance(error, Unreachable | RequestTimeout):
            self.reached = True

    def is_hopeless(self, policy: RetryPolicy, failures: int) -> bool:
        """Tell whether to stop trying a server that has never answered."""
        if self.reached:
            return False
        waited = 0.0 if self._since is None else self.clock() - self._since
        return failures > policy.never_reached_retries or waited > policy.never_reached_seconds


@dataclass(slots=True)
class Asker:
    """Turns claims into outcomes; one is shared by all workers.

    Attributes
    ----------
    source : Source
    permits : Permits
    stop : StopSignal
    policy : RetryPolicy
    wait : callable or None
        Waits for seconds or raises `Stopped`; None: the stop signal's own.
    random : callable
        Gives a number from 0 to 1, for jitter.
    reach : Reach
    trouble : str or None
        Kind of failure of the newest attempt, if it failed in passing.
    sent : int
        Requests sent so far, those of claims under way included.
    probing : bool
        Whether accounts are asked to see if the server is back: with fewer attempts.
    """

    source: Source
    permits: Permits
    stop: StopSignal
    policy: RetryPolicy = field(default_factory=RetryPolicy)
    wait: Callable[[float], None] | None = None
    random: Callable[[], float] = random.random
    reach: Reach = field(default_factory=Reach)
    trouble: str | None = None
    sent: int = 0
    probing: bool = False
    _counting: threading.Lock = field(default_factory=threading.Lock)
    _retrying: Retrying = field(init=False)

    def __post_init__(self) -> None:
        self._retrying = Retrying(
            retry=_is_worth_retrying,
            stop=self._is_enough,
            wait=self._pause,
            sleep=self._sleep,
            reraise=True,
        )

    def ask(self, claim: Claim) -> Outcome:
        """Ask for a claimed account until there is an outcome.

        Raises
        ------
        CrawlEnding
            Credentials or access were refused, the budget is used up, or no answer of any kind
            has come in this run for long enough.
        """
        attempts = _Attempts()
        try:
            answer = self._ask_either_way(claim, attempts)
        except Stopped:
            return Outcome(claim, OutcomeKind.RETURNED, attempts.sent)
        except ReportPending as error:
            return self._pending(claim, error, attempts)
        except TransientError as error:
            return _failed(claim, OutcomeKind.EXHAUSTED, error, attempts)
        except AccountError as error:
            return self._refused(claim, error, attempts)
        except (AccessError, CrawlIncomplete) as error:
            raise CrawlEnding(error, attempts.sent) from error
        return Outcome(claim, OutcomeKind.ANSWERED, attempts.sent, answer)

    def _pending(self, claim: Claim, error: ReportPending, attempts: _Attempts) -> Outcome:
        wait = self.policy.postpone(error, claim.postponed, self.random)
        if wait is None:
            return _failed(claim, OutcomeKind.DEFERRED, error, attempts)
        return _failed(claim, OutcomeKind.POSTPONED, error, attempts, wait=wait)

    def _ask_either_way(self, claim: Claim, attempts: _Attempts) -> Answer:
        """Ask by ID, or by name where the vendor has refused the ID.

        Asking by ID is documented for YouTube alone. The answer to a name counts only if its own
        row is the account that was meant, since names change hands. A seed that was given by this
        name is the one that was meant, also where the answer leaves its own row out: the same
        answer would have counted before its ID was known.
        """
        ref = claim.ref
        if claim.refusal is None:
            return self._ask_patiently(ref, attempts)
        answer = self._ask_patiently(AccountRef(ref.network, ref.username), attempts)
        meant = claim.named if answer.own is None else answer.own.social_id == ref.social_id
        if not meant:
            raise ReportNotFound(f"{ref}: the name is another account's", account=str(ref))
        return answer

    def _refused(self, claim: Claim, error: AccountError, attempts: _Attempts) -> Outcome:
        """Say what a refusal means: after that of an ID the name is asked, once and no more."""
        ref, first = claim.ref, claim.refusal
        if first is not None:
            kind = OutcomeKind.REFUSED
            return Outcome(claim, kind, attempts.sent, cause=first.cause, message=first.message)
        of_the_id = isinstance(error, ReportNotFound | InvalidRequest) and ref.social_id is not None
        kind = OutcomeKind.BY_NAME if of_the_id and ref.username else OutcomeKind.REFUSED
        return _failed(claim, kind, error, attempts)

    def _ask_patiently(self, ref: AccountRef, attempts: _Attempts) -> Answer:
        return self._retrying(self._ask_once, ref, attempts)

    def _ask_once(self, ref: AccountRef, attempts: _Attempts) -> Answer:
        if self.stop.is_over():
            raise Stopped("the crawl was asked to end")
        with self.permits.permit(self._sleep):
            attempts.sent += 1
            with self._counting:
                self.sent += 1
            self.reach.begin()
            try:
                answer = self.source.ask(ref)
            except TransientError as error:
                self._note(error)
                raise
            except AccountError:
                self._note(None)
                raise
            self._note(None)
            return answer

    def _note(self, error: TransientError | None) -> None:
        self.reach.note(error)
        self.trouble = None if error is None else error.cause

    def _sleep(self, seconds: float) -> None:
        (self.wait or self.stop.wait)(seconds)

    def _is_enough(self, state: RetryCallState) -> bool:
        if self.reach.is_hopeless(self.policy, state.attempt_number):
            error = _error_of(state)
            raise ServerNeverReached(f"the API was never reached: {error}") from error
        policy = self.policy
        return state.attempt_number > (policy.probe_retries if self.probing else policy.retries)

    def _pause(self, state: RetryCallState) -> float:
        error = _error_of(state)
        seconds = self.policy.wait(error, state.attempt_number, self.random)
        if isinstance(error, RateLimited):
            # All requests count against the vendor's limit, so all of them wait.
            self.permits.hold(seconds)
        return seconds


@dataclass(slots=True)
class _Attempts:
    sent: int = 0


def _is_worth_retrying(state: RetryCallState) -> bool:
    error = state.outcome.exception() if state.outcome else None
    # A report in the making takes its time: others are asked meanwhile.
    return isinstance(error, TransientError) and not isinstance(error, ReportPending)


def _error_of(state: RetryCallState) -> TransientError:
    error = state.outcome.exception() if state.outcome else None
    if not isinstance(error, TransientError):
        raise AssertionError("only transient failures are waited for") from error
    return error


def _failed(
    claim: Claim,
    kind: OutcomeKind,
    error: TransientError | AccountError,
    attempts: _Attempts,
    *,
    wait: float = 0.0,
) -> Outcome:
    return Outcome(claim, kind, attempts.sent, cause=error.cause, message=str(error), wait=wait)
