"""What is in a database, in words: each table and view, each column with its sentence."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from sqlalchemy.sql.elements import KeyedColumnElement

from graphcrawl.store.schema.base import Base
from graphcrawl.store.schema.rows import table_of
from graphcrawl.store.schema.search import SEARCH, SEARCH_COLUMNS, SEARCH_SENTENCE
from graphcrawl.store.schema.views import EDGE_LIST_COLUMNS, EDGE_LIST_SENTENCE

_KINDS: Final = {
    "UtcDateTime": "time",
    "String": "text",
    "Text": "text",
    "JSON": "json",
    "LargeBinary": "bytes",
    "Integer": "number",
    "BigInteger": "number",
    "Float": "number",
}


class DescribedColumn(NamedTuple):
    """A column: its name, what its values are, and what they mean."""

    name: str
    type: str
    sentence: str


class Described(NamedTuple):
    """A table, view or index of the database; `kind` says which."""

    name: str
    kind: str
    sentence: str
    columns: tuple[DescribedColumn, ...]


def described() -> tuple[Described, ...]:
    """Describe everything that a database holds: tables by name, then views, then the index."""
    tables = sorted(_tables(), key=lambda one: one.name)
    return (
        *tables,
        Described("edge_list", "view", EDGE_LIST_SENTENCE, _columns(EDGE_LIST_COLUMNS)),
        Described(SEARCH, "index", SEARCH_SENTENCE, _columns(SEARCH_COLUMNS)),
    )


def _tables() -> Iterator[Described]:
    for row in Base.__subclasses__():
        table = table_of(row)
        columns = tuple(
            DescribedColumn(column.name, _kind(column), column.doc or _reference(column))
            for column in table.columns
        )
        yield Described(table.name, "table", inspect.getdoc(row) or "", columns)


def _columns(told: dict[str, tuple[str, str]]) -> tuple[DescribedColumn, ...]:
    return tuple(DescribedColumn(name, *words) for name, words in told.items())


def _kind(column: KeyedColumnElement[Any]) -> str:
    kind = type(column.type).__name__
    return _KINDS.get(kind, kind.casefold())


def _reference(column: KeyedColumnElement[Any]) -> str:
    keys = list(column.foreign_keys)
    return f"→ {keys[0].target_fullname}" if keys else ""
