"""``top``: who matters, by one of several measures."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Annotated, Final

import typer

from graphcrawl.cli import options as given
from graphcrawl.cli.listing import Format
from graphcrawl.cli.sources import of_origin
from graphcrawl.cli.subjects import CLUSTER_COLUMNS, asked, cluster_cells, conditions, tags_cell
from graphcrawl.cli.writing import write_listing
from graphcrawl.graph.measuring import Measure, MeasureOptions
from graphcrawl.wording import plural

if TYPE_CHECKING:
    from graphcrawl.findings import Ranked, Top

VALUE: Final = "value"
TAGS: Final = "tags"
COLUMN_CELLS: Final = 10
"""Cells of a terminal that a column takes, as a rule; tags are words, and take those of two."""
MACHINE_ONLY: Final = frozenset({"error", "participation"})

By = Annotated[
    str,
    typer.Option(
        "--by",
        metavar="MEASURE",
        help=f"{', '.join(Measure)}, or a column of your own (column:NAME where it is called like "
        "a measure).",
    ),
]
Samples = Annotated[
    int | None,
    typer.Option(
        "--samples",
        metavar="N",
        help="Accounts, drawn by chance, that paths start from (betweenness, harmonic). Default: "
        "all, and so exact, up to 5,000 (betweenness) or 10,000 (harmonic) accounts, else 500 or "
        "2,000.",
        show_default=False,
    ),
]
RngSeed = Annotated[
    int, typer.Option("--rng-seed", metavar="N", help="The same one draws the same accounts.")
]
Directed = Annotated[
    bool,
    typer.Option(
        "--directed",
        help="Let paths (betweenness, harmonic) go from the account that lists to the one listed "
        "only. Default: a tie counts whichever of both lists the other.",
    ),
]


def top(
    by: By = Measure.IN_DEGREE.value,
    crawl: given.Crawl = None,
    filters: given.Filters = None,
    limit: given.Limit = 20,
    samples: Samples = None,
    rng_seed: RngSeed = 0,
    directed: Directed = False,
    db: given.Db = None,
    form: given.Form = Format.TABLE,
) -> None:
    """Rank accounts by how much they matter.

    By followers (subscribers), by how many list them or are listed (in-degree, out-degree,
    degree), by who lists them (pagerank), as go-betweens (betweenness), by the dense core they
    are in (core), by nearness to all (harmonic), by ties to other clusters (bridge). What hangs on
    accounts that were not asked is not known: such accounts are marked. Equal values share a rank.
    The cluster is the one that graphcrawl clusters last stored for the same selection.
    """
    from graphcrawl.database import Database

    found = Database.at(given.settings_for(db).db).top(
        by,
        crawl_id=crawl,
        filters=conditions(filters),
        limit=limit,
        options=MeasureOptions(samples, rng_seed, directed),
    )
    columns = _brief(found) if form is Format.TABLE else _whole(found)
    rows = ([_cell(name, one, found, form) for name in columns] for one in found.accounts)
    # A column of the user's own may be called like any of ours.
    headings = [found.measure if name == VALUE else name for name in columns]
    write_listing(headings, rows, form, caption=_caption(found, is_part=bool(filters)))


def _brief(found: Top) -> list[str]:
    """Name what fits a terminal; the other formats give everything."""
    beside = [name for name in found.beside if name not in MACHINE_ONLY]
    tags = [TAGS] if any(one.tags for one in found.accounts) else []
    columns = [
        *("rank", "account", "title", VALUE),
        *(("error",) if found.is_sampled else ()),
        *beside,
        *_followers(found),
        "asked",
    ]
    room = shutil.get_terminal_size().columns // COLUMN_CELLS
    is_grouped = any(one.membership for one in found.accounts)
    if is_grouped and len(columns) + 2 * len(tags) < room:
        columns += CLUSTER_COLUMNS[:1]
    return columns + tags


def _whole(found: Top) -> list[str]:
    return [
        *("rank", "id", "network", "social_id", "username", "title", VALUE),
        *found.beside,
        *_followers(found),
        *("asked", "depth", "state", *CLUSTER_COLUMNS, TAGS, "source"),
    ]


def _followers(found: Top) -> tuple[str, ...]:
    return () if found.measure == Measure.SUBSCRIBERS and not found.is_own else ("followers",)


def _cell(name: str, one: Ranked, found: Top, form: Format) -> object:
    if name in one.beside:
        return one.beside[name]
    if name in CLUSTER_COLUMNS:
        return cluster_cells(one.membership)[name]
    if name == TAGS:
        return tags_cell(one.tags, form) or None
    return _CELLS[name](one, found)


_CELLS: Final[Mapping[str, Callable[[Ranked, Top], object]]] = {
    "rank": lambda one, _: one.rank,
    "account": lambda one, _: str(one.node),
    "id": lambda one, _: one.node.id,
    "network": lambda one, _: one.node.network,
    "social_id": lambda one, _: one.node.social_id,
    "username": lambda one, _: one.node.username,
    "title": lambda one, _: one.node.title,
    VALUE: lambda one, _: one.value,
    "followers": lambda one, _: one.node.subscribers_count,
    "asked": lambda one, _: asked(one.node),
    "depth": lambda one, _: one.node.depth,
    "state": lambda one, _: one.node.state,
    "source": lambda _, found: found.origin.value,
}


def _caption(found: Top, *, is_part: bool) -> str:
    listed = len(found.accounts)
    first = "" if listed == found.size else f"{listed:,} of "
    said = [f"{first}{plural(found.size, 'account')} by {found.measure}"]
    if found.sharing and listed:
        share = "shares" if found.sharing == 1 else "share"
        said.append(f"{found.sharing:,} more {share} rank {found.accounts[-1].rank}")
    if found.unknown:
        said.append(
            f"{plural(found.unknown, 'account')} left out, whose {found.measure} is not known"
        )
    if found.is_of_connections and found.asked < found.size:
        said.append(
            f"a sample: {found.asked:,} of {found.size:,} accounts were asked for their connections"
        )
    if found.exactness:
        said.append(found.exactness)
    if found.is_of_connections and is_part:
        said.append("connections to accounts that the filters leave out do not count")
    if (whose := of_origin(found.origin)) is not None:
        said.append(whose)
    return ". ".join(said)
