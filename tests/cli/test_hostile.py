"""A stranger's database, hostile wherever it may hold text: no command lets that act."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

import pytest

from graphcrawl.cli.listing import Format
from graphcrawl.export import ExportFormat
from graphcrawl.store.schema import Base
from graphcrawl.wording import is_unseen
from tests.cli.conftest import Serve
from tests.cli.running import Cli, Hostile, files_below
from tests.reference import commands

DB: Final = ("--db", "bad.db")
SEEDS: Final = ("instagram:nasa", "twitter:nasa", "instagram:nosuchthing")

LEFT_ALONE: Final = {
    *(("database_source", "origin"), ("crawls", "status"), ("runs", "status")),
    *(("visits", "status"), ("avatars", "media_type"), ("clusterings", "method")),
    *(("clusterings", "weight"), ("creator_accounts", "confidence")),
}
"""Words of our own, which decide what is done."""

LINES: Final[tuple[tuple[str, ...], ...]] = (
    ("crawls",),
    ("crawls", "show", "1"),
    ("crawls", "failures", "1"),
    ("clusters",),
    ("clusters", "--crawl", "1"),
    ("creators",),
    ("creators", "--crawl", "1"),
    ("diff", "1"),
    *(("query", f"SELECT * FROM {name}") for name in sorted(Base.metadata.tables)),
    ("query", "SELECT * FROM edge_list"),
    ("query", f"SELECT 1 AS '{Hostile.TEXT}'"),
    ("doctor",),
)
"""Everything that lists."""

OTHERS: Final[tuple[tuple[str, ...], ...]] = (
    ("resume", "1", "--depth", "3", "--rate", "0"),
    ("resume", "--no-map"),
    ("refresh", "1", "--rate", "0"),
    ("refresh", Hostile.TEXT),
    ("diff", "1", Hostile.TEXT),
    ("map", "--diff", "1", "2999-01-01", "--force"),
    ("seed", "instagram:nasa", "twitter:nasa", "-d", "1", "--rate", "0"),
    ("seed", "instagram:nasa", "-d", "1", "--rate", "0", "--max-requests", "1"),
    ("map", "--output", "page.html"),
    ("map", "--crawl", "1", "--force"),
    *(("export", name) for name in ExportFormat),
    *(("export", name, "-o", "-") for name in ("gexf", "graphml", "json")),
    ("creators", "merge", "instagram:nasa", "twitter:nasa"),
    ("creators", "split", f"instagram:{Hostile.TEXT}"),
    ("forget", "youtube:nasa", "--yes"),
    ("forget", f"instagram:{Hostile.TEXT}", "--yes"),
    ("query", Hostile.TEXT),
    ("seed", Hostile.TEXT),
    ("crawls", "show", Hostile.TEXT),
    ("login", f"--{Hostile.TEXT}"),
    ("import", "bad.csv"),
    ("import", f"{Hostile.TEXT}.csv"),
    ("import", "--nodes", "bad.csv", "--edges", "bad.csv", "--id", Hostile.TEXT),
    ("simulator", "--world", Hostile.TEXT),
)


def assert_inert(text: str, *, tabs: bool = False) -> None:
    allowed = "\n\t" if tabs else "\n"
    seen = {character for character in text if is_unseen(character)} - set(allowed)
    assert not seen, (seen, text)


@pytest.fixture
def bad(cli: Cli, serve: Serve, folder: Path) -> Path:
    """A database with an attack in each text, some of the networks and each JSON value."""
    serve()
    crawled = ("seed", *SEEDS, "-d", "2", "--rate", "0", "--no-map", *DB)
    assert cli(*crawled, "--max-requests", "8").code == 5
    assert cli("clusters", *DB).code == 0
    assert cli("creators", *DB).code == 0
    with closing(sqlite3.connect("bad.db")) as connection:
        for name, table in Base.metadata.tables.items():
            for column in table.columns:
                kind = type(column.type).__name__
                if kind in ("Text", "String") and (name, column.name) not in LEFT_ALONE:
                    poison(connection, name, column.name)
        settings = json.dumps({"depth": 2, "rate": 0, "url": Hostile.TEXT, Hostile.TEXT: "\x1b"})
        for name in ("crawls", "runs"):
            connection.execute(f"UPDATE {name} SET settings = ?", [settings])
        connection.execute("UPDATE runs SET versions = ?", [settings])
        seeds = [{"network": "instagram", "username": Hostile.TEXT, "id": None}, {}]
        connection.execute("UPDATE crawls SET seeds = ?", [json.dumps(seeds)])
        connection.commit()
    return folder / "bad.db"


def poison(connection: sqlite3.Connection, table: str, column: str) -> None:
    # Most accounts stay on their networks, or hardly anything would be done with them.
    some = "rowid % 5 = 0" if column == "network" else "1"
    connection.execute(
        f"UPDATE {table} SET {column} = substr({column} || ?, 1, 300) "
        f"WHERE {column} IS NOT NULL AND {some}",
        [Hostile.TEXT],
    )


def test_the_walk_misses_no_command() -> None:
    walked = {" ".join(line[:size]) for line in (*LINES, *OTHERS) for size in (1, 2)}
    known = {name.removeprefix("graphcrawl ") for name, _, _ in commands()} - {"graphcrawl"}
    assert known <= walked


@pytest.mark.usefixtures("bad")
def test_no_listing_lets_it_act(cli: Cli) -> None:
    for line in LINES:
        for form in Format:
            ended = cli(*line, "--format", form.value, *DB)
            assert ended.code == 0, (line, ended.err)
            # A TSV has its tabs, and of a CSV's cell a tab is a part: both are for programs.
            assert_inert(ended.out, tabs=form in (Format.CSV, Format.TSV))
            assert_inert(ended.err)
    assert "RED" in cli("query", "SELECT * FROM nodes", *DB).out, "it is shown all the same"


def test_nor_does_any_other_command(cli: Cli, bad: Path, folder: Path) -> None:
    whole = bad.read_bytes()
    for line in OTHERS:
        bad.write_bytes(whole)
        database = () if line[0] in ("login", "simulator") else DB
        ended = cli(*line, *database)
        assert ended.code != 1, (line, ended.err)
        assert (ended.out + ended.err).strip(), line
        assert_inert(ended.out + ended.err)
    within = {path.parent for path in files_below(folder.parent)}
    output = folder / "output"
    assert within <= {folder, output, output / "bad-csv", output / "bad-parquet"}
    shutil.rmtree(output)
