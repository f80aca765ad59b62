"""The real client, and whole crawls, answered from the cassettes: no network at all."""

from __future__ import annotations

import socket
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from vcr.errors import CannotOverwriteExistingCassetteException

from graphcrawl.api import Client, PlanInfo
from graphcrawl.database import Database
from graphcrawl.errors import ApiError, SourceMismatch, TransientError
from graphcrawl.model import Account, AccountRef, Answer, Credentials, Origin
from graphcrawl.runs import Access
from graphcrawl.simulator import SmallWorld
from graphcrawl.simulator.world import Report
from tests.cassettes.cases import (
    CASES,
    CRAWL,
    CRAWL_REQUESTS,
    PRIVATE,
    outcome,
    small_crawl,
)
from tests.cassettes.documented import DOCUMENTED, make
from tests.cassettes.recording import make_small_crawl
from tests.cassettes.tape import (
    FOLDER,
    STAND_IN,
    VENDOR,
    Source,
    base_url_of,
    bodies_of,
    load,
    path_of,
    replaying,
    source_of,
)
from tests.sample import SAMPLE, avatar_of

ANYONE = Credentials("any-client-id", "any-api-token")
EVERY = (*CASES, CRAWL)
VENDORS = (Source.DOCUMENTATION, Source.VENDOR)

no_network = pytest.mark.block_network

Rows = list[tuple[Any, ...]]


def replayed(name: str, path: Path) -> object:
    """What the client makes of a cassette, all of which has to be asked for."""
    with replaying(path) as cassette, Client(ANYONE, base_url=base_url_of(path)) as client:
        came = outcome(CASES[name], client)
        assert cassette.all_played, repr(came)
    return came


def documented(name: str, folder: Path) -> Path:
    """The cassette, or what it was before somebody recorded it."""
    path = path_of(name)
    return path if source_of(path) is Source.DOCUMENTATION else make(name, folder)


def rows(database: Path, sql: str) -> Rows:
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute(sql).fetchall()


def access_to(path: Path) -> Access:
    return Access(base_url_of(path), ANYONE, None)


def test_there_is_a_cassette_for_each_case_and_no_other() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {f"{name}.yaml" for name in EVERY} | {
        "README.md"
    }
    assert DOCUMENTED.keys() == CASES.keys()


@pytest.mark.parametrize("name", EVERY)
def test_each_says_at_its_top_how_it_was_made(name: str) -> None:
    text = path_of(name).read_text("utf-8")
    assert text.startswith(
        ("version: 1\nmetadata:\n  made: Made", "version: 1\nmetadata:\n  made: R")
    )
    said = load(text)["metadata"]
    assert Source(said["source"])
    assert ("recorded_on" in said) == (said["source"] in (Source.VENDOR, Source.STAND_IN))
    assert ("Simulated" in said["made"]) == (Source(said["source"]) not in VENDORS)


@pytest.mark.parametrize("name", EVERY)
def test_simulated_answers_never_bear_the_vendors_address(name: str) -> None:
    path = path_of(name)
    expected = VENDOR if source_of(path) in VENDORS else STAND_IN
    addresses = [i["request"]["uri"] for i in load(path.read_text("utf-8"))["interactions"]]
    assert all(address.startswith(f"{expected}/api/method/auditor.") for address in addresses)
    assert 0 < len(addresses) <= CRAWL_REQUESTS
    assert access_to(path).origin is (Origin.VENDOR if expected == VENDOR else Origin.SIMULATED)


@pytest.mark.parametrize("name", EVERY)
def test_what_was_not_recorded_is_what_make_writes(name: str, tmp_path: Path) -> None:
    path, source = path_of(name), source_of(path_of(name))
    if source in (Source.VENDOR, Source.STAND_IN):
        assert name == CRAWL or CASES[name].recordable
        return
    anew = make_small_crawl(tmp_path) if name == CRAWL else make(name, tmp_path)
    assert path.read_text("utf-8") == anew.read_text("utf-8")


@no_network
@pytest.mark.parametrize("name", CASES)
def test_the_client_reads_each_as_what_it_is(name: str) -> None:
    assert type(replayed(name, path_of(name))) is CASES[name].becomes


@no_network
@pytest.mark.parametrize(
    ("name", "status", "code", "wait"),
    [
        ("invalid-request", 400, 8, None),
        ("no-api-access", 402, 27, None),
        ("invalid-token", 403, 4, None),
        ("private", 403, 403, None),
        ("not-found", 404, 16, None),
        ("too-many-requests", 429, 429, None),
        ("too-many-requests-with-wait", 429, 429, 7.0),
        ("server-fault", 500, 500, None),
        ("being-made", 202, None, 5.0),
    ],
)
def test_each_documented_error_as_documented(
    name: str, status: int, code: int | None, wait: float | None, tmp_path: Path
) -> None:
    error = replayed(name, documented(name, tmp_path))
    assert isinstance(error, ApiError)
    assert (error.status, error.code) == (status, code)
    assert (error.retry_after if isinstance(error, TransientError) else None) == wait


@no_network
def test_the_documented_plan(tmp_path: Path) -> None:
    plan = replayed("plan", documented("plan", tmp_path))
    assert plan == PlanInfo("basic", 10123, "all", 89936)


@no_network
def test_by_id_the_own_row_need_not_be_the_first(tmp_path: Path) -> None:
    answer = replayed("by-id", documented("by-id", tmp_path))
    assert isinstance(answer, Answer)
    assert answer.own is not None
    assert (answer.own.network, answer.own.social_id) == ("youtube", "UCLA_DiR1FfKNvjuUpBHmylQ")
    assert len(answer.connections) == 4


@no_network
def test_the_documented_sample_crawled_to_depth_1(tmp_path: Path) -> None:
    path, database = documented("sample", tmp_path), tmp_path / "sample.db"
    with replaying(path) as cassette:
        result = small_crawl(database, access_to(path), depth=1, workers=4)
        assert cassette.play_count == 1
    assert (result.ended, result.exit_code) == (None, 0)

    stored = rows(
        database,
        "SELECT social_id, username, network, title, subscribers_count, er, state FROM nodes",
    )
    assert sorted(stored) == sorted(SAMPLE)
    types = rows(
        database,
        "SELECT DISTINCT typeof(social_id), typeof(username), typeof(network), typeof(title), "
        "typeof(avatar_url), typeof(subscribers_count), typeof(state) FROM nodes",
    )
    assert types == [("text",) * 5 + ("integer", "text")]
    assert rows(database, "SELECT DISTINCT typeof(er) FROM nodes") == [("real",)]
    avatars = rows(database, "SELECT avatar_url FROM nodes WHERE social_id = '528817151'")
    assert avatars == [(avatar_of(SAMPLE[0]),)]

    ends = rows(
        database,
        "SELECT s.social_id, t.social_id, e.position FROM edges e JOIN nodes s "
        "ON s.id = e.source_id JOIN nodes t ON t.id = e.target_id ORDER BY e.position",
    )
    assert ends == [("528817151", row[0], place) for place, row in enumerate(SAMPLE[1:])]
    depths = rows(
        database, "SELECT n.social_id, v.depth FROM visits v JOIN nodes n ON n.id = v.node_id"
    )
    assert dict(depths) == {row[0]: int(place > 0) for place, row in enumerate(SAMPLE)}
    assert Database.at(database).origin is Origin.VENDOR


Key = tuple[str, str]


def listed_in(path: Path) -> tuple[set[Key], set[tuple[Key, Key]]]:
    """Nodes and edges that a cassette's answers hold, read without any of our code."""
    nodes: set[Key] = set()
    edges: set[tuple[Key, Key]] = set()
    for status, body in bodies_of(path):
        if status == 200:
            keys = [(row["type"], row["social_id"]) for row in body["result"]]
            nodes.update(keys)
            edges.update((keys[0], key) for key in keys[1:])
    return nodes, edges


def stored_in(database: Path) -> tuple[set[Key], set[tuple[Key, Key]]]:
    edges = rows(
        database,
        "SELECT s.network, s.social_id, t.network, t.social_id FROM edges e JOIN nodes s "
        "ON s.id = e.source_id JOIN nodes t ON t.id = e.target_id",
    )
    nodes = rows(database, "SELECT network, social_id FROM nodes")
    return {(n, i) for n, i in nodes}, {((a, b), (c, d)) for a, b, c, d in edges}


@no_network
def test_the_small_crawl_stores_what_its_answers_hold(tmp_path: Path) -> None:
    path, database = path_of(CRAWL), tmp_path / "crawl.db"
    with replaying(path) as cassette:
        small_crawl(database, access_to(path))
        assert cassette.all_played
    assert stored_in(database) == listed_in(path)
    assert Database.at(database).origin is access_to(path).origin


def within(hops: int, world: SmallWorld) -> tuple[set[Key], set[tuple[Key, Key]]]:
    """The small world's own graph around the seed, by plain breadth-first search."""

    def key(account: Account) -> Key:
        return account.network, account.social_id

    start = world.entrance
    assert start.social_id is not None
    ring, seen = {(start.network, start.social_id)}, {(start.network, start.social_id)}
    edges: set[tuple[Key, Key]] = set()
    for _ in range(hops):
        reports = [world.look_up(AccountRef(network, social_id=i)) for network, i in ring]
        new = {
            (key(report.own), key(listed))
            for report in reports
            if isinstance(report, Report)
            for listed in report.connections
        }
        edges |= new
        ring = {target for _, target in new} - seen
        seen |= ring
    return seen, edges


def test_the_simulated_crawl_is_the_small_world_to_depth_2(
    tmp_path: Path, without_network: Callable[[], None]
) -> None:
    path = path_of(CRAWL)
    path = path if source_of(path) is Source.SIMULATOR else make_small_crawl(tmp_path)
    without_network()
    database = tmp_path / "crawl.db"
    with replaying(path):
        result = small_crawl(database, access_to(path))
    assert result.exit_code == 0
    nodes, edges = stored_in(database)
    assert (nodes, edges) == within(2, SmallWorld())
    assert len(nodes) == 54
    missing = rows(
        database,
        "SELECT n.username, v.status, v.attempts FROM visits v "
        "JOIN nodes n ON n.id = v.node_id WHERE v.status = 'failed'",
    )
    assert missing == [("nasagovvideo", "failed", 2)]
    vendor = Access(VENDOR, ANYONE, None)
    with pytest.raises(SourceMismatch):
        small_crawl(database, vendor)


@pytest.fixture
def without_network(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Forbid the network from when this is called."""

    def refuse(*_: object) -> None:
        raise AssertionError("the network was used")

    return lambda: monkeypatch.setattr(socket.socket, "connect", refuse)


@no_network
def test_what_is_on_no_cassette_is_not_answered() -> None:
    with (
        replaying(path_of("sample")),
        Client(ANYONE, base_url=VENDOR) as client,
        pytest.raises(CannotOverwriteExistingCassetteException),
    ):
        client.ask(PRIVATE)


@no_network
def test_the_network_is_indeed_closed_here() -> None:
    with socket.socket() as door, pytest.raises(RuntimeError, match="Network is disabled"):
        door.connect(("127.0.0.1", 9))
