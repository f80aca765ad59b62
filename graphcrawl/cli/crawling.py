"""``seed`` and ``resume``: crawl, store, draw."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from graphcrawl.addresses import parse_account, parse_network, read_seed_file
from graphcrawl.cli import options as given
from graphcrawl.cli.progress import Report, show_progress
from graphcrawl.cli.seed_groups import Line, seed_lines
from graphcrawl.cli.signals import stop_on_signals
from graphcrawl.cli.summary import Files, ending, is_worth_showing, summarise
from graphcrawl.cli.writing import complain
from graphcrawl.errors import FileRefused, GraphcrawlError, InputError, Interrupted
from graphcrawl.model import AccountRef, Credentials
from graphcrawl.moments import parse_age
from graphcrawl.settings import Settings
from graphcrawl.wording import printable

if TYPE_CHECKING:
    from graphcrawl.crawl import StopSignal
    from graphcrawl.database import Database
    from graphcrawl.runs import Access, CrawlOptions, CrawlResult
    from graphcrawl.store import CrawlRecord

PERMITS: Final = "permits.db"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the options of a run ask for.

    Attributes
    ----------
    rate, workers, max_requests : int or None
    avatars : bool or None
        None: as the crawl did before.
    demo, no_map, quiet : bool
    db : str or None
        As it was given, to name it again in the next command.
    log_file : Path or None
        What gets a line for each request.
    demo_day : int or None
        The simulator's.
    max_age : str or None
        As it was given; None: as the crawl did before.
    """

    rate: int | None
    workers: int | None
    max_requests: int | None
    avatars: bool | None
    demo: bool
    no_map: bool
    quiet: bool
    db: str | None
    log_file: Path | None = None
    demo_day: int | None = None
    max_age: str | None = None

    def __post_init__(self) -> None:
        if self.demo_day is not None and not self.demo:
            raise InputError("--demo-day is a day of the built-in simulator: add --demo")


def seed(
    accounts: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="ACCOUNT",
            help="nasa, @nasa, instagram:nasa, youtube:id:UCLA_DiR1FfKNvjuUpBHmylQ, or a "
            "profile's URL.",
            show_default=False,
        ),
    ] = None,
    network: given.NetworkName = None,
    depth: Annotated[
        str,
        typer.Option(
            "--depth",
            "-d",
            metavar="N",
            help="Hops from the seeds; accounts nearer than this are asked. all: until "
            "everything reachable is seen.",
        ),
    ] = "2",
    by_id: given.ById = False,
    source: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="FILE",
            help="More accounts: one a line, or a CSV with columns network, username, id. "
            "-: standard input.",
        ),
    ] = None,
    db: given.Db = None,
    rate: given.Rate = None,
    workers: given.Workers = None,
    max_requests: given.MaxRequests = None,
    max_age: given.MaxAge = None,
    avatars: given.Avatars = False,
    log_file: given.LogFile = None,
    no_map: given.NoMap = False,
    quiet: given.Quiet = False,
    demo: given.Demo = False,
    demo_day: given.DemoDay = None,
    yes: given.Yes = False,
) -> None:
    """Crawl from accounts, store what is found, draw the map.

    Such as: graphcrawl seed nasa --network instagram --depth 2

    The closing summary goes to standard output, progress to standard error.
    """
    seeds = _read_seeds(accounts or [], network=network, by_id=by_id, source=source)
    wanted = given.parse_depth(depth)
    if wanted is None:
        _confirm_all(demo=demo, max_requests=max_requests, yes=yes)
    wishes = Wishes(
        rate, workers, max_requests, avatars, demo, no_map, quiet, db, log_file, demo_day, max_age
    )
    settings = given.settings_for(db, demo=demo)

    from graphcrawl.database import Database

    database = Database.at(settings.db)
    options = options_for(wanted, wishes)
    with access_for(settings, wishes, pictures=options.avatars) as access:
        page = _page(list(map(str, seeds)), access, wishes)
        with watched(options, wishes) as (stop, report):
            result = database.crawl(seeds, access, options, stop=stop, report=report)
    close(database, result, page, wishes)


def resume(
    crawl: Annotated[
        int | None,
        typer.Argument(
            metavar="CRAWL",
            help="Its number, as graphcrawl crawls lists it. Default: the newest unfinished.",
            show_default=False,
        ),
    ] = None,
    depth: Annotated[
        str | None,
        typer.Option(
            "--depth", "-d", metavar="N", help="A larger depth than the crawl had, or all."
        ),
    ] = None,
    db: given.Db = None,
    rate: given.Rate = None,
    workers: given.Workers = None,
    max_requests: given.MaxRequests = None,
    max_age: given.MaxAge = None,
    avatars: given.AvatarsAgain = None,
    log_file: given.LogFile = None,
    no_map: given.NoMap = False,
    quiet: given.Quiet = False,
    demo: given.Demo = False,
    demo_day: given.DemoDay = None,
    yes: given.Yes = False,
) -> None:
    """Go on with a crawl, or deepen a finished one.

    Only what was not asked before is asked.
    """
    wishes = Wishes(
        rate, workers, max_requests, avatars, demo, no_map, quiet, db, log_file, demo_day, max_age
    )
    settings = given.settings_for(db, demo=demo)

    from graphcrawl.database import Database

    database = Database.at(settings.db)
    record = _crawl_to_resume(database, crawl)
    if record is None:
        if not quiet:
            sys.stdout.write(f"{_nothing_to_resume(database, flags_of(wishes))}\n")
        return
    wanted = record.depth if depth is None else given.parse_depth(depth)
    if depth is not None and wanted is None and record.depth is not None:
        _confirm_all(demo=demo, max_requests=max_requests, yes=yes)
    options = options_for(wanted, wishes, record.settings)
    with access_for(settings, wishes, pictures=options.avatars) as access:
        # The map of what it refreshes must not make room for one of the refresh.
        page = None if record.is_refresh else _page(record.seeds, access, wishes)
        with watched(options, wishes) as (stop, report):
            result = database.resume(record, access, options, stop=stop, report=report)
    close(database, result, page, wishes)


def _crawl_to_resume(database: Database, number: int | None) -> CrawlRecord | None:
    return database.newest_unfinished() if number is None else database.crawl_record(number)


def _nothing_to_resume(database: Database, flags: str) -> str:
    records = database.crawls()
    if not records:
        return printable(f"There is no crawl in {given.shown(database.path)} yet.")
    last = next((one for one in reversed(records) if not one.is_refresh), records[-1])
    deeper = "all" if last.depth is None else last.depth + 1
    return printable(
        f"Nothing is unfinished in {given.shown(database.path)}; to go deeper: "
        f"graphcrawl resume {last.id} --depth {deeper}{flags}"
    )


def _read_seeds(
    texts: Sequence[str], *, network: str | None, by_id: bool, source: str | None
) -> list[AccountRef]:
    if network is not None:
        network = parse_network(network)
    seeds = [parse_account(text, network=network, by_id=by_id) for text in texts]
    if source is not None:
        seeds += read_seed_file(source, network=network, by_id=by_id)
    if not seeds:
        raise InputError(
            "no account to start from: graphcrawl seed nasa --network instagram, or --from FILE"
        )
    return list(dict.fromkeys(seeds))


def _confirm_all(*, demo: bool, max_requests: int | None, yes: bool) -> None:
    if demo or yes or max_requests is not None:
        return
    if not sys.stdin.isatty():
        raise InputError("--depth all may take days: bound it with --max-requests, or add --yes")
    given.confirm("--depth all asks for everything reachable, maybe for days. Go on?")


def options_for(
    depth: int | None, wishes: Wishes, before: Mapping[str, Any] | None = None
) -> CrawlOptions:
    """Combine what was asked for, what the crawl had before, and the defaults."""
    from graphcrawl.runs import DEFAULT_RATE, DEFAULT_WORKERS, CrawlOptions

    usual = {
        "rate": 0 if wishes.demo else DEFAULT_RATE,
        "workers": DEFAULT_WORKERS,
        "avatars": False,
    }
    usual |= {name: before[name] for name in usual if before and name in before}
    return CrawlOptions(
        depth=depth,
        rate=usual["rate"] if wishes.rate is None else wishes.rate,
        workers=usual["workers"] if wishes.workers is None else wishes.workers,
        max_requests=wishes.max_requests,
        avatars=bool(usual["avatars"] if wishes.avatars is None else wishes.avatars),
        log_file=wishes.log_file,
        max_age=_max_age(wishes, before or {}),
    )


def _max_age(wishes: Wishes, before: Mapping[str, Any]) -> timedelta | None:
    given_now = before.get("max_age") if wishes.max_age is None else wishes.max_age
    return None if given_now is None else parse_age(given_now, option="--max-age")


@contextmanager
def watched(options: CrawlOptions, wishes: Wishes) -> Iterator[tuple[StopSignal, Report | None]]:
    """Show progress, and end in order when asked to, for as long as a crawl runs."""
    going_on = f"graphcrawl resume{flags_of(wishes)}"
    with (
        stop_on_signals(going_on=going_on, quiet=wishes.quiet) as stop,
        show_progress(options.rate, quiet=wishes.quiet) as report,
    ):
        yield stop, report


@contextmanager
def access_for(settings: Settings, wishes: Wishes, *, pictures: bool) -> Iterator[Access]:
    """Say whom to ask: the vendor (or what stands in for it), or a simulator for this long."""
    from graphcrawl.runs import Access

    permits = settings.state_dir / PERMITS
    if not wishes.demo:
        yield Access(settings.url, settings.require_credentials(), permits)
        return
    from graphcrawl.simulator import Simulator, open_world

    with Simulator(open_world(day=wishes.demo_day or 0), pictures=pictures) as server:
        yield Access(server.url, Credentials("demo", "demo"), permits, demo=True)


def _page(seeds: Sequence[str], access: Access, wishes: Wishes) -> Path | None:
    """Say where the map goes, before anything is asked: it must be free, or ours."""
    if wishes.no_map:
        return None
    from graphcrawl.map import may_replace
    from graphcrawl.pages import map_name

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


def close(database: Database, result: CrawlResult, page: Path | None, wishes: Wishes) -> None:
    """Draw the map, write the summary, and end as the crawl did."""
    refused = _draw(database, result, page)
    files = Files(
        database=given.shown(database.path),
        page=None if page is None or refused or not is_worth_showing(result) else str(page),
        flags=flags_of(wishes),
        reading=f" --db {given.quoted(given.shown(database.path))}" if flags_of(wishes) else "",
    )
    if not wishes.quiet:
        seeds = _seed_lines(database, result, files)
        sys.stdout.write(summarise(result, files, origin=database.origin, seeds=seeds))
    if result.log_failure is not None:
        complain(result.log_failure)
    if result.ended is not None:
        complain(ending(result, files))
        raise typer.Exit(result.exit_code)
    if refused is not None:
        raise refused


def _seed_lines(database: Database, result: CrawlResult, files: Files) -> list[Line]:
    record = result.record
    if len(record.seeds) < 2 or not is_worth_showing(result):
        return []
    return seed_lines(
        database.seed_ties(record.id),
        whole=record.asked == record.accounts,
        more=f"graphcrawl crawls show {record.id} --format json{files.reading}",
    )


def flags_of(wishes: Wishes) -> str:
    """Give the options that the next command needs to find the same database and source."""
    demo = " --demo" if wishes.demo else ""
    demo += f" --demo-day {wishes.demo_day}" if wishes.demo_day is not None else ""
    return demo + (f" --db {given.quoted(wishes.db)}" if wishes.db else "")


def _draw(database: Database, result: CrawlResult, page: Path | None) -> GraphcrawlError | None:
    if page is None or not is_worth_showing(result):
        return None
    again = f"graphcrawl map --crawl {result.record.id} --db {given.quoted(str(database.path))}"
    try:
        database.map(page, crawl_id=result.record.id)
    except KeyboardInterrupt:
        return Interrupted(f"interrupted; the crawl is saved, its map is not drawn: {again} does")
    except GraphcrawlError as error:
        return FileRefused(f"the crawl is saved, but {error}; {again} --output PATH draws it")
    return None
