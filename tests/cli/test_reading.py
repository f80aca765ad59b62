"""``crawls``, ``map``, ``query`` and ``forget``: what reads the database, and what cleans it."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from graphcrawl.map.writing import GENERATOR
from tests.cli.conftest import Serve
from tests.cli.running import Cli, Tree

NOTICE = "simulated data: nothing here came from the vendor\n"


@pytest.fixture
def crawled(cli: Cli, serve: Serve) -> None:
    """A database with a complete crawl and one that a budget ended."""
    serve(Tree())
    common = ("--rate", "0", "--no-map", "--workers", "1")
    assert cli("seed", "instagram:a0", "-d", "2", *common).code == 0
    assert cli("seed", "instagram:a1", "-d", "3", "--max-requests", "2", *common).code == 5


def crawled_into(cli: Cli, path: str) -> None:
    common = ("--rate", "0", "--no-map")
    assert cli("seed", "instagram:a0", "-d", "1", "--db", path, *common).code == 0


@pytest.mark.usefixtures("crawled")
def test_the_list_of_crawls(cli: Cli) -> None:
    ended = cli("crawls")
    assert ended.code == 0
    header, _, first, second = ended.out.splitlines()
    columns = "id status seeds depth accounts connections source"
    assert header.split() == columns.split()
    assert first.split() == ["1", "complete", "instagram:a0", "2", "7", "6", "simulated"]
    assert second.split() == ["2", "interrupted", "instagram:a1", "3", "5", "4", "simulated"]


@pytest.mark.usefixtures("crawled")
def test_every_format_tells_the_same_of_every_crawl(cli: Cli) -> None:
    rows = cli("crawls", "--format", "json").rows()
    lines = cli("crawls", "--format", "jsonl").out.splitlines()
    assert [json.loads(line) for line in lines] == rows
    for form, delimiter in (("csv", ","), ("tsv", "\t")):
        text = cli("crawls", "--format", form).out
        read = list(csv.DictReader(io.StringIO(text), delimiter=delimiter))
        assert [row["id"] for row in read] == ["1", "2"]
        assert [list(row) for row in read] == [list(row) for row in rows]
    assert [row["source"] for row in rows] == ["simulated", "simulated"]
    assert [row["requests"] for row in rows] == [3, 2]
    assert rows[0]["rim"] == 4
    assert rows[1]["waiting"] == 3
    assert "budget" in rows[1]["reason"]
    assert rows[0]["started_at"].endswith("Z")


@pytest.mark.usefixtures("crawled")
def test_one_crawl_whole(cli: Cli) -> None:
    values = {row["name"]: row["value"] for row in cli("crawls", "show", "2", "-f", "json").rows()}
    assert values["status"] == "interrupted"
    assert values["settings.max_requests"] == 2
    assert values["accounts.done"] == 2
    assert values["accounts.queued"] == 3
    assert values["source"] == "simulated"


@pytest.mark.usefixtures("serve")
def test_the_database_may_be_named_before_or_after_show(cli: Cli, serve: Serve) -> None:
    serve(Tree())
    crawled_into(cli, "a.db")
    shown = cli("crawls", "show", "1", "--db", "a.db", "--format", "csv")
    assert shown.code == 0
    assert cli("crawls", "--db", "a.db", "--format", "csv", "show", "1").out == shown.out
    assert cli("crawls", "--db", "b.db", "show", "1", "--db", "a.db", "-f", "csv").out == shown.out


def test_a_database_without_crawls_is_an_empty_list(cli: Cli, serve: Serve) -> None:
    server = serve(Tree())
    Path("empty.db").touch()
    assert cli("crawls", "--db", "empty.db").code == 2, "an empty file is no database yet"
    crawled_into(cli, "a.db")
    assert cli("forget", "instagram:a0", "--db", "a.db", "--yes").code == 0
    before = server.total
    rows = cli("crawls", "--db", "a.db", "-f", "json").rows()
    assert rows[0]["seeds"] == "(forgotten)"
    assert server.total == before


@pytest.mark.usefixtures("crawled")
def test_a_map_of_the_whole_or_of_one_crawl(cli: Cli) -> None:
    whole, one = cli("map"), cli("map", "--crawl", "2")
    assert (whole.out, one.out) == ("output/graph.html\n", "output/graph-crawl2.html\n")
    assert whole.err == one.err == ""
    pages = [Path(ended.out.strip()).read_text(encoding="utf-8") for ended in (whole, one)]
    assert all(GENERATOR in page and "Simulated data" in page for page in pages)
    assert len(pages[0]) > len(pages[1])


@pytest.mark.usefixtures("crawled")
def test_a_map_onto_standard_output_is_the_same_page(cli: Cli, folder: Path) -> None:
    ended = cli("map", "--crawl", "1", "--output", "-")
    assert ended.code == 0
    assert ended.err == ""
    cli("map", "--crawl", "1", "-o", "deep/er/page.html")
    assert Path("deep/er/page.html").read_text(encoding="utf-8") == ended.out
    assert not (folder / "-").exists()


@pytest.mark.usefixtures("crawled")
def test_a_map_replaces_its_own_and_a_strangers_file_only_by_force(cli: Cli) -> None:
    page = Path("page.html")
    page.write_text("my own", encoding="utf-8")
    ended = cli("map", "--output", "page.html")
    assert ended.code == 2
    assert "page.html" in ended.line
    assert "--force" in ended.line
    assert page.read_text(encoding="utf-8") == "my own"
    assert cli("map", "--output", "page.html", "--force").code == 0
    assert GENERATOR in page.read_text(encoding="utf-8")
    assert cli("map", "--output", "page.html").code == 0
    assert cli("map", "--output", "output", "--force").code == 2, "a folder is never replaced"


def test_a_map_without_accounts_is_not_found(cli: Cli, serve: Serve, folder: Path) -> None:
    serve(Tree())
    common = ("--db", "a.db")
    crawled_into(cli, "a.db")
    for name in ("a0", "a1", "a2"):
        assert cli("forget", f"instagram:{name}", *common).code == 0
    ended = cli("map", *common)
    assert ended.code == 4
    assert "no account" in ended.line
    assert not (folder / "output").exists()
    assert cli("map", "--crawl", "1", "-o", "-", *common).code == 4


@pytest.mark.usefixtures("crawled")
def test_a_query_in_every_format(cli: Cli) -> None:
    sql = "SELECT source_username AS source, target_username AS target, certainty FROM edge_list"
    statement = f"{sql} ORDER BY source, target LIMIT 2"
    expected = [
        {"source": "a0", "target": "a1", "certainty": "one-way"},
        {"source": "a0", "target": "a2", "certainty": "one-way"},
    ]
    ended = cli("query", statement, "--format", "json")
    assert ended.rows() == expected
    assert ended.err == NOTICE
    lines = cli("query", statement, "--format", "jsonl").out.splitlines()
    assert [json.loads(line) for line in lines] == expected
    text = cli("query", statement, "--format", "csv").out
    assert list(csv.DictReader(io.StringIO(text))) == expected
    text = cli("query", statement, "--format", "tsv").out
    assert text == "source\ttarget\tcertainty\na0\ta1\tone-way\na0\ta2\tone-way\n"
    assert "a0      a1      one-way" in cli("query", statement).out


@pytest.mark.usefixtures("crawled")
def test_a_query_with_values_and_from_standard_input(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    sql = "SELECT username FROM nodes WHERE username = :name OR subscribers_count = :n ORDER BY 1"
    given = ("--param", "name=a1", "-p", "n=1002", "--format", "csv")
    expected = "username\na1\na2\n"
    assert cli("query", sql, *given).out == expected
    monkeypatch.setattr("sys.stdin", io.StringIO(sql))
    assert cli("query", "-", *given).out == expected
    hostile = cli("query", sql, "-p", "name=' OR 1=1 --", "-p", "n=x", "--format", "csv")
    assert hostile.out == "username\n"
    ended = cli("query", sql, "-p", "name=a1")
    assert ended.code == 2
    assert "--param n=VALUE" in ended.err


@pytest.mark.usefixtures("crawled")
@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM nodes",
        "DROP TABLE nodes",
        "SELECT 1; DELETE FROM nodes",
        "WITH x AS (SELECT 1) DELETE FROM nodes",
        "PRAGMA journal_mode = DELETE",
        "ATTACH 'new.db' AS other",
        "VACUUM INTO 'copy.db'",
        "SELECT load_extension('x')",
        "SELECT * FROM nod",
        "",
        "nonsense",
    ],
)
def test_a_query_changes_nothing_whatever_it_says(cli: Cli, folder: Path, sql: str) -> None:
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    ended = cli("query", sql)
    assert ended.code == 2
    assert ended.out == ""
    assert ended.err.startswith("graphcrawl: ")
    assert len(ended.err.splitlines()) == 1
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


@pytest.mark.usefixtures("crawled")
def test_a_query_without_end_is_ended(cli: Cli) -> None:
    sql = "WITH RECURSIVE c(x) AS (VALUES(1) UNION ALL SELECT x + 1 FROM c) SELECT sum(x) FROM c"
    ended = cli("query", sql, "--timeout", "0.05")
    assert ended.code == 2
    assert "did not end within 0.05 s" in ended.err


@pytest.mark.usefixtures("crawled")
def test_what_is_forgotten_is_gone_and_does_not_come_back(cli: Cli) -> None:
    ended = cli("forget", "@a1", "-n", "instagram")
    assert ended.code == 0
    assert "instagram:a1 is forgotten: 1 account and 3 connections deleted" in ended.out
    assert "Maps and exports made before still hold it" in ended.out
    held = ("query", "SELECT count(*) AS n FROM nodes WHERE username = 'a1'", "-f", "json")
    assert cli(*held).rows() == [{"n": 0}]
    assert cli("seed", "instagram:a0", "-d", "2", "--rate", "0", "--no-map").code == 0
    assert cli(*held).rows() == [{"n": 0}]
    assert cli("forget", "instagram:a1").code == 4
    assert cli("forget", "2", "--id", "-n", "instagram").code == 0
