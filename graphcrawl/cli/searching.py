"""``search``: accounts by what they are called."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Final

import typer

from graphcrawl.cli import completing
from graphcrawl.cli import options as given
from graphcrawl.cli.listing import Format
from graphcrawl.cli.subjects import (
    ACCOUNT_COLUMNS,
    CLUSTER_COLUMNS,
    account_cells,
    cluster_cells,
)
from graphcrawl.cli.writing import write_listing
from graphcrawl.model import Origin
from graphcrawl.wording import plural

if TYPE_CHECKING:
    from graphcrawl.findings import Hit

COLUMNS: Final = (
    *ACCOUNT_COLUMNS,
    *("er", "state", "match", "former_names", *CLUSTER_COLUMNS, "source"),
)


def search(
    text: Annotated[list[str], typer.Argument(metavar="TEXT...", help="Any words, in any script.")],
    network: Annotated[
        str | None,
        typer.Option(
            "--network",
            "-n",
            metavar="NET",
            autocompletion=completing.networks,
            help="Only accounts on this network.",
        ),
    ] = None,
    crawl: given.Crawl = None,
    limit: given.Limit = 20,
    db: given.Db = None,
    form: given.Form = Format.TABLE,
) -> None:
    """Find accounts by username, title or former name.

    Capitals, accents and punctuation do not count; words may stand in any order, and be short.
    First the name itself, then names that begin so, words that begin so, parts of words, former
    names; within each the most followed first. Only where there is none of these, names that are
    like it (three characters in a row are compared), marked similar.
    """
    from graphcrawl.database import Database

    database = Database.at(given.settings_for(db).db)
    wanted = " ".join(text)
    # One more than is shown tells whether there are more.
    found = database.search(wanted, network=network, crawl_id=crawl, limit=limit and limit + 1)
    hits = found[: limit or None]
    rows = [_row(hit, database.origin) for hit in hits]
    if form is Format.TABLE:
        if hits:
            columns = _brief(hits)
            brief = ([_brief_cells(hit)[name] for name in columns] for hit in hits)
            caption = _caption(len(hits), len(found), database.origin)
            write_listing(columns, brief, form, caption=caption)
    else:
        write_listing(COLUMNS, rows, form)
    if not hits:
        sys.stderr.write("no account is called so, or like it\n")


def _row(hit: Hit, origin: Origin) -> tuple[object, ...]:
    return (
        *account_cells(hit.node).values(),
        *(hit.node.er, hit.node.state, hit.match.value, list(hit.former)),
        *(*cluster_cells(hit.membership).values(), origin.value),
    )


def _brief(hits: Sequence[Hit]) -> list[str]:
    """Name what fits a terminal; the other formats give everything."""
    grouped = CLUSTER_COLUMNS[:1] if any(hit.membership for hit in hits) else ()
    return ["account", "title", "followers", "asked", *grouped, "match"]


def _brief_cells(hit: Hit) -> dict[str, object]:
    former = [", ".join(hit.former)] if hit.former else []
    return {
        **account_cells(hit.node),
        **cluster_cells(hit.membership),
        "match": ": ".join([hit.match.value, *former]),
    }


def _caption(shown: int, found: int, origin: Origin) -> str | None:
    """How many there are in all is not known: one more than was asked for is looked up."""
    told = (
        f"the first {shown:,}; --limit 0 gives all" if shown < found else plural(shown, "account")
    )
    return given.caption(origin, told, shown=shown, of=shown)
