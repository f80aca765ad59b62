"""The index of names in SQLite's FTS5: brought up to date, asked, and cleaned."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Engine, Row, TextClause, select, text

from graphcrawl.store import dialects
from graphcrawl.store.dialects import DATABASE_ERRORS
from graphcrawl.store.matching import TRIGRAM, Names, Wanted, padded
from graphcrawl.store.opening import Store, unusable
from graphcrawl.store.schema import NodeHistoryRow

BATCH: Final = 5_000
"""Accounts indexed in one transaction: others wait for a twentieth of a second."""

NEAREST: Final = 1_000
"""Accounts that share the most trigrams, and are looked at closely."""

_UNINDEXED: Final = """
SELECT id, username, title FROM nodes
WHERE id > (SELECT coalesce(max(rowid), 0) FROM account_search)
UNION ALL
SELECT n.id, n.username, n.title FROM nodes n JOIN search_waiting w ON w.node_id = n.id
WHERE n.id <= (SELECT coalesce(max(rowid), 0) FROM account_search)
"""
_BATCH: Final = text(f"{_UNINDEXED} ORDER BY id LIMIT {BATCH}")
_UNHOLD: Final = text(
    "DELETE FROM account_search WHERE rowid IN (SELECT node_id FROM search_waiting) "
    "AND rowid IN (SELECT value FROM json_each(:ids))"
)
_NO_LONGER_WAITING: Final = text(
    "DELETE FROM search_waiting WHERE node_id IN (SELECT value FROM json_each(:ids))"
)
_HOLD: Final = text(
    "INSERT INTO account_search (rowid, username, title, former) "
    "VALUES (:id, :username, :title, :former)"
)
_ERASE: Final = text("INSERT INTO account_search (account_search) VALUES ('optimize')")

_HELD: Final = """
SELECT rowid, username, title, former FROM account_search
WHERE rowid NOT IN (SELECT node_id FROM search_waiting) AND
"""
_FITTING: Final = text(f"{_HELD} account_search MATCH :it")
_INSIDE: Final = text(f"{_HELD} (instr(username, :it) OR instr(title, :it) OR instr(former, :it))")
_LISTED: Final = text(_HELD + "rowid IN (SELECT value FROM json_each(:it))")  # noqa: S608
_SHARING: Final = text("SELECT rowid FROM account_search WHERE account_search MATCH :it")


class Named(NamedTuple):
    """An account and what it is found by."""

    node_id: int
    names: Names


def bring_up_to_date(store: Store) -> None:
    """Index the accounts that are new, or have another name than the index holds.

    Raises
    ------
    StoreError
        If the database cannot be written.
    """
    try:
        index_accounts(store.engine)
    except DATABASE_ERRORS as error:
        raise unusable(store.path, error) from error


def index_accounts(engine: Engine) -> None:
    """Index all that is not, batch by batch: killed in between, it loses nothing."""
    while True:
        with engine.begin() as connection:
            if not _index_some(connection):
                return


def _index_some(connection: Connection) -> int:
    rows = connection.execute(_BATCH).all()
    listed = {"ids": dialects.as_list(row.id for row in rows)}
    for statement in (_UNHOLD, _NO_LONGER_WAITING):
        connection.execute(statement, listed)
    named = [
        {"id": one.node_id, **{name: getattr(one.names, name) for name in Names.__slots__}}
        for one in _with_former(connection, rows)
    ]
    if named:
        connection.execute(_HOLD, named)
    return len(named)


def erase(connection: Connection) -> None:
    """Leave nothing in the index of what was deleted from it: FTS5 would only cross it out."""
    connection.execute(_ERASE)


def candidates(connection: Connection, wanted: Wanted) -> Iterator[Named]:
    """Give the accounts that may hold every word, and all that are not indexed."""
    terms = [word if len(word) >= TRIGRAM else f" {word}" for word in wanted.words]
    asked = " AND ".join(_quoted(term) for term in terms if len(term) >= TRIGRAM)
    if asked:
        yield from _held(connection, _FITTING, asked)
    yield from _unindexed(connection)


def candidates_inside(connection: Connection, wanted: Wanted) -> Iterator[Named]:
    """Give the accounts that hold the first word anywhere, however short it is."""
    yield from _held(connection, _INSIDE, wanted.words[0])


def candidates_alike(connection: Connection, wanted: Wanted) -> Iterator[Named]:
    """Give the accounts that share the most trigrams with what is wanted."""
    shared: Counter[int] = Counter()
    for trigram in sorted(wanted.trigrams()):
        shared.update(connection.execute(_SHARING, {"it": _quoted(trigram)}).scalars())
    nearest = sorted(shared, key=lambda node_id: (-shared[node_id], node_id))[:NEAREST]
    yield from _held(connection, _LISTED, dialects.as_list(nearest))
    yield from _unindexed(connection)


def _held(connection: Connection, statement: TextClause, value: object) -> Iterator[Named]:
    for node_id, *names in connection.execute(statement, {"it": value}):
        yield Named(node_id, Names(*names))


def _quoted(term: str) -> str:
    """Write a text as FTS5 takes it for nothing else."""
    return '"' + term.replace('"', '""') + '"'


def _unindexed(connection: Connection) -> Iterator[Named]:
    return _with_former(connection, connection.execute(text(_UNINDEXED)).all())


def _with_former(connection: Connection, rows: Sequence[Row[Any]]) -> Iterator[Named]:
    former: defaultdict[int, dict[str, None]] = defaultdict(dict)
    now = {row.id: (row.username, row.title) for row in rows}
    for part in dialects.in_parts(list(now)):
        query = (
            select(NodeHistoryRow.node_id, NodeHistoryRow.username, NodeHistoryRow.title)
            .where(NodeHistoryRow.node_id.in_(part))
            .order_by(NodeHistoryRow.id)
        )
        for node_id, *names in connection.execute(query):
            before = [name for name in names if name and name not in now[node_id]]
            former[node_id].update(dict.fromkeys(before))
    for node_id, (username, title) in now.items():
        told = " ".join(former[node_id]) if node_id in former else None
        yield Named(node_id, Names(padded(username), padded(title), padded(told or None)))
