"""``seed`` and ``resume``: crawl, store, draw."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from graphcrawl.addresses import parse_account, parse_network, read_seed_file
from graphcrawl.cli import completing
from graphcrawl.cli import limits as bound
from graphcrawl.cli import options as given
from graphcrawl.cli.ahead import Doubt, confirm_long, may_ask
from graphcrawl.cli.foretelling import write_resume_forecast, write_seed_forecast
from graphcrawl.cli.listing import Format
from graphcrawl.cli.progress import Report, show_progress
from graphcrawl.cli.seed_groups import Line, seed_lines
from graphcrawl.cli.signals import stop_on_signals
from graphcrawl.cli.summary import Files, ending, is_worth_showing, summarise
from graphcrawl.cli.wishes import Wishes, access, options_of, page_for, refuse_other
from graphcrawl.cli.writing import complain
from graphcrawl.errors import FileRefused, GraphcrawlError, InputError, Interrupted
from graphcrawl.model import NETWORKS, AccountRef
from graphcrawl.wording import printable

if TYPE_CHECKING:
    from graphcrawl.crawl import StopSignal
    from graphcrawl.database import Database
    from graphcrawl.graph import SeedTies
    from graphcrawl.runs import CrawlOptions, CrawlResult
    from graphcrawl.store import CrawlRecord, Retry


def seed(
    context: typer.Context,
    accounts: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="ACCOUNT",
            autocompletion=completing.accounts,
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
    max_requests: bound.MaxRequests = None,
    max_time: bound.MaxTime = None,
    max_nodes: bound.MaxNodes = None,
    max_connections: bound.MaxConnections = None,
    follow: bound.Follow = None,
    min_subscribers: bound.MinSubscribers = None,
    skip_state: bound.SkipState = None,
    exclude: bound.Exclude = None,
    complete: bound.Complete = None,
    order: bound.InOrder = None,
    max_age: given.MaxAge = None,
    avatars: given.Avatars = False,
    log_file: given.LogFile = None,
    no_map: given.NoMap = False,
    quiet: given.Quiet = False,
    demo: given.Demo = False,
    demo_day: given.DemoDay = None,
    yes: given.Yes = False,
    dry_run: given.DryRun = False,
    form: given.DryForm = Format.TABLE,
) -> None:
    """Crawl from accounts, store what is found, draw the map.

    Such as: graphcrawl seed nasa --network instagram --depth 2

    The closing summary goes to standard output, progress to standard error.
    """
    seeds = _read_seeds(accounts or [], network=network, by_id=by_id, source=source)
    wanted, wishes = given.parse_depth(depth), Wishes.of(context.params)
    if wanted is None and not dry_run:
        _confirm_all(wishes)
    settings = given.settings_for(db, demo=demo)

    from graphcrawl.database import Database

    database = Database.at(settings.db)
    options = options_of(wanted, wishes, network=network)
    refuse_other(database, settings, wishes)
    if dry_run:
        write_seed_forecast(database.forecast(seeds, options), form)
        return
    with access(settings, wishes, pictures=options.avatars) as way:
        page = page_for(list(map(str, seeds)), wishes)
        asked = may_ask(options, wishes) and confirm_long(
            database.forecast(seeds, options).requests, options
        )
        with watched(options, wishes, asked=asked) as (stop, report):
            result = database.crawl(seeds, way, options, stop=stop, report=report)
    close(database, result, page, wishes)


def resume(
    context: typer.Context,
    crawl: Annotated[
        int | None,
        typer.Argument(
            metavar="CRAWL",
            autocompletion=completing.crawls,
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
    retry_failed: Annotated[
        bool,
        typer.Option(
            "--retry-failed",
            help="Ask again for all that failed, but for accounts without a report or kept "
            "private.",
        ),
    ] = False,
    retry_all: Annotated[
        bool, typer.Option("--retry-all", help="Ask again for those too.")
    ] = False,
    max_requests: bound.MaxRequests = None,
    max_time: bound.MaxTime = None,
    max_nodes: bound.MaxNodes = None,
    max_connections: bound.MaxConnections = None,
    follow: bound.Follow = None,
    min_subscribers: bound.MinSubscribers = None,
    skip_state: bound.SkipState = None,
    exclude: bound.Exclude = None,
    complete: bound.Complete = None,
    order: bound.InOrder = None,
    max_age: given.MaxAge = None,
    avatars: given.AvatarsAgain = None,
    log_file: given.LogFile = None,
    no_map: given.NoMap = False,
    quiet: given.Quiet = False,
    demo: given.Demo = False,
    demo_day: given.DemoDay = None,
    yes: given.Yes = False,
    dry_run: given.DryRun = False,
    form: given.DryForm = Format.TABLE,
) -> None:
    """Go on with a crawl, or deepen a finished one.

    Only what was not asked before is asked. It goes on with the options that the crawl had, but
    for bounds on requests and time, unless they are given anew.
    """
    wishes, retry = Wishes.of(context.params), _retry(some=retry_failed, every=retry_all)
    settings = given.settings_for(db, demo=demo)

    from graphcrawl.database import Database
    from graphcrawl.runs import refuse_import

    database = Database.at(settings.db)
    record = _crawl_to_resume(database, crawl)
    if record is None:
        if not quiet:
            sys.stdout.write(f"{_nothing_to_resume(database, wishes.flags)}\n")
        return
    refuse_import(record, database.origin)
    wanted = record.depth if depth is None else given.parse_depth(depth)
    if depth is not None and wanted is None and record.depth is not None and not dry_run:
        _confirm_all(wishes)
    options = options_of(wanted, wishes, record.settings, network=_network_of(record))
    refuse_other(database, settings, wishes)
    if dry_run:
        write_resume_forecast(database.forecast_resume(record, options, retry=retry), form)
        return
    with access(settings, wishes, pictures=options.avatars) as way:
        # The map of what it refreshes must not make room for one of the refresh.
        page = None if record.is_refresh else page_for(record.seeds, wishes)
        asked = may_ask(options, wishes) and confirm_long(
            database.forecast_resume(record, options, retry=retry).requests, options
        )
        with watched(options, wishes, asked=asked) as (stop, report):
            result = database.resume(record, way, options, retry=retry, stop=stop, report=report)
    close(database, result, page, wishes)


def _retry(*, some: bool, every: bool) -> Retry:
    from graphcrawl.store import Retry

    if every:
        return Retry.ALL
    return Retry.UNANSWERED if some else Retry.USED_UP


def _network_of(record: CrawlRecord) -> str | None:
    """Give the network of a crawl's seeds, for accounts that do not say it, if there is one."""
    networks = {seed.partition(":")[0] for seed in record.seeds} & NETWORKS
    return networks.pop() if len(networks) == 1 else None


def _crawl_to_resume(database: Database, number: int | None) -> CrawlRecord | None:
    return database.newest_unfinished() if number is None else database.crawl_record(number)


def _nothing_to_resume(database: Database, flags: str) -> str:
    records = database.crawls()
    if not records:
        return printable(f"There is no crawl in {given.shown(database.path)} yet.")
    begun = (one for one in reversed(records) if not (one.is_refresh or one.is_import))
    last = next(begun, None)
    if last is None:
        return printable(f"Nothing is unfinished in {given.shown(database.path)}.")
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


def _confirm_all(wishes: Wishes) -> None:
    if wishes.demo or wishes.yes or wishes.limits.bounds_a_run:
        return
    if not sys.stdin.isatty():
        raise InputError("--depth all may take days: bound it with --max-requests, or add --yes")
    given.confirm("--depth all asks for everything reachable, maybe for days. Go on?")


@contextmanager
def watched(
    options: CrawlOptions, wishes: Wishes, *, asked: bool
) -> Iterator[tuple[StopSignal, Report | None]]:
    """Show progress, and end in order when asked to, for as long as a crawl runs.

    Parameters
    ----------
    asked : bool
        Whether the user has already agreed to a long crawl.
    """
    going_on = f"graphcrawl resume{wishes.flags}"
    with stop_on_signals(going_on=going_on, quiet=wishes.quiet) as stop:
        doubt = None if asked or not may_ask(options, wishes) else Doubt(options, stop)
        with show_progress(options.rate, quiet=wishes.quiet, doubt=doubt) as report:
            yield stop, report


def close(database: Database, result: CrawlResult, page: Path | None, wishes: Wishes) -> None:
    """Draw the map, write the summary, and end as the crawl did."""
    tells_seeds = not wishes.quiet and _has_seeds_to_tell_of(result)
    refused, ties = _draw(database, result, page, with_ties=tells_seeds)
    files = Files(
        database=given.shown(database.path),
        page=None if page is None or refused or not is_worth_showing(result) else str(page),
        flags=wishes.flags,
        reading=f" --db {given.quoted(given.shown(database.path))}" if wishes.flags else "",
    )
    if not wishes.quiet:
        if tells_seeds and ties is None:
            ties = database.seed_ties(result.record.id)
        seeds = _seed_lines(ties, result, files)
        sys.stdout.write(summarise(result, files, origin=database.origin, seeds=seeds))
    if result.log_failure is not None:
        complain(result.log_failure)
    if result.ended is not None:
        complain(ending(result, files))
        raise typer.Exit(result.exit_code)
    if refused is not None:
        raise refused


def _has_seeds_to_tell_of(result: CrawlResult) -> bool:
    return len(result.record.seeds) > 1 and is_worth_showing(result)


def _seed_lines(ties: SeedTies | None, result: CrawlResult, files: Files) -> list[Line]:
    if ties is None:
        return []
    record = result.record
    return seed_lines(
        ties,
        whole=record.asked == record.accounts,
        more=f"graphcrawl crawls show {record.id} --format json{files.reading}",
    )


def _draw(
    database: Database, result: CrawlResult, page: Path | None, *, with_ties: bool
) -> tuple[GraphcrawlError | None, SeedTies | None]:
    """Draw the map if one is wanted; say why it is not there, or what was found with it."""
    if page is None or not is_worth_showing(result):
        return None, None
    again = f"graphcrawl map --crawl {result.record.id} --db {given.quoted(str(database.path))}"
    try:
        if with_ties:
            return None, database.map_of_seeds(page, result.record.id)
        database.map(page, crawl_id=result.record.id)
    except KeyboardInterrupt:
        words = f"interrupted; the crawl is saved, its map is not drawn: {again} does"
        return Interrupted(words), None
    except GraphcrawlError as error:
        words = f"the crawl is saved, but {error}; {again} --output PATH draws it"
        return FileRefused(words), None
    return None, None
