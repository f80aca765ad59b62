"""Options that several commands share, each under one name."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated, Final

import typer

from graphcrawl.cli import completing
from graphcrawl.cli.listing import Format
from graphcrawl.cli.sources import of_origin
from graphcrawl.errors import InputError
from graphcrawl.model import Origin
from graphcrawl.settings import Settings, current_folder, current_settings
from graphcrawl.wording import printable

DEMO_DATABASE: Final = Path("output") / "demo.db"
OUTPUT: Final = Path("output")

_MOST_DIGITS: Final = 12

_MOST_ROWS: Final = 2**62
"""More than any database counts to."""


def row_limit(limit: int | None) -> int | None:
    """Read ``--limit``: a number of rows, however large, or 0.

    Raises
    ------
    InputError
        If it is below 0.
    """
    if limit is not None and limit < 0:
        raise InputError(f"--limit {limit}: give 0 (all) or a positive number")
    return None if limit is None else min(limit, _MOST_ROWS)


Db = Annotated[
    str | None,
    typer.Option(
        "--db",
        metavar="PATH",
        help="The database: a file's path or a SQLAlchemy URL. Default: GRAPHCRAWL_DB, else "
        "output/graph.db.",
    ),
]
NetworkName = Annotated[
    str | None,
    typer.Option(
        "--network",
        "-n",
        metavar="NET",
        autocompletion=completing.networks,
        help="instagram, youtube, twitter, tiktok, twitch or snapchat, for accounts that do not "
        "say it themselves.",
    ),
]
ById = Annotated[
    bool, typer.Option("--id", help="Read plain accounts as report IDs, not as usernames.")
]
Rate = Annotated[
    int | None,
    typer.Option(
        "--rate",
        metavar="N",
        help="Requests a minute; 0: no limit. Default: 95 for a new crawl, 0 with --demo.",
    ),
]
Workers = Annotated[
    int | None,
    typer.Option(
        "--workers", metavar="N", help="Requests under way at once. Default: 4 for a new crawl."
    ),
]
MaxAge = Annotated[
    str | None,
    typer.Option(
        "--max-age",
        metavar="AGE",
        help="Do not ask again where the database holds a whole answer younger than this (12h, "
        "30d, 2w): that answer counts. Default, or none: ask anew.",
    ),
]
Avatars = Annotated[
    bool,
    typer.Option(
        "--avatars",
        help="Keep a small picture of each account for the map, from the networks' own image "
        "hosts; takes nothing of the rate. Needs the extra avatars (Pillow).",
    ),
]
AvatarsAgain = Annotated[
    bool | None,
    typer.Option(
        "--avatars/--no-avatars",
        help="Keep small pictures, or keep no more of them. Default: as the crawl did.",
        show_default=False,
    ),
]
LogFile = Annotated[
    Path | None,
    typer.Option(
        "--log-file",
        metavar="FILE",
        help="Append a line of JSON for each request: whom it asked, how it ended, how long it "
        "took.",
    ),
]
NoMap = Annotated[bool, typer.Option("--no-map", help="Draw no map at the end.")]
Quiet = Annotated[
    bool, typer.Option("--quiet", "-q", help="No progress and no summary; errors only.")
]
Demo = Annotated[
    bool,
    typer.Option(
        "--demo",
        help="Ask the built-in simulator instead of the vendor: no credentials, no internet, "
        "invented data, into output/demo.db.",
    ),
]
DemoDay = Annotated[
    int | None,
    typer.Option(
        "--demo-day",
        metavar="N",
        help="With --demo, another day of the simulator: 30 shows changes.",
        min=0,
    ),
]
At = Annotated[
    str | None,
    typer.Option(
        "--at",
        metavar="DATE",
        help="The database as it was known then: 2026-01-31 (the end of that day), or with a "
        "time, 2026-01-31T12:00; UTC.",
    ),
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask back.")]
DryRun = Annotated[
    bool,
    typer.Option(
        "--dry-run",
        help="Ask and write nothing: say what is known already, what would be asked, and how long "
        "it takes. Needs no credentials.",
    ),
]
DryForm = Annotated[
    Format,
    typer.Option("--format", "-f", help="How --dry-run writes its rows.", case_sensitive=False),
]
Form = Annotated[
    Format, typer.Option("--format", "-f", help="How rows are written.", case_sensitive=False)
]
Crawl = Annotated[
    int | None,
    typer.Option(
        "--crawl",
        metavar="N",
        autocompletion=completing.crawls,
        help="One crawl only, by its number.",
    ),
]
AccountName = Annotated[
    str,
    typer.Argument(
        metavar="ACCOUNT",
        autocompletion=completing.known_accounts,
        help="As seed takes it; a plain name will do where one network alone has it.",
    ),
]
AccountNames = Annotated[
    list[str],
    typer.Argument(
        metavar="ACCOUNT...",
        autocompletion=completing.known_accounts,
        help="As seed takes them; a plain name will do where one network alone has it.",
    ),
]
CrawlNumber = Annotated[
    int,
    typer.Argument(metavar="CRAWL", autocompletion=completing.crawls, help="Its number."),
]
Limit = Annotated[
    int,
    typer.Option("--limit", metavar="N", callback=row_limit, help="Rows to list; 0: all."),
]
Filters = Annotated[
    list[str] | None,
    typer.Option(
        "--filter",
        metavar="CONDITION",
        help="Only accounts that fulfil it: network=instagram, state=READY, depth<=1, "
        "followers>=10K, tag=press, or a column of your own such as topic=space. Quote < and >. "
        "May be given several times; all must hold.",
    ),
]
Output = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        metavar="PATH",
        help="Where it is written; -: standard output. Default: output/, named after the database.",
    ),
]
Force = Annotated[bool, typer.Option("--force", help="Replace whatever file is there.")]


def caption(origin: Origin, *told: str, shown: int, of: int) -> str | None:
    """Say below a table what it is, how much of it is there, and whose data."""
    said = list(told)
    if shown < of:
        said.append(f"the first {shown:,} of {of:,}; --limit 0 gives all")
    if (whose := of_origin(origin)) is not None:
        said.append(whose)
    return ". ".join(said) or None


def settings_for(db: str | None, *, demo: bool = False) -> Settings:
    """Find the settings; a demo never looks for another database than its own or the one named."""
    named = str(current_folder() / DEMO_DATABASE) if demo and db is None else db
    return current_settings(db=named)


def parse_depth(text: str) -> int | None:
    """Read ``--depth``: a number of hops, or ``all`` (None).

    Raises
    ------
    InputError
    """
    if text.strip().casefold() == "all":
        return None
    digits = text.strip()
    # More digits than any depth has: Python itself refuses to read thousands of them.
    if not (digits.isascii() and digits.isdecimal() and len(digits) < _MOST_DIGITS):
        raise InputError(f"--depth {text!r}: give 0, a positive number, or all")
    return int(digits)


def confirm(question: str) -> None:
    """Ask the user, and go on only after a yes.

    Raises
    ------
    InputError
        After a no.
    """
    if not typer.confirm(question, err=True):
        raise InputError("not confirmed: nothing was done")


def quoted(text: str) -> str:
    """Write a word so that a shell, when it is pasted, reads it as it was."""
    return printable(shlex.quote(text))


def shown(path: Path) -> str:
    """Give a path as short as it can be typed here."""
    try:
        return str(path.absolute().relative_to(Path.cwd()))
    except ValueError:
        return str(path)
