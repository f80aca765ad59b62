"""One run of a crawl: client, permits, frontier and engine, joined for its length."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from graphcrawl import __version__
from graphcrawl.api import (
    Client,
    PictureClient,
    PictureHosts,
    Timeouts,
    can_make_thumbnails,
    parse_base_url,
)
from graphcrawl.crawl import (
    Ahead,
    Asker,
    AttemptLog,
    Bounds,
    Budgeted,
    Crawl,
    Gallery,
    Level,
    Permits,
    PictureCounts,
    Report,
    RetryPolicy,
    StopSignal,
    Unlimited,
    foretold,
    look_ahead,
)
from graphcrawl.crawl.one_core import on_one_core
from graphcrawl.errors import (
    AccessError,
    CrawlIncomplete,
    GraphcrawlError,
    InputError,
    Interrupted,
    NothingFound,
    StoreError,
)
from graphcrawl.filters import EXCLUDED, Filters
from graphcrawl.model import AccountRef, Credentials, Origin
from graphcrawl.moments import age_text
from graphcrawl.settings import VENDOR_HOST
from graphcrawl.store import (
    GOES_NO_DEEPER,
    TRANSIENT,
    AvatarAlbum,
    CrawlFrontier,
    CrawlRecord,
    PermitSettings,
    RefreshScope,
    Retry,
    SharedPermits,
    Store,
    boot_clock,
    bring_up_to_date,
    crawl_lock,
    crawl_record,
    finish_crawl,
    seed_outcomes,
    start_crawl,
    start_refresh,
    take_up,
)
from graphcrawl.wording import plural

VENDOR_LIMIT: Final = 100
"""The vendor takes fewer requests than this a minute."""

NO_SEED: Final = frozenset({"not-found", "invalid-request", "unexpected-status", "unusable-answer"})
"""Ends of a seed that are no answer about it; one kept private is an answer."""

DEFAULT_RATE: Final = 95
DEFAULT_WORKERS: Final = 4
MOST_WORKERS: Final = 256

_MOST: Final = 1_000_000
"""Hops, and requests a minute; more is a slip of the finger."""


def origin_at(base_url: str) -> Origin:
    """Say whose data an address gives; see `Access.origin`."""
    address = parse_base_url(base_url)
    host = address.host.rstrip(".")
    ours = host == VENDOR_HOST or host.endswith("." + VENDOR_HOST)
    return Origin.VENDOR if ours and address.scheme == "https" else Origin.SIMULATED


@dataclass(frozen=True, slots=True)
class Access:
    """Where answers come from.

    Attributes
    ----------
    base_url : str
        Scheme and host.
    credentials : Credentials
    permits_path : Path or None
        The file of permits that all crawls of one user share; None: this crawl keeps no rate.
    demo : bool
        Whether it is the built-in simulator, whose address means nothing to anyone else.
    """

    base_url: str
    credentials: Credentials
    permits_path: Path | None
    demo: bool = False

    @property
    def origin(self) -> Origin:
        """The vendor's own host gives vendor data; whatever answers elsewhere stands in for it.

        Raises
        ------
        SettingsError
            If the address cannot be used.
        """
        return origin_at(self.base_url)


@dataclass(frozen=True, slots=True)
class CrawlOptions:
    """How a crawl is run.

    Attributes
    ----------
    depth : int or None
        Accounts nearer than this (in hops) are asked; None: all that can be reached.
    rate : int
        Requests a minute; 0: as fast as the server answers.
    workers : int
        Requests under way at once.
    max_requests : int or None
        A run ends, to be resumed, before it sends more.
    max_seconds : float or None
        A run ends, to be resumed, once it has taken so long.
    max_nodes : int or None
        A run ends, to be resumed, once the crawl holds so many accounts.
    filters : Filters
        Who is not asked, how much is kept of an answer, and who comes first.
    avatars : bool
        Small pictures of the accounts are fetched beside the crawl, and kept.
    log_file : Path or None
        Gets a line of JSON for each request.
    max_age : timedelta or None
        Accounts with a whole answer in the database that is younger are not asked again: that
        answer counts. Whole hours; None: everything is asked anew.
    policy : RetryPolicy
    timeouts : Timeouts
    """

    depth: int | None = 2
    rate: int = DEFAULT_RATE
    workers: int = DEFAULT_WORKERS
    max_requests: int | None = None
    max_seconds: float | None = None
    max_nodes: int | None = None
    filters: Filters = field(default_factory=Filters)
    avatars: bool = False
    log_file: Path | None = None
    max_age: timedelta | None = None
    policy: RetryPolicy = field(default_factory=RetryPolicy)
    timeouts: Timeouts = field(default_factory=Timeouts)

    def check(self, access: Access) -> None:
        """Refuse what cannot be run.

        Raises
        ------
        InputError
        """
        if self.depth is not None and not 0 <= self.depth <= _MOST:
            raise InputError(f"--depth {self.depth}: give 0 to {_MOST:,}, or all")
        if not 0 <= self.rate <= _MOST:
            raise InputError(f"--rate {self.rate}: give requests a minute, or 0 for no limit")
        if not 1 <= self.workers <= MOST_WORKERS:
            raise InputError(f"--workers {self.workers}: give 1 to {MOST_WORKERS}")
        self._check_bounds()
        if self.max_age is not None and not _is_whole_hours(self.max_age):
            raise InputError(f"--max-age {self.max_age}: give whole hours, one at least")
        if self.max_age is not None and (self.filters.complete or self.filters.max_connections):
            raise InputError(
                "--max-age takes stored answers whole: leave out --complete and --max-connections"
            )
        if self.avatars and not can_make_thumbnails():
            raise InputError(
                "--avatars needs Pillow, which is not installed: pip install "
                "'graphcrawl[avatars]', or pillow alone; graphcrawl resume goes on without "
                "pictures by --no-avatars"
            )
        if access.origin is Origin.VENDOR and not 0 < self.rate < VENDOR_LIMIT:
            raise InputError(
                f"--rate {self.rate}: the vendor takes less than {VENDOR_LIMIT} requests a "
                f"minute; give 1 to {VENDOR_LIMIT - 1}"
            )

    def _check_bounds(self) -> None:
        bounds = {
            "--max-requests": self.max_requests,
            "--max-time": self.max_seconds,
            "--max-nodes": self.max_nodes,
            "--max-connections": self.filters.max_connections,
        }
        for option, most in bounds.items():
            if most is not None and most <= 0:
                raise InputError(f"{option} {most}: give a positive number")
        few = self.filters.min_subscribers
        if few is not None and few < 0:
            raise InputError(f"--min-subscribers {few}: give a number of followers")


def _is_whole_hours(age: timedelta) -> bool:
    return age > timedelta(0) and not age % timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class CrawlResult:
    """How a run ended.

    Attributes
    ----------
    record : CrawlRecord
        The crawl as it stands now, earlier runs included.
    seconds : float
        How long this run took.
    ended : GraphcrawlError or None
        Why it is not complete, or found nothing; None: complete.
    pictures : PictureCounts or None
        What became of the accounts' pictures in this run; None: they were not wanted.
    log_failure : str or None
        Why the log of attempts is not complete; None: it is, or none was wanted.
    """

    record: CrawlRecord
    seconds: float
    ended: GraphcrawlError | None
    pictures: PictureCounts | None = None
    log_failure: str | None = None

    @property
    def exit_code(self) -> int:
        """The command line's exit code."""
        return 0 if self.ended is None else self.ended.exit_code


def run_new(
    store: Store,
    seeds: Sequence[AccountRef],
    access: Access,
    options: CrawlOptions,
    *,
    stop: StopSignal | None = None,
    report: Report | None = None,
) -> CrawlResult:
    """Start a crawl and run it to its end.

    Parameters
    ----------
    store : Store
        Open for writing, of the origin of `access`.
    seeds : sequence of AccountRef
    stop : StopSignal or None
        Set it to end within the running requests.
    report : callable or None
        Is given the progress now and then.

    Raises
    ------
    InputError
        If seeds or options cannot be used; nothing is written.
    MissingCredentials
        If the client ID or the token is empty; nothing is written.
    StoreError
        If the database cannot be written.
    """
    options.check(access)
    stop = stop or StopSignal()
    with (
        _log(options) as log,
        _asker(access, options, stop, log) as asker,
        _gallery(store, access, options) as gallery,
    ):
        crawl_id = start_crawl(store, seeds, recorded_settings(access, options))
        if log is not None:
            log.crawl_id = crawl_id
        with crawl_lock(store.path, crawl_id):
            result = _run(store, crawl_id, asker, options, gallery, stop=stop, report=report)
    return _with_log(result, log)


def run_again(
    store: Store,
    record: CrawlRecord,
    access: Access,
    options: CrawlOptions,
    *,
    retry: Retry = Retry.USED_UP,
    stop: StopSignal | None = None,
    report: Report | None = None,
) -> CrawlResult:
    """Go on with a crawl, or deepen a finished one.

    Parameters
    ----------
    record : CrawlRecord
    options : CrawlOptions
        Its depth must not be smaller than the crawl's.
    retry : Retry
        Which failed accounts are asked again.

    Raises
    ------
    CrawlBusy
        If another process works on it.
    InputError
        If the options cannot be used.
    MissingCredentials
        If the client ID or the token is empty.
    StoreError
        If the database cannot be written.
    """
    options.check(access)
    refuse_import(record)
    if record.is_refresh:
        _refuse_beyond_refresh(record, options)
    else:
        _refuse_shallower(record, options.depth)
    stop = stop or StopSignal()
    with (
        _log(options) as log,
        _asker(access, options, stop, log) as asker,
        _gallery(store, access, options) as gallery,
        crawl_lock(store.path, record.id),
    ):
        if log is not None:
            log.crawl_id = record.id
        take_up(store, record.id, recorded_settings(access, options), retry=retry)
        result = _run(store, record.id, asker, options, gallery, stop=stop, report=report)
    return _with_log(result, log)


def run_refresh(
    store: Store,
    scope: RefreshScope,
    access: Access,
    options: CrawlOptions,
    *,
    stop: StopSignal | None = None,
    report: Report | None = None,
) -> CrawlResult | None:
    """Ask again for what is stored, in a crawl of its own that goes no deeper.

    Parameters
    ----------
    scope : RefreshScope
    options : CrawlOptions
        Its depth, its `max_age` and `Filters.complete` do not count.

    Returns
    -------
    CrawlResult or None
        None, and no crawl, if nothing is older than the scope wants.

    Raises
    ------
    InputError
        If the options cannot be used.
    MissingCredentials
        If the client ID or the token is empty.
    NothingFound
        If nothing that is meant was ever asked.
    StoreError
        If the database cannot be written.
    """
    filters = replace(options.filters, complete=False)
    options = replace(options, depth=GOES_NO_DEEPER, max_age=None, filters=filters)
    options.check(access)
    stop = stop or StopSignal()
    with (
        _log(options) as log,
        _asker(access, options, stop, log) as asker,
        _gallery(store, access, options) as gallery,
    ):
        crawl_id = start_refresh(store, scope, recorded_settings(access, options))
        if crawl_id is None:
            return None
        if log is not None:
            log.crawl_id = crawl_id
        with crawl_lock(store.path, crawl_id):
            result = _run(store, crawl_id, asker, options, gallery, stop=stop, report=report)
    return _with_log(result, log)


def recorded_settings(access: Access, options: CrawlOptions) -> dict[str, Any]:
    """Give what is written down of a run: enough to repeat it, and no secret."""
    return {
        **settings_of(options),
        "url": access.base_url,
        "demo": access.demo,
        "version": __version__,
    }


def settings_of(options: CrawlOptions) -> dict[str, Any]:
    """Give the settings that options make; those that leave nothing out are not among them."""
    bounds = {"max_time": options.max_seconds, "max_nodes": options.max_nodes}
    return {
        "depth": options.depth,
        "rate": options.rate,
        "workers": options.workers,
        "max_requests": options.max_requests,
        **{name: most for name, most in bounds.items() if most is not None},
        **options.filters.recorded(),
        "avatars": options.avatars,
        "max_age": None if options.max_age is None else age_text(options.max_age),
    }


def _with_log(result: CrawlResult, log: AttemptLog | None) -> CrawlResult:
    return result if log is None else replace(result, log_failure=log.failure)


def _refuse_beyond_refresh(record: CrawlRecord, options: CrawlOptions) -> None:
    beyond = {
        "--depth": options.depth != record.depth,
        "--complete": options.filters.complete,
        "--max-age": options.max_age is not None,
    }
    for option, given in beyond.items():
        if given:
            raise InputError(
                f"crawl {record.id} is a refresh: it asks anew what was asked before, and nothing "
                f"else; leave out {option}, or go on with the crawl it refreshed"
            )


def refuse_import(record: CrawlRecord) -> None:
    """Refuse to go on with what is no crawl.

    Raises
    ------
    InputError
    """
    if record.is_import:
        raise InputError(
            f"crawl {record.id} is an import: there is nothing to go on with; graphcrawl seed "
            "begins a crawl"
        )


def _refuse_shallower(record: CrawlRecord, depth: int | None) -> None:
    if depth is not None and (record.depth is None or depth < record.depth):
        had = "all" if record.depth is None else record.depth
        raise InputError(
            f"--depth {depth}: crawl {record.id} already has depth {had}; a crawl can be "
            "deepened, not made shallower"
        )


def _run(
    store: Store,
    crawl_id: int,
    asker: Asker,
    options: CrawlOptions,
    gallery: Gallery | None,
    *,
    stop: StopSignal,
    report: Report | None,
) -> CrawlResult:
    began = time.monotonic()
    try:
        # With a rate there is nothing to gain by one core: the threads wait for it. The threads
        # that fetch pictures begin before, and stay free.
        accounts = CrawlFrontier(
            store,
            crawl_id,
            options.depth,
            reuse_since=None if options.max_age is None else datetime.now(UTC) - options.max_age,
            filters=options.filters,
        )
        with (
            gallery.beside(accounts, stop) if gallery else nullcontext(accounts) as frontier,
            nullcontext() if options.rate else on_one_core(),
        ):
            bounds = Bounds(
                max_nodes=options.max_nodes,
                held=crawl_record(store, crawl_id).accounts if options.max_nodes else 0,
                max_seconds=options.max_seconds,
            )
            Crawl(
                frontier,
                asker,
                stop,
                workers=options.workers,
                bounds=bounds,
                report=_foretold(report, accounts, options),
            ).run()
        ended: GraphcrawlError | None = None
    except GraphcrawlError as error:
        ended = error
    except KeyboardInterrupt:
        ended = Interrupted("interrupted; everything answered is saved")
    except BaseException as error:
        finish_crawl(store, crawl_id, "failed", f"a fault of graphcrawl's: {error!r}")
        raise
    record, ended = _closed(store, crawl_id, ended)
    pictures = gallery.counts if gallery else None
    return CrawlResult(record, time.monotonic() - began, ended, pictures)


def _closed(
    store: Store, crawl_id: int, ended: GraphcrawlError | None
) -> tuple[CrawlRecord, GraphcrawlError | None]:
    try:
        ended = _finish(store, crawl_id, ended)
    except StoreError as error:
        # Nothing can be written any more, not even this; what was written can be gone on with.
        return replace(crawl_record(store, crawl_id), status="interrupted"), ended or error
    bring_up_to_date(store.engine)
    return crawl_record(store, crawl_id), ended


def _finish(store: Store, crawl_id: int, ended: GraphcrawlError | None) -> GraphcrawlError | None:
    """Write how the crawl ended, and say what is missing even if nothing stopped it."""
    ended = ended or _shortfall(crawl_record(store, crawl_id))
    if ended is not None:
        status = "failed" if isinstance(ended, AccessError) else "interrupted"
        finish_crawl(store, crawl_id, status, str(ended))
        return ended
    finish_crawl(store, crawl_id, "complete", None)
    record = crawl_record(store, crawl_id)
    if not record.accounts:
        return NothingFound("every account to start from was forgotten here; none is asked again")
    # A seed that was left alone is no answer about the others; and what a refresh finds gone was
    # there before: that is news, and no spelling mistake.
    outcomes = set(seed_outcomes(store, crawl_id)) - {EXCLUDED}
    if outcomes and outcomes <= NO_SEED and not record.is_refresh:
        return _no_seed(record, outcomes)
    return None


def _shortfall(record: CrawlRecord) -> CrawlIncomplete | None:
    failed, deferred = record.count("failed", *TRANSIENT), record.count("deferred")
    parts = [
        f"{plural(failed, 'account')} used up every retry" if failed else "",
        f"{plural(deferred, 'report')} still being made" if deferred else "",
    ]
    words = " and ".join(part for part in parts if part)
    if not words:
        return None
    return CrawlIncomplete(f"{words}; everything answered is saved")


def _no_seed(record: CrawlRecord, outcomes: Collection[str]) -> NothingFound:
    names = ", ".join(record.seeds[:3]) + (", ..." if len(record.seeds) > 3 else "")
    what = "has no report" if set(outcomes) == {"not-found"} else "gave no usable answer"
    return NothingFound(f"the vendor {what} for {names}; check the spelling and the network")


@contextmanager
def _log(options: CrawlOptions) -> Iterator[AttemptLog | None]:
    if options.log_file is None:
        yield None
        return
    with AttemptLog(options.log_file) as log:
        yield log


@contextmanager
def _asker(
    access: Access, options: CrawlOptions, stop: StopSignal, log: AttemptLog | None
) -> Iterator[Asker]:
    with ExitStack() as open_things:
        permits = _permits(access, options, open_things)
        if options.max_requests is not None:
            permits = Budgeted(permits, options.max_requests)
        client = Client(
            access.credentials,
            base_url=access.base_url,
            timeout=options.timeouts,
            pool_size=options.workers,
            redirect_permit=lambda: permits.permit(stop.wait),
            user_agent=f"graphcrawl/{__version__}",
        )
        open_things.callback(client.close)
        source = client if log is None else log.asking(client)
        policy = options.policy if log is None else log.waiting(options.policy)
        yield Asker(source, permits, stop, policy=policy)


@contextmanager
def _gallery(store: Store, access: Access, options: CrawlOptions) -> Iterator[Gallery | None]:
    if not options.avatars:
        yield None
        return
    hosts = PictureHosts()
    if access.origin is Origin.SIMULATED:
        hosts = PictureHosts.of_simulator(parse_base_url(access.base_url))
    with PictureClient(hosts, user_agent=f"graphcrawl/{__version__}") as source:
        yield Gallery(source, AvatarAlbum(store))


def _foretold(
    report: Report | None, frontier: CrawlFrontier, options: CrawlOptions
) -> Report | None:
    """Let a report tell what is ahead too."""

    def look() -> Ahead | None:
        levels = {depth: Level(*count) for depth, count in frontier.levels().items()}
        return look_ahead(levels, options.depth, complete=options.filters.complete)

    return None if report is None else foretold(report, look)


def _permits(access: Access, options: CrawlOptions, open_things: ExitStack) -> Permits:
    if options.rate == 0 or access.permits_path is None:
        return Unlimited()
    shared = SharedPermits(
        access.permits_path,
        PermitSettings(
            host=server_of(access.base_url),
            client_id=access.credentials.client_id,
            rate=options.rate,
            timeout=options.timeouts.connect + options.timeouts.whole,
        ),
        boot=boot_clock(),
    )
    open_things.callback(shared.close)
    return shared


def server_of(base_url: str) -> str:
    """Give host and port, the same however the address is written.

    Raises
    ------
    SettingsError
        If the address cannot be used.
    """
    address = parse_base_url(base_url)
    return str(address).partition("://")[2].rstrip(".")
