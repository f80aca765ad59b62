"""Tags, notes and columns of users' own that come with an imported graph."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Column, Connection, Integer, MetaData, String, Table, insert, select

from graphcrawl.graph.kinds import WRITTEN, Kind, kind_held, kind_of, value_of
from graphcrawl.incoming import IncomingNode
from graphcrawl.model import OwnValue
from graphcrawl.store import dialects
from graphcrawl.store.schema import NoteRow, OwnColumnRow, OwnValueRow, TagRow, table_of

STAGED: Final = MetaData()
"""Tables that live as long as an import."""

_GUESS: Final = "?"
_AT_ONCE: Final = 5_000

_values: Final = Table(
    "incoming_own",
    STAGED,
    Column("name", String),
    Column("node_id", Integer),
    Column("kind", String),
    Column("text", String),
    prefixes=["TEMPORARY"],
)
_STAGE: Final = dialects.insertion(_values, "name", "node_id", "kind", "text")
_TAG: Final = dialects.insertion(table_of(TagRow), "node_id", "tag", "tagged_at")
_NOTE: Final = dialects.insertion(table_of(NoteRow), "node_id", "text", "written_at")
_PUT: Final = dialects.insertion(table_of(OwnValueRow), "name", "node_id", "number", "text")


class OwnStage:
    """Takes what accounts bring of users' own.

    Parameters
    ----------
    connection : Connection
    moment : datetime
        When tags and notes count as written.
    guess : bool
        Whether all values are texts whose kind is to be found out.
    """

    def __init__(self, connection: Connection, moment: datetime, *, guess: bool) -> None:
        self._connection = connection
        self._now = dialects.stamp(connection.dialect.name, moment)
        self._guess = guess

    def stage(self, nodes: Sequence[IncomingNode]) -> None:
        """Take what some accounts bring."""
        tags = [(node.key, tag, self._now) for node in nodes for tag in node.tags]
        _TAG.run_tuples(self._connection, tags)
        notes = [(node.key, node.note, self._now) for node in nodes if node.note is not None]
        _NOTE.run_tuples(self._connection, notes)
        values = [
            (name, node.key, *self._staged(value))
            for node in nodes
            for name, value in (node.own or {}).items()
        ]
        _STAGE.run_tuples(self._connection, values)

    def _staged(self, value: OwnValue) -> tuple[str, str]:
        if isinstance(value, str):
            return _GUESS if self._guess else Kind.TEXT.value, value
        text = str(value).lower() if isinstance(value, bool) else repr(value)
        return kind_held([value]).value, text


def store_own(connection: Connection, moment: datetime) -> None:
    """Write the columns that were staged, each as what all of its values are."""
    names = connection.execute(select(_values.c.name).distinct().order_by(_values.c.name))
    for name in list(names.scalars()):
        kind = _kind_of(connection, name)
        connection.execute(
            insert(OwnColumnRow).values(name=name, kind=kind.value, imported_at=moment)
        )
        for part in _parts(connection, name):
            rows = [(name, node_id, *_stored(kind, text)) for node_id, text in part]
            _PUT.run_tuples(connection, rows)


def _kind_of(connection: Connection, name: str) -> Kind:
    query = select(_values.c.kind).where(_values.c.name == name).distinct()
    kinds = set(connection.execute(query).scalars())
    if kinds == {_GUESS}:
        return kind_of((text for part in _parts(connection, name) for _, text in part), WRITTEN)
    if len(kinds) == 1:
        return Kind(kinds.pop())
    return Kind.NUMBER if kinds == {Kind.INTEGER, Kind.NUMBER} else Kind.TEXT


def _stored(kind: Kind, text: str) -> tuple[int | float | None, str | None]:
    value = value_of(kind, text, WRITTEN)
    return (None, value) if isinstance(value, str) else (value, None)


def _parts(connection: Connection, name: str) -> Iterator[Sequence[Any]]:
    query = (
        select(_values.c.node_id, _values.c.text)
        .where(_values.c.name == name)
        .order_by(_values.c.node_id)
    )
    return connection.execute(query).partitions(_AT_ONCE)
