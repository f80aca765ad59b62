"""``between``: the accounts that tie several together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphcrawl.cli import options as given
from graphcrawl.cli.listing import Format
from graphcrawl.cli.subjects import (
    ACCOUNT_COLUMNS,
    CLUSTER_COLUMNS,
    LIMIT,
    account_cells,
    caption,
    cluster_cells,
    conditions,
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

COLUMNS: Final = (
    *ACCOUNT_COLUMNS,
    *("linked", "reaches", "share", "touches", *CLUSTER_COLUMNS, "source"),
)
SHOWN_TIES: Final = 10


def between(
    accounts: given.AccountNames,
    network: given.NetworkName = None,
    by_id: given.ById = False,
    crawl: given.Crawl = None,
    filters: given.Filters = None,
    limit: given.Limit = LIMIT,
    db: given.Db = None,
    form: given.Form = Format.TABLE,
) -> None:
    """Find the accounts that tie two or more together.

    First those linked to at least two of them, whichever lists the other, by how many; then, for
    pairs that neither are linked nor share such an account, those on their shortest ways, the
    nearest first. Below stands how each pair hangs together. --filter is for the accounts found,
    and those on the ways; the given ones need not fulfil it.
    """
    from graphcrawl.database import Database

    found = Database.at(given.settings_for(db).db).between(
        sought(accounts, network, by_id=by_id), crawl_id=crawl, filters=conditions(filters)
    )
    say_former(found.subjects)
    listed = found.found[: limit or None]
    if form is Format.TABLE:
        given_names = [str(one.node) for one in found.subjects]
        columns = ["account", "title", "followers", *given_names, "asked"]
        rows = [_row_for_people(one, found) for one in listed]
    else:
        columns = list(COLUMNS)
        rows = [list(_cells(one, found).values()) for one in listed]
    write_listing(columns, rows, form, caption=_caption(found, len(listed)))
    _say_ties(found)


def _row_for_people(one: Bond, found: Bonds) -> list[object]:
    """Give a connector with what it does to each of the given accounts, a column each."""
    cells = account_cells(one.node)
    touched = {touch.node.id: _in_words(touch) for touch in one.touches}
    return [
        *(cells[name] for name in ("account", "title", "followers")),
        *(touched.get(subject.node.id) for subject in found.subjects),
        cells["asked"],
    ]


def _cells(one: Bond, found: Bonds) -> dict[str, object]:
    return {
        **account_cells(one.node),
        "linked": one.connector.linked,
        "reaches": len(one.touches),
        "share": one.connector.share,
        "touches": [_plain(touch) for touch in one.touches],
        **cluster_cells(one.membership),
        "source": found.origin.value,
    }


def _in_words(touch: Touch) -> str:
    return plural(touch.distance, "step") if touch.link is None else touch.link.value


def _plain(touch: Touch) -> dict[str, object]:
    return {
        "account": str(touch.node),
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
    unasked = ", ".join(map(str, found.unasked))
    silent = f"not asked, or no whole answer, so there may be more: {unasked}" if unasked else None
    return caption(said, silent, origin=found.origin)


def _say_ties(found: Bonds) -> None:
    names = {one.node.id: str(one.node) for one in found.subjects}
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
