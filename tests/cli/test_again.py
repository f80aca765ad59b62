"""Crawling again, later: ``--max-age``, ``refresh``, ``diff``, ``map --at`` and ``--diff``."""

from __future__ import annotations

import json
import re
import signal
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import graphcrawl
from graphcrawl.model import AccountRef
from graphcrawl.simulator import Report, SmallWorld
from tests.cli.conftest import Serve
from tests.cli.running import Cli, Tree, finished, spawn
from tests.cli.test_processes import wait_until

BLOCK = re.compile(r'<script type="application/json" id="graph-data">(.*?)</script>', re.DOTALL)
SEED = ("seed", "nasa", "--network", "instagram", "--depth", "2", "--demo", "--no-map")
DEMO = ("--db", "output/demo.db")

Pair = tuple[str, str]


@pytest.fixture
def two_days(cli: Cli) -> None:
    """Crawl 1 on day 0, crawl 2 its refresh on day 30."""
    assert cli(*SEED).code == 0
    assert cli("refresh", "--demo", "--demo-day", "30").code == 0


def listed(day: int, asked: Iterable[AccountRef]) -> set[Pair]:
    """What accounts list in the small world, as it is known to itself."""
    world = SmallWorld(day=day)
    pairs = set()
    for ref in asked:
        reply = world.look_up(ref)
        assert isinstance(reply, Report)
        pairs |= {
            (f"{ref.network}:{ref.social_id}", f"{one.network}:{one.social_id}")
            for one in reply.connections
        }
    return pairs


def asked() -> list[AccountRef]:
    graph = graphcrawl.open("output/demo.db").graph(1)
    return [
        AccountRef(node.network, None, node.social_id)
        for node in graph.nodes
        if node.visit == "done"
    ]


def differences(cli: Cli, *arguments: str) -> list[dict[str, Any]]:
    ended = cli("diff", *arguments, *DEMO, "--format", "json")
    assert (ended.code, ended.err) == (0, "")
    return ended.rows()


def pairs(rows: Iterable[dict[str, Any]], change: str) -> set[Pair]:
    return {
        (f"{row['network']}:{row['id']}", f"{row['target_network']}:{row['target_id']}")
        for row in rows
        if (row["kind"], row["change"]) == ("connection", change)
    }


@pytest.mark.usefixtures("two_days")
def test_the_second_day_differs_as_its_world_does(cli: Cli) -> None:
    then, now = listed(0, asked()), listed(30, asked())
    rows = differences(cli, "1", "2")
    assert pairs(rows, "gained") == now - then != set()
    assert pairs(rows, "lost") == then - now != set()
    days = {
        day: {f"{one.network}:{one.social_id}": one for one in SmallWorld(day=day).accounts()}
        for day in (0, 30)
    }
    changed = {
        (row["kind"], f"{row['network']}:{row['id']}"): (row["before"], row["after"])
        for row in rows
        if row["change"] == "changed"
    }
    shared = {target for _, target in then & now} | {
        f"{one.network}:{one.social_id}" for one in asked()
    }
    names = {"username": "username", "state": "state", "followers": "subscribers_count"}
    assert changed == {
        (kind, key): (before, after)
        for kind, name in names.items()
        for key in shared
        if (before := getattr(days[0][key], name)) != (after := getattr(days[30][key], name))
    }
    assert {kind for kind, _ in changed} == set(names)
    assert not {row["change"] for row in rows} - {"gained", "lost", "changed"}


@pytest.mark.usefixtures("two_days")
def test_dates_and_crawls_and_a_new_crawl_tell_the_same(cli: Cli) -> None:
    by_crawls = differences(cli, "1", "2")
    began = graphcrawl.open("output/demo.db").crawl_record(2).started_at
    assert differences(cli, began.isoformat()) == by_crawls
    assert cli(*SEED, "--demo-day", "30").code == 0
    moved = [row for row in differences(cli, "1", "3") if row["change"] in ("gained", "lost")]
    assert moved == [row for row in by_crawls if row["change"] in ("gained", "lost")]


def test_what_one_crawl_did_not_ask_is_neither_gained_nor_lost(cli: Cli) -> None:
    assert cli(*SEED).code == 0
    assert cli(*SEED[:5], "1", "--demo", "--no-map").code == 0
    assert {row["change"] for row in differences(cli, "1", "2")} == {"not known after"}
    assert {row["change"] for row in differences(cli, "2", "1")} == {"not known before"}
    said = cli("diff", "2", "1", *DEMO).out
    assert "0 accounts gained, 0 lost; 0 connections gained, 0 lost" in said
    assert "are not compared: only one side asked about them" in said


@pytest.mark.usefixtures("two_days")
def test_a_table_for_people(cli: Cli) -> None:
    ended = cli("diff", "1", "2", *DEMO)
    assert (ended.code, ended.err) == (0, "")
    lines = ended.out.splitlines()
    assert lines[:2] == [
        "from crawl 1 to crawl 2",
        "2 accounts gained, 3 lost; 4 connections gained, 4 lost",
    ]
    assert "simulated data" in ended.out
    assert "96,809,672" in ended.out
    assert "--format csv gives all" in ended.out


@pytest.mark.usefixtures("two_days")
@pytest.mark.parametrize("form", ["json", "jsonl", "csv", "tsv"])
def test_the_same_in_every_run(cli: Cli, form: str) -> None:
    once, again = (cli("diff", "1", "2", *DEMO, "-f", form).out for _ in range(2))
    assert once == again != ""


def test_nothing_differs(cli: Cli) -> None:
    assert cli(*SEED).code == 0
    ended = cli("diff", "1", "1", *DEMO)
    assert ended.code == 0
    assert ended.out.splitlines()[1] == "0 accounts gained, 0 lost; 0 connections gained, 0 lost"


def test_max_age_asks_nothing_over_a_fresh_crawl(cli: Cli, serve: Serve) -> None:
    server = serve()
    seed = ("seed", "instagram:nasa", "-d", "2", "--rate", "0", "--no-map")
    assert cli(*seed).code == 0
    sent = server.total
    ended = cli(*seed, "--max-age", "30d")
    assert ended.code == 0
    assert server.total == sent
    assert re.search(r"  \d answers taken from the database, the oldest is \d+ s old\n", ended.out)
    database = graphcrawl.open("output/graph.db")
    assert database.graph(2) == database.graph(1)
    shown = {row["name"]: row["value"] for row in cli("crawls", "show", "2", "-f", "json").rows()}
    assert shown["settings.max_age"] == "30d"
    assert shown["reused.answers"] == 5
    assert shown["requests"] == 0
    assert cli(*seed).code == 0
    assert server.total > sent


def test_a_resumed_crawl_keeps_its_max_age(cli: Cli, serve: Serve) -> None:
    server = serve()
    seed = ("seed", "instagram:nasa", "--rate", "0", "--no-map")
    assert cli(*seed, "-d", "2").code == 0
    assert cli(*seed, "-d", "1", "--max-age", "2w").code == 0
    sent = server.total
    assert cli("resume", "2", "--depth", "2", "--no-map").code == 0
    assert server.total == sent
    assert cli("resume", "2", "--depth", "3", "--no-map", "--max-age", "1h").code == 0
    assert server.total > sent
    refused = cli("resume", "2", "--complete", "--no-map")
    assert (refused.code, "leave out --complete" in refused.line) == (2, True)
    assert cli("resume", "2", "--complete", "--no-map", "--max-age", "none").code == 0
    shown = {row["name"]: row["value"] for row in cli("crawls", "show", "2", "-f", "json").rows()}
    assert shown["settings.max_age"] is None
    assert shown["reused.answers"] == 5


def test_refresh_asks_what_was_asked_and_names_the_difference(cli: Cli, serve: Serve) -> None:
    serve()
    assert cli("seed", "instagram:nasa", "-d", "2", "--rate", "0", "--no-map").code == 0
    server = serve(SmallWorld(day=30))
    ended = cli("refresh", "--rate", "0")
    assert ended.code == 0
    database = graphcrawl.open("output/graph.db")
    first, second = database.crawls()
    assert second.asked == first.asked == 4
    assert server.total == second.requests
    assert ended.out.startswith("crawl 2, a refresh of instagram:nasa: complete\n")
    assert cli(*ended.next_command).code == 0
    assert not list(Path("output").glob("*.html"))
    assert cli("resume", "2").code == 0
    assert not list(Path("output").glob("*.html"))


def test_refresh_of_a_crawl_or_an_account_and_what_is_young(cli: Cli, serve: Serve) -> None:
    server = serve()
    assert cli("seed", "instagram:nasa", "-d", "2", "--rate", "0", "--no-map").code == 0
    sent = server.total
    assert cli("refresh", "@nasa", "-n", "youtube", "--rate", "0").code == 0
    assert server.total == sent + 1
    assert cli("refresh", "2", "--rate", "0").code == 0
    assert server.total == sent + 2
    young = cli("refresh", "--older-than", "7d")
    assert (young.code, young.out) == (0, "Every answer in output/graph.db is younger than 7d.\n")
    assert server.total == sent + 2
    assert len(cli("crawls", "-f", "json").rows()) == 3


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("seed", "instagram:nasa", "--demo", "--max-age", "soon"), 2, "--max-age 'soon': give"),
        (("seed", "instagram:nasa", "--demo-day", "30"), 2, "add --demo"),
        (("refresh", "--demo", "--older-than", "0d"), 2, "--older-than '0d': give"),
        (("refresh", "99", "--demo"), 4, "there is no crawl 99"),
        (("refresh", "tiktok:nobody", "--demo"), 4, "was never asked here"),
        (("refresh", "nasa", "--demo"), 2, "names no network"),
        (("refresh", "9" * 40, "--demo"), 2, "is no crawl's number"),
        (("resume", "2", "--depth", "3", "--demo"), 2, "leave out --depth"),
        (("resume", "2", "--complete", "--demo"), 2, "leave out --complete"),
        (("resume", "2", "--max-age", "7d", "--demo"), 2, "leave out --max-age"),
        (("diff", "yesterday", "2", *DEMO), 2, "neither a crawl's number nor a date"),
        (("diff", "1", "99", *DEMO), 4, "there is no crawl 99"),
        (("diff", "1999-01-01", *DEMO), 4, "holds no account of 1999-01-01"),
        (("map", "--at", "soon", *DEMO), 2, "--at 'soon': give a date"),
        (("map", "--at", "2099-01-01", "--crawl", "1", *DEMO), 2, "leave out --crawl"),
        (("map", "--at", "1999-01-01", *DEMO), 4, "no account"),
        (("map", "--diff", "1", "2", "--crawl", "1", *DEMO), 2, "leave out --crawl and --at"),
        (("map", "--diff", "1", "2", "--by", "creator", *DEMO), 2, "leave out --by creator"),
        (("map", "--diff", "1", "x", *DEMO), 2, "neither a crawl's number nor a date"),
    ],
)
@pytest.mark.usefixtures("two_days")
def test_what_cannot_be_done_is_one_line(
    cli: Cli, arguments: tuple[str, ...], code: int, said: str
) -> None:
    ended = cli(*arguments)
    assert ended.code == code
    assert said in ended.line


def test_refresh_of_an_empty_database(cli: Cli) -> None:
    ended = cli("refresh", "--demo")
    assert ended.code == 2
    assert "graphcrawl" in ended.line


def told(html: str) -> dict[str, Any]:
    (block,) = BLOCK.findall(html)
    data: dict[str, Any] = json.loads(block)
    return data


@pytest.mark.usefixtures("two_days")
def test_the_map_of_two_days(cli: Cli) -> None:
    ended = cli("map", "--diff", "1", "2", *DEMO)
    assert ended.out == "output/demo-crawl1-to-crawl2.html\n"
    html = Path("output/demo-crawl1-to-crawl2.html").read_text(encoding="utf-8")
    assert "2 accounts gained, 3 lost; 4 connections gained, 4 lost" in html
    assert "what one side did not ask is not compared" in html
    data = told(html)
    fates = [node["fate"] for node in data["nodes"]]
    assert {fate: fates.count(fate) for fate in set(fates)} == {
        "gained": 2,
        "lost": 3,
        "changed": 2,
        "same": 49,
    }
    assert len(data["fates"]) == len(data["edges"])
    renamed = next(
        n
        for n in data["nodes"]
        if n.get("username") == "sim_quietkilometre" and n["fate"] == "changed"
    )
    assert ["Username", "sim_quietkm", "sim_quietkilometre"] in renamed["values"]
    assert cli("map", "--diff", "1", "2", *DEMO, "-o", "-").out == html


@pytest.mark.usefixtures("two_days")
def test_the_map_as_it_was_known(cli: Cli) -> None:
    began = graphcrawl.open("output/demo.db").crawl_record(2).started_at.isoformat()
    then = told(cli("map", "--at", began, *DEMO, "-o", "-").out)
    assert {node["username"] for node in then["nodes"]} >= {"sim_quietkm"}
    now = told(cli("map", *DEMO, "-o", "-").out)
    names = {node["username"] for node in now["nodes"]}
    assert "sim_signalgarden" in names
    assert "sim_signalgarden" not in {node["username"] for node in then["nodes"]}
    day = cli("map", "--at", "2099-01-31", *DEMO)
    assert day.out == "output/demo-at-2099-01-31.html\n"
    assert "as known on 2099-01-31" in Path(day.out.strip()).read_text(encoding="utf-8")
    said = "graphcrawl: 2099-01-31 is yet to come: what is known so far stands for it\n"
    assert day.err == said
    assert cli("diff", "1", "2099-01-31", *DEMO).err.startswith(said)
    today = datetime.now(UTC).date().isoformat()
    assert "yet to come" not in cli("diff", "1", today, *DEMO).err


def test_a_killed_refresh_is_resumed(cli: Cli, serve: Serve) -> None:
    server = serve(Tree(size=63), latency=0.01)
    assert cli("seed", "instagram:a0", "-d", "9", "--rate", "0", "--no-map").code == 0
    process = spawn("refresh", "--rate", "0", "--workers", "2")
    wait_until(lambda: server.total >= 63 + 8)
    process.kill()
    assert finished(process).code == -signal.SIGKILL
    assert cli("crawls", "-f", "json").rows()[1]["status"] == "interrupted"
    ended = cli("resume")
    assert ended.code == 0
    assert ended.out.startswith("crawl 2, a refresh of instagram:a0: complete\n")
    assert [row["change"] for row in cli("diff", "1", "2", "-f", "json").rows()] == []
    # The seed was asked by its name at first, and by its ID now.
    counts = {who: n for (_, who), n in server.counts().items() if who not in ("a0", "0")}
    assert len(counts) == 62
    assert min(counts.values()) == 2
    assert sum(n > 2 for n in counts.values()) <= 2, "one request a worker"
