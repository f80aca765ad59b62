"""Questions to a database: ready-made ones, a list of what there is, search, memory."""

from __future__ import annotations

import io
import os
import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from graphcrawl.sql import NAMED, run_query
from graphcrawl.store import described
from tests.cli.conftest import Serve
from tests.cli.running import COMMAND, Cli, as_an_earlier_graphcrawl_made_it

NOTICE = "simulated data: nothing here came from the vendor\n"
COMMON = ("--rate", "0", "--no-map")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's world, asked on two days, with clusters and creators."""
    import graphcrawl
    from graphcrawl.model import AccountRef
    from graphcrawl.runs import Access, CrawlOptions
    from graphcrawl.simulator import Simulator, SmallWorld
    from tests.worlds import HASTY

    path = tmp_path_factory.mktemp("told") / "told.db"
    database = graphcrawl.open(path)
    from graphcrawl.model import Credentials

    options = CrawlOptions(depth=3, rate=0, policy=HASTY)
    seeds = [AccountRef("instagram", "nasa"), AccountRef("youtube", "sim_oldpiercinema")]
    for day in (0, 30):
        with Simulator(SmallWorld(day=day)) as server:
            access = Access(server.url, Credentials("me", "secret"), None)
            database.crawl(seeds, access, options)
    database.clusters()
    database.creators()
    return path


@pytest.mark.parametrize("name", NAMED)
def test_ready_made_queries_give_sensible_rows(told: Path, name: str) -> None:
    query = NAMED[name]
    with run_query(told, query.sql, parameters=query.values({})) as result:
        columns, rows = result.columns, list(result)
    assert rows, "there is something to see in the demo"
    assert len(set(columns)) == len(columns)
    assert [column for column in columns if not column.replace("_", "").isalnum()] == []
    assert len(set(rows)) == len(rows)
    with run_query(told, query.sql, parameters=dict.fromkeys(query.parameters, "")) as result:
        assert list(result) == rows, "an empty field of a form is no value"
    given = {"crawl": "1", "network": "youtube", "since": "2026-01-01T00:00"}
    values = {value: given[value] for value in query.parameters}
    if "network" in values:
        with run_query(told, query.sql, parameters=values) as result:
            assert {row[0] for row in result} == {"youtube"}
    if "crawl" in values:
        with run_query(told, query.sql, parameters=values) as result:
            assert {row[columns.index("crawl_id")] for row in result} == {1}
    assert query.sentence.endswith(".")


def test_ready_made_queries_agree_with_the_rest(told: Path) -> None:
    def ask(name: str, **values: str) -> list[dict[str, object]]:
        query = NAMED[name]
        with run_query(told, query.sql, parameters=query.values(values)) as result:
            return [dict(zip(result.columns, row, strict=True)) for row in result]

    with closing(sqlite3.connect(told)) as connection:
        one = connection.execute("SELECT count(*) FROM edges WHERE removed_at IS NULL").fetchone()
        asked = connection.execute("SELECT count(*) FROM answers").fetchone()
        members = connection.execute("SELECT count(*) FROM memberships").fetchone()
    assert (len(ask("certainty")),) == one
    assert (sum(row["connections"] for row in ask("networks")),) == one  # type: ignore[misc]
    assert (sum(row["answers"] for row in ask("days")),) == asked  # type: ignore[misc]
    assert sum(row["accounts"] for row in ask("cluster-sizes")) <= members[0]  # type: ignore[misc]
    assert all(row["change"] < 0 for row in ask("lost-followers"))  # type: ignore[operator]
    assert ask("new", since="2999-01-01") == []
    assert {row["lists"] is None for row in ask("hubs")} == {True, False}
    asked_names = {(row["network"], row["username"]) for row in ask("not-asked")}
    assert ("instagram", "nasa") not in asked_names


def test_the_list_tells_of_all_that_is_there(cli: Cli, told: Path) -> None:
    rows = cli("query", "--list", "--format", "json").rows()
    listed = {
        row["name"]: [column["column"] for column in rows if column["name"] == row["name"]][1:]
        for row in rows
        if row["kind"] in ("table", "view")
    }
    with closing(sqlite3.connect(told)) as connection:
        there = connection.execute(
            "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') "
            "AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'alembic%' "
            "AND name NOT LIKE 'account_search%'"
        ).fetchall()
        columns = {
            name: [row[1] for row in connection.execute(f"PRAGMA table_info({name})")]
            for (name,) in there
        }
    assert listed == columns
    assert all(row["sentence"] for row in rows)
    assert {row["name"] for row in rows if row["kind"] == "query"} == set(NAMED)
    assert [one.name for one in described()] == sorted(
        listed, key=lambda name: (name == "edge_list", name)
    ) + ["account_search"]
    shown = cli("query", "--list").out
    assert "edge_list" in shown
    assert max(map(len, shown.splitlines())) <= 80


def test_a_ready_made_query_on_the_command_line(cli: Cli, told: Path) -> None:
    ended = cli(
        "query", "--named", "hubs", "-p", "network=youtube", "--db", str(told), "-f", "json"
    )
    assert ended.err == NOTICE
    assert {row["network"] for row in ended.rows()} == {"youtube"}
    table = cli("query", "--named", "hubs", "--db", str(told)).out
    assert NAMED["hubs"].sentence in " ".join(table.split())


def test_a_database_of_an_earlier_graphcrawl_answers_at_once(
    cli: Cli, told: Path, tmp_path: Path
) -> None:
    """It is brought up to date before it is read: nothing changes under the statement."""
    old = tmp_path / "old.db"
    for arguments in (["SELECT count(*) AS n FROM nodes"], ["--named", "rim"]):
        shutil.copy(told, old)
        as_an_earlier_graphcrawl_made_it(old)
        first = cli("query", *arguments, "--db", str(old), "-f", "json")
        assert (first.code, first.err) == (0, NOTICE)
        assert first.rows() == cli("query", *arguments, "--db", str(told), "-f", "json").rows()


def test_a_statement_from_a_file_or_a_pipe(
    cli: Cli, told: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("mine.sql").write_text("\ufeffSELECT :n + 1 AS more", encoding="utf-8")
    common = ("-p", "n=1", "--db", str(told), "--format", "csv")
    assert cli("query", "--file", "mine.sql", *common).out == "more\n2\n"
    Path("bad.sql").write_bytes(b"SELECT '\xff'")
    assert "not UTF-8" in cli("query", "--file", "bad.sql", *common).line
    monkeypatch.setattr("sys.stdin", io.StringIO("SELECT :n + 2 AS more"))
    assert cli("query", *common).out == "more\n3\n"
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    ended = cli("query", *common)
    assert ended.code == 2
    assert "empty" in ended.err


def test_without_sql_on_a_terminal_it_explains_itself(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", type("Terminal", (), {"isatty": lambda self: True})())
    ended = cli("query")
    assert ended.code == 0
    for word in ("edge_list", "--list", "--named", "--param", "nodes"):
        assert word in ended.out
    assert max(map(len, ended.out.splitlines())) <= 80
    assert ended.err == ""


def test_a_long_answer_takes_no_more_memory_than_a_short_one(told: Path) -> None:
    """A page of a table is held, nothing else."""

    def peak(form: str, rows: int, width: int = 600) -> int:
        sql = (
            "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c LIMIT :n) "
            "SELECT x, printf('%0*d', :w, x) AS wide FROM c"
        )
        line = [
            *COMMAND,
            "query",
            sql,
            "-p",
            f"n={rows}",
            "-p",
            f"w={width}",
            "--db",
            str(told),
            "--format",
            form,
        ]
        null = os.open(os.devnull, os.O_WRONLY)
        quiet = [(os.POSIX_SPAWN_DUP2, null, 1), (os.POSIX_SPAWN_DUP2, null, 2)]
        pid = os.posix_spawn(sys.executable, line, os.environ, file_actions=quiet)
        _, status, usage = os.wait4(pid, 0)
        os.close(null)
        assert status == 0
        return usage.ru_maxrss

    one = peak("csv", 1)
    # In KB; 40,000 such rows take some 25 MB.
    assert peak("json", 40_000) < one + 6_000
    assert peak("table", 4_000, 40) < peak("table", 1_100, 40) + 6_000


def test_search_says_why_and_what_is_not_known(cli: Cli, told: Path) -> None:
    rows = cli("search", "nasa", "--db", str(told), "--format", "json").rows()
    assert (rows[0]["network"], rows[0]["match"]) == ("instagram", "name")
    assert rows[0]["followers"] > 90_000_000
    assert {row["source"] for row in rows} == {"simulated"}
    assert {row["asked"] for row in rows} == {"yes", "not-found"}
    assert "beginning of name" in {row["match"] for row in rows}
    table = cli("search", "nasa", "--db", str(told), "--limit", "2").out
    assert "the first 2; --limit 0 gives all" in " ".join(table.split())
    assert "simulated data" in " ".join(table.split())
    typo = cli("search", "nassa", "--db", str(told), "-f", "json").rows()
    assert {row["match"] for row in typo} == {"similar"}
    only = cli("search", "nasa", "-n", "yt", "--db", str(told), "-f", "json").rows()
    assert {row["network"] for row in only} == {"youtube"}
    nothing = cli("search", "qqqqqqq", "--db", str(told), "-f", "json")
    assert (nothing.code, nothing.rows()) == (0, [])
    assert "no account" in nothing.line
    assert cli("search", "nasa", "--crawl", "99", "--db", str(told)).code == 4
    assert cli("search", "nasa", "--limit", "-1", "--db", str(told)).code == 2


def test_search_and_top_tell_the_same_of_who_was_asked(cli: Cli, serve: Serve) -> None:
    """Of a cut answer too: it was asked, and not all that it lists is known."""
    serve()
    assert cli("seed", "instagram:nasa", "-d", "2", "--max-connections", "2", *COMMON).code == 0
    top = cli("top", "--limit", "0", "-f", "json").rows()
    found = cli("search", "a", "--limit", "0", "-f", "json").rows()
    same = ("id", "network", "social_id", "username", "title", "followers", "asked", "state")
    told = {tuple(row[name] for name in same) for row in found}
    assert told
    assert told <= {tuple(row[name] for name in same) for row in top}


def test_search_answers_while_a_crawl_was_cut_short(cli: Cli, serve: Serve) -> None:
    serve()
    assert cli("seed", "instagram:nasa", "-d", "2", "--max-requests", "2", *COMMON).code == 5
    assert cli("search", "artemis", "-f", "json").rows()[0]["username"] == "nasaartemis"
    with closing(sqlite3.connect("output/graph.db")) as connection:
        (indexed,) = connection.execute("SELECT count(*) FROM account_search").fetchone()
        (known,) = connection.execute("SELECT count(*) FROM nodes").fetchone()
    assert indexed == known, "a run brings the index up to date, however it ends"
