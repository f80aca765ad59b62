"""``path``, ``between``, ``show`` and ``similar``, as people use them."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import Cli

NASA = ("instagram:nasa", "twitch:sim_glasswing")


@pytest.fixture(autouse=True)
def demo(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """The demo, at depth 3."""
    ended = cli("seed", "nasa", "-n", "instagram", "-d", "3", "--demo", "--no-map", "-q")
    assert ended.code == 0
    monkeypatch.setenv("GRAPHCRAWL_DB", "output/demo.db")


def shown(cli: Cli, *arguments: str) -> dict[str, Any]:
    ended = cli("show", *arguments, "--format", "json")
    assert ended.code == 0, ended.err
    entry: dict[str, Any] = json.loads(ended.out)
    return entry


def fits(text: str, width: int = 80) -> bool:
    return max(map(len, text.splitlines())) <= width


def test_a_path_step_by_step(cli: Cli) -> None:
    ended = cli("path", *NASA)
    assert (ended.code, ended.err) == (0, "")
    assert "1 shortest path of 2 steps" in ended.out
    assert "simulated data" in ended.out
    assert fits(ended.out)
    steps = cli("path", *NASA, "--format", "json").rows()
    assert [step["account"] for step in steps] == [NASA[0], "youtube:nasa", NASA[1]]
    assert [step["step"] for step in steps] == [0, 1, 2]
    assert [step["certainty"] for step in steps] == [None, "mutual", "one-way"]
    assert {step["paths"] for step in steps} == {1}
    assert {step["source"] for step in steps} == {"simulated"}


def test_every_path_and_how_many_more_there_are(cli: Cli) -> None:
    ends = ("twitch:sim_glasswing", "snapchat:sim_makhbaz", "--undirected")
    (first,) = [{step["path"] for step in cli("path", *ends, "-f", "json").rows()}]
    assert first == {1}
    steps = cli("path", *ends, "--all", "-f", "json").rows()
    count = steps[0]["paths"]
    assert count == len({step["path"] for step in steps}) > 1
    assert steps[0]["link"] is None
    assert {step["link"] for step in steps[1:]} >= {"lists", "listed by"}
    assert f"1 of {count} shortest undirected paths" in cli("path", *ends).out
    limited = cli("path", *ends, "--all", "--limit", "1").out
    assert f"1 of {count} shortest undirected paths of 4 steps; --limit 0 lists all" in limited


def test_no_path_is_told_with_what_is_not_known(cli: Cli) -> None:
    ended = cli("path", "twitch:sim_atticsynth", "twitter:nasa")
    assert (ended.code, ended.out) == (4, "")
    assert "was not asked or gave no whole answer, so a path may exist" in ended.line
    assert "with --undirected there is one of 3 steps" in ended.line
    assert cli("path", "twitch:sim_atticsynth", "twitter:nasa", "--undirected").code == 0


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("path", "nasa", "twitter:nasa"), 2, "instagram:nasa, twitter:nasa, youtube:nasa"),
        (("path", "instagram:nasa", "instagram:nasa"), 2, "named more than once"),
        (("path", "instagram:nasa", "instagram:nosuch"), 4, "holds no account instagram:nosuch"),
        (("path", *NASA, "--crawl", "7"), 4, "no crawl 7"),
        (("path", *NASA, "--limit", "3"), 2, "add --all"),
        (("path", *NASA, "--all", "--limit", "-1"), 2, "--limit -1"),
        (("path", *NASA, "--filter", "network=tiktok"), 4, "over accounts with network=tiktok"),
        (("path", *NASA, "--filter", "size=3"), 2, "--filter 'size=3'"),
        (("between", "instagram:nasa"), 2, "two accounts or more"),
        (("between", "instagram:nasa", "instagram:nasa"), 2, "named more than once"),
        (("show", "nasaa"), 4, "did you mean instagram:nasa"),
        (("show", "nasa"), 2, "may be one of several accounts"),
        (("show", "instagram:nasa", "--crawl", "7"), 4, "no crawl 7"),
        (("show", "https://example.org/nasa"), 2, "is no profile's address"),
        (("similar", "twitch:sim_atticsynth", "--neighbours", "lists"), 4, "was not asked"),
        (("similar", "instagram:nasa", "--min-shared", "0"), 2, "--min-shared 0"),
        (("similar", "instagram:nasa", "--by", "size"), 2, "'--by'"),
    ],
)
def test_what_cannot_be_answered(
    cli: Cli, arguments: tuple[str, ...], code: int, words: str
) -> None:
    ended = cli(*arguments)
    assert (ended.code, ended.out) == (code, "")
    assert words in ended.line


def test_who_ties_them_together(cli: Cli) -> None:
    ended = cli("between", *NASA, "snapchat:sim_makhbaz")
    assert ended.code == 0
    assert fits(ended.out)
    assert "2 accounts linked to two or more of 3, 2 on shortest ways" in ended.out
    assert "twitch:sim_glasswing and snapchat:sim_makhbaz: 4 steps, 3 shortest ways" in ended.err
    found = cli("between", *NASA, "snapchat:sim_makhbaz", "-f", "json").rows()
    assert [(one["account"], one["linked"], one["reaches"]) for one in found] == [
        ("youtube:nasa", 2, 3),
        ("instagram:nasaartemis", 2, 3),
        ("twitter:nasa", 0, 2),
        ("instagram:sim_lanternhill", 0, 2),
    ]
    assert (
        found[0]["touches"]
        == [
            {"account": "instagram:nasa", "distance": 1, "link": "both"},
            {"account": "twitch:sim_glasswing", "distance": 1, "link": "listed by"},
            {"account": "snapchat:sim_makhbaz", "distance": 3, "link": None},
        ]
        or found[0]["touches"][1]["link"] == "lists"
    )
    assert [one["share"] is None for one in found] == [True, True, False, False]


def test_who_is_alike_by_which_measure(cli: Cli) -> None:
    ended = cli("similar", "instagram:sim_comet", "--limit", "3")
    assert ended.code == 0
    assert fits(ended.out)
    assert "12 accounts by jaccard of who lists both" in ended.out
    assert "3 listed, --limit 0 lists all" in ended.out
    every = cli("similar", "instagram:sim_comet", "--limit", "0", "-f", "json").rows()
    assert len(every) == 12
    assert all(one["shared"] >= 2 and one["compared"] == "listed-by" for one in every)
    cosine = cli("similar", "instagram:sim_comet", "--by", "cosine", "-f", "csv").out
    rows = list(csv.DictReader(io.StringIO(cosine)))
    assert float(rows[0]["cosine"]) == max(float(row["cosine"]) for row in rows)
    few = cli("similar", "twitch:sim_atticsynth")
    assert (few.code, "is listed by 1 account" in " ".join(few.out.split())) == (0, True)


@pytest.mark.parametrize(
    "line",
    [
        ("between", *NASA, "snapchat:sim_makhbaz"),
        ("similar", "instagram:sim_comet", "--limit", "0"),
        ("search", "nasa"),
    ],
)
def test_listings_tell_the_stored_cluster_as_show_does(cli: Cli, line: tuple[str, ...]) -> None:
    rows = cli(*line, "-f", "json").rows()
    assert {(row["cluster"], row["cluster_name"]) for row in rows} == {(None, None)}
    assert "cluster" not in cli(*line).out
    assert cli("clusters").code == 0
    rows = cli(*line, "-f", "json").rows()
    for row in rows:
        held = shown(cli, row["account"])["cluster"]
        assert (row["cluster"], row["cluster_name"]) == (held["cluster"], held["name"])
        assert row["cluster"] is not None
    table = cli(*line).out
    assert fits(table)
    # Tables of the two others have no room.
    assert ("cluster" in table.splitlines()[0]) == (line[0] == "search")
    assert "cluster" not in cli(*line, "--crawl", "1").out


def test_one_account_in_full(cli: Cli) -> None:
    assert cli("clusters").code == cli("creators").code == 0
    assert cli("tag", "youtube:nasa", "press").code == 0
    assert cli("note", "youtube:nasa", "met in Graz").code == 0
    page = cli("show", "youtube:nasa")
    assert (page.code, page.err) == (0, "")
    assert fits(page.out)
    for words in (
        *("12,244,637", "UCLA_DiR1FfKNvjuUpBHmylQ", "24 connections (answer", "press"),
        *("met in Graz", "step 0  instagram:nasa, a seed", "youtube:nasa, listed in answer 1"),
        *("Neighbours: 24 (3 both, 21 lists)", "(its own)", "same username, same title"),
        *("Not known", "simulated data"),
    ):
        assert words in page.out, words
    entry = shown(cli, "youtube:nasa")
    assert (entry["followers"], entry["asked"], entry["tags"]) == (12244637, "yes", ["press"])
    assert len(entry["neighbours"]) == 24
    assert sum(group["accounts"] for group in entry["neighbours_by_cluster"]) == 24
    (visit,) = entry["crawls"]
    assert [step["account"] for step in visit["way"]] == ["instagram:nasa", "youtube:nasa"]
    assert entry["creator"]["name"] == "NASA"
    assert entry["creator"]["accounts"][0]["evidence"][0]["reasons"]
    line = cli("show", "youtube:nasa", "-f", "jsonl").out
    assert json.loads(line) == entry
    names = [
        row[0] for row in csv.reader(io.StringIO(cli("show", "youtube:nasa", "-f", "csv").out))
    ]
    assert names == ["name", *entry]


def test_a_year_of_few_digits_has_four(cli: Cli, folder: Path) -> None:
    (folder / "old.csv").write_text("id,first_seen_at\na,0099-01-31T12:05:59Z\nb,\n")
    (folder / "links.csv").write_text("source,target\na,b\n")
    db = ("--db", "old.db")
    assert cli("import", "--nodes", "old.csv", "--edges", "links.csv", *db).code == 0
    assert "first 0099-01-31 12:05, last " in cli("show", "instagram:id:a", *db).out


def test_what_is_not_stored_yet_names_the_command(cli: Cli) -> None:
    page = cli("show", "twitch:sim_atticsynth").out
    assert "no clusters are stored: graphcrawl clusters finds them" in page
    assert "none is stored: graphcrawl creators looks for accounts of one owner" in page
    assert "it was not asked; it lies on the rim of the crawl" in page
    assert "asked      never" in page
    in_crawl = cli("show", "twitch:sim_atticsynth", "--crawl", "1").out
    assert "graphcrawl clusters --crawl 1 finds them" in in_crawl


def test_a_former_name_finds_the_account_and_says_so(cli: Cli) -> None:
    assert cli("refresh", "1", "--demo", "--demo-day", "30", "-q").code == 0
    ended = cli("show", "instagram:sim_quietkm")
    assert ended.code == 0
    assert "sim_quietkm is a former name of instagram:sim_quietkilometre" in ended.err
    assert "username: sim_quietkm → sim_quietkilometre" in ended.out
    assert shown(cli, "instagram:sim_quietkm")["former_name"] == "sim_quietkm"
    path = cli("path", "instagram:nasa", "instagram:sim_quietkm")
    assert (path.code, "former name" in path.err) == (0, True)
    tagged = cli("tag", "instagram:sim_quietkm", "renamed")
    assert (tagged.code, tagged.out) == (0, "instagram:sim_quietkilometre: renamed\n")
    # What cannot be undone is done to a name of today alone.
    kept = cli("forget", "instagram:sim_quietkm", "--yes")
    assert kept.code == 4
    assert "it is a former name of instagram:sim_quietkilometre" in kept.err


def test_a_limit_may_be_as_large_as_it_likes(cli: Cli) -> None:
    huge = "9" * 30
    for line in (
        ("path", *NASA, "--all"),
        ("between", *NASA),
        ("similar", "instagram:sim_comet"),
        ("top",),
        ("search", "na"),
        ("clusters",),
        ("creators",),
        ("crawls", "failures", "1"),
    ):
        ended = cli(*line, "--limit", huge, "--format", "json")
        assert (ended.code, ended.rows() != []) == (0, True), (line, ended.err)
        below = cli(*line, "--limit", "-1")
        said = "graphcrawl: --limit -1: give 0 (all) or a positive number\n"
        assert (below.code, below.out, below.err) == (2, "", said), line


def test_a_query_that_is_wrong_gives_one_line(cli: Cli) -> None:
    ended = cli("query", "SELECT * FROM nope")
    assert (ended.code, ended.out, ended.err.count("\n")) == (2, "", 1)
