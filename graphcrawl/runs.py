"""One run of a crawl: client, permits, frontier and engine, joined for its length."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
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
    Asker,
    Budgeted,
    Crawl,
    Frontier,
    Gallery,
    Permits,
    PictureCounts,
    RetryPolicy,
    StopSignal,
    Unlimited,
)
from graphcrawl.crawl.engine import Report
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
from graphcrawl.model import AccountRef, Credentials, Origin
from graphcrawl.settings import VENDOR_HOST
from graphcrawl.store import (
    TRANSIENT,
    AvatarAlbum,
    CrawlFrontier,
    CrawlRecord,
    PermitSettings,
    SharedPermits,
    Store,
    boot_clock,
    crawl_lock,
    crawl_record,
    finish_crawl,
    seed_outcomes,
    start_crawl,
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
    """

    base_url: str
    credentials: Credentials
    permits_path: Path | None

    @property
    def origin(self) -> Origin:
        """The vendor's own host gives vendor data; whatever answers elsewhere stands in for it.

        Raises
        ------
        SettingsError
            If the address cannot be used.
        """
        address = parse_base_url(self.base_url)
        host = address.host.rstrip(".")
        ours = host == VENDOR_HOST or host.endswith("." + VENDOR_HOST)
        return Origin.VENDOR if ours and address.scheme == "https" else Origin.SIMULATED


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
    avatars : bool
        Small pictures of the accounts are fetched beside the crawl, and kept.
    policy : RetryPolicy
    timeouts : Timeouts
    """

    depth: int | None = 2
    rate: int = DEFAULT_RATE
    workers: int = DEFAULT_WORKERS
    max_requests: int | None = None
    avatars: bool = False
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
        if self.max_requests is not None and self.max_requests < 1:
            raise InputError(f"--max-requests {self.max_requests}: give a positive number")
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
    """

    record: CrawlRecord
    seconds: float
    ended: GraphcrawlError | None
    pictures: PictureCounts | None = None

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
    with _asker(access, options, stop) as asker, _gallery(store, access, options) as gallery:
        crawl_id = start_crawl(store, seeds, recorded_settings(access, options))
        with crawl_lock(store.path, crawl_id):
            return _run(store, crawl_id, asker, options, gallery, stop=stop, report=report)


def run_again(
    store: Store,
    record: CrawlRecord,
    access: Access,
    options: CrawlOptions,
    *,
    stop: StopSignal | None = None,
    report: Report | None = None,
) -> CrawlResult:
    """Go on with a crawl, or deepen a finished one.

    Parameters
    ----------
    record : CrawlRecord
    options : CrawlOptions
        Its depth must not be smaller than the crawl's.

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
    _refuse_shallower(record, options.depth)
    stop = stop or StopSignal()
    with (
        _asker(access, options, stop) as asker,
        _gallery(store, access, options) as gallery,
        crawl_lock(store.path, record.id),
    ):
        take_up(store, record.id, recorded_settings(access, options))
        return _run(store, record.id, asker, options, gallery, stop=stop, report=report)


def recorded_settings(access: Access, options: CrawlOptions) -> dict[str, Any]:
    """Give what is written down of a run: enough to repeat it, and no secret."""
    return {
        "depth": options.depth,
        "rate": options.rate,
        "workers": options.workers,
        "max_requests": options.max_requests,
        "avatars": options.avatars,
        "url": access.base_url,
        "version": __version__,
    }


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
        with (
            _frontier(store, crawl_id, options, gallery, stop) as frontier,
            nullcontext() if options.rate else on_one_core(),
        ):
            Crawl(frontier, asker, stop, workers=options.workers, report=report).run()
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
    return crawl_record(store, crawl_id), ended


def _finish(store: Store, crawl_id: int, ended: GraphcrawlError | None) -> GraphcrawlError | None:
    """Write how the crawl ended, and say what is missing even if nothing stopped it."""
    ended = ended or _shortfall(crawl_record(store, crawl_id))
    if ended is not None:
        status = "failed" if isinstance(ended, AccessError) else "interrupted"
        finish_crawl(store, crawl_id, status, str(ended))
        return ended
    finish_crawl(store, crawl_id, "complete", None)
    if not crawl_record(store, crawl_id).accounts:
        return NothingFound("every account to start from was forgotten here; none is asked again")
    outcomes = set(seed_outcomes(store, crawl_id))
    if outcomes <= NO_SEED:
        return _no_seed(crawl_record(store, crawl_id), outcomes)
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
def _asker(access: Access, options: CrawlOptions, stop: StopSignal) -> Iterator[Asker]:
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
        yield Asker(client, permits, stop, policy=options.policy)


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


@contextmanager
def _frontier(
    store: Store, crawl_id: int, options: CrawlOptions, gallery: Gallery | None, stop: StopSignal
) -> Iterator[Frontier]:
    frontier = CrawlFrontier(store, crawl_id, options.depth)
    if gallery is None:
        yield frontier
        return
    with gallery.beside(frontier, stop) as illustrated:
        yield illustrated


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
