from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from graphcrawl.api import Timeouts
from graphcrawl.simulator import Access, FaultKind, Faults
from tests.api.conftest import Play, Player, certificate, player, secure, wire  # noqa: F401
from tests.cli.conftest import Serve
from tests.cli.running import (
    CLIENT_ID,
    TOKEN,
    Cli,
    Ended,
    Tree,
    as_an_earlier_graphcrawl_made_it,
    files_below,
)


def wrong(ended: Ended) -> dict[str, str]:
    """What is wrong, by check; the first of it is the line on standard error."""
    found = {row["check"]: row["detail"] for row in ended.rows() if row["result"] != "ok"}
    if found:
        assert ended.line == f"graphcrawl: {next(iter(found.values()))}"
    else:
        assert ended.err == ""
    return found


@pytest.fixture
def doctor(cli: Cli) -> Cli:
    def run(*arguments: str) -> Ended:
        return cli("doctor", "--format", "json", *arguments)

    return run


def test_all_is_well_and_nothing_is_made(doctor: Cli, serve: Serve, folder: Path) -> None:
    server = serve()
    ended = doctor()
    assert ended.code == 0
    assert wrong(ended) == {}
    checks = [row["check"] for row in ended.rows()]
    assert checks == ["address", "credentials", "permits", "access", "database"]
    assert "will be made by the first crawl" in ended.out
    assert server.total == 1, "the plan is asked for, and no account"
    assert files_below(folder) == []


def test_it_is_a_table_for_people(cli: Cli, serve: Serve) -> None:
    serve()
    ended = cli("doctor")
    assert ended.out.splitlines()[0].split() == ["check", "result", "detail"]
    assert max(map(len, ended.out.splitlines())) <= 80


def test_no_credentials(doctor: Cli) -> None:
    ended = doctor()
    assert ended.code == 3
    assert list(wrong(ended)) == ["credentials"]
    assert "HYPEAUDITOR_ID and HYPEAUDITOR_TOKEN are not set" in ended.line
    assert ".env" in ended.line


@pytest.mark.parametrize(
    ("access", "words"),
    [
        (Access(token="another"), "check HYPEAUDITOR_ID and HYPEAUDITOR_TOKEN"),
        (Access(granted=False), "the plan has no API access, or is out of credits"),
    ],
)
def test_a_refusal(doctor: Cli, serve: Serve, access: Access, words: str) -> None:
    serve(access=access)
    ended = doctor()
    assert ended.code == 3
    assert words in wrong(ended)["access"]
    assert TOKEN not in ended.out + ended.err


def test_a_server_that_is_down(doctor: Cli, dead_port: str) -> None:
    ended = doctor()
    assert ended.code == 5
    assert "no connection to 127.0.0.1" in wrong(ended)["access"]
    assert "check the network and HYPEAUDITOR_URL" in ended.line


def test_a_server_in_trouble(doctor: Cli, serve: Serve) -> None:
    serve(faults=Faults(share=1.0, kinds=(FaultKind.SERVER_ERROR,)))
    ended = doctor()
    assert ended.code == 5
    assert "temporarily unavailable" in wrong(ended)["access"]


def test_a_certificate_that_nobody_vouches_for(
    doctor: Cli,
    secure: Player,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HYPEAUDITOR_URL", secure.url)
    monkeypatch.setenv("HYPEAUDITOR_ID", CLIENT_ID)
    monkeypatch.setenv("HYPEAUDITOR_TOKEN", TOKEN)
    ended = doctor()
    assert ended.code == 5
    assert "certificate of 127.0.0.1 is not trusted" in wrong(ended)["access"]
    assert "REQUESTS_CA_BUNDLE" in ended.line


def test_a_proxy_that_is_not_there(
    doctor: Cli, dead_port: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HYPEAUDITOR_URL")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    for name in ("HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, dead_port)
    ended = doctor()
    assert ended.code == 5
    assert "the proxy 127.0.0.1" in wrong(ended)["access"]
    assert "HTTPS_PROXY" in ended.line


@pytest.mark.parametrize(
    "url", ["http://[", "ftp://host", "https://a b", "http://example.org", "https://u:pw@host", "x"]
)
def test_an_address_that_cannot_be_used(
    doctor: Cli, cli: Cli, serve: Serve, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    serve()
    monkeypatch.setenv("HYPEAUDITOR_URL", url)
    ended = doctor()
    assert ended.code == 2
    assert list(wrong(ended)) == ["address"]
    assert "the API's address" in ended.line
    assert "pw" not in ended.line
    seeded = cli("seed", "instagram:nasa", "--no-map")
    assert seeded.code == 2
    assert seeded.line == ended.line


def test_a_database_of_the_other_origin(
    doctor: Cli, cli: Cli, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve(Tree())
    assert cli("seed", "instagram:a0", "-d", "1", "--rate", "0", "--no-map").code == 0
    assert doctor().code == 0
    monkeypatch.delenv("HYPEAUDITOR_URL")
    monkeypatch.delenv("HYPEAUDITOR_ID")
    ended = doctor()
    assert ended.code == 3, "the first that is wrong"
    assert "simulated data" in wrong(ended)["database"]


def test_a_database_that_is_none(doctor: Cli, serve: Serve) -> None:
    serve()
    Path("text.db").write_text("a diary\n" * 200, encoding="utf-8")
    ended = doctor("--db", "text.db")
    assert ended.code == 2
    assert "no database" in wrong(ended)["database"]
    assert Path("text.db").read_text(encoding="utf-8") == "a diary\n" * 200


def test_a_database_of_another_program(doctor: Cli, serve: Serve) -> None:
    serve()
    connection = sqlite3.connect("other.db")
    connection.execute("CREATE TABLE recipes (name TEXT)")
    connection.commit()
    connection.close()
    ended = doctor("--db", "other.db")
    assert ended.code == 2
    assert "another program" in wrong(ended)["database"]


def test_a_database_of_a_newer_graphcrawl(doctor: Cli, cli: Cli, serve: Serve) -> None:
    serve(Tree())
    cli("seed", "instagram:a0", "-d", "1", "--rate", "0", "--no-map")
    connection = sqlite3.connect("output/graph.db")
    connection.execute("UPDATE alembic_version SET version_num = 'of-tomorrow'")
    connection.commit()
    connection.close()
    ended = doctor()
    assert ended.code == 2
    assert "newer graphcrawl" in wrong(ended)["database"]


def test_a_place_that_cannot_be_written(doctor: Cli, serve: Serve) -> None:
    serve()
    Path("a-file").write_text("mine", encoding="utf-8")
    ended = doctor("--db", "a-file/graph.db")
    assert ended.code == 2
    assert "cannot be" in wrong(ended)["database"]


def test_permits_that_cannot_be_kept(
    doctor: Cli, serve: Serve, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve()
    (folder / "state").write_text("no folder", encoding="utf-8")
    monkeypatch.setenv("GRAPHCRAWL_STATE_DIR", str(folder / "state"))
    ended = doctor()
    assert ended.code == 2
    assert list(wrong(ended)) == ["permits"]
    assert server.total == 0, "without permits nothing is asked"


def test_too_many_requests(doctor: Cli, serve: Serve) -> None:
    serve(faults=Faults(share=1.0, kinds=(FaultKind.TOO_MANY_WAIT,)))
    ended = doctor()
    assert ended.code == 5
    assert "too many requests" in wrong(ended)["access"]
    assert "wait" in ended.line


def test_a_name_that_nobody_knows(
    doctor: Cli, monkeypatch: pytest.MonkeyPatch, dead_port: str
) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HYPEAUDITOR_URL", "https://no-such-host.invalid")
    ended = doctor()
    assert ended.code == 5
    assert "the name no-such-host.invalid is not found" in wrong(ended)["access"]
    assert "check the network and HYPEAUDITOR_URL" in ended.line


def test_a_server_that_says_nothing(
    doctor: Cli,
    player: Player,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    quick = Timeouts(connect=2.0, read=0.2, whole=2.0)
    monkeypatch.setattr("graphcrawl.diagnosis._TIMEOUTS", quick)
    monkeypatch.setenv("HYPEAUDITOR_URL", player.url)
    monkeypatch.setenv("HYPEAUDITOR_ID", CLIENT_ID)
    monkeypatch.setenv("HYPEAUDITOR_TOKEN", TOKEN)
    player.will(Play(b"", "hang"))
    ended = doctor()
    assert ended.code == 5
    assert "no answer from 127.0.0.1 in time: try again later" in wrong(ended)["access"]


def test_a_proxy_that_wants_a_password(
    doctor: Cli,
    player: Player,  # noqa: F811
    dead_port: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("HYPEAUDITOR_URL")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    for name in ("HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, f"http://me:pass-word@127.0.0.1:{player.port}")
    player.will(Play(wire(407), "close"))
    ended = doctor()
    assert ended.code == 5
    assert "does not let us through" in wrong(ended)["access"]
    assert "407" in ended.line
    assert "pass-word" not in ended.out + ended.err


def test_a_database_of_an_earlier_graphcrawl_is_told_and_not_touched(
    doctor: Cli, cli: Cli, serve: Serve
) -> None:
    serve(Tree())
    cli("seed", "instagram:a0", "-d", "1", "--rate", "0", "--no-map")
    before = as_an_earlier_graphcrawl_made_it(Path("output/graph.db"))
    ended = doctor()
    assert ended.code == 0
    assert "made by an earlier graphcrawl: the next command updates it" in ended.out
    assert Path("output/graph.db").read_bytes() == before
    assert cli("crawls").code == 0
    assert "earlier graphcrawl" not in doctor().out
