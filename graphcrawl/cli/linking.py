"""``path``: how one account leads to another."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Final

import typer

from graphcrawl.cli import completing
from graphcrawl.cli import options as given
from graphcrawl.cli.listing import Format
from graphcrawl.cli.subjects import (
    ACCOUNT_COLUMNS,
    LIMIT,
    account_cells,
    caption,
    conditions,
    say_former,
    sought,
)
from graphcrawl.cli.writing import write_listing
from graphcrawl.errors import InputError
from graphcrawl.wording import plural

if TYPE_CHECKING:
    from graphcrawl.findings import Paths
    from graphcrawl.findings.ways import Step

COLUMNS: Final = (*("path", "step", *ACCOUNT_COLUMNS, "link", "certainty", "paths", "source"),)
LISTS: Final = "lists"
LISTED_BY: Final = "listed by"


def path(
    one: Annotated[
        str,
        typer.Argument(
            metavar="FROM",
            autocompletion=completing.known_accounts,
            help="As seed takes it; a plain name will do where one network alone has it.",
        ),
    ],
    other: Annotated[
        str,
        typer.Argument(metavar="TO", autocompletion=completing.known_accounts, help="Likewise."),
    ],
    every: Annotated[
        bool, typer.Option("--all", help="Every shortest path, not only the first.")
    ] = False,
    undirected: Annotated[
        bool,
        typer.Option(
            "--undirected", help="A step counts whichever of the two accounts lists the other."
        ),
    ] = False,
    limit: Annotated[
        int | None,
        typer.Option(
            "--limit",
            metavar="N",
            callback=given.row_limit,
            help=f"How many paths --all lists; 0: all. Default: {LIMIT}.",
            show_default=False,
        ),
    ] = None,
    network: given.NetworkName = None,
    by_id: given.ById = False,
    crawl: given.Crawl = None,
    filters: given.Filters = None,
    db: given.Db = None,
    form: given.Form = Format.TABLE,
) -> None:
    """Find the shortest path from one account to another.

    Each account on it lists the next one; certainty says what is known of the way back. At each
    step the most followed account comes first. Of accounts that were not asked nobody knows whom
    they list: where there is no path, the message says whether one may exist all the same.
    --filter is for the accounts between; both ends need not fulfil it.
    """
    from graphcrawl.database import Database

    if limit is not None and not every:
        raise InputError("--limit says how many paths --all lists: add --all")
    shown = ((LIMIT if limit is None else limit) or None) if every else 1
    start, end = sought((one, other), network, by_id=by_id)
    found = Database.at(given.settings_for(db).db).paths(
        start, end, directed=not undirected, crawl_id=crawl, filters=conditions(filters)
    )
    say_former(found.ends)
    columns = _brief(found, shown) if form is Format.TABLE else COLUMNS
    rows = ([cells[name] for name in columns] for cells in _rows(found, shown))
    write_listing(columns, rows, form, caption=_caption(found, shown, every=every))


def _brief(found: Paths, shown: int | None) -> list[str]:
    """Name what fits a terminal; the other formats give everything."""
    return [
        *(("path",) if shown != 1 and found.count > 1 else ()),
        *("step", "account", "title", "followers"),
        *(() if found.is_directed else ("link",)),
        *("certainty", "asked"),
    ]


def _rows(found: Paths, shown: int | None) -> Iterator[dict[str, object]]:
    for number, steps in enumerate(islice(found, shown), start=1):
        for place, step in enumerate(steps):
            yield {
                "path": number,
                "step": place,
                **account_cells(step.node),
                "link": _link(step),
                "certainty": step.link.certainty.value if step.link else None,
                "paths": found.count,
                "source": found.origin.value,
            }


def _link(step: Step) -> str | None:
    """Say which of the two lists the other, seen from the account before."""
    if step.link is None:
        return None
    return LISTS if step.link.target == step.node.id else LISTED_BY


def _caption(found: Paths, shown: int | None, *, every: bool) -> str:
    listed = found.count if shown is None else min(shown, found.count)
    kind = "shortest path" if found.is_directed else "shortest undirected path"
    first = f"{listed:,} of " if listed < found.count else ""
    said = f"{first}{plural(found.count, kind)} of {plural(found.length, 'step')}"
    if listed < found.count:
        said += "; --limit 0 lists all" if every else "; --all lists more"
    # Of two steps there is nothing shorter, where the first account told whom it lists.
    sample = found.length > (2 if found.is_directed else 1)
    shorter = "Accounts that were not asked may give shorter ones" if sample else None
    return caption(said, shorter, origin=found.origin)
