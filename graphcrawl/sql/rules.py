"""What a reading statement may hold: pure answers for SQLite's authorizer, and its limits."""

from __future__ import annotations

import re
import sqlite3
from typing import Final

ALLOWED: Final = (
    "query takes one reading statement: SELECT, WITH, VALUES, EXPLAIN or a reading PRAGMA "
    "such as table_info"
)

DESCRIBING_PRAGMAS: Final = frozenset(
    {
        "foreign_key_check",
        "foreign_key_list",
        "index_info",
        "index_list",
        "index_xinfo",
        "integrity_check",
        "quick_check",
        "table_info",
        "table_list",
        "table_xinfo",
    }
)
"""Their argument names what to describe."""

# Not journal_mode: of a file opened as immutable it says "delete", whatever is true. data_version
# is asked for by FTS5 itself when it searches.
TELLING_PRAGMAS: Final = frozenset(
    {
        "application_id",
        "collation_list",
        "compile_options",
        "data_version",
        "database_list",
        "encoding",
        "freelist_count",
        "function_list",
        "module_list",
        "page_count",
        "page_size",
        "pragma_list",
        "schema_version",
        "user_version",
    }
)
"""An argument would set something, so they take none."""

# Most of these are in no SQLite library, only in its shell or in extensions: a name costs nothing.
REFUSED_FUNCTIONS: Final = frozenset(
    {
        "edit",
        "eval",
        "fts3_tokenizer",
        "fts5",
        "load_extension",
        "lsmode",
        "optimize",
        "readfile",
        "rtreecheck",
        "sqlar_compress",
        "sqlite_log",
        "sqlite_rename_column",
        "sqlite_rename_table",
        "writefile",
        "zipfile",
    }
)

REFUSED_TABLES: Final = frozenset({"fsdir", "sqlite_dbpage", "zipfile"})

_CHANGES: Final = {
    sqlite3.SQLITE_ALTER_TABLE: "ALTER TABLE",
    sqlite3.SQLITE_ANALYZE: "ANALYZE",
    sqlite3.SQLITE_ATTACH: "ATTACH",
    sqlite3.SQLITE_DELETE: "DELETE",
    sqlite3.SQLITE_DETACH: "DETACH",
    sqlite3.SQLITE_INSERT: "INSERT",
    sqlite3.SQLITE_REINDEX: "REINDEX",
    sqlite3.SQLITE_SAVEPOINT: "SAVEPOINT",
    sqlite3.SQLITE_TRANSACTION: "a transaction",
    sqlite3.SQLITE_UPDATE: "UPDATE",
}


class Limit:
    """How large the parts of a statement may be; below SQLite's own limits.

    `VALUE` holds a crawl's 50,000 seeds or every username of a large graph in one JSON text. It
    also bounds the longest single step: `instr` over two values of 2 MB took 32 s, of 1 MB 5 s.
    """

    VALUE: Final = 4_000_000
    """Bytes of one value or row."""

    SQL: Final = 1_000_000
    """Characters of the statement."""

    HEAP: Final = 1024 * 1024 * 1024
    """Bytes that SQLite may take: a JSON aggregate heeds `VALUE` only when it is complete."""

    BY_CATEGORY: Final = {
        sqlite3.SQLITE_LIMIT_LENGTH: VALUE,
        sqlite3.SQLITE_LIMIT_SQL_LENGTH: 4 * SQL,
        # A row holds up to this many of the longest values at once.
        sqlite3.SQLITE_LIMIT_COLUMN: 100,
        sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 1_000,
        sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER: 1_000,
        sqlite3.SQLITE_LIMIT_ATTACHED: 0,
        sqlite3.SQLITE_LIMIT_WORKER_THREADS: 0,
    }


_BEFORE_FIRST_WORD: Final = re.compile(
    r"(?:[\s\ufeff]|--[^\n]*|/\*(?s:.*?)(?:\*/|\Z))*+([A-Za-z]+|.)?", re.ASCII
)


def first_word(sql: str) -> str | None:
    """Give a statement's first keyword in capitals, comments left out; None without any."""
    found = _BEFORE_FIRST_WORD.match(sql)
    word = found[1] if found else None
    return word.upper() if word else None


def objection(action: int, first: str | None, second: str | None) -> str | None:
    """Judge one part of a statement, as SQLite's authorizer names it.

    Parameters
    ----------
    action : int
        One of ``sqlite3.SQLITE_READ``, ``SQLITE_PRAGMA``...
    first, second : str or None
        What the action is about; see SQLite's "Authorizer Action Codes".

    Returns
    -------
    str or None
        None if it only reads; otherwise words for what is refused.
    """
    if action in {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_RECURSIVE}:
        return None
    if action == sqlite3.SQLITE_READ:
        return _table_objection((first or "").lower())
    if action == sqlite3.SQLITE_FUNCTION:
        name = (second or "").lower()
        return f"the function {name}" if name in REFUSED_FUNCTIONS else None
    # SQLite itself asks for this when it first meets a virtual table (FTS5, json_each), to describe
    # its columns in memory. It gives a statement's own UPDATE of that table to nobody.
    if action == sqlite3.SQLITE_UPDATE and first == "sqlite_master":
        return None
    if action == sqlite3.SQLITE_PRAGMA:
        return _pragma_objection((first or "").lower(), second)
    return _CHANGES.get(action, "a change")


def _table_objection(table: str) -> str | None:
    if table in REFUSED_TABLES:
        return f"the table {table}"
    pragma = table.removeprefix("pragma_")
    if pragma != table and pragma not in DESCRIBING_PRAGMAS | TELLING_PRAGMAS:
        return f"PRAGMA {pragma}"
    return None


def _pragma_objection(name: str, argument: str | None) -> str | None:
    if name in DESCRIBING_PRAGMAS or (name in TELLING_PRAGMAS and argument is None):
        return None
    return f"PRAGMA {name}" + (" with a value" if name in TELLING_PRAGMAS else "")
