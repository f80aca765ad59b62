"""Every row of the table of exit codes, and what is left behind."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from graphcrawl.crawl.asking import StopSignal
from graphcrawl.simulator import Access, FaultKind, Faults, Simulator
from tests.cli.conftest import Serve
from tests.cli.running import TOKEN, Cli, Tree, files_below, going_on

SEED = ("seed", "instagram:a0", "--depth", "3", "--rate", "0", "--no-map")


def statuses(path: str = "output/graph.db") -> dict[str, int]:
    """Visits by status."""
    with sqlite3.connect(path) as connection:
        rows = dict(connection.execute("SELECT status, count(*) FROM visits GROUP BY status"))
    connection.close()
    return rows


def crawl_status(cli: Cli) -> str:
    status: str = cli("crawls", "--format", "json").rows()[-1]["status"]
    return status


def test_nought_is_complete_and_answers_without_a_report_count_as_answers(
    cli: Cli, server: Simulator
) -> None:
    ended = cli("seed", "instagram:nasa", "-d", "all", "--yes", "--rate", "0", "--no-map")
    assert ended.code == 0
    assert "without a report (404)" in ended.out
    assert "1 private or without posts (403)" in ended.out
    assert crawl_status(cli) == "complete"


def test_two_is_a_database_that_is_none_and_it_is_left_alone(cli: Cli, serve: Serve) -> None:
    server = serve(Tree())
    Path("text.db").write_bytes(b"my diary, not a database\n" * 100)
    Path("bytes.db").write_bytes(bytes(range(256)) * 40)
    other = sqlite3.connect("other.db")
    other.execute("CREATE TABLE recipes (name TEXT)")
    other.commit()
    other.close()
    Path("folder.db").mkdir()
    before = {path: path.read_bytes() for path in files_below(Path())}
    for name in ("text.db", "bytes.db", "other.db", "folder.db", "/dev/null"):
        for command in (
            SEED,
            ("resume",),
            ("crawls",),
            ("crawls", "show", "1"),
            ("map",),
            ("query", "SELECT 1"),
            ("forget", "instagram:a0"),
        ):
            ended = cli(*command, "--db", name)
            assert ended.code == 2, (command, name, ended)
            assert name in ended.line
            assert ended.out == ""
    assert {path: path.read_bytes() for path in files_below(Path())} == before
    assert server.total == 0


@pytest.mark.parametrize("name", ["a-file/graph.db", "/proc/graphcrawl/graph.db"])
def test_two_is_a_database_that_cannot_be_made(cli: Cli, serve: Serve, name: str) -> None:
    server = serve(Tree())
    Path("a-file").write_text("mine", encoding="utf-8")
    ended = cli(*SEED, "--db", name)
    assert ended.code == 2
    assert name in ended.line
    assert server.total == 0


@pytest.mark.parametrize(
    "url", ["postgresql://u:s3cret@host/db", "mysql://u:s3cret@host/db", "sqlite://", "://"]
)
def test_two_is_a_url_that_cannot_serve_and_its_password_is_not_shown(
    cli: Cli, server: Simulator, url: str
) -> None:
    ended = cli(*SEED, "--db", url)
    assert ended.code == 2
    assert ended.line.startswith("graphcrawl: --db")
    assert "s3cret" not in ended.err


@pytest.mark.parametrize(
    "command",
    [
        ("crawls",),
        ("crawls", "show", "1"),
        ("map",),
        ("query", "SELECT 1"),
        ("forget", "instagram:a0"),
        ("resume",),
    ],
    ids=" ".join,
)
def test_two_is_a_database_that_is_not_there_with_the_next_step(
    cli: Cli, folder: Path, command: tuple[str, ...]
) -> None:
    ended = cli(*command)
    assert ended.code == 2
    assert "output/graph.db" in ended.line
    assert "graphcrawl seed" in ended.line or "--db" in ended.line
    assert files_below(folder) == []


def test_two_is_simulated_and_vendor_data_that_would_mix(
    cli: Cli, server: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cli(*SEED).code in (0, 4)
    before = Path("output/graph.db").read_bytes()
    monkeypatch.delenv("HYPEAUDITOR_URL")
    # A dead proxy, lest a broken check should let a request out.
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    for command in (SEED[:-3], ("resume", "1", "--depth", "9")):
        ended = cli(*command, "--rate", "90")
        assert ended.code == 2
        assert "simulated data" in ended.line
        assert "--db" in ended.line
    assert Path("output/graph.db").read_bytes() == before


def test_two_is_a_seed_that_was_forgotten(cli: Cli, serve: Serve) -> None:
    serve(Tree())
    assert cli(*SEED).code == 0
    assert cli("forget", "instagram:a0", "--yes").code == 0
    ended = cli(*SEED)
    assert ended.code == 2
    assert "forgotten" in ended.line


@pytest.mark.parametrize("missing", ["HYPEAUDITOR_ID", "HYPEAUDITOR_TOKEN"])
def test_three_is_no_credentials_and_nothing_is_made(
    cli: Cli, folder: Path, server: Simulator, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    monkeypatch.delenv(missing)
    ended = cli(*SEED)
    assert ended.code == 3
    assert f"{missing} is not set" in ended.line
    assert "--demo" in ended.line
    assert server.total == 0
    assert files_below(folder) == []


@pytest.mark.parametrize(
    ("access", "words"),
    [
        (Access(token="another"), "refused the client ID or the token"),
        (Access(client_id="another"), "refused the client ID or the token"),
        (Access(granted=False), "no API access, or is out of credits"),
    ],
)
def test_three_is_a_refusal_and_the_account_goes_back_to_the_queue(
    cli: Cli, serve: Serve, access: Access, words: str
) -> None:
    server = serve(Tree(), access=access)
    ended = cli(*SEED)
    assert ended.code == 3
    assert words in ended.line
    assert TOKEN not in ended.err + ended.out
    assert server.total == 1
    assert statuses() == {"queued": 1}
    assert crawl_status(cli) == "failed"
    serve(Tree())
    ended = cli(*going_on(ended.line))
    assert ended.code == 0
    assert crawl_status(cli) == "complete"


def test_three_in_the_middle_keeps_what_was_answered(cli: Cli, serve: Serve) -> None:
    serve(Tree())
    assert cli(*SEED, "--max-requests", "4").code == 5
    serve(Tree(), access=Access(token="another"))
    ended = cli("resume", "--no-map")
    assert ended.code == 3
    assert statuses()["done"] == 4
    assert "9 accounts, 8 connections" in ended.out


def test_four_is_no_seed_at_all_and_one_of_two_is_enough(cli: Cli, server: Simulator) -> None:
    ended = cli("seed", "instagram:nobody", "-d", "1", "--rate", "0")
    assert ended.code == 4
    assert "instagram:nobody" in ended.line
    assert "check the spelling" in ended.line
    assert "next" not in ended.out
    assert not list(Path("output").glob("*.html"))
    assert cli("seed", "instagram:nobody", "instagram:nasa", "-d", "1", "--rate", "0").code == 0


def test_four_is_an_account_or_a_crawl_that_is_not_there(cli: Cli, serve: Serve) -> None:
    serve(Tree())
    cli(*SEED)
    for command in (
        ("forget", "instagram:nobody"),
        ("crawls", "show", "99"),
        ("crawls", "show", "0"),
        ("crawls", "show", "9" * 30),
        ("resume", "99"),
        ("resume", "9" * 30),
        ("map", "--crawl", "99"),
        ("map", "--crawl", "9" * 30, "--output", "-"),
    ):
        ended = cli(*command)
        assert ended.code == 4, command
        assert ended.line.startswith("graphcrawl: ")
        assert ended.out == ""


def test_five_is_an_account_whose_retries_are_used_up(cli: Cli, serve: Serve) -> None:
    serve(Tree(), faults=Faults(share=1.0, kinds=(FaultKind.SERVER_ERROR,)))
    ended = cli(*SEED)
    assert ended.code == 5
    assert "saved" in ended.line
    serve(Tree())
    assert cli(*going_on(ended.line)).code == 0
    assert statuses() == {"done": 7, "skipped": 8}


def test_five_is_a_report_that_is_still_being_made(cli: Cli, serve: Serve) -> None:
    serve(Tree(), faults=Faults(share=1.0, kinds=(FaultKind.PENDING,)))
    ended = cli(*SEED)
    assert ended.code == 5
    assert "1 report still being made" in ended.line
    assert "1 with a report still being made (202)" in ended.out
    serve(Tree())
    assert cli(*going_on(ended.line)).code == 0


def test_five_is_a_server_that_is_down_and_what_was_crawled_stays(
    cli: Cli, serve: Serve, dead_port: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = cli(*SEED)
    assert ended.code == 5
    assert "never reached" in ended.line
    assert "check the network and HYPEAUDITOR_URL" in ended.line
    assert statuses() == {"queued": 1}
    serve(Tree())
    assert cli(*going_on(ended.line)).code == 0
    monkeypatch.setenv("HYPEAUDITOR_URL", dead_port)
    ended = cli("resume", "1", "--depth", "4")
    assert ended.code == 5
    assert statuses() == {"done": 7, "queued": 8}


@pytest.mark.parametrize("kind", list(FaultKind))
def test_every_kind_of_fault_in_a_third_of_the_answers_changes_nothing(
    cli: Cli, serve: Serve, kind: FaultKind
) -> None:
    share = 0.33 if kind is not FaultKind.HANG else 0.1
    faults = Faults(share=share, kinds=(kind,), hang_seconds=1.0)
    server = serve(Tree(), faults=faults)
    ended = cli("seed", "instagram:a0", "-d", "5", "--rate", "0", "--no-map")
    assert ended.code == 0, ended.err
    assert "  63 accounts, 62 connections, " in ended.out
    answered = [record.asked for record in server.log if record.status == 200]
    if kind is not FaultKind.CUT:
        assert len(answered) == len(set(answered)) == 31


def test_a_hundred_and_thirty_is_an_interruption_in_order(
    cli: Cli, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve(Tree())
    with monkeypatch.context() as patched:
        patched.setattr(StopSignal, "is_set", lambda self: server.total >= 5)
        ended = cli("seed", "instagram:a0", "-d", "9", "--rate", "0", "--no-map")
    assert ended.code == 130
    assert "interrupted; everything answered is saved" in ended.line
    assert statuses()["done"] >= 1
    assert going_on(ended.line) == ended.next_command == ["resume", "1"]
