"""``refresh``: ask again for what is stored."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from graphcrawl.addresses import parse_account, parse_network
from graphcrawl.cli import completing
from graphcrawl.cli import limits as bound
from graphcrawl.cli import options as given
from graphcrawl.cli.crawling import close, watched
from graphcrawl.cli.limits import Limits
from graphcrawl.cli.wishes import Wishes, access, options_of, refuse_other
from graphcrawl.errors import InputError
from graphcrawl.model import AccountRef
from graphcrawl.moments import parse_age
from graphcrawl.wording import printable

if TYPE_CHECKING:
    from graphcrawl.store import RefreshScope

_MOST_DIGITS = 18


def refresh(
    what: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[CRAWL|ACCOUNT]...",
            autocompletion=completing.crawls_or_accounts,
            help="Crawls by their numbers, accounts as seed takes them. Default: everything.",
            show_default=False,
        ),
    ] = None,
    older_than: Annotated[
        str | None,
        typer.Option(
            "--older-than",
            metavar="AGE",
            help="Only accounts without a whole answer younger than this: 12h, 7d, 2w.",
        ),
    ] = None,
    network: given.NetworkName = None,
    db: given.Db = None,
    rate: given.Rate = None,
    workers: given.Workers = None,
    max_requests: bound.MaxRequests = None,
    avatars: given.Avatars = False,
    log_file: given.LogFile = None,
    quiet: given.Quiet = False,
    demo: given.Demo = False,
    demo_day: given.DemoDay = None,
) -> None:
    """Ask again for what is stored, and go no deeper.

    Accounts that once gave their connections are asked anew, in a crawl of its own; who is new
    among those they list is stored, and not asked. What changed shows graphcrawl diff.
    """
    scope = _scope(what or [], network=network, older_than=older_than)
    wishes = Wishes(
        rate=rate,
        workers=workers,
        limits=Limits(max_requests=max_requests),
        avatars=avatars,
        demo=demo,
        no_map=True,
        quiet=quiet,
        db=db,
        log_file=log_file,
        demo_day=demo_day,
    )
    settings = given.settings_for(db, demo=demo)

    from graphcrawl.database import Database

    database = Database.at(settings.db)
    options = options_of(0, wishes)
    refuse_other(database, settings, wishes)
    with (
        access(settings, wishes, pictures=options.avatars) as way,
        watched(options, wishes, asked=True) as (stop, report),
    ):
        result = database.refresh(way, options, scope=scope, stop=stop, report=report)
    if result is not None:
        close(database, result, None, wishes)
    elif not quiet:
        path = printable(given.shown(database.path))
        sys.stdout.write(f"Every answer in {path} is younger than {older_than}.\n")


def _scope(texts: list[str], *, network: str | None, older_than: str | None) -> RefreshScope:
    from graphcrawl.store import RefreshScope

    network = None if network is None else parse_network(network)
    age = None if older_than is None else parse_age(older_than, option="--older-than")
    read = [_crawl_or_account(text, network) for text in texts]
    return RefreshScope(
        crawls=tuple(dict.fromkeys(one for one in read if isinstance(one, int))),
        accounts=tuple(dict.fromkeys(one for one in read if isinstance(one, AccountRef))),
        older_than=None if age is None else datetime.now(UTC) - age,
    )


def _crawl_or_account(text: str, network: str | None) -> int | AccountRef:
    plain = text.strip()
    if not (plain.isascii() and plain.isdecimal()):
        return parse_account(text, network=network)
    if len(plain) > _MOST_DIGITS:
        raise InputError(
            f"{printable(plain, 30)!r} is no crawl's number; graphcrawl crawls lists them"
        )
    return int(plain)
