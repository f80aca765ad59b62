"""What Datasette is told of a database. (It is no dependency: its own reader was tried by hand.)"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

import graphcrawl
from graphcrawl.database import Database
from graphcrawl.errors import FileRefused
from graphcrawl.model import Origin
from graphcrawl.sql import NAMED
from graphcrawl.store import bring_up_to_date, open_store
from tests.worlds import World, by_id, crawl, new_store

CAN_BE: tuple[str, ...] = (
    *("title", "description", "columns", "hidden", "label_column", "sort_desc"),
    *("fts_table", "fts_pk"),
)
"""What Datasette 0.65 reads of a table."""


@pytest.fixture
def database(tmp_path: Path) -> Database:
    with new_store(tmp_path / "my graph.db") as store:
        crawl(store, World({"s": ["a"], "a": ["s"]}), by_id("s"), 2)
        bring_up_to_date(store.engine)
    return graphcrawl.open(tmp_path / "my graph.db")


def told(database: Database) -> dict[str, Any]:
    metadata = json.loads(database.datasette_metadata())
    assert list(metadata["databases"]) == ["my graph"]
    found: dict[str, Any] = metadata["databases"]["my graph"]
    assert "Simulated data" in found["description"]
    assert "(simulated data)" in metadata["title"]
    return found


def test_all_that_it_names_is_there(database: Database) -> None:
    tables = told(database)["tables"]
    with closing(sqlite3.connect(database.path)) as connection:
        for name, words in tables.items():
            found = {row[1] for row in connection.execute(f"PRAGMA table_info({name})")}
            assert set(words) <= set(CAN_BE)
            assert set(words.get("columns", {})) <= found | {"rowid"}, name
            named = {words[key] for key in ("label_column", "sort_desc") if key in words}
            assert named <= found
        search = tables["nodes"]
        hits = connection.execute(
            f"SELECT username FROM nodes WHERE {search['fts_pk']} IN "
            f"(SELECT rowid FROM {search['fts_table']} WHERE {search['fts_table']} MATCH ?)",
            ['"title of a"'],
        )
        assert hits.fetchall() == [("name.a",)]


def test_the_ready_made_queries_are_there_and_run(database: Database) -> None:
    queries = told(database)["queries"]
    assert list(queries) == list(NAMED)
    with closing(sqlite3.connect(database.path)) as connection:
        for query in queries.values():
            empty = dict.fromkeys(query["params"], "")
            assert connection.execute(query["sql"], empty).description


def test_no_type_is_odd(database: Database) -> None:
    """Datasette, like most tools, goes by SQLite's own affinities."""
    with closing(sqlite3.connect(database.path)) as connection:
        names = [
            row[0]
            for row in connection.execute(
                "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') "
                "AND name NOT LIKE 'account_search%'"
            )
        ]
        types = {
            row[2].partition("(")[0]
            for name in names
            for row in connection.execute(f"PRAGMA table_info({name})")
        }
        for name in names:
            connection.execute(f"SELECT * FROM {name}").fetchall()
    known = {"INTEGER", "BIGINT", "TEXT", "VARCHAR", "FLOAT", "BLOB", "JSON", "DATETIME"}
    assert types <= known | {"BOOLEAN", "NUMERIC", ""}


def test_a_file_that_is_there_stays(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "deep" / "metadata.json"
    database.export_datasette(path)
    first = path.read_bytes()
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(FileRefused, match="--force"):
        database.export_datasette(path)
    assert path.read_text(encoding="utf-8") == "mine"
    database.export_datasette(path, force=True)
    assert path.read_bytes() == first


def test_the_vendors_own_data_is_not_called_simulated(tmp_path: Path) -> None:
    open_store(tmp_path / "real.db", origin=Origin.VENDOR).close()
    metadata = json.loads(graphcrawl.open(tmp_path / "real.db").datasette_metadata())
    assert metadata["title"] == "graphcrawl: real"
    assert "imulated" not in metadata["description"]
    assert "imulated" not in metadata["databases"]["real"]["description"]


def test_imported_data_is_called_so(tmp_path: Path) -> None:
    open_store(tmp_path / "theirs.db", origin=Origin.IMPORTED).close()
    database = graphcrawl.open(tmp_path / "theirs.db")
    metadata = json.loads(database.datasette_metadata())
    assert metadata["title"] == "graphcrawl: theirs (imported data)"
    assert metadata["description"].startswith("Imported data: ")
    assert "the vendor" not in metadata["description"]
    assert "Imported data." in database._repr_html_()
