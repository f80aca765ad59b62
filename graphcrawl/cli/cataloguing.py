"""``query --list``: what there is to ask for, in a sentence each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from graphcrawl.cli.listing import Format
from graphcrawl.cli.writing import write_listing
from graphcrawl.sql import NAMED

if TYPE_CHECKING:
    from graphcrawl.store import Described

COLUMNS: Final = ("kind", "name", "column", "type", "sentence")
BRIEF: Final = ("name", "is", "sentence")
"""What fits a terminal: a column stands under its table, indented."""


def write_catalogue(form: Format) -> None:
    """List tables, views and their columns, then the ready-made queries."""
    from graphcrawl.store import described

    found = described()
    if form is Format.TABLE:
        caption = "graphcrawl query --named NAME runs a ready-made query"
        write_listing(BRIEF, _brief_rows(found), form, caption=caption)
    else:
        write_listing(COLUMNS, _rows(found), form)


def _rows(found: tuple[Described, ...]) -> Iterator[tuple[object, ...]]:
    for one in found:
        yield (one.kind, one.name, None, None, one.sentence)
        for column in one.columns:
            yield ("column", one.name, *column)
    for query in NAMED.values():
        yield ("query", query.name, None, None, query.sentence)
        for name, sentence in query.parameters.items():
            yield ("parameter", query.name, name, "text", sentence)


def _brief_rows(found: tuple[Described, ...]) -> Iterator[tuple[object, ...]]:
    for kind, name, column, kind_of_value, sentence in _rows(found):
        yield (name if column is None else f"  {column}", kind_of_value or kind, sentence)
