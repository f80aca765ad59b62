"""``import --attributes``: columns of a user's own join the accounts of a database."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from graphcrawl.cli import options as given
from graphcrawl.cli.sources import of_origin
from graphcrawl.errors import NothingFound
from graphcrawl.wording import plural, printable

if TYPE_CHECKING:
    from graphcrawl.csv_files import Columns
    from graphcrawl.database import Database
    from graphcrawl.database.own_columns import ColumnsAdded

_SHOWN_LINES: Final = 5


def change(
    database: Database,
    file: Path | None,
    columns: Columns,
    texts: Sequence[str],
    removed: Sequence[str],
    *,
    skip_broken: bool,
) -> None:
    """Delete columns, then add those of a file, and say what was done.

    Raises
    ------
    NothingFound
        If a column to delete is not there; nothing is written then.
    """
    if removed:
        _remove(database, removed)
    if file is not None:
        added = database.add_columns(file, columns=columns, texts=texts, skip_broken=skip_broken)
        _say(_summary(added, database))


def _remove(database: Database, names: Sequence[str]) -> None:
    there = database.own().columns
    strange = [name for name in names if name not in there]
    if strange:
        known = ", ".join(there) or "none"
        raise NothingFound(f"there is no column {strange[0]}; your own are: {known}")
    gone = database.remove_columns(names)
    _say([f"{plural(gone, 'column')} deleted: {', '.join(names)}"])


def _summary(added: ColumnsAdded, database: Database) -> Iterator[str]:
    whole = added.accounts + len(added.unmatched)
    yield f"{added.accounts:,} of {plural(whole, 'row')} joined to accounts"
    for name, count in added.columns.items():
        yield f"  {name}: {added.kinds[name]}, {plural(count, 'account')}"
    yield from _left_out(added)
    if (said := of_origin(database.origin)) is not None:
        yield f"  {said}"
    path = given.quoted(given.shown(database.path))
    first = next(iter(added.columns))
    yield f"  next      graphcrawl map --color {given.quoted(first)} --db {path}"


def _left_out(added: ColumnsAdded) -> Iterator[str]:
    if added.unmatched:
        named = ", ".join(f"line {line} {name}" for line, name in added.unmatched[:_SHOWN_LINES])
        rest = len(added.unmatched) - _SHOWN_LINES
        more = f" and {rest:,} more" if rest > 0 else ""
        many = plural(len(added.unmatched), "row")
        yield f"  {many} of accounts that are not here: {named}{more}"
    if added.passed_over:
        names = ", ".join(added.passed_over)
        yield f"  passed over: {names} (graphcrawl's own names; rename what is yours)"
    if added.broken:
        yield f"  {plural(added.broken, 'broken row')} left out"


def _say(lines: Iterator[str] | Sequence[str]) -> None:
    sys.stdout.write("".join(f"{printable(line)}\n" for line in lines))
