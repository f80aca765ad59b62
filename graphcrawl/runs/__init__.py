"""One run of a crawl: client, permits, frontier and engine, joined for its length."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphcrawl.doors import door

if TYPE_CHECKING:
    from graphcrawl.runs.access import Access, origin_at, server_of
    from graphcrawl.runs.ending import CrawlResult
    from graphcrawl.runs.kinds import refuse_import, run_again, run_new, run_refresh
    from graphcrawl.runs.options import CrawlOptions, settings_of
    from graphcrawl.runs.pace import DEFAULT_RATE, DEFAULT_WORKERS
else:
    __getattr__ = door(
        __name__,
        {
            "access": "Access origin_at server_of",
            "ending": "CrawlResult",
            "kinds": "refuse_import run_again run_new run_refresh",
            "options": "CrawlOptions settings_of",
            "pace": "DEFAULT_RATE DEFAULT_WORKERS",
        },
    )

__all__ = [
    "DEFAULT_RATE",
    "DEFAULT_WORKERS",
    "Access",
    "CrawlOptions",
    "CrawlResult",
    "origin_at",
    "refuse_import",
    "run_again",
    "run_new",
    "run_refresh",
    "server_of",
    "settings_of",
]
