"""What is kept of a crawl is enough to cite it, and to run it again."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphcrawl import __version__
from graphcrawl.addresses import parse_account, read_seed_lines
from graphcrawl.cli.main import main
from graphcrawl.cli.repeating import HEADER, repeating_command
from graphcrawl.model import NETWORKS, AccountRef
from tests.cli.conftest import Serve
from tests.cli.running import DEADLINE, TOKEN, Cli, Tree
from tests.reference import commands
from tests.tables import BROUGHT

EDGES = "SELECT source_username, target_username, position FROM edge_list ORDER BY 1, 2"


def record(cli: Cli, number: int, *flags: str) -> dict[str, Any]:
    ended = cli("crawls", "show", str(number), "--format", "json", *flags)
    assert ended.code == 0, ended.err
    return {row["name"]: row["value"] for row in ended.rows()}


def in_shell(command: str, folder: Path) -> None:
    """Run a command line as a user's shell would, with this graphcrawl on the path."""
    scripts = folder / "scripts"
    scripts.mkdir(exist_ok=True)
    starter = scripts / "graphcrawl"
    starter.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m graphcrawl "$@"\n')
    starter.chmod(0o755)
    path = f"{scripts}{os.pathsep}{os.environ['PATH']}"
    # The command itself must say whom it asked.
    environ = {name: held for name, held in os.environ.items() if name != "HYPEAUDITOR_URL"}
    ran = subprocess.run(
        ["/bin/sh", "-c", command],
        env={**environ, "PATH": path},
        capture_output=True,
        text=True,
        timeout=DEADLINE,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr


@pytest.mark.parametrize(
    "content",
    ["instagram:a1\ninstagram:id:2\n", "network,username,id\ninstagram,a1,1\ninstagram,a2,\n"],
    ids=["arguments", "list"],
)
def test_the_command_in_the_record_repeats_the_crawl(
    cli: Cli, serve: Serve, tmp_path: Path, content: str
) -> None:
    serve(Tree())
    Path("seeds").write_text(content, encoding="utf-8")
    flags = ("--depth", "3", "--rate", "0", "--workers", "2", "--max-requests", "500")
    assert cli("seed", "--from", "seeds", "--no-map", *flags).code == 0
    first = record(cli, 1)
    in_shell(first["command"], tmp_path)
    again = record(cli, 2)
    differ = {"id", "started_at", "finished_at", "runs"}
    assert {name: value for name, value in again.items() if name not in differ} == {
        name: value for name, value in first.items() if name not in differ
    }
    assert TOKEN not in str(first)


LEAVING_OUT = (
    *("--follow", "instagram", "--follow", "twitter", "--min-subscribers", "10"),
    *("--skip-state", "NOT_READY", "--skip-state", "low-views", "--order", "seen-from-most"),
    *("--exclude", "instagram:a3", "--exclude", "twitter:id:5", "--max-nodes", "900"),
)


@pytest.mark.parametrize(
    "more",
    [("--complete", "--max-connections", "7", "--max-time", "1h30m"), ("--max-age", "36h")],
    ids=["complete", "max-age"],
)
def test_the_command_repeats_what_was_left_out(
    cli: Cli, serve: Serve, tmp_path: Path, more: tuple[str, ...]
) -> None:
    serve(Tree())
    seed = ("seed", "instagram:a0", "-d", "3", "--rate", "0", "--no-map", *LEAVING_OUT, *more)
    assert cli(*seed).code == 0
    first = record(cli, 1)
    in_shell(first["command"], tmp_path)
    again = record(cli, 2)
    assert again["command"] == first["command"]
    of_settings = {name for name in first if name.startswith("settings.")}
    assert len(of_settings) >= 12
    assert {name: again[name] for name in of_settings} == {
        name: first[name] for name in of_settings
    }


def test_a_demo_is_repeated_as_a_demo(cli: Cli, tmp_path: Path) -> None:
    assert cli("seed", "instagram:nasa", "-d", "1", "--demo", "--no-map").code == 0
    first = record(cli, 1, "--db", "output/demo.db")
    assert "HYPEAUDITOR_URL" not in first["command"]
    in_shell(first["command"], tmp_path)
    again = record(cli, 2, "--db", "output/demo.db")
    assert again["accounts"] == first["accounts"]


def test_a_record_tells_runs_times_versions_and_counts_by_cause(cli: Cli, serve: Serve) -> None:
    serve(Tree(size=3))
    seeds = ("instagram:a0", "instagram:a9")
    cli("seed", *seeds, "-d", "1", "--rate", "0", "--no-map", "--max-requests", "1")
    assert cli("resume", "1", "-d", "2", "--no-map").code == 0
    told = record(cli, 1)
    assert told["seed_accounts"] == [
        {"network": "instagram", "username": "a0", "id": None},
        {"network": "instagram", "username": "a9", "id": None},
    ]
    assert [run["status"] for run in told["runs"]] == ["interrupted", "complete"]
    assert [run["settings"]["depth"] for run in told["runs"]] == [1, 2]
    assert sum(run["requests"] for run in told["runs"]) == told["requests"]
    assert all(run[name].endswith("Z") for run in told["runs"] for name in ("started_at",))
    assert told["versions.graphcrawl"] == __version__
    assert told["accounts.failed.not-found"] == 1
    assert told["source"] == "simulated"
    assert "--depth 2" in told["command"]
    assert "--max-requests" not in told["command"], "the last run had no such budget"
    people = cli("crawls", "show", "1").out
    assert "run 2" in people
    assert max(map(len, people.splitlines())) <= 80


def test_whether_seeds_hang_together_is_told_briefly_and_whole(cli: Cli, serve: Serve) -> None:
    serve(Tree())
    seeds = ("instagram:a1", "instagram:a2", "instagram:a0", "instagram:a40", "instagram:a9999")
    ended = cli("seed", *seeds, "-d", "1", "--rate", "0", "--no-map")
    assert ended.code == 0
    assert "  seeds     5 in 3 separate groups as far as was seen, of 3, 1, 1\n" in ended.out
    assert "  connected instagram:a0 lists instagram:a1\n" in ended.out
    told = record(cli, 1)
    assert [len(group["seeds"]) for group in told["seed_groups"]] == [3, 1, 1]
    assert [(one["source"], one["target"]) for one in told["seed_connections"]] == [
        ("instagram:a0", "instagram:a1"),
        ("instagram:a0", "instagram:a2"),
    ]
    assert told["seed_shared"] == told["seeds_unanswered"] == []


def test_what_is_long_is_cut_and_the_command_named_tells_the_rest(cli: Cli, serve: Serve) -> None:
    serve(Tree())
    seeds = [f"instagram:a{number}" for number in range(40)]
    ended = cli("seed", *seeds, "-d", "1", "--rate", "0", "--no-map", "--db", "a b.db")
    (more,) = [line for line in ended.out.splitlines() if " more: graphcrawl " in line]
    arguments = shlex.split(more.partition(" more: graphcrawl ")[2])
    assert len(ended.out.splitlines()) < 20
    shown = cli(*arguments)
    assert shown.code == 0
    told = {row["name"]: row["value"] for row in shown.rows()}
    assert len(told["seed_connections"]) == 39
    assert len(told["seed_groups"]) == 1
    one = cli("seed", "instagram:a0", "-d", "1", "--rate", "0", "--no-map", "--db", "a b.db")
    assert "  seeds " not in one.out


def test_a_query_tells_which_answer_brought_an_edge(cli: Cli, serve: Serve) -> None:
    """As docs/database.md has it."""
    serve(Tree())
    assert cli("seed", "instagram:a0", "-d", "3", "--rate", "0", "--no-map").code == 0
    assert cli("seed", "instagram:a0", "-d", "4", "--rate", "0", "--no-map").code == 0
    document = Path(__file__).parents[2] / "docs" / "database.md"
    assert BROUGHT in document.read_text(encoding="utf-8")
    named = cli("query", BROUGHT, "-f", "json").rows()
    assert len(named) == len(cli("query", EDGES, "-f", "json").rows()) == 30
    asked = {row["id"]: row for row in cli("query", "SELECT * FROM answers", "-f", "json").rows()}
    for row in named:
        answer = asked[row["answer"]]
        assert (answer["node_id"], answer["outcome"]) == (row["source_id"], "ok")
        assert answer["asked_at"] == row["first_seen_at"] == row["asked_at"]
    brought = {row["crawl_id"] for row in named if row["source_username"] == "a0"}
    assert brought == {1}, "the answer that brought it first"
    assert {row["crawl_id"] for row in named} == {1, 2}


NAMES = st.none() | st.text(min_size=1, max_size=8) | st.from_regex(r"[a-z0-9._-]{1,8}")
SEEDS = st.lists(
    st.builds(AccountRef, st.sampled_from(sorted(NETWORKS)), NAMES, st.text("a1-'", min_size=1)),
    max_size=4,
)
SETTINGS = st.fixed_dictionaries(
    {
        "depth": st.none() | st.integers(0, 9),
        "rate": st.integers(0, 99),
        "workers": st.integers(1, 9),
        "max_requests": st.none() | st.integers(1, 9),
        "avatars": st.booleans(),
        "demo": st.booleans(),
        "url": st.just("https://hypeauditor.com"),
        "version": st.just("0.1.0"),
    }
)


@given(SEEDS, SETTINGS, st.booleans())
def test_a_shell_reads_the_seeds_back_or_no_command_is_given(
    seeds: list[AccountRef], settings: dict[str, Any], by_name: bool
) -> None:
    if by_name:
        seeds = [AccountRef(seed.network, seed.username or "x") for seed in seeds]
    command = repeating_command([*seeds, None], settings, database="g.db")
    if command is None:
        return
    known = {name for _, found, _ in commands() for option in found.params for name in option.opts}
    words = shlex.split(command)
    at = words.index("graphcrawl")
    accounts = words[at + 2 : next(i for i, word in enumerate(words) if word in known and i > at)]
    if at:
        assert words[:2] == ["printf", "%s\\n"]
        lines = words[2 : words.index("|")]
        assert lines[0] == HEADER
        assert read_seed_lines(lines, source="") == seeds
    else:
        assert [parse_account(word) for word in accounts] == seeds
    options = [word for word in words[at:] if word.startswith("--")]
    assert set(options) <= known
    assert ("--yes" in options) == (settings["depth"] is None)


def test_many_seeds_are_more_than_a_system_takes_as_arguments(
    capfd: pytest.CaptureFixture[str],
) -> None:
    seeds = [AccountRef("instagram", f"account{number}") for number in range(200_000)]
    command = repeating_command(seeds, {"depth": 1}, database="g.db")
    assert command is not None
    assert command.startswith("printf ")
    fed = command.partition(" | ")[0]
    ran = subprocess.run(
        ["/bin/sh"], input=fed, capture_output=True, text=True, timeout=DEADLINE, check=True
    )
    assert len(ran.stdout.splitlines()) == 200_001
    assert main(["seed", "--help"]) == 0
    assert "--from" in capfd.readouterr().out
