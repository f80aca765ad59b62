"""The three kinds of run: a new crawl, one that goes on, one that asks again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from graphcrawl.crawl import Report, StopSignal
from graphcrawl.errors import InputError
from graphcrawl.model import AccountRef, Origin
from graphcrawl.runs.access import Access
from graphcrawl.runs.ending import CrawlResult
from graphcrawl.runs.opening import opened
from graphcrawl.runs.options import CrawlOptions, recorded_settings
from graphcrawl.runs.running import run_to_its_end
from graphcrawl.store import (
    GOES_NO_DEEPER,
    CrawlRecord,
    RefreshScope,
    Retry,
    Store,
    crawl_lock,
    start_crawl,
    start_refresh,
    take_up,
)

_ASK_HERE: Final = (
    "graphcrawl refresh asks again for its accounts, graphcrawl seed begins a crawl beside it"
)
_INSTEAD: Final = {
    Origin.VENDOR: _ASK_HERE,
    Origin.SIMULATED: _ASK_HERE,
    Origin.IMPORTED: "nobody is asked into imported data; graphcrawl map draws it, and a crawl "
    "goes into a database of its own (graphcrawl seed with another --db)",
}
"""What can be done with an import, by whom its database's answers come from."""


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
    with opened(store, access, options, stop=stop, report=report) as run:
        crawl_id = start_crawl(store, seeds, recorded_settings(access, options))
        with crawl_lock(store.path, crawl_id):
            return run_to_its_end(run, crawl_id)


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
    refuse_import(record, store.origin)
    if record.is_refresh:
        _refuse_beyond_refresh(record, options)
    else:
        _refuse_shallower(record, options.depth)
    with (
        opened(store, access, options, stop=stop, report=report) as run,
        crawl_lock(store.path, record.id),
    ):
        take_up(store, record.id, recorded_settings(access, options), retry=retry)
        return run_to_its_end(run, record.id)


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
    with opened(store, access, options, stop=stop, report=report) as run:
        crawl_id = start_refresh(store, scope, recorded_settings(access, options))
        if crawl_id is None:
            return None
        with crawl_lock(store.path, crawl_id):
            return run_to_its_end(run, crawl_id)


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


def refuse_import(record: CrawlRecord, origin: Origin) -> None:
    """Refuse to go on with what is no crawl, and say what can be done instead.

    Parameters
    ----------
    record : CrawlRecord
    origin : Origin
        Of its database: only one that was exported from a crawl may be asked into.

    Raises
    ------
    InputError
    """
    if record.is_import:
        raise InputError(
            f"crawl {record.id} is an import, and no crawl to go on with: {_INSTEAD[origin]}"
        )


def _refuse_shallower(record: CrawlRecord, depth: int | None) -> None:
    if depth is not None and (record.depth is None or depth < record.depth):
        had = "all" if record.depth is None else record.depth
        raise InputError(
            f"--depth {depth}: crawl {record.id} already has depth {had}; a crawl can be "
            "deepened, not made shallower"
        )
