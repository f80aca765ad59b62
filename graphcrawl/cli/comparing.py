"""``diff``: what has changed between two crawls or dates."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Final

import typer

from graphcrawl.cli import completing
from graphcrawl.cli import options as given
from graphcrawl.cli.listing import Format
from graphcrawl.cli.sources import of_origin
from graphcrawl.cli.writing import complain, write_listing
from graphcrawl.errors import InputError
from graphcrawl.moments import is_yet_to_come, moment_name, parse_moment
from graphcrawl.wording import printable

if TYPE_CHECKING:
    from graphcrawl.database import Database
    from graphcrawl.graph import Node
    from graphcrawl.graph.difference import Alteration, Difference

COLUMNS: Final = (
    *("kind", "change", "network", "username", "id"),
    *("target_network", "target_username", "target_id", "before", "after", "source"),
)
BRIEF: Final = ("change", "account", "before", "after")
SHOWN_OF_A_KIND: Final = 8
"""Rows of each kind in a table; the other formats have all."""

_MOST_DIGITS: Final = 18
_LONGEST_SHOWN: Final = 60

Point = int | datetime


def diff(
    before: Annotated[
        str,
        typer.Argument(
            metavar="A",
            autocompletion=completing.crawls,
            help="A crawl's number, or a date: 2026-01-31 (the end of that day), "
            "2026-01-31T12:00; UTC.",
        ),
    ],
    after: Annotated[
        str | None,
        typer.Argument(
            metavar="[B]",
            autocompletion=completing.crawls,
            help="Likewise. Default: now.",
            show_default=False,
        ),
    ] = None,
    db: given.Db = None,
    form: given.Form = Format.TABLE,
) -> None:
    """Say what changed between two crawls or dates.

    Accounts and connections gained and lost; usernames, titles, report states and followers with
    both values. What one side did not ask about is not known there: never gained, never lost.
    A table shows the largest changes, the other formats everything, a row each.
    """
    from graphcrawl.database import Database

    sides = read_point(before), datetime.now(UTC) if after is None else read_point(after)
    database = Database.at(given.settings_for(db).db)
    difference = database.diff(*sides)
    tell_of_the_future(sides)
    if form is Format.TABLE:
        _write_brief(database, difference)
    else:
        write_listing(COLUMNS, (_row(one, difference) for one in difference.alterations), form)


def read_point(text: str) -> Point:
    """Read a crawl's number or a date.

    Raises
    ------
    InputError
    """
    plain = text.strip()
    if plain.isascii() and plain.isdecimal() and len(plain) <= _MOST_DIGITS:
        return int(plain)
    try:
        return parse_moment(plain, option="diff")
    except InputError as error:
        raise InputError(
            f"{printable(plain, _LONGEST_SHOWN)!r} is neither a crawl's number nor a date; give "
            "3, 2026-01-31 or 2026-01-31T12:00 (UTC)"
        ) from error


def tell_of_the_future(points: Iterable[Point | None]) -> None:
    """Say of dates that are yet to come what stands for them."""
    for point in points:
        if isinstance(point, datetime) and is_yet_to_come(point, now=datetime.now(UTC)):
            complain(f"{moment_name(point)} is yet to come: what is known so far stands for it")


def _write_brief(database: Database, difference: Difference) -> None:
    from graphcrawl.graph.difference import told

    lines = told(difference)
    if (whose := of_origin(difference.origin)) is not None:
        lines = (*lines, whose)
    sys.stdout.write("".join(f"{printable(line)}\n" for line in lines))
    shown = _foremost(difference)
    every = len(difference.alterations)
    if shown:
        caption = None
        if len(shown) < every:
            caption = f"{len(shown):,} of {every:,} differences; --format csv gives all"
        write_listing(BRIEF, map(_brief_row, shown), Format.TABLE, caption=caption)


def _foremost(difference: Difference) -> Sequence[Alteration]:
    """Give the largest changes of each kind; what is not known is no change."""
    from graphcrawl.graph.difference import UNKNOWN, Kind

    known = [one for one in difference.alterations if one.change not in UNKNOWN]
    return [
        one
        for kind in Kind
        for one in sorted(_of_kind(known, kind), key=_size, reverse=True)[:SHOWN_OF_A_KIND]
    ]


def _of_kind(alterations: Iterable[Alteration], kind: str) -> list[Alteration]:
    return [one for one in alterations if one.kind == kind]


def _size(one: Alteration) -> int:
    if isinstance(one.before, int) and isinstance(one.after, int):
        return abs(one.after - one.before)
    ends = filter(None, (one.account, one.target))
    return min(node.subscribers_count or 0 for node in ends)


def _brief_row(one: Alteration) -> tuple[object, ...]:
    ends = " → ".join(
        f"{node.network}:{node.username or node.social_id}"
        for node in filter(None, (one.account, one.target))
    )
    values = (one.before, one.after) if one.change == "changed" else (None, None)
    return (f"{one.kind.value} {one.change.value}", ends, *values)


def _row(one: Alteration, difference: Difference) -> tuple[object, ...]:
    return (
        one.kind.value,
        one.change.value,
        *_identity(one.account),
        *((None, None, None) if one.target is None else _identity(one.target)),
        one.before,
        one.after,
        difference.origin.value,
    )


def _identity(node: Node) -> tuple[object, ...]:
    return (node.network, node.username, node.social_id)
