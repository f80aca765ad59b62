"""The token is never an argument, and stands in no output and no file, whatever the server does."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from graphcrawl.simulator import Access, FaultKind, Faults, SmallWorld
from graphcrawl.simulator.desk import Desk
from graphcrawl.simulator.exchange import Request, Response
from tests.cli.conftest import Serve
from tests.cli.running import TOKEN, Cli, Ended, Tree, files_below, run

SEED = ("seed", "instagram:nasa", "-d", "2", "--debug")


def assert_unseen(folder: Path, *ended: Ended) -> None:
    for one in ended:
        assert TOKEN not in one.out + one.err
    # Whatever lies beside the current folder too: state, permits, configuration.
    paths = [*files_below(folder), *files_below(Path.cwd().parent)]
    assert paths
    for path in paths:
        assert TOKEN.encode() not in path.read_bytes(), path


@pytest.mark.parametrize(
    "manners",
    [
        {"access": Access(token="another")},
        {"access": Access(granted=False)},
        {"faults": Faults(share=1.0, kinds=(FaultKind.SERVER_ERROR,))},
        {"faults": Faults(share=1.0, kinds=(FaultKind.BAD_GATEWAY,))},
        {"faults": Faults(share=1.0, kinds=(FaultKind.RESET,))},
        {"faults": Faults(share=1.0, kinds=(FaultKind.CUT,))},
        {"faults": Faults(share=1.0, kinds=(FaultKind.TOO_MANY_WAIT,))},
        {"faults": Faults(share=0.5, kinds=(FaultKind.RESET, FaultKind.CUT))},
    ],
    ids=repr,
)
def test_with_a_server_that_fails(
    cli: Cli,
    serve: Serve,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    manners: dict[str, object],
) -> None:
    monkeypatch.setenv("GRAPHCRAWL_STATE_DIR", str(tmp_path / "state"))
    serve(SmallWorld(), **manners)
    ended = [
        cli(*SEED),
        cli("doctor", "--debug"),
        cli("crawls", "show", "1"),
        cli("query", "SELECT * FROM crawls"),
        cli("query", "SELECT * FROM visits"),
    ]
    assert_unseen(tmp_path, *ended)
    assert (tmp_path / "state" / "permits.db").exists()


def test_with_a_server_that_sends_it_back(
    cli: Cli, serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def echo(_: Desk, request: Request, now: float) -> Response:
        text = f"Invalid token: {request.headers['x-auth-token']}"
        body = json.dumps({"error": {"code": 4, "description": text}}).encode()
        return Response(403, body)

    monkeypatch.setattr(Desk, "answer", echo)
    serve()
    ended = cli(*SEED)
    assert ended.code == 3
    assert "[token]" in ended.err
    assert_unseen(tmp_path, ended, cli("doctor"), cli("crawls", "show", "1"))


def test_with_a_server_that_is_down(cli: Cli, dead_port: str, tmp_path: Path) -> None:
    ended = cli(*SEED)
    assert ended.code == 5
    assert_unseen(tmp_path, ended, cli("doctor", "--debug"))


def test_with_a_fault_of_our_own(cli: Cli, serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(self: object, ref: object) -> None:
        raise RuntimeError("a bug in the client")

    serve()
    monkeypatch.setattr("graphcrawl.api.Client.ask", broken)
    ended = cli(*SEED)
    assert ended.code == 1
    assert "a bug in the client" in ended.err
    assert_unseen(Path(), ended)
    assert cli("crawls", "-f", "json").rows()[0]["status"] == "failed"


def test_where_it_was_put_into_a_broken_file(cli: Cli, folder: Path) -> None:
    for content in (
        f"{TOKEN}\n=\n",
        f'HYPEAUDITOR_TOKEN="{TOKEN}\n',
        f"HYPEAUDITOR_TOKEN={TOKEN} x",
    ):
        Path(".env").write_text(content, encoding="utf-8")
        ended = cli("doctor")
        assert ended.code in (2, 3)
        assert TOKEN not in ended.out + ended.err


@pytest.mark.parametrize("name", ["--token", "--id-token", "--api-token", "--hypeauditor-token"])
def test_it_is_no_argument(cli: Cli, name: str) -> None:
    ended = cli("seed", "instagram:nasa", name, TOKEN)
    assert ended.code == 2
    assert TOKEN not in ended.err


def test_a_foreign_folder_cannot_have_it_sent_to_its_own_server(
    cli: Cli, serve: Serve, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve(Tree())
    monkeypatch.delenv("HYPEAUDITOR_URL")
    # Should a request get out, it ends at a dead proxy.
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    Path(".env").write_text("HYPEAUDITOR_URL=https://api.example.org\n", encoding="utf-8")
    for command in (("seed", "instagram:a0"), ("doctor",)):
        ended = cli(*command)
        assert ended.code == 2
        assert "the .env file in this folder sets HYPEAUDITOR_URL to another server" in ended.err
        assert TOKEN not in ended.out + ended.err
    assert [path.name for path in files_below(folder)] == [".env"]
    # A folder's own server on this machine, such as a simulator, is nobody's trap.
    Path(".env").write_text(f"HYPEAUDITOR_URL={server.url}\n", encoding="utf-8")
    assert cli("seed", "instagram:a0", "-d", "1", "--rate", "0", "--no-map").code == 0


def test_a_process_shows_it_in_no_traceback(serve: Serve, tmp_path: Path) -> None:
    serve(faults=Faults(share=1.0, kinds=(FaultKind.RESET,)))
    ended = run("doctor", "--debug")
    assert ended.code == 5
    assert "Traceback" in ended.err
    assert TOKEN not in ended.err + ended.out
