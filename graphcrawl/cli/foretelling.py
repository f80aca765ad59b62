"""What ``--dry-run`` says: what is known, what would be asked, and how long it takes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from graphcrawl.cli.listing import Format
from graphcrawl.cli.writing import write_listing
from graphcrawl.moments import minute_name
from graphcrawl.wording import duration

if TYPE_CHECKING:
    from graphcrawl.crawl import Level
    from graphcrawl.forecasts import ResumeForecast, SeedForecast
    from graphcrawl.runs import CrawlOptions
    from graphcrawl.store import KnownSeed

Row = tuple[str, object]

COLUMNS: Final = ("name", "value")
SHOWN_SEEDS: Final = 20
NOTHING: Final = "dry run: nothing was asked, nothing was written"


def write_seed_forecast(
    forecast: SeedForecast, form: Format, *, now: datetime | None = None
) -> None:
    """Write what a new crawl would ask."""
    # What a program reads tells when; how long ago that was, each reading would tell otherwise.
    moment = (now or datetime.now(UTC)) if form is Format.TABLE else None
    seeds, unshown = list(forecast.seeds), 0
    if form is Format.TABLE:
        seeds, unshown = seeds[:SHOWN_SEEDS], max(0, len(seeds) - SHOWN_SEEDS)
    rows: list[Row] = [
        ("seeds", len(forecast.seeds)),
        ("seeds.known", sum(bool(seed.node_ids) for seed in forecast.seeds)),
        ("seeds.answered", sum(seed.answered_at is not None for seed in forecast.seeds)),
        ("seeds.excluded", forecast.excluded),
        *((f"seed.{seed.ref}", _known(seed, moment)) for seed in seeds),
        *([("seed....", f"{unshown:,} more")] if unshown else []),
        *_known_levels(forecast),
        *_time(forecast.requests, forecast.options),
        ("requests.are", "all that is to be asked" if forecast.is_whole else _AT_LEAST),
        ("source", forecast.origin and forecast.origin.value),
    ]
    _write(rows, form)


def write_resume_forecast(forecast: ResumeForecast, form: Format) -> None:
    """Write what going on with a crawl would ask."""
    ahead = forecast.ahead
    rows: list[Row] = [
        ("crawl", forecast.record.id),
        ("status", forecast.record.status),
        ("accounts", forecast.record.accounts),
        ("asked", forecast.record.asked),
        *_levels(forecast.levels),
        *_time(forecast.requests, forecast.options),
        ("requests.are", "all that is to be asked" if _is_all(forecast) else _AT_LEAST),
        ("source", forecast.origin.value),
    ]
    if ahead is not None and ahead.beyond:
        rows += [
            (f"estimate.depth.{ahead.depth + 1}.requests", ahead.beyond),
            ("estimate.requests", ahead.requests),
            ("estimate.time", _duration(ahead.requests, forecast.options)),
        ]
    _write(rows, form)


_AT_LEAST: Final = "at least: whom those that were not asked yet list is not known"


def _is_all(forecast: ResumeForecast) -> bool:
    return forecast.ahead is None or forecast.ahead.beyond == 0


def _known(seed: KnownSeed, now: datetime | None) -> str:
    if not seed.node_ids:
        return "not known"
    if seed.answered_at is None:
        return "known, never answered"
    told = f"last answered {minute_name(seed.answered_at)} UTC"
    if now is None:
        return told
    return f"{told}, {duration((now - seed.answered_at).total_seconds())} ago"


def _known_levels(forecast: SeedForecast) -> Iterable[Row]:
    for depth, level in enumerate(forecast.levels):
        yield f"depth.{depth}.accounts", level.accounts
        yield f"depth.{depth}.requests", level.asked
        yield f"depth.{depth}.never_answered", level.unknown


def _levels(levels: Sequence[tuple[int, Level]]) -> Iterable[Row]:
    for depth, level in levels:
        yield f"depth.{depth}.asked", level.ended
        yield f"depth.{depth}.requests", level.waiting
        yield f"depth.{depth}.rim", level.rim


def _time(requests: int, options: CrawlOptions) -> list[Row]:
    return [
        ("requests", requests),
        ("rate", options.rate),
        ("time", _duration(requests, options)),
    ]


def _duration(requests: int, options: CrawlOptions) -> str:
    if not options.rate:
        return "as fast as the server answers"
    return duration(60.0 * requests / options.rate)


def _write(rows: Sequence[Row], form: Format) -> None:
    caption = NOTHING if form is Format.TABLE else None
    write_listing(COLUMNS, rows, form, caption=caption)
