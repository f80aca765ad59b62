"""``clusters``: found, listed, stored, and steady from one run to the next."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

import graphcrawl
from graphcrawl.graph import options
from graphcrawl.graph.options import ClusterOptions
from graphcrawl.wording import how_to_install
from tests.cli.conftest import Serve
from tests.cli.running import COMMAND, Cli, Tree

COLUMNS = ["clustering_id", "cluster", "name", "accounts", "inside", "most_followed", "source"]
CRAWL = ("--rate", "0", "--no-map", "--quiet")


@pytest.fixture
def crawled(cli: Cli, serve: Serve) -> None:
    """Fifteen accounts in a tree, of which seven were asked."""
    serve(Tree())
    assert cli("seed", "instagram:a0", "-d", "3", *CRAWL).code == 0


def stored(sql: str, path: str = "output/graph.db") -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql).fetchall()


@pytest.mark.usefixtures("crawled")
def test_clusters_are_listed_for_people(cli: Cli) -> None:
    ended = cli("clusters")
    assert ended.code == 0
    assert ended.err == ""
    lines = ended.out.splitlines()
    assert lines[0].split() == ["cluster", "name", "accounts", "inside", "most_followed"]
    text = " ".join(ended.out.split())
    assert "of 15 accounts by graspologic-native" in text
    assert "stored as clustering 1" in text
    assert "8 accounts did not tell their connections" in text
    assert "simulated data" in text
    assert max(map(len, lines)) <= 80


@pytest.mark.usefixtures("crawled")
def test_every_row_says_what_the_database_holds(cli: Cli) -> None:
    listed = cli("clusters", "--format", "json").rows()
    assert all(list(row) == COLUMNS for row in listed)
    sizes = "SELECT cluster, count(*) FROM memberships WHERE clustering_id = 1 GROUP BY 1"
    assert dict(stored(sizes)) == {row["cluster"]: row["accounts"] for row in listed}  # type: ignore[arg-type]
    names = "SELECT cluster, name FROM clusters WHERE clustering_id = 1"
    assert dict(stored(names)) == {row["cluster"]: row["name"] for row in listed}  # type: ignore[arg-type]
    assert {row["source"] for row in listed} == {"simulated"}
    assert all(0 < row["inside"] <= 1 for row in listed)
    assert stored("SELECT count(*), count(DISTINCT node_id) FROM memberships") == [(15, 15)]
    (row,) = stored("SELECT method, weight, resolution, rng_seed, crawl_id FROM clusterings")
    assert row == ("leiden", "one", 1.0, 0, None)


@pytest.mark.usefixtures("crawled")
def test_members_can_be_asked_for_in_sql(cli: Cli) -> None:
    cli("clusters")
    sql = (
        "SELECT username FROM nodes JOIN memberships ON node_id = nodes.id "
        "WHERE clustering_id = 1 AND cluster = 1 ORDER BY 1"
    )
    found = [row["username"] for row in cli("query", sql, "-f", "json").rows()]
    (first,) = (c for c in graphcrawl.open("output/graph.db").clusters().found.communities[:1])
    assert found == sorted(str(node.username) for node in first.members)


@pytest.mark.usefixtures("crawled")
def test_the_same_again_writes_nothing(cli: Cli) -> None:
    first = cli("clusters", "-f", "csv").out
    before = stored("SELECT * FROM clusterings")
    assert cli("clusters", "-f", "csv").out == first
    assert stored("SELECT * FROM clusterings") == before


@pytest.mark.usefixtures("crawled")
def test_every_process_writes_the_same(folder: Path) -> None:
    written = []
    for hash_seed in ("1", "2"):
        shutil.copy("output/graph.db", f"{hash_seed}.db")
        ran = subprocess.run(
            [*COMMAND, "clusters", "--db", f"{hash_seed}.db", "-f", "csv"],
            check=True,
            capture_output=True,
            cwd=folder,
            env={**os.environ, "PYTHONHASHSEED": hash_seed},
        )
        written.append((ran.stdout, stored("SELECT * FROM memberships", f"{hash_seed}.db")))
    assert written[0] == written[1]


@pytest.mark.usefixtures("crawled")
def test_numbers_stay_when_a_crawl_goes_deeper(cli: Cli) -> None:
    cli("clusters")
    assert cli("resume", "1", "--depth", "5", *CRAWL).code == 0
    ended = cli("clusters")
    assert "stored as clustering 2" in " ".join(ended.out.split())
    before, after = (
        {
            node: cluster
            for key, node, cluster in stored("SELECT * FROM memberships")
            if key == clustering
        }
        for clustering in (1, 2)
    )
    assert len(after) > len(before)
    # A tree's branches part further as they grow, but no number wanders to another branch.
    for number in set(before.values()) & set(after.values()):
        former = {node for node, cluster in before.items() if cluster == number}
        now = {node for node, cluster in after.items() if cluster == number and node in before}
        assert 2 * len(former & now) > min(len(former), len(now))
    assert set(before.values()) & set(after.values())


@pytest.mark.usefixtures("crawled")
def test_the_options_are_heeded(cli: Cli) -> None:
    assert len(cli("clusters", "-m", "components", "-f", "json").rows()) == 1
    assert len(cli("clusters", "--resolution", "50", "-f", "json").rows()) == 15
    assert cli("clusters", "--method", "louvain", "--weight", "mutual", "--rng-seed", "7").code == 0
    assert cli("seed", "instagram:a9", "-d", "0", *CRAWL).code == 0
    (row,) = cli("clusters", "--crawl", "2", "-f", "json").rows()
    assert (row["accounts"], row["inside"]) == (1, None)
    rows = stored("SELECT method, weight, resolution, rng_seed, crawl_id FROM clusterings")
    assert rows == [
        ("components", "one", 1.0, 0, None),
        ("leiden", "one", 50.0, 0, None),
        ("louvain", "mutual", 1.0, 7, None),
        ("leiden", "one", 1.0, 0, 2),
    ]


@pytest.mark.usefixtures("crawled")
@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--resolution", "0"), 2, "--resolution 0: give a number above 0"),
        (("--resolution", "nan"), 2, "--resolution nan"),
        (("--resolution", "much"), 2, "give a number"),
        (("--rng-seed", "-1"), 2, "--rng-seed -1"),
        (("--rng-seed", str(2**64)), 2, "--rng-seed"),
        (("--method", "magic"), 2, "magic"),
        (("--weight", "two"), 2, "two"),
        (("--engine", "steam"), 2, "steam"),
        (("--engine", "networkit", "-m", "louvain"), 2, "only --method leiden has engines"),
        (("--db", "none.db"), 2, "no database"),
        (("--crawl", "9"), 4, "no crawl 9"),
        (("--crawl", str(2**70)), 4, "no crawl"),
    ],
)
def test_what_cannot_be_done_is_one_line(
    cli: Cli, words: tuple[str, ...], code: int, said: str
) -> None:
    ended = cli("clusters", *words)
    assert (ended.code, ended.out) == (code, "")
    assert said in ended.line
    assert stored("SELECT count(*) FROM clusterings") == [(0,)]


@pytest.mark.usefixtures("crawled")
def test_an_engine_that_is_not_installed_is_one_line(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(options, "has_networkit", lambda: False)
    ended = cli("clusters", "--engine", "networkit")
    assert (ended.code, ended.out) == (2, "")
    assert how_to_install("fast") in ended.line
    assert cli("clusters", "--engine", "graspologic").code == 0


@pytest.mark.usefixtures("crawled")
@pytest.mark.skipif(not options.has_networkit(), reason="the extra `fast` is not installed")
def test_another_engine_is_named_with_what_it_found(cli: Cli) -> None:
    first, second = (cli("clusters", "--engine", name).out for name in ("auto", "networkit"))
    assert "by graspologic-native" in " ".join(first.split())
    assert "by networkit" in " ".join(second.split())
    assert [str(engine).split()[0] for (engine,) in stored("SELECT engine FROM clusterings")] == [
        "graspologic-native",
        "networkit",
    ]


def test_without_accounts_there_are_no_clusters(cli: Cli, serve: Serve) -> None:
    serve(Tree())
    assert cli("seed", "instagram:a0", "-d", "0", *CRAWL).code == 0
    assert cli("forget", "instagram:a0", "--yes").code == 0
    ended = cli("clusters")
    assert ended.code == 4
    assert "holds no account" in ended.line


@pytest.mark.usefixtures("crawled")
def test_a_hostile_title_is_shown_and_not_obeyed(cli: Cli) -> None:
    with closing(sqlite3.connect("output/graph.db")) as connection:
        connection.execute("UPDATE nodes SET title = '=1+1' || char(27) || '[31m' || char(8238)")
        connection.commit()
    for form in ("table", "json", "jsonl", "csv", "tsv"):
        text = cli("clusters", "-f", form).out
        assert "\x1b" not in text
        assert "\u202e" not in text
    assert "'=1+1" in cli("clusters", "-f", "csv").out


@pytest.mark.usefixtures("crawled")
def test_the_same_from_python() -> None:
    found = graphcrawl.open("output/graph.db").clusters(ClusterOptions(rng_seed=4), crawl_id=1)
    assert (found.id, found.accounts, found.asked) == (1, 15, 7)
    assert found.found.modularity == stored("SELECT modularity FROM clusterings")[0][0]
