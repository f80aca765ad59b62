"""What a crawl would ask, told before anything is asked or written."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from graphcrawl.crawl.estimate import Ahead, Level, look_ahead
from graphcrawl.filters import Filters
from graphcrawl.model import AccountRef, Origin
from graphcrawl.runs import CrawlOptions, refuse_import, settings_of
from graphcrawl.store import (
    CrawlRecord,
    KnownLevel,
    KnownSeed,
    Retry,
    Store,
    levels_after,
    open_for_reading,
    origin_held,
    read_known_levels,
    read_known_seeds,
)


@dataclass(frozen=True, slots=True)
class SeedForecast:
    """A new crawl, as far as the database can tell.

    Attributes
    ----------
    seeds : tuple of KnownSeed
    excluded : int
        Seeds that would not be asked.
    levels : tuple of KnownLevel
        By depth from 0; seeds of which nothing is stored are counted at depth 0.
    options : CrawlOptions
    origin : Origin or None
        Of what is stored; None: there is no database yet.
    """

    seeds: tuple[KnownSeed, ...]
    excluded: int
    levels: tuple[KnownLevel, ...]
    options: CrawlOptions
    origin: Origin | None

    @property
    def requests(self) -> int:
        """Requests, at least: retries and what is not known yet come on top."""
        asked = sum(level.asked for level in self.levels)
        most = self.options.max_requests
        return asked if most is None else min(asked, most)

    @property
    def is_whole(self) -> bool:
        """Whether the stored connections tell of every account that would be asked."""
        return not any(level.unknown for level in self.levels)


@dataclass(frozen=True, slots=True)
class ResumeForecast:
    """A crawl that would be gone on with.

    Attributes
    ----------
    record : CrawlRecord
        As it stands.
    levels : tuple of (int, Level)
        By depth, as it would begin.
    ahead : Ahead or None
        None: nobody waits.
    options : CrawlOptions
    origin : Origin
        Of what is stored.
    """

    record: CrawlRecord
    levels: tuple[tuple[int, Level], ...]
    ahead: Ahead | None
    options: CrawlOptions
    origin: Origin

    @property
    def requests(self) -> int:
        """Requests, at least: those of the queue."""
        queued = self.ahead.queued if self.ahead else 0
        most = self.options.max_requests
        return queued if most is None else min(queued, most)


def forecast_seeds(path: Path, seeds: Sequence[AccountRef], options: CrawlOptions) -> SeedForecast:
    """Tell what a crawl from seeds would ask, by what the database holds; it need not exist.

    Raises
    ------
    StoreError
        If the database is there and cannot be read.
    """
    known = [KnownSeed(seed, (), None) for seed in seeds]
    levels: list[KnownLevel] = []
    origin: Origin | None = None
    if origin_held(path) is not None:
        with closing(open_for_reading(path)) as store:
            origin = store.origin
            known = read_known_seeds(store, seeds)
            levels = _levels(store, known, options)
    new, excluded = _new(known, options.filters)
    first = levels[0] if levels else KnownLevel(0, 0, 0)
    asked = new if options.depth != 0 else 0
    first = KnownLevel(first.accounts + new, first.asked + asked, first.unknown + asked)
    return SeedForecast(tuple(known), excluded, (first, *levels[1:]), options, origin)


def _levels(store: Store, known: Sequence[KnownSeed], options: CrawlOptions) -> list[KnownLevel]:
    nodes = {node for seed in known for node in seed.node_ids[:1]}
    return read_known_levels(store, nodes, options.depth, options.filters)


def _new(known: Sequence[KnownSeed], filters: Filters) -> tuple[int, int]:
    """Count the seeds of which nothing is stored and that are asked, and all that are excluded."""
    sieve = filters.sieve()
    left = [
        seed
        for seed in known
        if sieve
        and sieve.refuses(
            *(seed.ref.network, seed.ref.social_id, seed.ref.username), None, None, depth=0
        )
    ]
    return sum(not seed.node_ids for seed in known if seed not in left), len(left)


def forecast_resume(
    path: Path, record: CrawlRecord, options: CrawlOptions, *, retry: Retry = Retry.USED_UP
) -> ResumeForecast:
    """Tell what going on with a crawl would ask.

    Raises
    ------
    InputError
        If it is an import.
    StoreError
        If the database cannot be read.
    """
    with closing(open_for_reading(path)) as store:
        origin = store.origin
        refuse_import(record, origin)
        counts = levels_after(store, record.id, settings_of(options), retry=retry)
    levels = {depth: Level(*count) for depth, count in counts.items()}
    complete = options.filters.complete
    ahead = look_ahead(levels, options.depth, complete=complete)
    if ahead is None and complete and options.depth is not None:
        ahead = _ring_ahead(levels, options.depth)
    return ResumeForecast(record, tuple(levels.items()), ahead, options, origin)


def _ring_ahead(levels: dict[int, Level], depth: int) -> Ahead | None:
    """Give what a crawl has before it that has its rim alone left to ask."""
    rim = levels.get(depth, Level())
    return look_ahead({depth: replace(rim, waiting=rim.rim, rim=0)}, depth)
