"""What a run works with, open for its length: the vendor, permits, a log, pictures."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from graphcrawl import __version__
from graphcrawl.api import Client, PictureClient, PictureHosts, parse_base_url
from graphcrawl.crawl import (
    Asker,
    AttemptLog,
    Budgeted,
    Gallery,
    Permits,
    Report,
    StopSignal,
    Unlimited,
)
from graphcrawl.model import Origin
from graphcrawl.runs.access import Access, server_of
from graphcrawl.runs.options import CrawlOptions
from graphcrawl.store import AvatarAlbum, PermitSettings, SharedPermits, Store, boot_clock


@dataclass(frozen=True, slots=True)
class Run:
    """What one run works with, for as long as it lasts.

    Attributes
    ----------
    store : Store
        Open for writing.
    options : CrawlOptions
    asker : Asker
        Asks the vendor, with a permit for each request.
    log : AttemptLog or None
        Gets a line for each request; None: not wanted.
    gallery : Gallery or None
        Fetches pictures beside the crawl; None: not wanted.
    stop : StopSignal
        Ends the run within its running requests.
    report : callable or None
        Is given the progress now and then.
    """

    store: Store
    options: CrawlOptions
    asker: Asker
    log: AttemptLog | None
    gallery: Gallery | None
    stop: StopSignal
    report: Report | None


@contextmanager
def opened(
    store: Store,
    access: Access,
    options: CrawlOptions,
    *,
    stop: StopSignal | None,
    report: Report | None,
) -> Iterator[Run]:
    """Open what a run works with, before anything is written of it.

    Raises
    ------
    FileRefused
        If the log cannot be written.
    MissingCredentials
        If the client ID or the token is empty.
    StoreError
        If the file of permits cannot be opened.
    """
    stop = stop or StopSignal()
    with (
        _log(options) as log,
        _asker(access, options, stop, log) as asker,
        _gallery(store, access, options) as gallery,
    ):
        yield Run(store, options, asker, log, gallery, stop, report)


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
