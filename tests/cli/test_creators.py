"""``creators``: whose accounts these are, and what people decide about it."""

from __future__ import annotations

import csv
import io
import json
import shlex
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

import graphcrawl
from graphcrawl import findings
from graphcrawl.model import Account, AccountRef
from graphcrawl.simulator.world import NoReport, Reply, Report
from graphcrawl.store import open_store
from tests.cli.conftest import Serve
from tests.cli.running import Cli, Hostile, files_below, finished, spawn

FOLLOWERS = "sum_of_followers_audiences_overlap"
NASA = "instagram:nasa twitter:nasa youtube:nasa"


@pytest.fixture
def sample(cli: Cli, server: object) -> None:
    """The documented sample, at depth 1."""
    assert seed(cli, "instagram:nasa", "-d", "1") == 0


def seed(cli: Cli, *arguments: str) -> int:
    return cli("seed", *arguments, "--rate", "0", "--no-map", "-q").code


def listed(cli: Cli, *arguments: str) -> dict[str, str]:
    """Confidence by accounts."""
    rows = cli("creators", "-f", "json", *arguments).rows()
    return {row["accounts"]: row["confidence"] for row in rows}


@pytest.mark.usefixtures("sample")
def test_the_sample_is_likely_and_the_output_says_what_confirms_it(cli: Cli) -> None:
    ended = cli("creators")
    assert (ended.code, ended.err) == (0, "")
    assert "likely" in ended.out
    assert "193,810,367" in ended.out
    assert "simulated" in ended.out
    *_, related, offer = ended.out.splitlines()
    names = "instagram:nasaartemis youtube:nasagovvideo"
    assert related == f"related to creator 1, on its networks: {names}"
    said, _, command = offer.partition(": ")
    assert said == "2 requests may confirm creator 1, likely"
    program, *arguments = shlex.split(command)
    assert program == "graphcrawl"
    assert arguments == [
        *("seed", "twitter:id:11348282", "youtube:id:UCLA_DiR1FfKNvjuUpBHmylQ"),
        *("--depth", "1", "--db", "output/graph.db"),
    ]
    assert cli(*arguments, "--rate", "0", "--no-map", "-q").code == 0
    after = cli("creators")
    assert " 1  NASA     " in after.out, "its number stays"
    assert "strong" in after.out
    assert "confirm" not in after.out
    rows = cli("creators", "-f", "json").rows()
    assert [(row["accounts"], row["confidence"], row["confirm"]) for row in rows] == [
        (NASA, "strong", None)
    ]


@pytest.mark.usefixtures("sample")
def test_every_format_tells_the_same(cli: Cli) -> None:
    (row,) = cli("creators", "-f", "json").rows()
    assert row["id"] == 1
    assert row["creator"] == "NASA"
    assert row["networks"] == 3
    assert row["accounts"] == NASA
    assert row[FOLLOWERS] == 193_810_367
    assert row["source"] == "simulated"
    assert row["confirm"].startswith("graphcrawl seed twitter:id:11348282 youtube:id:UCLA")
    first = row["details"][0]
    assert first["account"] == "instagram:nasa"
    assert first["evidence"][0] == {
        "account": "twitter:nasa",
        "confidence": "likely",
        "reasons": [
            "same username",
            "same title",
            "listed one way, the other not yet known",
        ],
    }
    assert [json.loads(line) for line in cli("creators", "-f", "jsonl").out.splitlines()] == [row]
    for form, delimiter in (("csv", ","), ("tsv", "\t")):
        text = cli("creators", "--format", form).out
        (read,) = csv.DictReader(io.StringIO(text), delimiter=delimiter)
        assert list(read) == list(row)
        assert read["accounts"] == NASA
        assert json.loads(read["details"]) == row["details"]


@pytest.mark.usefixtures("sample")
def test_what_was_found_is_in_the_tables(cli: Cli) -> None:
    sql = (
        "SELECT c.id, c.name, n.network, a.confidence FROM creators c "
        "JOIN creator_accounts a ON a.creator_id = c.id JOIN nodes n ON n.id = a.node_id "
        "ORDER BY n.network"
    )
    assert cli("query", sql, "-f", "json").rows() == []
    assert listed(cli) == {NASA: "likely"}
    rows = cli("query", sql, "-f", "csv").out.splitlines()
    assert rows[1:] == [f"1,NASA,{one},likely" for one in ("instagram", "twitter", "youtube")]


@pytest.mark.usefixtures("sample")
def test_listing_again_writes_nothing(cli: Cli, folder: Path) -> None:
    cli("creators")
    before = {path: path.read_bytes() for path in files_below(folder)}
    assert listed(cli) == {NASA: "likely"}
    assert {path: path.read_bytes() for path in files_below(folder)} == before


@pytest.mark.usefixtures("sample")
def test_listing_again_waits_for_no_writer(cli: Cli) -> None:
    cli("creators")
    with closing(sqlite3.connect("output/graph.db", isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        assert listed(cli) == {NASA: "likely"}
        writer.execute("ROLLBACK")


@pytest.mark.usefixtures("sample")
def test_a_merge_outlives_later_runs_and_crawls(cli: Cli) -> None:
    ended = cli("creators", "merge", "instagram:nasa", "@nasaartemis", "-n", "instagram")
    together = "instagram:nasaartemis instagram:nasa twitter:nasa youtube:nasa"
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == f"creator 1, NASA: {together.replace(' ', ', ')}\n"
    assert listed(cli) == {together: "likely"}
    assert seed(cli, "instagram:nasa", "-d", "2") == 0
    assert listed(cli) == {together: "strong"}
    assert cli("creators", "split", "1104426670", "--id", "-n", "instagram").code == 0
    assert listed(cli) == {NASA: "strong"}


@pytest.mark.usefixtures("sample")
def test_a_split_outlives_later_runs_and_crawls(cli: Cli) -> None:
    ended = cli("creators", "split", "youtube:nasa")
    assert (ended.code, ended.out, ended.err) == (0, "youtube:nasa stands alone\n", "")
    pair = "instagram:nasa twitter:nasa"
    assert listed(cli) == {pair: "likely"}
    assert seed(cli, "instagram:nasa", "-d", "2") == 0
    assert listed(cli) == {pair: "strong"}
    assert cli("creators", "merge", "youtube:nasa", "twitter:nasa").code == 0
    assert listed(cli) == {NASA: "strong"}


def kept() -> set[str]:
    """The accounts in the table of creators, as a reader of it sees them."""
    with closing(sqlite3.connect("output/graph.db")) as reader:
        query = "SELECT network || ':' || username FROM creator_accounts JOIN nodes ON id = node_id"
        return {name for (name,) in reader.execute(query)}


@pytest.mark.usefixtures("sample")
def test_a_decision_made_while_others_look_is_in_what_is_kept(cli: Cli) -> None:
    with closing(open_store(Path("output/graph.db"))) as store:
        early = findings.known_creators(store)
        assert cli("creators", "split", "youtube:nasa").code == 0
        late = findings.keep_creators(store, early)
    assert kept() == {"instagram:nasa", "twitter:nasa"}
    assert [len(one.accounts) for one in late.found] == [2]


@pytest.mark.usefixtures("sample")
def test_processes_that_look_and_decide_at_once_do_not_disturb_each_other(cli: Cli) -> None:
    started = [
        spawn("creators"),
        spawn("creators", "merge", "instagram:nasa", "instagram:nasaartemis"),
        spawn("creators", "split", "youtube:nasa"),
        spawn("creators"),
    ]
    ended = [finished(process) for process in started]
    assert [(one.code, one.err) for one in ended] == [(0, "")] * 4
    together = "instagram:nasaartemis instagram:nasa twitter:nasa"
    assert kept() == set(together.split())
    assert listed(cli) == {together: "likely"}


@pytest.mark.usefixtures("sample")
def test_what_is_forgotten_is_gone_from_creators_and_decisions(cli: Cli) -> None:
    assert cli("creators", "merge", "youtube:nasa", "instagram:nasaartemis").code == 0
    assert cli("creators", "split", "twitter:nasa").code == 0
    for name in ("youtube:nasa", "twitter:nasa"):
        assert cli("forget", name, "--yes").code == 0
    counts = "SELECT (SELECT count(*) FROM creator_decisions) AS decided, (SELECT count(*) FROM "
    rows = cli("query", f"{counts} creator_accounts) AS accounts", "-f", "json").rows()
    assert rows == [{"decided": 1, "accounts": 0}]
    assert listed(cli) == {}
    assert seed(cli, "instagram:nasa", "-d", "2") == 0
    assert not any("youtube:nasa" in one or "twitter:nasa" in one for one in listed(cli))
    assert cli("creators", "merge", "instagram:nasa", "twitter:nasa").code == 4


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("merge", "instagram:nasa", "instagram:nobody"), 4),
        (("split", "instagram:nobody"), 4),
        (("split", "youtube:id:UC0000000000000000000000"), 4),
        (("merge", "instagram:nasa"), 2),
        (("merge", "instagram:nasa", "instagram:NASA"), 2),
        (("merge", "instagram:nasa", "instagram:id:528817151"), 2),
        (("merge", "nasa", "twitter:nasa"), 2),
        (("merge",), 2),
        (("split",), 2),
        (("split", "facebook:nasa"), 2),
        (("--crawl", "9"), 4),
        (("--db", "nowhere.db"), 2),
        (("split", "instagram:nasa", "--db", "nowhere.db"), 2),
        (("--format", "xml"), 2),
        (("unite", "instagram:nasa"), 2),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    cli: Cli, arguments: tuple[str, ...], code: int
) -> None:
    before = listed(cli)
    ended = cli("creators", *arguments)
    assert (ended.code, ended.out) == (code, "")
    assert ended.line
    assert listed(cli) == before
    assert not Path("nowhere.db").exists()


@pytest.mark.usefixtures("sample")
def test_the_database_may_be_named_before_the_decision(cli: Cli) -> None:
    Path("output/graph.db").rename("a.db")
    assert cli("creators", "--db", "a.db", "split", "youtube:nasa").code == 0
    assert cli("creators", "merge", "youtube:nasa", "twitter:nasa", "--db", "a.db").code == 0
    assert listed(cli, "--db", "a.db") == {NASA: "likely"}


def test_nobody_is_found(cli: Cli, server: object) -> None:
    assert seed(cli, "instagram:sim_nightloaf", "-d", "1") == 0
    ended = cli("creators")
    assert (ended.code, ended.err) == (0, "no accounts of one owner were found\n")
    assert cli("creators", "-f", "json").out == "[]\n"


def test_creators_of_one_crawl(cli: Cli, server: object) -> None:
    assert seed(cli, "instagram:nasa", "-d", "1") == 0
    assert seed(cli, "instagram:sim_comet", "-d", "3") == 0
    comet = "instagram:sim_comet tiktok:sim_comet"
    assert NASA in listed(cli, "--crawl", "1")
    assert comet not in listed(cli, "--crawl", "1")
    assert comet in listed(cli, "--crawl", "2")
    assert set(listed(cli)) >= {comet, NASA}
    numbers = {row["accounts"]: row["id"] for row in cli("creators", "-f", "json").rows()}
    (row,) = [r for r in cli("creators", "--crawl", "1", "-f", "json").rows()][:1]
    assert row["id"] == numbers[row["accounts"]]


class HostilePair(Hostile):
    """Two accounts of one hostile title and name, which list each other."""

    def look_up(self, asked: AccountRef) -> Reply:
        pair = [
            Account(network, number, self.TEXT, self.TEXT, subscribers_count=5)
            for network, number in (("instagram", "1"), ("youtube", "2"))
        ]
        own = next((one for one in pair if one.social_id == asked.social_id), None)
        return NoReport() if own is None else Report(own, tuple(pair))


def test_hostile_names_are_inert(cli: Cli, serve: Serve) -> None:
    serve(HostilePair())
    assert seed(cli, "instagram:id:1", "-d", "1") == 0
    table = cli("creators")
    assert table.code == 0
    for character in "\x1b\x07\x9b\u202e\r":
        assert character not in table.out
    assert "graphcrawl seed youtube:id:2 --depth 1" in table.out
    text = cli("creators", "-f", "csv").out
    assert not any(character in text for character in "\x1b\x07\u202e\r")
    (row,) = cli("creators", "-f", "json").rows()
    assert row["creator"] == Hostile.TEXT
    merged = cli("creators", "merge", "instagram:id:1", "youtube:id:2")
    assert len(merged.out.splitlines()) == 1
    assert "\x1b" not in merged.out


@pytest.mark.usefixtures("sample")
def test_the_same_from_python() -> None:
    database = graphcrawl.open("output/graph.db")
    (nasa,) = database.creators()
    assert (nasa.id, nasa.name, nasa.confidence.value) == (1, "NASA", "likely")
    assert database.creators(1) == database.creators()
    (merged,) = database.merge_creators(
        [AccountRef("instagram", "nasa"), AccountRef("instagram", "nasaartemis")]
    )
    assert len(merged.accounts) == 4
    (split,) = database.split_creators([AccountRef("instagram", "nasaartemis")])
    assert split.node_ids == nasa.node_ids
