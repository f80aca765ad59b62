"""Budgets, filters and dry runs as users meet them: what is said, and what survives a kill."""

from __future__ import annotations

import re
import signal
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from graphcrawl.model import Account, AccountRef
from graphcrawl.simulator.world import NoReport, Reply, Report
from tests.cli.conftest import Serve
from tests.cli.running import DEADLINE, Cli, Tree, files_below, finished, going_on, spawn
from tests.cli.test_processes import on_terminal

SEED = ("seed", "instagram:a0", "--rate", "0")
DEEP = (*SEED, "-d", "5")

VISITS = (
    "SELECT social_id, depth, v.status, cause, expanded_at IS NULL FROM visits v "
    "JOIN nodes n ON n.id = v.node_id ORDER BY social_id"
)
EDGES = (
    "SELECT s.social_id AS one, t.social_id AS other, position, removed_at FROM edges "
    "JOIN nodes s ON s.id = source_id JOIN nodes t ON t.id = target_id ORDER BY 1, 2"
)


class Mixed(Tree):
    """A tree whose accounts also list those above them, on two networks, in two states."""

    def look_up(self, asked: AccountRef) -> Reply:
        reply = super().look_up(asked)
        if isinstance(reply, NoReport):
            return reply
        assert isinstance(reply, Report)
        number = int(reply.own.social_id)
        back = [self._account((number - 1) // 2)] if number % 3 == 1 else []
        return Report(reply.own, (*reply.connections, *back))

    def _account(self, number: int) -> Account:
        network = "youtube" if number % 5 == 4 else "instagram"
        state = "NOT_READY" if number % 7 == 6 else "READY"
        return Account(network, str(number), f"a{number}", "T", None, 3000 - number, None, state)


def rows_of(cli: Cli, sql: str, database: str = "output/graph.db") -> list[dict[str, Any]]:
    return cli("query", sql, "--db", database, "-f", "json").rows()


def sentence(cli: Cli) -> str:
    page = cli("map", "--crawl", "1", "-o", "-").out
    return page.partition("<h1>")[2].partition("<main")[0]


def shown(cli: Cli, crawl: str = "1") -> dict[str, Any]:
    rows = cli("crawls", "show", crawl, "-f", "json").rows()
    return {row["name"]: row["value"] for row in rows}


CASES: dict[str, Sequence[str]] = {
    "follow": ("--follow", "instagram"),
    "few": ("--min-subscribers", "2985"),
    "state": ("--skip-state", "not-ready"),
    "exclude": ("--exclude", "instagram:id:5", "--exclude", "instagram:a11"),
    "connections": ("--max-connections", "1"),
    "complete": ("--complete",),
    "subscribers": ("--order", "subscribers"),
    "seen": ("--order", "seen-from-most"),
}


@pytest.mark.parametrize("case", CASES)
def test_killed_and_resumed_with_the_same_options_equals_uninterrupted(
    cli: Cli, serve: Serve, case: str
) -> None:
    server = serve(Mixed(size=120), latency=0.01)
    process = spawn(*DEEP, *CASES[case], "--no-map", "--workers", "2")
    end = time.monotonic() + DEADLINE
    while server.total < 3:
        assert time.monotonic() < end
        time.sleep(0.002)
    process.kill()
    assert finished(process).code == -signal.SIGKILL
    assert cli("resume", "--no-map").code == 0
    assert sum(server.counts().values()) - len(server.counts()) <= 2, "one request a worker"
    serve(Mixed(size=120))
    assert cli(*DEEP, *CASES[case], "--no-map", "--db", "whole.db").code == 0
    for sql in (VISITS, EDGES, "SELECT certainty, count(*) AS n FROM edge_list GROUP BY 1"):
        assert rows_of(cli, sql) == rows_of(cli, sql, "whole.db")


@pytest.mark.parametrize(
    ("case", "words", "remark"),
    [
        ("follow", "on networks that are not followed", "network-not-followed"),
        ("few", "with too few followers", "few-followers"),
        ("state", "in a state that is skipped", "state-skipped"),
        ("exclude", "excluded", "excluded"),
    ],
)
def test_a_filter_is_said_wherever_its_crawl_is_shown(
    cli: Cli, serve: Serve, case: str, words: str, remark: str
) -> None:
    serve(Mixed(size=120))
    ended = cli(*DEEP, *CASES[case])
    assert ended.code == 0
    left = rows_of(cli, f"SELECT count(*) AS n FROM visits WHERE cause = '{remark}'")[0]["n"]
    assert left > 1 or case == "exclude"
    assert f"not asked: {left} {words}" in ended.out
    assert "everything reachable" not in ended.out
    (listed,) = cli("crawls", "-f", "json").rows()
    assert listed["filtered"] == left
    assert shown(cli)[f"accounts.skipped.{remark}"] == left
    assert f"{left} not asked: {words}" in sentence(cli)
    page = cli("map", "--crawl", "1", "-o", "-").out
    assert f"not asked: what it lists is not known ({words})" in page


def test_cut_answers_are_said_to_be_cut(cli: Cli, serve: Serve) -> None:
    server = serve(Mixed(size=120))
    ended = cli(*DEEP, "--max-connections", "1")
    assert ended.code == 0
    cut = shown(cli)["accounts.done.cut"]
    assert f"{cut} answers cut to 1 connections" in ended.out
    assert "everything reachable" not in ended.out
    assert f"of what {cut} list, only the first accounts are here" in sentence(cli)
    page = cli("map", "--crawl", "1", "-o", "-").out
    assert "asked: of what it lists, the first accounts are drawn" in page
    asked = server.total
    assert cli("resume", "1").code == 0
    assert server.total == asked
    whole = cli("resume", "1", "--max-connections", "all")
    assert whole.code == 0
    assert "cut" not in whole.out
    assert "accounts.done.cut" not in shown(cli)


def test_a_complete_crawl_says_what_its_rim_left_out(cli: Cli, serve: Serve) -> None:
    serve(Mixed(size=120))
    first = cli(*SEED, "-d", "3")
    assert "on the rim were not asked" in first.out
    ended = cli("resume", "1", "--complete")
    assert ended.code == 0
    ring = shown(cli)["accounts.done.ring"]
    assert (
        f"{ring} accounts on the rim were asked for connections among these accounts" in ended.out
    )
    assert f"{ring} on the rim list others that are not here" in sentence(cli)
    assert "everything reachable" not in ended.out + sentence(cli)
    assert rows_of(cli, "SELECT 1 AS n FROM edge_list WHERE certainty = 'unknown'") == []
    assert shown(cli)["settings.complete"] is True
    again = cli("resume", "1", "--no-complete", "-d", "4")
    assert "on the rim were not asked" in again.out


def test_max_nodes_names_the_command_that_goes_on(cli: Cli, serve: Serve) -> None:
    serve(Tree(size=63))
    ended = cli(*DEEP, "--max-nodes", "20", "--no-map")
    assert ended.code == 5
    assert "--max-nodes 20" in ended.line
    assert going_on(ended.line) == ended.next_command == ["resume", "1", "--max-nodes", "all"]
    assert "still to be asked" in sentence(cli)
    assert cli("resume", "--no-map").code == 5, "the bound stays until it is told otherwise"
    whole = cli(*going_on(ended.line), "--no-map")
    assert whole.code == 0
    assert "  63 accounts, 62 connections, " in whole.out


def test_max_time_ends_a_run_and_not_the_next(cli: Cli, serve: Serve) -> None:
    server = serve(Tree(size=31), latency=0.1)
    ended = cli(*DEEP, "--max-time", "0.5s", "--workers", "1", "--no-map")
    assert ended.code == 5
    assert "the time of" in ended.line
    assert 0 < server.total < 31
    assert going_on(ended.line) == ["resume", "1"]
    assert shown(cli)["settings.max_time"] == 0.5
    assert cli("resume", "--workers", "9").code == 0
    assert set(server.counts().values()) == {1}


def test_exclude_reads_files_and_is_taken_back(cli: Cli, serve: Serve, folder: Path) -> None:
    server = serve(Tree(size=15))
    (folder / "left.csv").write_text("network,username,id\ninstagram,,5\ninstagram,a2,\n")
    ended = cli("seed", "a0", "-n", "instagram", "-d", "4", "--rate", "0", "--exclude", "left.csv")
    assert ended.code == 0
    assert "2" not in {one for _, one in server.counts()}
    assert "1 account was not asked: 1 excluded" in ended.out
    assert cli("resume", "1", "--exclude", "a1", "--exclude", "instagram:id:2").code == 0
    assert shown(cli)["settings.exclude"] == [
        {"network": "instagram", "username": "a1", "id": None},
        {"network": "instagram", "username": None, "id": "2"},
    ]
    assert "2 accounts" in cli("crawls", "show", "1").out
    assert cli("forget", "instagram:a1", "--yes").code == 0
    assert "a1" not in str(shown(cli)["settings.exclude"])
    assert cli("resume", "1", "--exclude", "none").code == 0
    assert "settings.exclude" not in shown(cli)


def test_a_seed_that_is_excluded_is_left_alone(cli: Cli, serve: Serve, folder: Path) -> None:
    server = serve(Tree(size=15))
    ended = cli(*SEED, "--exclude", "instagram:a0")
    assert ended.code == 2
    assert "excluded" in ended.line
    assert server.total == 0
    some = cli(*SEED, "instagram:a1", "-d", "1", "--exclude", "instagram:a0", "--no-map")
    assert some.code == 0
    assert "1 account was not asked: 1 excluded" in some.out


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--max-nodes", "0"), "--max-nodes 0"),
        (("--max-nodes", "many"), "--max-nodes 'many'"),
        (("--max-connections", "-3"), "--max-connections '-3'"),
        (("--max-time", "5"), "--max-time '5'"),
        (("--max-time", "0h"), "--max-time '0h'"),
        (("--min-subscribers", "-1"), "--min-subscribers -1"),
        (("--skip-state", "asleep"), "NOT_READY"),
        (("--skip-state", "none", "--skip-state", "READY"), "give it alone"),
        (("--follow", "instgram"), "did you mean instagram?"),
        (("--exclude", "nobody"), "names no network"),
        (("--format", "json"), "--dry-run"),
    ],
)
def test_options_that_cannot_be_used_say_so_in_one_line(
    cli: Cli, serve: Serve, folder: Path, options: Sequence[str], words: str
) -> None:
    server = serve(Tree(size=15))
    ended = cli(*SEED, *options)
    assert ended.code == 2
    assert words in ended.line
    assert server.total == 0
    assert files_below(folder) == []


def dry(cli: Cli, *arguments: str) -> dict[str, Any]:
    ended = cli(*arguments, "--dry-run", "-f", "json")
    assert ended.code == 0, ended.err
    return {row["name"]: row["value"] for row in ended.rows()}


def test_a_dry_run_asks_and_writes_nothing_and_needs_no_credentials(cli: Cli, folder: Path) -> None:
    told = dry(cli, "seed", "instagram:a0", "tiktok:b", "-d", "2")
    assert (told["seeds"], told["seeds.known"], told["requests"]) == (2, 0, 2)
    assert told["seed.instagram:a0"] == "not known"
    assert told["rate"] == 95
    assert told["time"] == "1 s"
    assert told["requests.are"].startswith("at least")
    assert files_below(folder) == []
    table = cli("seed", "instagram:a0", "--depth", "all", "--dry-run")
    assert table.code == 0
    assert "nothing was asked, nothing was written" in table.out
    assert files_below(folder) == []
    assert dry(cli, "seed", "instagram:a0", "-d", "0")["requests"] == 0


def test_a_dry_run_tells_what_is_known(cli: Cli, serve: Serve, folder: Path) -> None:
    server = serve(Tree(size=63))
    cli(*SEED, "-d", "3", "--no-map")
    before = {path: path.read_bytes() for path in files_below(folder)}
    told = dry(cli, "seed", "instagram:a0", "instagram:id:0", "instagram:x", "-d", "5")
    assert (told["seeds"], told["seeds.known"], told["seeds.answered"]) == (3, 2, 2)
    assert re.fullmatch(r"last answered \S+ \d\d:\d\d UTC", str(told["seed.instagram:a0"]))
    assert re.search(r"UTC, \d+ \w+ ago", cli("seed", "instagram:a0", "-d", "5", "--dry-run").out)
    accounts = [told[f"depth.{depth}.accounts"] for depth in range(4)]
    assert accounts == [2, 2, 4, 8]
    assert [told[f"depth.{depth}.requests"] for depth in range(4)] == [2, 2, 4, 8]
    assert told["requests"] == 16
    assert told["depth.3.never_answered"] == 8
    shallow = dry(cli, "seed", "instagram:a0", "-d", "3")
    assert shallow["requests"] == 7
    assert shallow["requests.are"] == "all that is to be asked"
    few = dry(cli, "seed", "instagram:a0", "-d", "3", "--exclude", "instagram:a1")
    assert few["requests"] == 4
    assert {path: path.read_bytes() for path in files_below(folder)} == before
    assert server.total == 7


def test_a_dry_run_of_resume_tells_the_queue_and_writes_nothing(
    cli: Cli, serve: Serve, folder: Path
) -> None:
    server = serve(Mixed(size=120))
    assert cli(*SEED, "-d", "4", "--max-requests", "6", "--no-map").code == 5
    queued = shown(cli)["accounts.queued"]
    before = {path: path.read_bytes() for path in files_below(folder)}
    told = dry(cli, "resume", "--rate", "2")
    assert told["requests"] == queued
    assert told["requests.are"].startswith("at least")
    assert told["estimate.requests"] > queued
    assert told["source"] == "simulated"
    assert told["crawl"] == 1
    assert "dry run: nothing was asked" in cli("resume", "1", "--dry-run").out
    fewer = dry(cli, "resume", "--exclude", "instagram:a9", "--max-requests", "1")
    assert fewer["requests"] == 1
    assert {path: path.read_bytes() for path in files_below(folder)} == before
    assert server.total == 6


def test_failures_are_listed_by_cause(cli: Cli, serve: Serve) -> None:
    serve(Tree(size=7))
    assert cli(*SEED, "instagram:a900", "youtube:a901", "-d", "3", "--no-map").code == 0
    failed = shown(cli)["failures"]
    assert [(one["account"], one["cause"], one["attempts"]) for one in failed] == [
        ("instagram:a900", "not-found", 1),
        ("youtube:a901", "not-found", 1),
    ]
    assert all(one["failed_at"].endswith("Z") for one in failed)
    assert all(one["error"] for one in failed)
    listed = cli("crawls", "failures", "1", "-f", "json").rows()
    assert listed == [{**one, "source": "simulated"} for one in failed]
    table = cli("crawls", "show", "1").out
    assert "instagram:a900" in table
    assert cli("crawls", "failures", "9").code == 4


def test_a_long_list_of_failures_is_bounded_in_a_table(cli: Cli, serve: Serve) -> None:
    serve(Tree(size=7))
    seeds = [f"instagram:a{number}" for number in range(100, 130)]
    assert cli(*SEED, *seeds, "-d", "1", "--no-map").code == 0
    table = cli("crawls", "show", "1").out
    assert table.count("not-found") == 20 + 1
    assert "10 more; graphcrawl crawls failures 1 tells more" in table
    assert len(shown(cli)["failures"]) == 30


def test_retry_failed_and_retry_all(cli: Cli, serve: Serve) -> None:
    serve(Tree(size=7))
    cli(*SEED, "instagram:a8", "-d", "1", "--no-map")
    server = serve(Tree(size=20))
    assert cli("resume", "1", "--no-map").code == 0
    assert cli("resume", "1", "--retry-failed", "--no-map").code == 0
    assert server.total == 0
    ended = cli("resume", "1", "--retry-all", "--no-map")
    assert ended.code == 0
    assert server.total == 1
    assert shown(cli)["failures"] == []


def test_a_long_crawl_is_asked_about_on_a_terminal(cli: Cli, serve: Serve, folder: Path) -> None:
    server = serve(Tree(size=300))
    assert cli(*SEED, "-d", "8", "--no-map", "--max-requests", "100").code == 5
    asked = server.total
    ended = on_terminal("resume", "--rate", "1", "--no-map", answer="n\n")
    assert ended.code == 2
    assert "At least 1 h" in ended.err
    assert "Go on? [y/N]" in ended.err
    assert server.total == asked
    assert shown(cli)["settings.rate"] == 0
    few = on_terminal("resume", "--rate", "1", "--no-map", "--max-requests", "1", answer="n\n")
    assert "Go on?" not in few.err
    assert (few.code, server.total) == (5, asked + 1)


class Wide(Tree):
    """Account n lists 300 new ones."""

    def look_up(self, asked: AccountRef) -> Reply:
        number = int(asked.social_id or (asked.username or "").removeprefix("a"))
        first = 300 * number + 1
        return Report(self._account(number), tuple(map(self._account, range(first, first + 300))))


def test_an_estimate_that_grows_long_is_asked_about_once(cli: Cli, serve: Serve) -> None:
    server = serve(Wide())
    wide = ("seed", "instagram:a0", "-d", "3", "--rate", "25", "--no-map")
    ended = on_terminal(*wide, answer="n\n")
    assert ended.code == 130
    assert ended.err.count("as estimated so far. Go on? [y/N]") == 1
    assert "everything answered is saved" in ended.err
    assert 20 <= server.total <= 25
    answered = rows_of(cli, "SELECT count(*) AS n FROM visits WHERE status = 'done'")
    assert answered == [{"n": server.total}]


def test_after_a_yes_it_goes_on_and_does_not_ask_again(cli: Cli, serve: Serve) -> None:
    server = serve(Wide(), latency=0.25)
    wide = ("seed", "instagram:a0", "-d", "3", "--rate", "99", "--no-map", "--max-nodes", "15000")
    ended = on_terminal(*wide, answer="y\n")
    assert ended.code == 5
    assert ended.err.count("as estimated so far. Go on? [y/N]") == 1
    assert "with --max-nodes 15000" in ended.err
    assert 50 <= server.total <= 60
