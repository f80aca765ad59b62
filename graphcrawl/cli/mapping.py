"""``map``: draw a database, or one crawl of it."""

from __future__ import annotations

import sys
import webbrowser
from datetime import datetime
from pathlib import Path
from typing import Annotated, Final, Literal

import typer

from graphcrawl.cli import options as given
from graphcrawl.cli.comparing import Point, read_point, tell_of_the_future
from graphcrawl.errors import InputError
from graphcrawl.moments import moment_name, parse_moment
from graphcrawl.wording import printable

STDOUT: Final = Path("-")

Title = Annotated[
    str | None,
    typer.Option("--title", metavar="TEXT", help="The heading. Default: made from the seeds."),
]
MaxNodes = Annotated[
    int | None,
    typer.Option(
        "--max-nodes",
        metavar="N",
        help="Draw at most so many accounts: the seeds, and those with the most connections. "
        "Default: 10,000, and fewer where they have over 100,000 connections.",
    ),
]
SizeBy = Annotated[
    Literal["followers", "degree"],
    typer.Option("--size", help="What an account's size shows; degree: its connections."),
]
DrawBy = Annotated[
    Literal["account", "creator"],
    typer.Option(
        "--by",
        help="What the map opens with: a mark for each account, or one for all accounts of a "
        "creator. The page switches between them.",
    ),
]
ColorBy = Annotated[
    str,
    typer.Option(
        "--color",
        metavar="WHAT",
        help="What an account's colour shows: auto (its cluster where clusters say something), "
        "network, cluster, tag, or a column of your own.",
    ),
]
LayBy = Annotated[
    Literal["auto", "rings", "clusters"],
    typer.Option(
        "--layout",
        help="Rings by depth, or clusters as places; auto: clusters beyond 150 accounts.",
    ),
]
Open = Annotated[bool, typer.Option("--open", help="Open the map in the browser.")]
Diff = Annotated[
    tuple[str, str] | None,
    typer.Option(
        "--diff",
        metavar="A B",
        help="What changed between two crawls, by their numbers, or dates: both in one map.",
        show_default=False,
    ),
]


def draw(
    db: given.Db = None,
    crawl: given.Crawl = None,
    output: given.Output = None,
    title: Title = None,
    filters: given.Filters = None,
    max_nodes: MaxNodes = None,
    by: DrawBy = "account",
    size: SizeBy = "followers",
    color: ColorBy = "auto",
    layout: LayBy = "auto",
    open_it: Open = False,
    force: given.Force = False,
    at: given.At = None,
    diff: Diff = None,
) -> None:
    """Draw the interactive map: one HTML file that works offline.

    A map of graphcrawl's own is replaced, another file only with --force.
    """
    from graphcrawl.database import Database
    from graphcrawl.graph.conditions import parse_filter
    from graphcrawl.map import Arrangement, By, Color, MapOptions, Size

    built_in = {one.value: one for one in Color if one is not Color.OWN}
    options = MapOptions(
        title=title,
        filters=tuple(map(parse_filter, filters or [])),
        max_nodes=max_nodes,
        by=By(by),
        size=Size(size),
        color=built_in.get(color.casefold(), Color.OWN),
        column=None if color.casefold() in built_in else color,
        layout=Arrangement(layout),
    )
    if output == STDOUT and open_it:
        raise InputError("--open needs a file; leave out --output -")
    moment = None if at is None else parse_moment(at, option="--at")
    points = None if diff is None else (read_point(diff[0]), read_point(diff[1]))
    database = Database.at(given.settings_for(db).db)
    if output == STDOUT:
        drawn = database.map(crawl_id=crawl, at=moment, diff=points, options=options)
        tell_of_the_future((moment, *(points or ())))
        sys.stdout.write(drawn.html)
        return
    page = output or (
        _usual_page(database.path, crawl)
        if moment is None and points is None
        else _page_in_time(database.path, moment, points)
    )
    database.map(page, crawl_id=crawl, at=moment, diff=points, force=force, options=options)
    tell_of_the_future((moment, *(points or ())))
    sys.stdout.write(f"{printable(given.shown(page))}\n")
    if open_it and not webbrowser.open(page.absolute().as_uri()):
        sys.stderr.write("No browser could be opened; open the file by hand.\n")


def _usual_page(database: Path, crawl: int | None) -> Path:
    part = "" if crawl is None else f"-crawl{crawl}"
    return given.OUTPUT / f"{database.stem}{part}.html"


def _page_in_time(database: Path, at: datetime | None, diff: tuple[Point, Point] | None) -> Path:
    names = map(_point_name, diff if diff is not None else filter(None, (at,)))
    part = "-to-".join(names)
    return given.OUTPUT / f"{database.stem}-{'' if diff is not None else 'at-'}{part}.html"


def _point_name(point: Point) -> str:
    if isinstance(point, int):
        return f"crawl{point}"
    return moment_name(point).replace(":", "")
