from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from graphcrawl.errors import StoreError
from graphcrawl.model import Origin
from graphcrawl.store import (
    dialects,
    migrations,
    open_for_reading,
    open_store,
    opening,
    sqlite_file,
)
from graphcrawl.store.migrations import configuration, upgrade
from graphcrawl.store.schema import EDGE_LIST, SEARCH, Base
from graphcrawl.store.sqlite_file import REVISION
from tests.worlds import World, by_id, crawl, found, new_store

HEAD = f"""
import sqlalchemy as sa
from alembic import op

revision = "test2"
down_revision = "{REVISION}"
branch_labels = None
depends_on = None


def upgrade() -> None:
"""

REBUILD = """
    with op.batch_alter_table(
        "nodes", recreate="always", table_kwargs={"sqlite_autoincrement": True}
    ) as batch:
        batch.add_column(sa.Column("country", sa.Text()))
        batch.alter_column("title", new_column_name="headline")
"""


def schema(engine: Engine) -> dict[tuple[str, str], str]:
    with engine.connect() as connection:
        found = connection.exec_driver_sql("SELECT type, name, sql FROM sqlite_master").all()
    return {(kind, name): re.sub(r"\s+", " ", sql or "").strip() for kind, name, sql in found}


def of_our_tables(name: str | None, kind: str, _: object) -> bool:
    """Leave out what FTS5 makes for itself."""
    return kind != "table" or not str(name).startswith(SEARCH)


@pytest.fixture
def migrated(tmp_path: Path) -> Iterator[Engine]:
    path = tmp_path / "migrated.db"
    engine = dialects.sqlite_engine(path)
    upgrade(engine, path, None)
    yield engine
    engine.dispose()


def test_migrations_from_nothing_give_the_tables_of_today(tmp_path: Path, migrated: Engine) -> None:
    with new_store(tmp_path / "made.db") as store:
        made = schema(store.engine)
    assert schema(migrated) == made
    assert ("view", "edge_list") in made
    assert "WITHOUT ROWID" in made["table", "edges"]
    assert "WHERE" in made["index", "ix_visits_waiting"]
    with migrated.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": of_our_tables})
        assert compare_metadata(context, Base.metadata) == []
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        assert sqlite_file.bears_our_mark(driver)


def test_the_newest_migration_is_the_one_that_is_stamped(migrated: Engine) -> None:
    assert ScriptDirectory.from_config(configuration(migrated)).get_heads() == [REVISION]


def test_every_constraint_has_a_name() -> None:
    """SQLite's rebuilding of a table would lose those without."""
    for table in Base.metadata.tables.values():
        assert all(constraint.name for constraint in table.constraints), table


def test_the_comparison_would_see_a_difference(migrated: Engine) -> None:
    with migrated.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE nodes ADD COLUMN country TEXT")
    with migrated.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata)


@pytest.fixture
def next_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A graphcrawl of tomorrow: its migration's body is to be written into the file."""
    versions = tmp_path / "versions"
    versions.mkdir()
    script = versions / "test2.py"
    script.write_text(HEAD + REBUILD)
    real = migrations.configuration

    def with_tests(engine: Engine) -> Config:
        config = real(engine)
        ours = Path(migrations.__file__).parent / "versions"
        config.set_main_option("version_locations", f"{ours};{versions}")
        config.set_main_option("path_separator", ";")
        config.set_main_option("version_path_separator", ";")
        return config

    monkeypatch.setattr(migrations, "configuration", with_tests)
    monkeypatch.setattr(opening, "REVISION", "test2")
    return script


def full(path: Path) -> dict[str, int]:
    """Make a database with rows in every table that a crawl fills."""
    with new_store(path) as store:
        crawl(store, World({"s": ["a", "b"], "a": ["s", "c"], "b": []}), by_id("s"), 3)
        crawl(store, World({"s": ["b"], "b": ["s"]}), by_id("s"), 2)
    return counts(path)


def contents(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    with closing(sqlite3.connect(path)) as connection:
        return {
            name: sorted(connection.execute(f"SELECT * FROM {name}").fetchall(), key=repr)
            for name in counts(path)
        }


LATER = (
    *("tags", "notes", "own_values", "own_columns"),
    *("runs", "avatars", "search_waiting"),
    *("creator_decisions", "creator_accounts", "creators"),
    *("memberships", "clusters", "clusterings"),
)


def as_of_the_first_revision(path: Path) -> None:
    """Make a full database as the graphcrawl without clusters and creators made it."""
    full(path)
    with closing(sqlite3.connect(path)) as connection:
        triggers = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name"
        ).fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        for name in LATER:
            connection.execute(f"DROP TABLE {name}")
        connection.execute(f"DROP TABLE {SEARCH}")
        connection.execute("DROP INDEX ix_visits_ring")
        connection.execute("DROP INDEX ix_edges_removed")
        connection.execute("DROP VIEW edge_list")
        connection.execute("ALTER TABLE visits DROP COLUMN failed_at")
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute(
            "UPDATE sqlite_master SET sql = replace(sql, 'depth INTEGER', 'depth INTEGER NOT NULL')"
            " WHERE name = 'visits'"
        )
        connection.execute(EDGE_LIST)
        # Like the view, they are made whatever the revision.
        for _, sql in triggers:
            connection.execute(sql)
        connection.execute("UPDATE alembic_version SET version_num = '0001'")
        connection.commit()


def test_a_database_of_the_first_revision_gets_what_came_later(
    tmp_path: Path,
) -> None:
    old, first = tmp_path / "old.db", tmp_path / "first.db"
    as_of_the_first_revision(old)
    engine = dialects.sqlite_engine(first)
    command.upgrade(configuration(engine), "0001")
    earlier, before = schema(engine), contents(old)
    engine.dispose()
    engine = dialects.sqlite_engine(old)
    assert schema(engine) == earlier, "it is as the first migration alone makes it"
    engine.dispose()
    with closing(open_store(old)) as store, new_store(tmp_path / "new.db") as made:
        assert schema(store.engine) == schema(made.engine)
    after = contents(old)
    assert [after.pop(name) for name in LATER] == [[]] * len(LATER)
    assert after.pop("alembic_version") == [(REVISION,)]
    indexed = {name: after.pop(name) for name in list(after) if name.startswith(SEARCH)}
    assert len(indexed[SEARCH]) == len(after["nodes"])
    after["visits"] = [row[:-1] for row in after["visits"] if row[-1] is None]
    assert before.pop("alembic_version") == [("0001",)]
    assert after == before


def counts(path: Path) -> dict[str, int]:
    with closing(sqlite3.connect(path)) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return {
            name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0]
            for (name,) in names
        }


@pytest.fixture
def tomorrow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A full database of today."""
    path = tmp_path / "g.db"
    monkeypatch.setattr(opening, "REVISION", REVISION)
    full(path)
    monkeypatch.setattr(opening, "REVISION", "test2")
    return path


def test_rebuilding_nodes_empties_no_other_table(next_version: Path, tomorrow: Path) -> None:
    before = counts(tomorrow)
    assert min(before[name] for name in ("nodes", "edges", "visits", "answers")) > 2
    assert before["edge_changes"] > 0
    store = open_store(tomorrow)
    try:
        assert counts(tomorrow) == before
        with store.engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
            titles = connection.exec_driver_sql("SELECT count(headline) FROM nodes").scalar()
            assert titles == before["nodes"]
            assert connection.exec_driver_sql("SELECT count(*) FROM edge_list").scalar()
            stamped = connection.exec_driver_sql("SELECT version_num FROM alembic_version")
            assert stamped.scalar_one() == "test2"
        made = schema(store.engine)
    finally:
        store.close()
    assert "AUTOINCREMENT" in made["table", "nodes"]
    assert "uq_nodes_network_social_id" in made["table", "nodes"]
    assert ("index", "ix_nodes_network_name_key") in made


def test_a_reader_brings_an_older_database_up_to_date(next_version: Path, tomorrow: Path) -> None:
    with closing(open_for_reading(tomorrow)) as store, store.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(country) FROM nodes").scalar() == 0


@pytest.mark.parametrize(
    "fault", ["    raise ZeroDivisionError\n", "    op.execute('DELETE FROM nodes')\n"]
)
def test_a_migration_that_fails_is_undone_whole(
    next_version: Path, tomorrow: Path, fault: str
) -> None:
    """The second one would leave edges that lead nowhere."""
    next_version.write_text(HEAD + REBUILD + fault)
    before = counts(tomorrow)
    with pytest.raises((ZeroDivisionError, StoreError)):
        open_store(tomorrow)
    assert counts(tomorrow) == before
    with closing(sqlite3.connect(tomorrow)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [
            (REVISION,)
        ]
        assert connection.execute("SELECT count(title) FROM nodes").fetchone()[0]
        assert connection.execute("SELECT count(*) FROM edge_list").fetchone()[0]


def test_a_migrated_database_can_be_crawled_into(tmp_path: Path, migrated: Engine) -> None:
    with migrated.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO database_source VALUES (1, 'simulated', '2026-01-01 00:00:00.000000', 'x')"
        )
    with new_store(tmp_path / "migrated.db") as store:
        crawl_id = crawl(store, World({"s": ["a"]}), by_id("s"), 1)
        assert found(store, crawl_id).edges == {("s", "a")}
        assert store.origin is Origin.SIMULATED
