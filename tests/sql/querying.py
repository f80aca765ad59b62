"""Databases to put statements to, and ways of putting them."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from graphcrawl.errors import QueryRefused
from graphcrawl.sql.query import run_query
from graphcrawl.wording import printable

ENDLESS = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) "

Rows = list[tuple[object, ...]]


def make_database(path: Path, *, journal: str = "wal") -> Path:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA journal_mode = {journal}")
        connection.executescript(
            """
            CREATE TABLE nodes (id INTEGER PRIMARY KEY, username TEXT, title TEXT, face BLOB);
            CREATE TABLE edges (source_id INTEGER, target_id INTEGER);
            CREATE VIRTUAL TABLE names USING fts5(title, tokenize = 'trigram');
            CREATE VIEW named AS SELECT title FROM names;
            CREATE TRIGGER follow INSTEAD OF INSERT ON named
            BEGIN INSERT INTO names VALUES (new.title); END;
            """
        )
        connection.executemany(
            "INSERT INTO nodes (username, title, face) VALUES (?, ?, ?)",
            [(f"user{n}", f"Title {n}", bytes([n % 256])) for n in range(300)],
        )
        connection.execute("INSERT INTO names SELECT title FROM nodes")
        connection.execute("INSERT INTO edges SELECT id, id + 1 FROM nodes")
        connection.commit()
    return path


def ask(path: Path, sql: str, **parameters: object) -> Rows:
    with run_query(path, sql, parameters=parameters, timeout=20) as result:
        return list(result)


def refusal(path: Path, sql: str, timeout: float = 20, **parameters: object) -> str:
    with pytest.raises(QueryRefused) as caught:
        exhaust(path, sql, timeout, parameters)
    words = str(caught.value)
    assert_harmless(words)
    return words


def assert_harmless(words: str) -> None:
    assert words
    assert printable(words) == words


def exhaust(path: Path, sql: str, timeout: float, parameters: dict[str, object]) -> int:
    with run_query(path, sql, parameters=parameters, timeout=timeout) as result:
        return sum(1 for _ in result)


def snapshot(folder: Path) -> dict[str, tuple[int, str]]:
    return {
        str(path.relative_to(folder)): (
            path.stat().st_mtime_ns,
            hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "folder",
        )
        for path in sorted([folder, *folder.rglob("*")])
    }
