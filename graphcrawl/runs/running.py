"""From an open run to its end."""

from __future__ import annotations

import time
from contextlib import nullcontext
from datetime import UTC, datetime

from graphcrawl.crawl import Ahead, Bounds, Crawl, Level, Report, foretold, look_ahead
from graphcrawl.crawl.one_core import on_one_core
from graphcrawl.errors import GraphcrawlError, Interrupted
from graphcrawl.runs.ending import CrawlResult, closed
from graphcrawl.runs.opening import Run
from graphcrawl.store import CrawlFrontier, crawl_record, finish_crawl


def run_to_its_end(run: Run, crawl_id: int) -> CrawlResult:
    """Crawl until everything is asked, or something ends it; and write down how it ended.

    Parameters
    ----------
    run : Run
    crawl_id : int
        A crawl that this process holds.

    Raises
    ------
    StoreError
        If the database cannot be read at the end.
    """
    began = time.monotonic()
    ended: GraphcrawlError | None = None
    if run.log is not None:
        run.log.crawl_id = crawl_id
    try:
        _crawl(run, crawl_id)
    except GraphcrawlError as error:
        ended = error
    except KeyboardInterrupt:
        ended = Interrupted("interrupted; everything answered is saved")
    except BaseException as error:
        finish_crawl(run.store, crawl_id, "failed", f"a fault of graphcrawl's: {error!r}")
        raise
    record, ended = closed(run.store, crawl_id, ended)
    return CrawlResult(
        record,
        time.monotonic() - began,
        ended,
        pictures=run.gallery.counts if run.gallery else None,
        log_failure=run.log.failure if run.log else None,
    )


def _crawl(run: Run, crawl_id: int) -> None:
    options = run.options
    accounts = CrawlFrontier(
        run.store,
        crawl_id,
        options.depth,
        reuse_since=None if options.max_age is None else datetime.now(UTC) - options.max_age,
        filters=options.filters,
    )
    # With a rate there is nothing to gain by one core: the threads wait for it. The threads that
    # fetch pictures begin before, and stay free.
    with (
        run.gallery.beside(accounts, run.stop) if run.gallery else nullcontext(accounts) as asked,
        nullcontext() if options.rate else on_one_core(),
    ):
        Crawl(
            asked,
            run.asker,
            run.stop,
            workers=options.workers,
            bounds=_bounds(run, crawl_id),
            report=_foretold(run, accounts),
        ).run()


def _bounds(run: Run, crawl_id: int) -> Bounds:
    most = run.options.max_nodes
    return Bounds(
        max_nodes=most,
        held=crawl_record(run.store, crawl_id).accounts if most else 0,
        max_seconds=run.options.max_seconds,
    )


def _foretold(run: Run, frontier: CrawlFrontier) -> Report | None:
    """Let the report tell what is ahead too."""
    options = run.options

    def look() -> Ahead | None:
        levels = {depth: Level(*count) for depth, count in frontier.levels().items()}
        return look_ahead(levels, options.depth, complete=options.filters.complete)

    return None if run.report is None else foretold(run.report, look)
