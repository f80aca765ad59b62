"""Recording end to end: the command, a server that stands in for the vendor, real requests."""

from __future__ import annotations

import gzip
import json
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from graphcrawl.api import Client
from graphcrawl.crawl.budget import BudgetReached
from graphcrawl.database import Database
from graphcrawl.model import Account, AccountRef, Credentials
from graphcrawl.runs import Access
from graphcrawl.simulator import Access as Allowed
from graphcrawl.simulator import Limit, Simulator, SmallWorld
from graphcrawl.simulator.world import NoReport, Report
from tests.cassettes.__main__ import main, make_all
from tests.cassettes.cases import CASES, CRAWL, CRAWL_REQUESTS, NASA, NOBODY, outcome, small_crawl
from tests.cassettes.recording import record
from tests.cassettes.scrubbing import leaks
from tests.cassettes.tape import (
    STAND_IN,
    Source,
    base_url_of,
    load,
    path_of,
    replaying,
    source_of,
)
from tests.conftest import ROOT

CLIENT_ID = "SECRET-id-4711"
TOKEN = "SECRET-5f0c2a7db1e94466"
RECORDED = {name for name, case in CASES.items() if case.recordable} | {CRAWL}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Cassettes that nobody has recorded yet."""
    made = tmp_path / "cassettes"
    make_all(made)
    return made


@pytest.fixture
def vendor() -> Iterator[Simulator]:
    """Lets in only these credentials, and refuses whoever exceeds the limit."""
    allowed = Allowed(client_id=CLIENT_ID, token=TOKEN)
    with Simulator(SmallWorld(), access=allowed, limit=Limit(requests=99)) as server:
        yield server


def contents(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text("utf-8") for path in folder.iterdir()}


def use(monkeypatch: pytest.MonkeyPatch, url: str, token: str = TOKEN) -> None:
    monkeypatch.setenv("HYPEAUDITOR_URL", url)
    monkeypatch.setenv("HYPEAUDITOR_ID", CLIENT_ID)
    monkeypatch.setenv("HYPEAUDITOR_TOKEN", token)


def test_the_command_records_what_the_api_can_say(
    folder: Path, vendor: Simulator, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before = contents(folder)
    use(monkeypatch, vendor.url)
    ran = subprocess.run(
        [sys.executable, "-m", "tests.cassettes", "record", "--folder", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stderr.splitlines()) == (
        0,
        ["this is not the vendor's address: the cassettes will say so"],
    )
    lines = ran.stdout.splitlines()
    assert {line.split()[1] for line in lines if line.startswith("recorded ")} == RECORDED
    after = contents(folder)
    assert after.keys() == before.keys()
    changed = {name for name in before if after[name] != before[name]}
    assert changed == {f"{name}.yaml" for name in RECORDED}
    for text in (*after.values(), ran.stdout, ran.stderr):
        assert "SECRET" not in text
        assert vendor.url not in text
    assert [record.status for record in vendor.log].count(403) == 1
    assert vendor.total < 20


def test_what_was_recorded_replays_as_what_it_is(
    folder: Path, vendor: Simulator, tmp_path: Path
) -> None:
    access = Access(vendor.url, Credentials(CLIENT_ID, TOKEN), tmp_path / "permits.db")
    taken = list(record(access, folder, at_once=True))
    assert {each.name for each in taken if each.why is None} == RECORDED
    vendor.stop()
    for name in RECORDED - {CRAWL}:
        path = path_of(name, folder)
        assert (source_of(path), base_url_of(path)) == (Source.STAND_IN, STAND_IN)
        assert list(leaks(path.read_text("utf-8"))) == []
        with replaying(path), Client(access.credentials, base_url=STAND_IN) as client:
            assert type(outcome(CASES[name], client)) is CASES[name].becomes
    crawled = path_of(CRAWL, folder)
    with replaying(crawled) as cassette:
        again = Access(STAND_IN, access.credentials, None)
        assert small_crawl(tmp_path / "crawl.db", again).exit_code == 0
        assert cassette.all_played
    for name in CASES.keys() - RECORDED:
        assert source_of(path_of(name, folder)) is Source.DOCUMENTATION


def test_refused_credentials_leave_every_cassette_as_it_was(
    folder: Path,
    vendor: Simulator,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = contents(folder)
    use(monkeypatch, vendor.url, token="SECRET-of-yesterday")
    assert main(["record", "--folder", str(folder)]) == 3
    assert contents(folder) == before
    said = capsys.readouterr().err
    assert "check HYPEAUDITOR_ID and HYPEAUDITOR_TOKEN" in said
    assert "SECRET" not in said


def test_a_server_that_is_not_there_ends_it_at_once(
    folder: Path, vendor: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(folder)
    use(monkeypatch, vendor.url)
    vendor.stop()
    assert main(["record", "--folder", str(folder)]) == 5
    assert contents(folder) == before


def test_a_crawl_that_is_cut_short_is_not_recorded(folder: Path, vendor: Simulator) -> None:
    before = contents(folder)
    access = Access(vendor.url, Credentials(CLIENT_ID, TOKEN), folder.parent / "permits.db")
    with closing(record(access, folder, at_once=True)) as taken:
        told = [next(taken) for _ in CASES]
        vendor.stop()
        told.append(next(taken))
    assert (told[-1].name, told[-1].missed) == (CRAWL, True)
    assert told[-1].why == "the crawl was cut short: 1 account used up every retry"
    name = f"{CRAWL}.yaml"
    assert contents(folder)[name] == before[name]


def test_without_credentials_it_says_what_to_set(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = contents(folder)
    monkeypatch.chdir(folder)
    assert main(["record", "--folder", str(folder)]) == 3
    assert contents(folder) == before
    assert "HYPEAUDITOR_ID and HYPEAUDITOR_TOKEN are not set" in capsys.readouterr().err


def test_an_unexpected_answer_is_told_and_replaces_nothing(
    folder: Path,
) -> None:
    before = contents(folder)
    allowed = Allowed(client_id=CLIENT_ID, token=TOKEN)
    with Simulator(SmallWorld(), access=allowed, limit=Limit(requests=1)) as server:
        access = Access(server.url, Credentials(CLIENT_ID, TOKEN), folder.parent / "permits.db")
        with closing(record(access, folder, at_once=True)) as taken:
            assert next(taken).why is None
            told = next(taken)
    assert (told.name, told.missed) == ("by-id", True)
    assert "too many requests" in (told.why or "")
    assert "expected Answer" in (told.why or "")
    after = contents(folder)
    assert {name for name in before if before[name] != after[name]} == {"sample.yaml"}


def test_make_writes_all_of_them_without_a_network(tmp_path: Path) -> None:
    assert main(["make", "--folder", str(tmp_path / "new")]) == 0
    assert {path.stem for path in (tmp_path / "new").iterdir()} == {*CASES, CRAWL}


def test_every_request_had_a_permit_that_other_crawls_see(
    folder: Path, vendor: Simulator, tmp_path: Path
) -> None:
    access = Access(vendor.url, Credentials(CLIENT_ID, TOKEN), tmp_path / "permits.db")
    assert not any(each.missed for each in record(access, folder, at_once=True))
    with closing(sqlite3.connect(tmp_path / "permits.db")) as connection:
        owners = connection.execute("SELECT count(*) FROM permits GROUP BY owner").fetchall()
    assert owners == [(vendor.total,)]


class Crowd:
    """A world in which everybody lists the same sixty accounts."""

    entrance = NASA
    summary = "a crowd"

    def look_up(self, asked: AccountRef) -> Report | NoReport:
        if asked == NOBODY:
            return NoReport()
        own = Account(asked.network, asked.social_id or "sim0", username=asked.username)
        listed = (Account("instagram", f"sim{number}") for number in range(60))
        return Report(own, tuple(each for each in listed if each.social_id != own.social_id))


def test_a_large_crawl_is_recorded_as_far_as_its_budget(folder: Path, tmp_path: Path) -> None:
    allowed = Allowed(client_id=CLIENT_ID, token=TOKEN)
    with Simulator(Crowd(), access=allowed) as server:
        access = Access(server.url, Credentials(CLIENT_ID, TOKEN), tmp_path / "permits.db")
        assert not any(each.missed for each in record(access, folder, at_once=True))
    path = path_of(CRAWL, folder)
    assert len(load(path.read_text("utf-8"))["interactions"]) == CRAWL_REQUESTS
    with replaying(path) as cassette:
        again = small_crawl(tmp_path / "crawl.db", Access(STAND_IN, access.credentials, None))
        assert cassette.all_played
    assert isinstance(again.ended, BudgetReached)
    assert len(Database.at(tmp_path / "crawl.db").graph().nodes) == 60


class Indiscreet(BaseHTTPRequestHandler):
    """Sends the token back wherever it can, compressed, and sets cookies."""

    protocol_version = "HTTP/1.1"
    others_token = ""

    def do_GET(self) -> None:
        token, client_id = self.headers["x-auth-token"], self.headers["x-auth-id"]
        token += self.others_token
        error = {"code": 16, "description": f"Object not found for {token} of {client_id}"}
        body = gzip.compress(json.dumps({"error": error}).encode())
        self.send_response(404)
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Set-Cookie", f"session={token}; Path=/")
        self.send_header("X-Debug", f"{client_id}:{token}")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


class Careless(Indiscreet):
    """Sends somebody else's token as well, which nobody can know."""

    others_token = " $2y$04$Zq8 "


@contextmanager
def serving(handler: type[Indiscreet]) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def test_an_indiscreet_server_gets_nothing_onto_a_cassette(folder: Path, tmp_path: Path) -> None:
    with serving(Indiscreet) as url:
        access = Access(url, Credentials(CLIENT_ID, TOKEN), tmp_path / "permits.db")
        taken = {each.name: each for each in record(access, folder, at_once=True)}
    assert taken["not-found"].why is None
    assert taken["sample"].missed
    for name, text in contents(folder).items():
        assert "SECRET" not in text, name
    (exchange,) = load(path_of("not-found", folder).read_text("utf-8"))["interactions"]
    assert exchange["response"]["headers"] == {"content-type": ["application/json"]}
    assert json.loads(exchange["response"]["body"]["string"]) == {
        "error": {"code": 16, "description": "Object not found for scrubbed of scrubbed"}
    }


def test_what_looks_like_a_secret_is_not_written_either(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = contents(folder)
    with serving(Careless) as url:
        use(monkeypatch, url)
        assert main(["record", "--folder", str(folder)]) == 2
    assert contents(folder) == before
    said = capsys.readouterr().err
    assert "exchange 0: body: looks like a secret" in said
    assert "Zq8" not in said
