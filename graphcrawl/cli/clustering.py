"""``clusters``: which accounts belong together, found and stored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import typer

from graphcrawl.cli import options as given
from graphcrawl.cli.listing import Format
from graphcrawl.cli.writing import write_listing
from graphcrawl.graph.options import ClusterOptions, Engine, Method, Weight
from graphcrawl.wording import plural

if TYPE_CHECKING:
    from graphcrawl.findings import Clustering
    from graphcrawl.graph.communities import Community

COLUMNS: Final = (
    *("clustering_id", "cluster", "name", "accounts", "inside", "most_followed", "source"),
)
BRIEF: Final = ("cluster", "name", "accounts", "inside", "most_followed")
"""What fits a terminal; the caption says the rest."""

Resolution = Annotated[
    float,
    typer.Option("--resolution", metavar="X", help="Above 0; larger: more, smaller clusters."),
]
RngSeed = Annotated[
    int, typer.Option("--rng-seed", metavar="N", help="The same one gives the same clusters.")
]


def clusters(
    method: Annotated[
        Method, typer.Option("--method", "-m", help="What finds them.", case_sensitive=False)
    ] = Method.LEIDEN,
    weight: Annotated[
        Weight,
        typer.Option(
            "--weight",
            help="What a tie weighs: always one, or two where it is known to be mutual.",
            case_sensitive=False,
        ),
    ] = Weight.ONE,
    resolution: Resolution = 1.0,
    rng_seed: RngSeed = 0,
    engine: Annotated[
        Engine,
        typer.Option(
            "--engine",
            help="What runs Leiden; auto: networkit from 5,000,000 ties on, where it is installed.",
            case_sensitive=False,
        ),
    ] = Engine.AUTO,
    crawl: given.Crawl = None,
    limit: given.Limit = 0,
    db: given.Db = None,
    form: given.Form = Format.TABLE,
) -> None:
    """Find which accounts belong together, and store it.

    Clusters are accounts tied to one another more than to the rest. They are stored, so that SQL
    can use them (tables clusterings, clusters and memberships), and keep their numbers as the
    graph grows. A cluster is named after its most followed accounts and the words that set its
    titles apart; inside is the share of its ties that stays within it.
    """
    from graphcrawl.database import Database

    options = ClusterOptions(method, weight, resolution, rng_seed, engine)
    options.check()
    found = Database.at(given.settings_for(db).db).clusters(options, crawl_id=crawl)
    columns = BRIEF if form is Format.TABLE else COLUMNS
    rows = (
        [value for name, value in zip(COLUMNS, _row(one, found), strict=True) if name in columns]
        for one in found.found.communities[: limit or None]
    )
    write_listing(columns, rows, form, caption=_caption(found, limit))


def _row(one: Community, found: Clustering) -> tuple[object, ...]:
    return (
        found.id,
        one.number,
        one.name,
        len(one.members),
        one.inside,
        " ".join(map(str, one.leaders)),
        found.origin.value,
    )


def _caption(found: Clustering, limit: int) -> str | None:
    said = [
        f"{plural(len(found.found.communities), 'cluster')} of {plural(found.accounts, 'account')} "
        f"by {found.found.engine}, stored as clustering {found.id}"
    ]
    if found.found.modularity is not None:
        said[0] += f"; modularity {found.found.modularity:.4f}"
    if found.asked < found.accounts:
        unasked = plural(found.accounts - found.asked, "account")
        said.append(f"{unasked} did not tell their connections: ties among these are not known")
    every = len(found.found.communities)
    return given.caption(found.origin, *said, shown=min(limit or every, every), of=every)
