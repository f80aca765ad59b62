"""``top``: who matters by what, what is not known, and that it only reads."""

from __future__ import annotations

import csv
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import networkx as nx
import pytest

import graphcrawl
from graphcrawl.graph.conditions import parse_filter
from graphcrawl.graph.measuring import Measure
from graphcrawl.model import AccountRef
from graphcrawl.store import add_tags, open_store, store_columns
from tests.cli.conftest import Serve
from tests.cli.running import Cli, Tree

CRAWL = ("--rate", "0", "--no-map", "--quiet")
DB = Path("output/graph.db")
COLUMNS = {
    "subscribers": ["subscribers"],
    "pagerank": ["pagerank", "followers"],
    "betweenness": ["betweenness", "error", "followers"],
    "bridge": ["bridge", "clusters", "participation", "followers"],
}


@pytest.fixture
def crawled(cli: Cli, serve: Serve) -> None:
    """Fifteen accounts in a tree, of which seven were asked; a0 lists a1 and a2..."""
    serve(Tree())
    assert cli("seed", "instagram:a0", "-d", "3", *CRAWL).code == 0


@pytest.fixture
def varied(cli: Cli, serve: Serve) -> None:
    """The small world, two hops far: some accounts were not asked, one failed."""
    serve()
    assert cli("seed", "instagram:nasa", "-d", "2", *CRAWL).code == 0


def flat(text: str) -> str:
    return " ".join(text.split())


def stored(sql: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(DB)) as connection:
        return connection.execute(sql).fetchall()


def changed(sql: str) -> None:
    with closing(sqlite3.connect(DB)) as connection:
        connection.execute(sql)
        connection.commit()


@pytest.mark.usefixtures("varied")
def test_every_measure_is_listed_for_people(cli: Cli) -> None:
    for by in Measure:
        ended = cli("top", "--by", by, "--limit", "3")
        assert (ended.code, ended.err) == (0, "")
        lines = ended.out.splitlines()
        assert lines[0].split()[:4] == ["rank", "account", "title", by]
        assert max(map(len, lines)) <= 80
        text = flat(ended.out)
        assert f"3 of 54 accounts by {by}." in text
        assert "simulated data: nothing here came from the vendor" in text
        is_sample = "a sample: 4 of 54 accounts were asked for their connections" in text
        assert is_sample == (by is not Measure.SUBSCRIBERS)


@pytest.mark.usefixtures("crawled")
def test_other_formats_say_everything(cli: Cli) -> None:
    keys = dict(stored("SELECT username, id FROM nodes"))
    for by, columns in COLUMNS.items():
        rows = cli("top", "--by", by, "--limit", "0", "-f", "json").rows()
        assert list(rows[0]) == [
            *("rank", "id", "network", "social_id", "username", "title", *columns),
            *("asked", "depth", "state", "cluster", "cluster_name", "tags", "source"),
        ]
        assert {row["username"]: row["id"] for row in rows} == keys
        assert {row["source"] for row in rows} == {"simulated"}


@pytest.mark.usefixtures("varied")
def test_values_are_those_of_the_stored_connections(cli: Cli) -> None:
    made = nx.DiGraph(stored("SELECT source_id, target_id FROM edges WHERE removed_at IS NULL"))
    expected = {
        "pagerank": nx.pagerank(made, tol=1e-12),
        "betweenness": nx.betweenness_centrality(made.to_undirected()),
        "in-degree": dict(made.in_degree),
    }
    for by, values in expected.items():
        rows = cli("top", "--by", by, "--limit", "0", "-f", "json").rows()
        assert {row["id"]: row[by] for row in rows} == pytest.approx(values, abs=1e-7)
        ranked = [(-row[by], row["network"], row["social_id"]) for row in rows]
        assert [row["rank"] for row in rows] == sorted(row["rank"] for row in rows)
        assert ranked == sorted(ranked, key=lambda one: (round(one[0], 12), *one[1:]))


@pytest.mark.usefixtures("crawled")
def test_who_was_not_asked_has_no_place_among_those_who_list(cli: Cli) -> None:
    ended = cli("top", "--by", "out-degree", "--limit", "0")
    assert "8 accounts left out, whose out-degree is not known" in flat(ended.out)
    rows = cli("top", "--by", "out-degree", "--limit", "0", "-f", "json").rows()
    assert [(row["rank"], row["out-degree"], row["asked"]) for row in rows] == [(1, 2, "yes")] * 7
    directed = cli("top", "--by", "betweenness", "--directed", "--limit", "0", "-f", "json").rows()
    assert {row["username"] for row in directed} == {f"a{at}" for at in range(7)}


@pytest.mark.usefixtures("crawled")
def test_a_limit_that_cuts_through_equals_says_so(cli: Cli) -> None:
    assert "5 of 15 accounts by core. 10 more share rank 1." in flat(
        cli("top", "--by", "core", "--limit", "5").out
    )
    assert "1 more shares rank 1." in flat(cli("top", "--by", "core", "--limit", "14").out)
    assert "share" not in cli("top", "--by", "subscribers", "--limit", "5").out
    assert "15 accounts by core." in cli("top", "--by", "core", "--limit", "0").out


@pytest.mark.usefixtures("varied")
def test_what_kept_an_account_from_telling_is_said(cli: Cli) -> None:
    rows = cli("top", "--limit", "0", "-f", "json").rows()
    asked = {f"{row['network']}:{row['username']}": row["asked"] for row in rows}
    assert asked["instagram:nasa"] == "yes"
    assert asked["youtube:nasagovvideo"] == "not-found"
    assert "no" in asked.values()


@pytest.mark.usefixtures("crawled")
def test_unknown_followers_come_nowhere(cli: Cli) -> None:
    changed("UPDATE nodes SET subscribers_count = NULL WHERE username IN ('a14', 'a3')")
    ended = cli("top", "--by", "followers", "--limit", "2")
    assert "instagram:a13" in ended.out.splitlines()[2]
    assert "2 of 15 accounts by subscribers. 2 accounts left out" in flat(ended.out)
    (row,) = (row for row in cli("top", "-f", "json").rows() if row["username"] == "a14")
    assert row["followers"] is None


@pytest.mark.usefixtures("crawled")
def test_a_part_is_measured_by_itself(cli: Cli) -> None:
    ended = cli("top", "--by", "in-degree", "--filter", "depth<=1", "--filter", "followers>1000")
    text = flat(ended.out)
    assert "2 accounts by in-degree" in text
    assert "connections to accounts that the filters leave out do not count" in text
    part = ("top", "--by", "in-degree", "--filter", "depth<=1", "-f", "json")
    rows = cli(*part).rows()
    assert [(row["username"], row["in-degree"]) for row in rows] == [
        ("a1", 1),
        ("a2", 1),
        ("a0", 0),
    ]
    assert cli("seed", "instagram:a1", "-d", "1", *CRAWL).code == 0
    rows = cli("top", "--by", "degree", "--crawl", "2", "-f", "json").rows()
    told = [(row["username"], row["degree"], row["asked"], row["depth"]) for row in rows]
    assert told == [("a1", 2, "yes", 0), ("a3", 1, "no", 1), ("a4", 1, "no", 1)]


@pytest.mark.usefixtures("varied")
def test_a_part_keeps_the_clusters_of_the_whole(cli: Cli) -> None:
    part = ("top", "--by", "bridge", "--limit", "0", "-f", "json", "--filter", "depth<=1")
    rows = {row["id"]: row for row in cli(*part).rows()}
    cli("clusters")
    clusters = dict(stored("SELECT node_id, cluster FROM memberships"))
    made = nx.DiGraph(stored("SELECT source_id, target_id FROM edges")).to_undirected()
    for key, row in rows.items():
        others = [
            other for other in made[key] if other in rows and clusters[other] != clusters[key]
        ]
        assert row["bridge"] == len(others)
    assert any(row["bridge"] for row in rows.values())


@pytest.mark.usefixtures("crawled")
def test_a_stored_cluster_is_that_of_the_same_selection(cli: Cli) -> None:
    whole, of_crawl = ("top", "--limit", "0"), ("top", "--limit", "0", "--crawl", "1")

    def told(*line: str) -> dict[int, tuple[int | None, str | None]]:
        rows = cli(*line, "-f", "json").rows()
        return {row["id"]: (row["cluster"], row["cluster_name"]) for row in rows}

    assert set(told(*whole).values()) == {(None, None)}
    assert "cluster" not in cli(*whole).out
    assert cli("clusters", "--crawl", "1").code == 0
    members = (
        "SELECT node_id, cluster, name FROM memberships "
        "JOIN clusters USING (clustering_id, cluster) WHERE clustering_id = {}"
    )
    kept = {key: named for key, *named in map(list, stored(members.format(1)))}
    assert {key: list(named) for key, named in told(*of_crawl).items()} == kept
    assert set(told(*whole).values()) == {(None, None)}
    assert cli("clusters", "--method", "components").code == 0
    assert {number for number, _ in told(*whole).values()} == {1}
    assert len({number for number, _ in told(*of_crawl).values()}) > 1
    headings, _, *lines = cli(*whole).out.splitlines()
    assert headings.split()[-2:] == ["asked", "cluster"]
    assert all(line.split()[-1] == "1" for line in lines[:15])
    assert max(map(len, lines)) <= 80
    # Accounts that came later are in no cluster yet.
    assert cli("seed", "instagram:a20", "-d", "0", *CRAWL).code == 0
    assert {row["username"] for row in cli(*whole, "-f", "json").rows() if not row["cluster"]} == {
        "a20"
    }


@pytest.mark.usefixtures("varied")
def test_tags_go_before_clusters_where_not_both_have_room(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cli("clusters").code == 0
    assert cli("tag", "instagram:nasa", "press", "to ask").code == 0
    # Bridges have a column more, and become blocks at 80 cells.
    for by in sorted({*Measure} - {Measure.BRIDGE}):
        # By subscribers there is no second column of followers, and room for both.
        narrow = ["cluster" if by is Measure.SUBSCRIBERS else "asked", "tags"]
        for columns, last in ((80, narrow), (120, ["cluster", "tags"])):
            monkeypatch.setenv("COLUMNS", str(columns))
            heading = cli("top", "--by", by, "--limit", "0").out.partition("──")[0]
            # A long name goes on in a second line; blocks would have no rule below.
            assert heading.count("\n") <= 2
            assert [word for word in heading.split() if len(word) > 1][-2:] == last


@pytest.mark.usefixtures("varied")
def test_what_is_sampled_says_how_far_it_may_be_off(cli: Cli) -> None:
    ended = cli("top", "--by", "betweenness", "--samples", "20", "--rng-seed", "3")
    assert "error" in ended.out.splitlines()[0].split()
    said = "sampled: paths from 20 of 54 accounts, rng seed 3; error is one standard error"
    assert said in flat(ended.out)
    rows = cli("top", "--by", "betweenness", "--samples", "20", "-f", "json").rows()
    assert any(row["error"] for row in rows)
    exact = cli("top", "--by", "betweenness", "-f", "json").rows()
    assert {row["error"] for row in exact} == {0}


@pytest.mark.usefixtures("crawled")
def test_columns_of_ones_own_rank_and_tags_are_shown(cli: Cli) -> None:
    keys = dict(stored("SELECT username, id FROM nodes"))
    with closing(open_store(DB)) as store:
        store_columns(store, {"reach": {keys["a5"]: 7, keys["a6"]: 9}, "say": {keys["a5"]: "=x"}})
        add_tags(store, [AccountRef("instagram", "a6")], ["vip", "b"])
    ended = cli("top", "--by", "reach")
    assert ended.out.splitlines()[0].split() == [
        *("rank", "account", "title", "reach", "followers", "asked", "tags"),
    ]
    assert "2 of 15 accounts by reach. 13 accounts left out, whose reach is not known" in flat(
        ended.out
    )
    rows = cli("top", "--by", "column:reach", "-f", "json").rows()
    assert [(row["username"], row["reach"], row["tags"]) for row in rows] == [
        ("a6", 9, ["b", "vip"]),
        ("a5", 7, None),
    ]
    (line,) = [line for line in cli("top", "--by", "reach").out.splitlines() if ":a6" in line]
    assert line.split()[-2:] == ["b,", "vip"]
    lines = cli("top", "--by", "reach", "-f", "csv").out.splitlines()
    assert [row["tags"] for row in csv.DictReader(lines)] == ["b, vip", ""]
    refused = cli("top", "--by", "say")
    assert (refused.code, refused.out) == (2, "")
    assert "column:say: this column holds no numbers, but text" in refused.line
    assert refused.line.endswith("harmonic, bridge, column:reach")
    assert "did you mean column:reach?" in cli("top", "--by", "raech").line


@pytest.mark.usefixtures("crawled")
def test_reading_writes_nothing_and_gives_the_same_bytes(cli: Cli) -> None:
    before = DB.read_bytes()
    for by, form in (("pagerank", "csv"), ("bridge", "jsonl"), ("betweenness", "table")):
        line = ("top", "--by", by, "-f", form)
        assert cli(*line).out == cli(*line).out
    assert DB.read_bytes() == before


@pytest.mark.usefixtures("crawled")
@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--by", "pagerang"), 2, "did you mean pagerank? there are subscribers, in-degree"),
        (("--limit", "-1"), 2, "--limit -1: give 0 (all) or a positive number"),
        (("--limit", "many"), 2, "'--limit'"),
        (("--by", "betweenness", "--samples", "1"), 2, "--samples 1: give 2 to"),
        (("--rng-seed", "-1"), 2, "--rng-seed -1"),
        (("--filter", "depth"), 2, "--filter 'depth'"),
        (("--db", "none.db"), 2, "no database"),
        (("--crawl", "9"), 4, "no crawl 9"),
        (("--crawl", str(2**70)), 4, "no crawl"),
        (("--filter", "network=youtube"), 4, "has network=youtube"),
    ],
)
def test_what_cannot_be_done_is_one_line(
    cli: Cli, words: tuple[str, ...], code: int, said: str
) -> None:
    ended = cli("top", *words)
    assert (ended.code, ended.out) == (code, "")
    assert said in ended.line


def test_without_accounts_there_is_no_first(cli: Cli, serve: Serve) -> None:
    serve(Tree())
    assert cli("seed", "instagram:a0", "-d", "0", *CRAWL).code == 0
    assert cli("forget", "instagram:a0", "--yes").code == 0
    ended = cli("top")
    assert ended.code == 4
    assert "holds no account" in ended.line


@pytest.mark.usefixtures("crawled")
def test_the_same_from_python() -> None:
    database = graphcrawl.open(DB)
    found = database.top("degree", limit=1, filters=[parse_filter("depth<=1")])
    assert (found.measure, found.size, found.asked, found.unknown) == ("degree", 3, 3, 0)
    (first,) = found.accounts
    assert (first.rank, first.node.username, first.value, first.tags) == (1, "a0", 2, ())
    assert first.membership is None
    clustering = database.clusters()
    (first,) = database.top("degree", limit=1).accounts
    assert first.membership is not None
    numbers = clustering.found.numbers()
    held = (first.membership.clustering_id, first.membership.cluster)
    assert held == (clustering.id, numbers[first.node.id])
    assert not found.is_sampled
    assert len(database.top(crawl_id=1, limit=0).accounts) == 15
