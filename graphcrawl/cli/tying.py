"""``between``: the accounts that tie several together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import typer

from graphcrawl.cli import options as given
from graphcrawl.cli.listing import Format
from graphcrawl.cli.subjects import (
    ACCOUNT_COLUMNS,
    LIMIT,
    Limit,
    account_cells,
    account_name,
    caption,
    conditions,
    most,
    say,
    say_former,
    sought,
)
from graphcrawl.cli.writing import write_listing
from graphcrawl.wording import plural

if TYPE_CHECKING:
    from graphcrawl.findings import Bonds
    from graphcrawl.findings.between import Bond, Touch
    from graphcrawl.graph.between import Tie

COLUMNS: Final = (*ACCOUNT_COLUMNS, "linked", "reaches", "share", "touches", "source")
BRIEF: Final = ("account", "title", "followers", "linked", "touches", "asked")
"""What fits a terminal; the other formats give everything."""

SHOWN_TIES: Final = 10

Filters = Annotated[
    list[str] | None,
    typer.Option(
        "--filter",
        metavar="CONDITION",
        help="Only accounts that fulfil it, on ways too: network=instagram, state=READY, "
        "followers>=10K. Quote < and >. May be given several times.",
    ),
]


def between(
    accounts: Annotated[
        list[str],
        typer.Argument(metavar="ACCOUNT...", help="Two or more, as seed takes them."),
    ],
    network: given.NetworkName = None,
    by_id: given.ById = False,
    crawl: given.Crawl = None,
    filters: Filters = None,
    limit: Limit = LIMIT,
    db: given.Db = None,
    form: given.Form = Format.TABLE,
) -> None:
    """Find the accounts that tie several together.

    First those linked to at least two of them, whichever lists the other, by how many; then, for
    pairs that neither are linked nor share such an account, those on their shortest ways, the
    nearest first. Below stands how each pair hangs together.
    """
    from graphcrawl.database import Database

    shown = most(limit)
    found = Database.at(given.settings_for(db).db).between(
        sought(accounts, network, by_id=by_id), crawl_id=crawl, filters=conditions(filters)
    )
    say_former(found.subjects)
    listed = found.found[:shown]
    columns = BRIEF if form is Format.TABLE else COLUMNS
    cells = [_cells(one, found, for_people=form is Format.TABLE) for one in listed]
    rows = [[row[name] for name in columns] for row in cells]
    write_listing(columns, rows, form, caption=_caption(found, len(listed)))
    _say_ties(found)


def _cells(one: Bond, found: Bonds, *, for_people: bool) -> dict[str, object]:
    touches = one.touches
    return {
        **account_cells(one.node),
        "linked": one.connector.linked,
        "reaches": len(touches),
        "share": one.connector.share,
        "touches": ", ".join(map(_in_words, touches)) if for_people else [*map(_plain, touches)],
        "source": found.origin.value,
    }


def _in_words(touch: Touch) -> str:
    how = plural(touch.distance, "step") if touch.link is None else touch.link.value
    return f"{account_name(touch.node)} ({how})"


def _plain(touch: Touch) -> dict[str, object]:
    return {
        "account": account_name(touch.node),
        "distance": touch.distance,
        "link": None if touch.link is None else touch.link.value,
    }


def _caption(found: Bonds, listed: int) -> str:
    linked = sum(one.connector.share is None for one in found.found)
    said = f"{plural(linked, 'account')} linked to two or more of {len(found.subjects)}"
    if on_ways := len(found.found) - linked:
        said += f", {on_ways:,} on shortest ways"
    if listed < len(found.found):
        said += f"; {listed:,} listed, --limit 0 lists all"
    unasked = ", ".join(map(account_name, found.unasked))
    silent = f"not asked, or no whole answer, so there may be more: {unasked}" if unasked else None
    return caption(said, silent, origin=found.origin)


def _say_ties(found: Bonds) -> None:
    names = {one.node.id: account_name(one.node) for one in found.subjects}
    for tie in found.ties[:SHOWN_TIES]:
        say(f"{names[tie.one]} and {names[tie.other]}: {_how(tie)}")
    if len(found.ties) > SHOWN_TIES:
        say(f"and {plural(len(found.ties) - SHOWN_TIES, 'pair')} more")


def _how(tie: Tie) -> str:
    if tie.distance is None:
        return "no way known; accounts that were not asked may give one"
    if tie.distance == 1:
        return "linked"
    return f"{plural(tie.distance, 'step')}, {plural(tie.count, 'shortest way')}"
