"""Tags, notes and columns of users' own: written for accounts, read for all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import Connection, delete, insert, select, update

from graphcrawl.addresses import Named
from graphcrawl.graph.kinds import Kind, kind_held
from graphcrawl.model import OwnValue
from graphcrawl.store import dialects
from graphcrawl.store.formerly import find_met
from graphcrawl.store.opening import Store
from graphcrawl.store.schema import NodeRow, NoteRow, OwnColumnRow, OwnValueRow, TagRow, table_of
from graphcrawl.store.sought import Held

_AS: Final[Mapping[str, Callable[[int | float], OwnValue]]] = {
    Kind.INTEGER: int,
    Kind.NUMBER: float,
    Kind.YES_NO: bool,
}
_NOTE_BETWEEN: Final = "\n\n"

_PUT: Final = dialects.insertion(table_of(OwnValueRow), "name", "node_id", "number", "text")


class OwnFacts(NamedTuple):
    """All that was added by hand, its values in the order of `graphcrawl.graph.own.Own`."""

    tags: dict[int, tuple[str, ...]]
    notes: dict[int, str]
    columns: dict[str, dict[int, OwnValue]]


class Marked(NamedTuple):
    """The accounts that were meant, and how many tags were put on them or taken off."""

    accounts: list[Held]
    tags: int


def read_own(store: Store) -> OwnFacts:
    """Read all tags, notes and own columns, each ordered by account.

    Raises
    ------
    StoreError
        If the database cannot be read.
    """
    with store.reading() as connection:
        return OwnFacts(_tags(connection), _notes(connection), _columns(connection))


def _tags(connection: Connection) -> dict[int, tuple[str, ...]]:
    query = select(TagRow.node_id, TagRow.tag).order_by(TagRow.node_id, TagRow.tag)
    found: dict[int, tuple[str, ...]] = {}
    for node_id, tag in connection.execute(query):
        found[node_id] = (*found.get(node_id, ()), tag)
    return found


def _notes(connection: Connection) -> dict[int, str]:
    query = select(NoteRow.node_id, NoteRow.text).order_by(NoteRow.node_id)
    return {node_id: text for node_id, text in connection.execute(query)}


def _columns(connection: Connection) -> dict[str, dict[int, OwnValue]]:
    query = (
        select(
            OwnColumnRow.name,
            OwnColumnRow.kind,
            OwnValueRow.node_id,
            OwnValueRow.number,
            OwnValueRow.text,
        )
        .outerjoin(OwnValueRow, OwnValueRow.name == OwnColumnRow.name)
        .order_by(OwnColumnRow.name, OwnValueRow.node_id)
    )
    found: dict[str, dict[int, OwnValue]] = {}
    for name, kind, node_id, number, text in connection.execute(query):
        values = found.setdefault(name, {})
        if node_id is not None:
            values[node_id] = stored_value(kind, number, text)
    return found


def stored_value(kind: str, number: int | float | None, text: str | None) -> OwnValue:
    """Give a value as its row and its column's kind tell it."""
    return text or "" if number is None else _AS.get(kind, float)(number)


def add_tags(store: Store, accounts: Sequence[Named], tags: Iterable[str]) -> Marked:
    """Put tags on accounts, on all of them or, if one cannot be found, on none.

    Raises
    ------
    InputError
        If one of the accounts may be one of several.
    NothingFound
        If the database does not hold one of them.
    StoreError
        If the database cannot be written.
    """
    with store.writing() as connection:
        held = _held(connection, store, accounts)
        wanted = {(one.id, tag) for one in held for tag in tags}
        fresh = sorted(wanted - set(_pairs(connection, [one.id for one in held])))
        now = dialects.now()
        if fresh:
            connection.execute(
                insert(TagRow),
                [{"node_id": one, "tag": tag, "tagged_at": now} for one, tag in fresh],
            )
    return Marked(held, len(fresh))


def remove_tags(store: Store, accounts: Sequence[Named], tags: Iterable[str]) -> Marked:
    """Take tags off accounts; raises as `add_tags` does."""
    words, removed = list(tags), 0
    with store.writing() as connection:
        held = _held(connection, store, accounts)
        for part in dialects.in_parts([one.id for one in held]):
            gone = delete(TagRow).where(TagRow.node_id.in_(part), TagRow.tag.in_(words))
            removed += connection.execute(gone).rowcount
    return Marked(held, removed)


def write_note(store: Store, account: Named, text: str | None) -> tuple[Held, str | None]:
    """Write an account's note in place of the one it has; None takes it away.

    Returns
    -------
    Held
        The account.
    str or None
        The note that it had.

    Raises
    ------
    InputError
        If it may be one of several accounts.
    NothingFound
        If the database does not hold it.
    StoreError
        If the database cannot be written.
    """
    with store.writing() as connection:
        held = find_met(connection, store, account).account
        mine = NoteRow.node_id == held.id
        before = connection.execute(select(NoteRow.text).where(mine)).scalar_one_or_none()
        if text != before:
            connection.execute(delete(NoteRow).where(mine))
            if text is not None:
                _write_note(connection, held.id, text, dialects.now())
    return held, before


def read_held(store: Store, accounts: Sequence[Named]) -> list[Held]:
    """Find accounts, each once; raises as `add_tags` does."""
    with store.reading() as connection:
        return _held(connection, store, accounts)


def _held(connection: Connection, store: Store, accounts: Sequence[Named]) -> list[Held]:
    return list(dict.fromkeys(find_met(connection, store, one).account for one in accounts))


def store_columns(store: Store, columns: Mapping[str, Mapping[int, OwnValue]]) -> None:
    """Write columns, each in place of the one that bears its name.

    Parameters
    ----------
    columns : mapping of str to mapping of int to value
        By name, then by account; all values of a column are of one type. Accounts that
        were forgotten meanwhile are passed over.

    Raises
    ------
    StoreError
        If the database cannot be written.
    """
    with store.writing() as connection:
        there = _there(connection, {one for values in columns.values() for one in values})
        for name, values in columns.items():
            _replace_column(connection, name, values, there)


def remove_columns(store: Store, names: Sequence[str]) -> int:
    """Delete columns with all their values, and give how many there were.

    Raises
    ------
    StoreError
        If the database cannot be written.
    """
    with store.writing() as connection:
        gone = connection.execute(delete(OwnColumnRow).where(OwnColumnRow.name.in_(names)))
    return gone.rowcount


def move_own(connection: Connection, provisional: int, real: int) -> None:
    """Let an account have what was added to another that turned out to be the same.

    Nothing is lost: where both have a note, it becomes one of both. Only a value of an own column
    that both have stays the real account's.
    """
    held = select(TagRow.tag).where(TagRow.node_id == real)
    connection.execute(
        update(TagRow)
        .where(TagRow.node_id == provisional, TagRow.tag.not_in(held))
        .values(node_id=real)
    )
    known = select(OwnValueRow.name).where(OwnValueRow.node_id == real)
    connection.execute(
        update(OwnValueRow)
        .where(OwnValueRow.node_id == provisional, OwnValueRow.name.not_in(known))
        .values(node_id=real)
    )
    _join_notes(connection, provisional, real)


def _join_notes(connection: Connection, provisional: int, real: int) -> None:
    query = select(NoteRow.node_id, NoteRow.text, NoteRow.written_at).where(
        NoteRow.node_id.in_((provisional, real))
    )
    notes = {row.node_id: row for row in connection.execute(query)}
    if provisional not in notes:
        return
    connection.execute(delete(NoteRow).where(NoteRow.node_id.in_((provisional, real))))
    both = [notes[one] for one in (real, provisional) if one in notes]
    texts = dict.fromkeys(note.text for note in both)
    _write_note(connection, real, _NOTE_BETWEEN.join(texts), max(note.written_at for note in both))


def _write_note(connection: Connection, node_id: int, text: str, moment: datetime) -> None:
    connection.execute(insert(NoteRow).values(node_id=node_id, text=text, written_at=moment))


def _replace_column(
    connection: Connection, name: str, values: Mapping[int, OwnValue], there: set[int]
) -> None:
    kind = kind_held(values.values()).value
    connection.execute(delete(OwnColumnRow).where(OwnColumnRow.name == name))
    connection.execute(
        insert(OwnColumnRow).values(name=name, kind=kind, imported_at=dialects.now())
    )
    rows = [
        {
            "name": name,
            "node_id": node_id,
            "number": None if isinstance(value, str) else value,
            "text": value if isinstance(value, str) else None,
        }
        for node_id, value in sorted(values.items())
        if node_id in there
    ]
    _PUT.run_many(connection, rows)


def _there(connection: Connection, node_ids: set[int]) -> set[int]:
    found: set[int] = set()
    for part in dialects.in_parts(sorted(node_ids)):
        found.update(connection.execute(select(NodeRow.id).where(NodeRow.id.in_(part))).scalars())
    return found


def _pairs(connection: Connection, node_ids: Sequence[int]) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    for part in dialects.in_parts(node_ids):
        query = select(TagRow.node_id, TagRow.tag).where(TagRow.node_id.in_(part))
        found.extend((node_id, tag) for node_id, tag in connection.execute(query))
    return found
