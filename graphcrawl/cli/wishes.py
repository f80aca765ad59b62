"""What the options of ``seed`` and ``resume`` ask for, and what that means for a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, fields, replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graphcrawl.cli import options as given
from graphcrawl.cli.limits import NONE, Limits
from graphcrawl.cli.listing import Format
from graphcrawl.errors import FileRefused, InputError
from graphcrawl.model import Origin
from graphcrawl.moments import parse_age
from graphcrawl.settings import Settings

if TYPE_CHECKING:
    from graphcrawl.database import Database
    from graphcrawl.runs import Access, CrawlOptions


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the options of a run ask for.

    Attributes
    ----------
    rate, workers : int or None
    limits : Limits
    avatars : bool or None
        None: as the crawl did before.
    demo, no_map, quiet, yes, dry_run : bool
    form : Format
        Of what a dry run writes.
    db : str or None
        As it was given, to name it again in the next command.
    log_file : Path or None
        What gets a line for each request.
    demo_day : int or None
        The simulator's.
    max_age : str or None
        As it was given; None: as the crawl did before.
    """

    rate: int | None = None
    workers: int | None = None
    limits: Limits = field(default_factory=Limits)
    avatars: bool | None = None
    demo: bool = False
    no_map: bool = False
    quiet: bool = False
    yes: bool = False
    dry_run: bool = False
    form: Format = Format.TABLE
    db: str | None = None
    log_file: Path | None = None
    demo_day: int | None = None
    max_age: str | None = None

    def __post_init__(self) -> None:
        if self.demo_day is not None and not self.demo:
            raise InputError("--demo-day is a day of the built-in simulator: add --demo")

    @classmethod
    def of(cls, params: Mapping[str, Any]) -> Wishes:
        """Collect them from a command's parameters, as Click has read them.

        Raises
        ------
        InputError
            If they contradict each other.
        """
        form = Format(params["form"])
        if form is not Format.TABLE and not params["dry_run"]:
            raise InputError("--format is for --dry-run; graphcrawl crawls show N tells of a crawl")
        named = {one.name: params[one.name] for one in fields(cls) if one.name in params}
        return cls(**{**named, "form": form, "limits": Limits.of(params)})

    @property
    def flags(self) -> str:
        """The options that the next command needs to find the same database and source."""
        demo = " --demo" if self.demo else ""
        demo += f" --demo-day {self.demo_day}" if self.demo_day is not None else ""
        return demo + (f" --db {given.quoted(self.db)}" if self.db else "")


def options_of(
    depth: int | None,
    wishes: Wishes,
    before: Mapping[str, Any] | None = None,
    *,
    network: str | None = None,
) -> CrawlOptions:
    """Combine what was asked for, what the crawl had before, and the defaults.

    Parameters
    ----------
    before : mapping or None
        The crawl's settings, if it is gone on with.
    network : str or None
        Of excluded accounts that do not say it themselves.

    Raises
    ------
    InputError
    """
    from graphcrawl.runs import DEFAULT_RATE, CrawlOptions
    from graphcrawl.services import options_again

    had = (
        CrawlOptions(rate=0 if wishes.demo else DEFAULT_RATE)
        if before is None
        else options_again(before)
    )
    limits = wishes.limits
    return replace(
        had,
        depth=depth,
        rate=had.rate if wishes.rate is None else wishes.rate,
        workers=had.workers if wishes.workers is None else wishes.workers,
        max_requests=limits.max_requests,
        max_seconds=limits.seconds(),
        max_nodes=limits.most_nodes(had.max_nodes),
        filters=limits.filters(had.filters, network=network),
        avatars=had.avatars if wishes.avatars is None else wishes.avatars,
        log_file=wishes.log_file,
        max_age=_max_age(wishes, had.max_age),
    )


def _max_age(wishes: Wishes, before: timedelta | None) -> timedelta | None:
    age = wishes.max_age
    if age is None:
        return before
    return None if age.strip().casefold() == NONE else parse_age(age, option="--max-age")


def access(settings: Settings, wishes: Wishes, *, pictures: bool) -> AbstractContextManager[Access]:
    """Say whom to ask: the vendor (or what stands in for it), or a simulator for this long."""
    from graphcrawl.services import simulated, vendor

    if wishes.demo:
        return simulated(settings, day=wishes.demo_day or 0, pictures=pictures)
    return nullcontext(vendor(settings))


def refuse_other(database: Database, settings: Settings, wishes: Wishes) -> None:
    """Refuse a database that would not take the answers, before anything else is asked for.

    Raises
    ------
    SourceMismatch
    """
    from graphcrawl.runs import origin_at

    database.refuse_other(Origin.SIMULATED if wishes.demo else origin_at(settings.url))


def page_for(seeds: Sequence[str], wishes: Wishes) -> Path | None:
    """Say where the map goes, before anything is asked: it must be free, or ours."""
    if wishes.no_map:
        return None
    from graphcrawl.map import may_replace
    from graphcrawl.outputs import map_name

    if given.OUTPUT.exists() and not given.OUTPUT.is_dir():
        raise FileRefused(
            f"{given.OUTPUT} is no folder, and maps go into a folder of that name: move it away, "
            "or add --no-map"
        )
    page = given.OUTPUT / map_name(seeds, simulated=wishes.demo)
    if not may_replace(page):
        raise FileRefused(
            f"{page} is there and is no map of graphcrawl's: move it away, or add --no-map"
        )
    return page
