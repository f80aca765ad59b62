"""``similar``: the accounts with the same neighbours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import typer

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
    say_former,
    sought,
)
from graphcrawl.cli.writing import write_listing
from graphcrawl.graph.similarity import Measure, Sharing
from graphcrawl.wording import plural

if TYPE_CHECKING:
    from graphcrawl.findings import Similar
    from graphcrawl.graph import Node
    from graphcrawl.graph.similarity import Likeness

LEAST: Final = 2


def similar(
    account: given.AccountName,
    by: Annotated[
        Measure,
        typer.Option("--by", "-b", help="The measure of likeness, 0 to 1.", case_sensitive=False),
    ] = Measure.JACCARD,
    neighbours: Annotated[
        Sharing,
        typer.Option(
            "--neighbours",
            help="What is compared: who lists both, which is known alike of all accounts; or whom "
            "both list, which is known only of asked ones.",
            case_sensitive=False,
        ),
    ] = Sharing.LISTED_BY,
    least: Annotated[
        int,
        typer.Option(
            "--min-shared", metavar="N", help="Leave out accounts that share fewer neighbours."
        ),
    ] = LEAST,
    network: given.NetworkName = None,
    by_id: given.ById = False,
    crawl: given.Crawl = None,
    filters: given.Filters = None,
    limit: given.Limit = LIMIT,
    db: given.Db = None,
    form: given.Form = Format.TABLE,
) -> None:
    """Find the accounts with the same neighbours.

    jaccard: of all neighbours of both, the share that they have in common; cosine: those in common
    by the geometric mean of both numbers; overlap: by the smaller number. The two themselves do
    not count as neighbours.
    """
    from graphcrawl.database import Database
    from graphcrawl.findings import Comparison

    (one,) = sought([account], network, by_id=by_id)
    found = Database.at(given.settings_for(db).db).similar(
        one, Comparison(by, neighbours, least), crawl_id=crawl, filters=conditions(filters)
    )
    say_former([found.subject])
    listed = found.found[: limit or None]
    columns = _columns(found, for_people=form is Format.TABLE)
    rows = [[_cells(*pair, found)[name] for name in columns] for pair in listed]
    write_listing(columns, rows, form, caption=_caption(found, len(listed)))


def _columns(found: Similar, *, for_people: bool) -> tuple[str, ...]:
    measured = (found.comparison.measure.value, "shared", "neighbours")
    if for_people:
        return ("account", "title", "followers", *measured, "asked")
    return (*ACCOUNT_COLUMNS, *measured, "compared", *CLUSTER_COLUMNS, "source")


def _cells(node: Node, likeness: Likeness, found: Similar) -> dict[str, object]:
    return {
        **account_cells(node),
        found.comparison.measure.value: likeness.value,
        "shared": likeness.shared,
        "neighbours": likeness.theirs,
        "compared": found.comparison.sharing.value,
        **cluster_cells(found.memberships.get(node.id)),
        "source": found.origin.value,
    }


def _caption(found: Similar, listed: int) -> str:
    name, comparison = found.subject.node, found.comparison
    said = f"{plural(len(found.found), 'account')} by {comparison.measure}"
    if comparison.sharing is Sharing.LISTED_BY:
        said += f" of who lists both; {name} is listed by {plural(found.neighbours, 'account')}"
    else:
        said += f" of whom both list; {name} lists {plural(found.neighbours, 'account')}"
    if listed < len(found.found):
        said += f"; {listed:,} listed, --limit 0 lists all"
    return caption(
        said,
        f"Fewer than {comparison.least} in common is left out (--min-shared)",
        "Who was not asked is not known to list anybody",
        origin=found.origin,
    )
