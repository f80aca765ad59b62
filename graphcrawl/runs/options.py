"""How a crawl is run, what of that is refused, and what is written down."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from graphcrawl import __version__
from graphcrawl.api import Timeouts, can_make_thumbnails
from graphcrawl.crawl import RetryPolicy
from graphcrawl.errors import InputError
from graphcrawl.filters import Filters
from graphcrawl.model import Origin
from graphcrawl.moments import age_text
from graphcrawl.runs.access import Access
from graphcrawl.runs.pace import DEFAULT_RATE, DEFAULT_WORKERS, MOST_WORKERS, VENDOR_LIMIT
from graphcrawl.wording import how_to_install

_MOST: Final = 1_000_000
"""Hops, and requests a minute; more is a slip of the finger."""


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
                f"--avatars needs Pillow, which is not installed: {how_to_install('avatars')}, or "
                "pillow alone; graphcrawl resume goes on without pictures by --no-avatars"
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
