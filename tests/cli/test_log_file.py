"""The log of attempts: a line for each request, and never more than that."""

from __future__ import annotations

import json
import resource
import signal
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from graphcrawl.simulator import Access, FaultKind, Faults, SmallWorld
from graphcrawl.simulator.desk import Desk
from graphcrawl.simulator.exchange import Request, Response
from tests.cli.conftest import Serve
from tests.cli.running import CLIENT_ID, TOKEN, Cli, Hostile, Tree, finished, spawn
from tests.cli.test_processes import wait_until

SEED = ("seed", "instagram:a0", "-d", "3", "--rate", "0", "--no-map", "--log-file", "log.jsonl")
FIELDS = ["crawl", "time", "network", "attempt", "outcome", "status", "rows", "seconds", "wait"]


def lines(path: str = "log.jsonl") -> list[dict[str, Any]]:
    text = Path(path).read_text(encoding="ascii")
    assert text.endswith("\n")
    return [json.loads(line) for line in text.splitlines()]


def test_each_request_is_a_line(cli: Cli, serve: Serve) -> None:
    server = serve(Tree())
    assert cli(*SEED).code == 0
    told = lines()
    assert len(told) == server.total == 7
    by_name = [line for line in told if "username" in line]
    assert [line["username"] for line in by_name] == ["a0"]
    assert Counter(line["id"] for line in told if "id" in line) == Counter("123456")
    for line in told:
        assert sorted({*line} - {"id", "username"}) == sorted(FIELDS)
        assert (line["crawl"], line["outcome"], line["status"]) == (1, "ok", 200)
        assert (line["rows"], line["attempt"], line["wait"]) == (2, 1, None)
        assert line["time"].endswith("Z")
        assert line["seconds"] >= 0


def test_a_later_run_adds_to_it_even_after_a_line_that_was_cut(cli: Cli, serve: Serve) -> None:
    serve(Tree())
    assert cli(*SEED).code == 0
    with Path("log.jsonl").open("a", encoding="ascii") as file:
        file.write('{"crawl": 1, "ti')
    assert cli("resume", "1", "-d", "4", "--no-map", "--log-file", "log.jsonl").code == 0
    text = Path("log.jsonl").read_text(encoding="ascii").splitlines()
    assert len(text) == 7 + 1 + 8
    assert [json.loads(line)["crawl"] for line in text[8:]] == [1] * 8


@pytest.mark.parametrize(
    ("kind", "cause", "status"),
    [
        (FaultKind.SERVER_ERROR, "server-fault", 500),
        (FaultKind.RESET, "unreachable", None),
        (FaultKind.CUT, "broken-answer", None),
        (FaultKind.TOO_MANY_WAIT, "rate-limited", 429),
    ],
)
def test_failed_attempts_are_numbered_and_tell_how_long_is_waited(
    cli: Cli, serve: Serve, kind: FaultKind, cause: str, status: int | None
) -> None:
    server = serve(Tree(), faults=Faults(share=0.5, kinds=(kind,)))
    assert cli(*SEED).code == 0
    told = lines()
    assert len(told) == server.total > 7
    for line in told:
        if line["outcome"] == "ok":
            assert line["wait"] is None
        else:
            assert (line["outcome"], line["status"], line["rows"]) == (cause, status, None)
            assert line["wait"] >= 0
    accounts = {line.get("id", "0") for line in told}
    for account in accounts:
        attempts = [line for line in told if line.get("id", "0") == account]
        assert [line["attempt"] for line in attempts] == list(range(1, len(attempts) + 1))
        assert attempts[-1]["outcome"] == "ok"


def test_the_last_attempt_of_an_account_is_followed_by_no_wait(cli: Cli, serve: Serve) -> None:
    serve(Tree(size=1), faults=Faults(share=1.0, kinds=(FaultKind.SERVER_ERROR,)))
    assert cli(*SEED).code == 5
    told = lines()
    assert [line["attempt"] for line in told] == list(range(1, 12))
    assert [line["wait"] is None for line in told] == [False] * 10 + [True]


def test_answers_that_are_refusals_are_told_by_cause(cli: Cli, serve: Serve) -> None:
    serve(Tree(size=2))
    assert cli(*SEED[:2], "instagram:a7", *SEED[2:]).code == 0
    assert Counter((line["outcome"], line["status"]) for line in lines()) == {
        ("ok", 200): 2,
        ("not-found", 404): 1,
    }


@pytest.mark.parametrize(
    "manners",
    [
        {"access": Access(token="another")},
        {"access": Access(granted=False)},
        {"faults": Faults(share=1.0, kinds=(FaultKind.BAD_GATEWAY,))},
        {"faults": Faults(share=0.5, kinds=(FaultKind.RESET, FaultKind.CUT))},
    ],
    ids=repr,
)
def test_no_secret_is_in_it(cli: Cli, serve: Serve, manners: dict[str, Any]) -> None:
    serve(SmallWorld(), **manners)
    cli("seed", "instagram:nasa", *SEED[2:])
    assert lines()
    for secret in (TOKEN, CLIENT_ID):
        assert secret not in Path("log.jsonl").read_text(encoding="ascii")


def test_a_server_that_sends_the_token_back_does_not_bring_it_in(
    cli: Cli, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    def echo(_: Desk, request: Request, now: float) -> Response:
        token = request.headers["x-auth-token"]
        return Response(418, json.dumps({"error": {"code": token, "description": token}}).encode())

    monkeypatch.setattr(Desk, "answer", echo)
    serve()
    cli(*SEED)
    assert [line["status"] for line in lines()] == [418]
    assert TOKEN not in Path("log.jsonl").read_text(encoding="ascii")


def test_hostile_names_are_escaped_and_read_back_whole(cli: Cli, serve: Serve) -> None:
    serve(Hostile())
    cli("seed", "instagram:x", *SEED[2:])
    assert Path("log.jsonl").read_bytes().isascii()
    assert {line["network"] for line in lines()} == {"instagram"}


@pytest.mark.parametrize("place", ["no-such-folder/log", "output", "text", "output/graph.db", ""])
def test_a_file_that_cannot_serve_is_told_before_anything_is_asked(
    cli: Cli, serve: Serve, place: str
) -> None:
    server = serve(Tree())
    Path("output").mkdir()
    Path("text").write_text("mine", encoding="utf-8")
    ended = cli(*SEED[:-1], place)
    assert ended.code == 2
    assert "--log-file" in ended.line
    assert server.total == 0
    assert Path("text").read_text(encoding="utf-8") == "mine"
    assert cli("crawls", "-f", "json").rows() == []


def test_lines_are_there_when_the_process_is_killed(serve: Serve) -> None:
    server = serve(Tree(), latency=0.02)
    process = spawn(*SEED, "-d", "12")
    wait_until(lambda: server.total >= 12)
    process.kill()
    process.wait()
    finished(process)
    text = Path("log.jsonl").read_text(encoding="ascii")
    # What was on its way is not told; all else is, and no line is cut.
    assert server.total - 4 <= len(lines()) <= server.total
    assert text.endswith("\n")


@pytest.fixture
def small_files() -> Iterator[None]:
    """No file of this process's may grow beyond some bytes, as on a full disk."""
    before, handler = resource.getrlimit(resource.RLIMIT_FSIZE), signal.getsignal(signal.SIGXFSZ)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)
    signal.signal(signal.SIGXFSZ, handler)


@pytest.mark.parametrize("to", ["full", "limit"])
def test_a_full_disk_ends_the_log_and_not_the_crawl(
    cli: Cli, serve: Serve, small_files: None, to: str
) -> None:
    server = serve(Tree())
    path = "/dev/full"
    if to == "limit":
        path = "log.jsonl"
        line = b'{"crawl": 1}\n'
        size = 40_000_000
        with Path(path).open("wb") as file:
            file.write(line)
            file.seek(size - 1)
            file.write(b"\n")
        # Half a line fits.
        resource.setrlimit(resource.RLIMIT_FSIZE, (size + 60, resource.RLIM_INFINITY))
    elif not Path(path).exists():
        pytest.skip("there is no /dev/full here")
    ended = cli(*SEED[:-1], path)
    assert ended.code == 0
    assert server.total == 7
    assert "the crawl went on without it" in ended.line, "said once"
    assert "complete\n" in ended.out
