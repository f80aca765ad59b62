"""The index of names in SQLite's FTS5: brought up to date, asked, and cleaned."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Engine, text

from graphcrawl.store import dialects
from graphcrawl.store.dialects import DATABASE_ERRORS
from graphcrawl.store.matching import TRIGRAM, Match, Names, Wanted, padded

BATCH: Final = 5_000
"""Accounts indexed in one transaction: others wait for a twentieth of a second."""

MOST_UNINDEXED: Final = 4_000
"""Names that a crawl leaves to be looked at one by one: a search takes 15 ms for them. Indexed
fifty at a time they would take three times as long as by the thousand."""

WORTH_INDEXING: Final = 200
"""Names that a crawl with nothing else to do indexes: 2 ms."""

NEAREST: Final = 1_000
"""Accounts that share the most trigrams, and are looked at closely."""

_UNINDEXED: Final = """
SELECT id, username, title FROM nodes
WHERE id > (SELECT coalesce(max(rowid), 0) FROM account_search)
UNION ALL
SELECT n.id, n.username, n.title FROM nodes n JOIN search_waiting w ON w.node_id = n.id
WHERE n.id <= (SELECT coalesce(max(rowid), 0) FROM account_search)
"""
_ALL: Final = dialects.Prepared(text(_UNINDEXED))
_BATCH: Final = dialects.Prepared(text(f"{_UNINDEXED} ORDER BY id LIMIT {BATCH}"))
_BEHIND: Final = dialects.Prepared(
    text(
        "SELECT (SELECT coalesce(max(id), 0) FROM nodes) "
        "- (SELECT coalesce(max(rowid), 0) FROM account_search) "
        "+ (SELECT count(*) FROM search_waiting)"
    )
)
_FORMER: Final = dialects.Prepared(
    text(
        "SELECT node_id, username, title FROM node_history "
        "WHERE node_id IN (SELECT value FROM json_each(:ids)) ORDER BY id"
    )
)
_UNHOLD: Final = dialects.Prepared(
    text(
        "DELETE FROM account_search WHERE rowid IN (SELECT node_id FROM search_waiting) "
        "AND rowid IN (SELECT value FROM json_each(:ids))"
    )
)
_NO_LONGER_WAITING: Final = dialects.Prepared(
    text("DELETE FROM search_waiting WHERE node_id IN (SELECT value FROM json_each(:ids))")
)
_HOLD: Final = dialects.Prepared(
    text(
        "INSERT INTO account_search (rowid, username, title, former) "
        "VALUES (:id, :username, :title, :former)"
    )
)
_ERASE: Final = text("INSERT INTO account_search (account_search) VALUES ('optimize')")

_SHARING: Final = text("SELECT rowid FROM account_search WHERE account_search MATCH :it")
_LISTED: Final = text(
    "SELECT rowid, username, title FROM account_search "
    "WHERE rowid IN (SELECT value FROM json_each(:ids)) "
    "AND rowid NOT IN (SELECT node_id FROM search_waiting)"
)

_PRESENT: Final = "{username title}", "coalesce(username, '') || coalesce(title, '')"
_PAST: Final = "former", "former"


_Held = tuple[int, str | None, str | None, str | None]
"""A key, and username, title and former names as the index holds them."""


class Named(NamedTuple):
    """An account and what it is found by."""

    node_id: int
    names: Names


def bring_up_to_date(engine: Engine) -> None:
    """Index the accounts that are new, or have another name than the index holds.

    Batch by batch: killed in between, it loses nothing. A database that cannot be written is no
    failure of whatever was done before: what is not indexed is found all the same, if later.
    """
    with suppress(*DATABASE_ERRORS):
        while True:
            with engine.begin() as connection:
                if not _index_some(connection):
                    return


class NamesBehind:
    """How far the index is behind a crawl, which keeps it near.

    Names are indexed while the crawl has nothing else to do, as one that keeps the vendor's limit
    has most of the time; else by thousands, so that a search never looks at many more than
    `MOST_UNINDEXED` one by one, whether the crawl is running or was killed.
    """

    def __init__(self) -> None:
        # Of what an earlier run left nothing is known, so it is looked up at once.
        self._at_most: float = MOST_UNINDEXED

    def add(self, connections: int) -> None:
        """Count what an answer may have brought: its accounts, each new or by another name."""
        self._at_most += connections + 1

    def may_be_due(self, *, idle: bool) -> bool:
        """Tell whether there may be enough to do."""
        return self._at_most >= (WORTH_INDEXING if idle else MOST_UNINDEXED)

    def catch_up(self, connection: Connection, *, idle: bool) -> None:
        """Look how many names wait, and index as many as one transaction may, if it is time to."""
        ((behind,),) = _BEHIND.run(connection)
        self._at_most = behind
        if self.may_be_due(idle=idle):
            self._at_most -= _index_some(connection)

    def give_up(self) -> None:
        """Index nothing more."""
        self._at_most = float("-inf")


def _index_some(connection: Connection) -> int:
    """Index as many names as one transaction may, and say how many."""
    rows = _BATCH.run(connection)
    if rows:
        ids = dialects.as_list(row[0] for row in rows)
        for statement in (_UNHOLD, _NO_LONGER_WAITING):
            statement.run(connection, ids=ids)
        _HOLD.run_tuples(connection, _as_held(connection, rows))
    return len(rows)


def erase(connection: Connection) -> None:
    """Leave nothing in the index of what was deleted from it: FTS5 would only cross it out."""
    connection.execute(_ERASE)


def fitting(wanted: Wanted, match: Match) -> tuple[str, dict[str, str]]:
    """Give a statement for the keys of the indexed accounts that fit in one way, and its values.

    Those that fit better are among them. Trigrams that are anchored to the start of a column, or
    to the space before a word, find beginnings; whatever is shorter than a trigram is looked for
    in what they leave.
    """
    if match in (Match.NAME, Match.BEGINNING):
        return _beginning(wanted, whole=match is Match.NAME)
    parts = [f" {word}" for word in wanted.words] if match is Match.WORDS else wanted.words
    columns, held = _PAST if match is Match.FORMER else _PRESENT
    long = [_quoted(part) for part in parts if len(part) >= TRIGRAM]
    values = {f"part{n}": part for n, part in enumerate(parts) if len(part) < TRIGRAM}
    conditions = [f"instr({held}, :{name})" for name in values]
    if long:
        conditions.append("account_search MATCH :fts")
        values["fts"] = f"{columns} : ({' AND '.join(long)})"
    return _statement(conditions), values


def _beginning(wanted: Wanted, *, whole: bool) -> tuple[str, dict[str, str]]:
    text = f" {wanted.text} " if whole else f" {wanted.text}"
    if len(text) < TRIGRAM:
        return _statement(["substr(username, 1, length(:name)) = :name"]), {"name": text}
    anchored = {"fts": f"username : ^ {_quoted(text)}"}
    if not whole:
        return _statement(["account_search MATCH :fts"]), anchored
    return _statement(["username = :name", "account_search MATCH :fts"]), {**anchored, "name": text}


def _statement(conditions: Sequence[str]) -> str:
    return (
        "SELECT rowid FROM account_search WHERE "  # noqa: S608
        + " AND ".join((*conditions, "rowid NOT IN (SELECT node_id FROM search_waiting)"))
    )


def nearest(connection: Connection, wanted: Wanted) -> Iterator[Named]:
    """Give the indexed accounts that share the most trigrams with what is wanted."""
    shared: Counter[int] = Counter()
    for trigram in sorted(wanted.trigrams()):
        shared.update(connection.execute(_SHARING, {"it": _quoted(trigram)}).scalars())
    most = sorted(shared, key=lambda node_id: (-shared[node_id], node_id))[:NEAREST]
    for node_id, *names in connection.execute(_LISTED, {"ids": dialects.as_list(most)}):
        yield Named(node_id, Names(*names))


def _quoted(term: str) -> str:
    """Write a text as FTS5 takes it for nothing else."""
    return '"' + term.replace('"', '""') + '"'


def unindexed(connection: Connection) -> Iterator[Named]:
    """Give the accounts that are not indexed, or not as they are now."""
    for node_id, *names in _as_held(connection, _ALL.run(connection)):
        yield Named(node_id, Names(*names))


def _as_held(connection: Connection, rows: Sequence[tuple[Any, ...]]) -> list[_Held]:
    """Give for keys and names what the index holds of them."""
    former = _former(connection, rows)
    return [
        (node_id, padded(username), padded(title), padded(former.get(node_id)))
        for node_id, username, title in rows
    ]


def _former(connection: Connection, rows: Sequence[tuple[Any, ...]]) -> dict[int, str]:
    ids = dialects.as_list(row[0] for row in rows)
    past = _FORMER.run(connection, ids=ids)
    former: defaultdict[int, dict[str, None]] = defaultdict(dict)
    now = {node_id: names for node_id, *names in rows} if past else {}
    for node_id, *names in past:
        before = [name for name in names if name and name not in now[node_id]]
        former[node_id].update(dict.fromkeys(before))
    return {node_id: " ".join(names) for node_id, names in former.items() if names}
