from __future__ import annotations

import os
from pathlib import Path

import pytest

from graphcrawl.simulator import Simulator
from tests.cli.running import Cli, Hostile
from tests.conftest import FacebookPages

DB = ("--db", "g.db")


@pytest.fixture
def graph(folder: Path) -> Path:
    path = folder / "graph.csv"
    path.write_text("source,target\nnasa,esa\nesa,nasa\nnasa,jaxa\nnasa,jaxa\nesa,esa\n")
    return path


def test_it_says_what_came_and_what_was_left_out(cli: Cli, graph: Path) -> None:
    ended = cli("import", "graph.csv", "--default-network", "facebook", *DB)
    assert ended.code == 0
    assert ended.err == ""
    assert ended.out.splitlines() == [
        "3 accounts and 3 connections imported from graph.csv",
        "  3 accounts on facebook, which the API cannot be asked about",
        "  1 connection of an account to itself left out",
        "  1 repeated connection left out",
        "  imported data: asked means that the file tells whom an account lists",
        "  database  g.db",
        "  next      graphcrawl map --db g.db",
    ]
    told = cli("query", "SELECT settings FROM crawls", "-f", "json", *DB).rows()[0]["settings"]
    assert "unkept" in str(told)
    drawn = cli(*ended.next_command)
    assert drawn.code == 0
    assert "Imported data" in Path(drawn.out.strip()).read_text(encoding="utf-8")


def test_what_connections_have_no_column_for_is_counted_and_said(cli: Cli, folder: Path) -> None:
    (folder / "w.csv").write_text(
        "source,target,position,certainty,weight,\x1b[31mkind,first_seen_at\n"
        "a,b,1,,2.5,,2026-01-31\na,c,0,unknown,,x,\nb,a,0,,1,,\n"
    )
    ended = cli("import", "w.csv", *DB)
    assert ended.code == 0
    assert "  weight of 2 connections left out: connections have no such column" in ended.out
    assert r"  \x1b[31mkind of 1 connection left out" in ended.out
    # What they have a column for goes round: an export of ours leaves nothing out.
    for form in ("csv", "json", "gexf", "graphml", "parquet", "xlsx"):
        assert cli("export", form, "--output", f"out.{form}", *DB).code == 0
        back = cli("import", f"out.{form}", "--db", f"{form}.db")
        assert (back.code, "left out" in back.out) == (0, False)
        query = "SELECT source_id, target_id, position, certainty FROM edge_list ORDER BY 1, 2"
        first, second = (
            cli("query", query, "-f", "json", "--db", db).rows() for db in ("g.db", f"{form}.db")
        )
        assert first == second
        assert {row["certainty"] for row in first} == {"mutual", "unknown"}


@pytest.mark.usefixtures("graph")
def test_everything_reads_it_and_says_that_it_was_imported(cli: Cli) -> None:
    assert cli("import", "graph.csv", *DB).code == 0
    words = "imported data: asked means that the file tells whom an account lists"
    assert words in " ".join(cli("clusters", *DB).out.split())
    assert words in cli("query", "SELECT * FROM edge_list", *DB).err
    assert words in " ".join(cli("creators", *DB).out.split())
    assert words in " ".join(cli("diff", "1", *DB).out.split())
    row = cli("crawls", "--format", "json", *DB).rows()[0]
    assert (row["source"], row["depth"], row["asked"]) == ("imported", None, 3)
    shown = cli("crawls", "show", "1", *DB)
    assert "graph.csv" in shown.out
    assert cli("crawls", "failures", "1", *DB).code == 0
    again = cli("export", "json", "--output", "again.json", *DB)
    assert "imported data" in again.err
    assert cli("import", "again.json", "--db", "again.db").code == 0
    first, second = (
        cli("export", "json", "--output", "-", "--db", db) for db in ("g.db", "again.db")
    )
    assert first.out == second.out


def test_what_its_file_does_not_tell_is_not_made_up(cli: Cli, folder: Path) -> None:
    (folder / "nodes.csv").write_text("id,username,asked\n1,aa,true\n2,bb,false\n")
    (folder / "edges.csv").write_text("source,target\n1,2\n2,1\n")
    assert cli("import", "--nodes", "nodes.csv", "--edges", "edges.csv", *DB).code == 0
    page = " ".join(cli("show", "bb", *DB).out.split())
    assert "1 connection, the imported file does not say that this is all it lists" in page
    assert "left out" not in page
    assert "whom it lists: it was not asked who else lists it: 1 of 2 accounts" in page


@pytest.mark.usefixtures("graph")
def test_nobody_is_asked_into_it(cli: Cli, server: Simulator) -> None:
    assert cli("import", "graph.csv", *DB).code == 0
    for line in (
        ("seed", "instagram:nasa", "--rate", "0"),
        ("refresh", "--rate", "0"),
        ("resume", "1", "--rate", "0"),
        ("resume", "1", "--dry-run"),
    ):
        ended = cli(*line, *DB)
        assert ended.code == 2, line
        assert "import" in ended.line
    assert "Nothing is unfinished" in cli("resume", *DB).out
    assert "imported data" in cli("doctor", *DB).out
    assert server.total <= 1, "the doctor's question about the plan"


@pytest.mark.usefixtures("graph")
@pytest.mark.parametrize("more", [(), ("--depth", "2"), ("--dry-run",)])
def test_what_can_be_done_instead_of_going_on(cli: Cli, more: tuple[str, ...]) -> None:
    assert cli("import", "graph.csv", *DB).code == 0
    refused = cli("resume", "1", *more, *DB)
    assert refused.code == 2
    assert "crawl 1 is an import, and no crawl to go on with: nobody is asked" in refused.line
    assert "graphcrawl map draws it" in refused.line
    assert "graphcrawl seed with another --db" in refused.line
    assert cli("map", *DB).code == 0
    seeded = cli("seed", "instagram:nasa", "-d", "1", "--no-map", "--demo", "--db", "other.db")
    assert seeded.code == 0


@pytest.mark.usefixtures("graph")
def test_what_does_not_fit_is_said_before_credentials_are_asked_for(cli: Cli) -> None:
    assert cli("import", "graph.csv", *DB).code == 0
    seed = ("seed", "instagram:nasa", "-d", "1", "--no-map")
    for line in (seed, ("refresh",), (*seed, "--dry-run"), (*seed, "--demo", "--dry-run")):
        ended = cli(*line, *DB)
        assert (ended.code, ended.out) == (2, ""), line
        assert "the two never mix" in ended.line
    assert cli(*seed, "--demo", "--quiet").code == 0
    for other in (("resume", "1", "-d", "2"), ("refresh",), (*seed, "--dry-run")):
        ended = cli(*other, "--db", "output/demo.db")
        assert (ended.code, "the two never mix" in ended.line) == (2, True), other


def test_a_pipe_is_read_once(cli: Cli, graph: Path) -> None:
    def piped(text: str) -> str:
        read, write = os.pipe()
        with os.fdopen(write, "w") as out:
            out.write(text)
        ends.append(read)
        return f"/dev/fd/{read}"

    ends: list[int] = []
    try:
        pipe = piped(graph.read_text())
        assert cli("import", "--edges", pipe, "--default-network", "instagram", *DB).code == 0
        refused = cli("import", piped(graph.read_text()), "--db", "other.db")
        assert (refused.code, "name it as CSV with --edges" in refused.line) == (2, True)
        ended = cli("import", "--attributes", piped("account,topic\ninstagram:nasa,space\n"), *DB)
        assert (ended.code, "1 of 1 row joined" in ended.out) == (0, True)
    finally:
        for end in ends:
            os.close(end)


def test_what_was_simulated_stays_so_and_can_be_crawled_on(cli: Cli) -> None:
    assert cli("seed", "instagram:nasa", "--demo", "-d", "1", "--no-map").code == 0
    assert cli("export", "csv", "--db", "output/demo.db", "--output", "out").code == 0
    ended = cli("import", "out", *DB)
    assert "simulated data: nothing here came from the vendor" in ended.out
    refused = cli("resume", "1", "--demo", "--depth", "2", *DB)
    assert refused.code == 2
    assert "crawl 1 is an import" in refused.line
    assert "graphcrawl refresh asks again for its accounts, graphcrawl seed" in refused.line
    assert cli("seed", "instagram:nasa", "--demo", "-d", "2", "--no-map", *DB).code == 0
    assert cli("refresh", "--demo", "--quiet", *DB).code == 0


def test_a_hostile_files_words_are_inert(cli: Cli, folder: Path) -> None:
    (folder / "bad.csv").write_text(
        f'source,target,first_seen_at\n"{Hostile.TEXT}",b,"{Hostile.TEXT}"\n', encoding="utf-8"
    )
    ended = cli("import", "bad.csv", *DB)
    assert ended.code == 2
    assert "\x1b" not in ended.err
    assert len(ended.err) < 1_000
    assert not (folder / "g.db").exists()


@pytest.mark.facebook
def test_the_facebook_pages(cli: Cli, facebook_pages: FacebookPages) -> None:
    files = ("--nodes", str(facebook_pages.nodes), "--edges", str(facebook_pages.edges))
    columns = ("--id", "page_id", "--title", "page_name")
    ends = ("--source", "page_id_1", "--target", "page_id_2", "--undirected")
    ended = cli("import", *files, *columns, *ends, "--default-network", "facebook", *DB)
    assert ended.out.startswith(
        "22,470 accounts and 341,646 connections imported from nodes.csv.gz"
    )
    found = cli("clusters", "--format", "json", *DB).rows()
    nasa = "SELECT cluster FROM memberships JOIN nodes ON id = node_id WHERE social_id = :id"
    row = cli("query", nasa, "--param", "id=54971236771", "--format", "json", *DB).rows()[0]
    assert "NASA" in next(one["name"] for one in found if one["cluster"] == row["cluster"])
    kinds = cli(
        "query", "SELECT text, count(*) AS n FROM own_values GROUP BY 1", "--format", "json", *DB
    ).rows()
    assert {one["text"] for one in kinds} == {"government", "company", "politician", "tvshow"}
