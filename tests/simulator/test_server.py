from __future__ import annotations

import http.client
import json
import socket
import threading
import time
from collections.abc import Iterator

import pytest

from graphcrawl.errors import SettingsError
from graphcrawl.simulator import (
    Access,
    FaultKind,
    Faults,
    GeneratedWorld,
    Limit,
    OwnRow,
    Simulator,
    SmallWorld,
)
from graphcrawl.simulator.desk import CONNECTIONS_PATH, PLAN_PATH
from tests.simulator.requesting import (
    CREDENTIALS,
    ask,
    connection,
    get,
    raw,
    read_all,
    request_bytes,
    target,
)

NASA = target(username="nasa", type="instagram")


@pytest.fixture(scope="module")
def server() -> Iterator[Simulator]:
    with Simulator(SmallWorld()) as running:
        yield running


def faulty(*kinds: FaultKind, hang_seconds: float = 30.0) -> Faults:
    return Faults(share=1, kinds=kinds, retry_after=7, hang_seconds=hang_seconds)


def test_the_documented_request_has_the_documented_answer(server: Simulator) -> None:
    got = ask(server, username="nasa", type="instagram", v="2")
    assert got.status == 200
    assert [(r["type"], r["username"], r["er"]) for r in got.rows] == [
        ("instagram", "nasa", 0.734377),
        ("twitter", "nasa", 0),
        ("youtube", "nasa", 2.72),
        ("instagram", "nasaartemis", 0.440513),
        ("youtube", "nasagovvideo", 5.17),
    ]
    assert set(got.json) == {"result"}
    assert got.headers["Content-Type"].startswith("application/json")


def test_every_response_says_that_it_is_simulated(server: Simulator) -> None:
    for got in (get(server, NASA), get(server, "/none"), get(server, NASA, headers={})):
        assert got.headers["X-Graphcrawl-Simulator"] == "1"
        assert got.headers["Server"].startswith("graphcrawl-simulator/")


def test_ids_win_over_names_and_names_fold_case(server: Simulator) -> None:
    by_id = ask(server, id="11348282", username="nobody", type="twitter")
    assert by_id.rows[0]["social_id"] == "11348282"
    assert ask(server, user_id="11348282", type="twitter").rows == by_id.rows
    assert ask(server, username="NASA", type="twitter").rows == by_id.rows


def test_titles_of_any_script_arrive_whole(server: Simulator) -> None:
    titles = {r["title"] for r in ask(server, username="nasa", type="youtube").rows}
    assert "星野茶馆 · 夜空直播" in titles


@pytest.mark.parametrize("path", [PLAN_PATH, PLAN_PATH + "/"])
def test_the_plan(server: Simulator, path: str) -> None:
    plan = get(server, path).json["result"]
    assert plan["reports"] == {"plan": "basic", "credits": 10123}
    assert plan["discovery"] == {"plan": "all", "requests": 89936}


@pytest.mark.parametrize(
    "parameters",
    [
        {"username": "nasa"},
        {"type": "instagram"},
        {"username": "nasa", "type": "myspace"},
        {"username": "nasa", "type": "instagram", "v": "1"},
        {"username": "nasa", "type": "instagram", "page": "2"},
        {"username": "", "id": "", "type": "instagram"},
    ],
)
def test_a_wrong_request_is_400_code_8(server: Simulator, parameters: dict[str, str]) -> None:
    assert ask(server, **parameters).error == (400, 8, "Invalid request")


def test_an_unknown_account_is_404_code_16(server: Simulator) -> None:
    for parameters in ({"username": "sim_nobody"}, {"id": "0"}, {"username": "@nasa"}):
        assert ask(server, type="instagram", **parameters).error == (404, 16, "Object not found")


def test_a_private_account_is_403_with_another_code(server: Simulator) -> None:
    status, code, _ = ask(server, username="sim_nightloaf", type="instagram").error
    assert status == 403
    assert code != 4


@pytest.mark.parametrize("missing", ["x-auth-id", "x-auth-token"])
@pytest.mark.parametrize("path", [NASA, PLAN_PATH])
def test_without_credentials_it_is_403_code_4(server: Simulator, missing: str, path: str) -> None:
    for headers in (
        {k: v for k, v in CREDENTIALS.items() if k != missing},
        CREDENTIALS | {missing: ""},
    ):
        assert get(server, path, headers=headers).error == (403, 4, "Invalid token")


def test_a_given_id_and_token_must_match() -> None:
    access = Access(client_id="tester", token="right")
    with Simulator(SmallWorld(), access=access) as server:
        assert get(server, NASA).error == (403, 4, "Invalid token")
        right = CREDENTIALS | {"x-auth-token": "right"}
        assert get(server, NASA, headers=right).status == 200
        stranger = right | {"x-auth-id": "stranger"}
        assert get(server, NASA, headers=stranger).error == (403, 4, "Invalid token")
    assert "right" not in repr(access)


def test_without_api_access_everything_is_402_code_27() -> None:
    with Simulator(SmallWorld(), access=Access(granted=False)) as server:
        assert get(server, NASA).error == (402, 27, "No API access")
        assert get(server, PLAN_PATH).error == (402, 27, "No API access")


def test_other_paths_and_methods(server: Simulator) -> None:
    for path in ("/", "/api/method/auditor.report", CONNECTIONS_PATH + "x", "*"):
        assert get(server, path).status == 404
    assert get(server, NASA, method="POST").status == 405
    head = get(server, NASA, method="HEAD")
    assert (head.status, head.body) == (405, b"")


def test_a_report_that_is_being_made_is_there_at_the_third_request() -> None:
    with Simulator(SmallWorld()) as server:
        first = ask(server, username="nasaartemis", type="instagram")
        second = ask(server, id="1104426670", type="instagram")
        third = ask(server, username="nasaartemis", type="instagram")
        assert [g.status for g in (first, second, third)] == [202, 202, 200]
        assert first.json == {"result": {"retry": 1}}
        assert third.rows[0]["username"] == "nasaartemis"
        assert ask(server, id="1104426670", type="instagram").rows == third.rows


def test_the_own_row_can_be_last_or_never() -> None:
    with Simulator(SmallWorld(), own_row=OwnRow.LAST) as server:
        last = [r["social_id"] for r in get(server, NASA).rows]
    with Simulator(SmallWorld(), own_row=OwnRow.NEVER) as server:
        never = [r["social_id"] for r in get(server, NASA).rows]
    assert len(never) == 4
    assert last == [*never, "528817151"]


def test_one_connection_serves_many_requests_and_bodies_are_passed_over(
    server: Simulator,
) -> None:
    with connection(server) as kept:
        sockets = set()
        for _ in range(3):
            assert get(server, NASA, over=kept).status == 200
            sockets.add(kept.sock)
        kept.request("GET", NASA, body=b"passed over", headers=CREDENTIALS)
        response = kept.getresponse()
        assert (response.status, len(json.loads(response.read())["result"])) == (200, 5)
        assert sockets == {kept.sock}


def test_requests_may_come_together_or_in_pieces(server: Simulator) -> None:
    wanted = request_bytes(NASA)
    with raw(server) as client:
        client.sendall(wanted + wanted[:30])
        client.sendall(wanted[30:-2])
        client.sendall(b"\r\n")
        client.shutdown(socket.SHUT_WR)
        assert read_all(client).count(b"HTTP/1.1 200 OK") == 2


@pytest.mark.parametrize(
    "data",
    [
        b"nonsense\r\n\r\n",
        b"GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"GET / HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n",
        b"GET / HTTP/1.1\r\nX: " + b"x" * 70_000,
    ],
)
def test_what_is_no_request_is_refused_and_the_connection_closed(
    server: Simulator, data: bytes
) -> None:
    with raw(server) as client:
        client.sendall(data)
        assert read_all(client).startswith(b"HTTP/1.1 400 Bad Request\r\n")


@pytest.mark.parametrize(
    ("kind", "status", "retry_after"),
    [
        (FaultKind.TOO_MANY, 429, None),
        (FaultKind.TOO_MANY_WAIT, 429, "7"),
        (FaultKind.SERVER_ERROR, 500, None),
        (FaultKind.PENDING, 202, None),
    ],
)
def test_faults_with_a_status(kind: FaultKind, status: int, retry_after: str | None) -> None:
    with Simulator(SmallWorld(), faults=faulty(kind)) as server:
        got = get(server, NASA)
        assert got.status == status
        assert got.headers.get("Retry-After") == retry_after
        assert isinstance(got.json, dict)
        assert [(r.status, r.fault) for r in server.log] == [(status, kind)]


def test_a_gateways_page_is_html() -> None:
    with Simulator(SmallWorld(), faults=faulty(FaultKind.BAD_GATEWAY)) as server:
        got = get(server, NASA)
        assert got.status == 502
        assert got.headers["Content-Type"].startswith("text/html")
        assert got.body.startswith(b"<html>")


def test_a_reset_breaks_the_connection_without_a_byte() -> None:
    with Simulator(SmallWorld(), faults=faulty(FaultKind.RESET)) as server:
        with raw(server) as client:
            client.sendall(request_bytes(NASA))
            with pytest.raises(ConnectionResetError):
                client.recv(1)
        assert [(r.asked, r.status, r.fault) for r in server.log] == [("nasa", 0, FaultKind.RESET)]


def test_a_cut_body_promises_more_than_it_brings() -> None:
    faults = faulty(FaultKind.CUT)
    with Simulator(SmallWorld(), faults=faults) as server, connection(server) as client:
        client.request("GET", NASA, headers=CREDENTIALS)
        response = client.getresponse()
        assert response.status == 200
        with pytest.raises(http.client.IncompleteRead) as caught:
            response.read()
        assert caught.value.partial.startswith(b'{"result"')
        response.close()


def test_a_hanging_request_stays_without_an_answer_and_then_ends() -> None:
    faults = faulty(FaultKind.HANG, hang_seconds=0.2)
    with Simulator(SmallWorld(), faults=faults) as server, raw(server) as client:
        begun = time.monotonic()
        client.sendall(request_bytes(NASA))
        assert read_all(client) == b""
        assert time.monotonic() - begun >= 0.19


def test_faults_come_by_the_requests_number() -> None:
    kinds = (FaultKind.SERVER_ERROR, FaultKind.TOO_MANY)
    faults = Faults(share=0.5, kinds=kinds, rng_seed=3)
    status = {None: 200, FaultKind.SERVER_ERROR: 500, FaultKind.TOO_MANY: 429}
    with Simulator(SmallWorld(), faults=faults) as server, connection(server) as client:
        seen = [get(server, NASA, over=client).status for _ in range(40)]
    assert seen == [status[faults.choose(n)] for n in range(40)]
    assert set(seen) == {200, 429, 500}


def test_over_the_limit_it_is_429_until_the_window_has_room() -> None:
    limit = Limit(requests=3, seconds=1.0)
    with Simulator(SmallWorld(), limit=limit) as server, connection(server) as client:
        got = [get(server, NASA, over=client) for _ in range(5)]
        assert [g.status for g in got] == [200, 200, 200, 429, 429]
        assert got[3].headers["Retry-After"] == "1"
        deadline = time.monotonic() + 10
        while get(server, NASA, over=client).status == 429:
            assert time.monotonic() < deadline
        passed = [r.time for r in server.log if r.status == 200]
    assert passed[3] - passed[0] >= 1.0


def test_the_limit_may_keep_its_wait_to_itself() -> None:
    with Simulator(SmallWorld(), limit=Limit(requests=1, retry_after=False)) as server:
        assert get(server, NASA).status == 200
        refused = get(server, NASA)
    assert refused.status == 429
    assert "Retry-After" not in refused.headers


def test_latency_is_the_least_that_an_answer_takes() -> None:
    with Simulator(SmallWorld(), latency=0.1) as server:
        begun = time.monotonic()
        assert get(server, NASA).status == 200
        assert time.monotonic() - begun >= 0.1


def test_the_log_says_what_was_asked_and_when() -> None:
    begun = time.monotonic()
    with Simulator(SmallWorld()) as server:
        get(server, NASA)
        ask(server, id="528817151", type="instagram")
        get(server, PLAN_PATH)
        ask(server, username="sim_none", type="tiktok")
        assert [(r.network, r.asked, r.social_id, r.status) for r in server.log] == [
            ("instagram", "nasa", "528817151", 200),
            ("instagram", "528817151", "528817151", 200),
            ("", "", None, 200),
            ("tiktok", "sim_none", None, 404),
        ]
        times = [r.time for r in server.log]
        assert begun <= times[0] <= times[-1] <= time.monotonic()
        assert server.total == 4
        assert server.counts()["instagram", "nasa"] == 1


def test_the_log_is_bounded_and_the_count_is_not() -> None:
    with Simulator(SmallWorld(), log_size=2) as server:
        for name in "abc":
            ask(server, username=name, type="tiktok")
        assert [r.asked for r in server.log] == ["b", "c"]
        assert server.total == 3


def test_many_clients_at_once_are_all_served_and_counted() -> None:
    world = GeneratedWorld(200)
    accounts = [world.account(n) for n in range(200)]
    with Simulator(world) as server:

        def client(turn: int) -> None:
            with connection(server) as kept:
                for account in accounts[turn::8]:
                    wanted = target(id=account.social_id, type=account.network)
                    statuses.append(get(server, wanted, over=kept).status)

        statuses: list[int] = []
        threads = [threading.Thread(target=client, args=(turn,)) for turn in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert server.total == len(statuses) == 200
        assert set(server.counts().values()) == {1}
    assert statuses.count(200) > 150


@pytest.mark.parametrize("kind", [None, FaultKind.HANG, "latency"])
def test_stopping_is_instant_with_idle_hanging_and_slow_connections(kind: str | None) -> None:
    faults = faulty(FaultKind.HANG) if kind == FaultKind.HANG else None
    latency = 30.0 if kind == "latency" else 0.0
    before = set(threading.enumerate())
    server = Simulator(SmallWorld(), faults=faults, latency=latency)
    server.start()
    with raw(server) as idle, raw(server) as busy:
        busy.sendall(request_bytes(NASA))
        if kind is None:
            assert busy.recv(10) == b"HTTP/1.1 2"
        else:
            deadline = time.monotonic() + 10
            while server.total == 0:
                assert time.monotonic() < deadline
        begun = time.monotonic()
        server.stop()
        assert time.monotonic() - begun < 2
        assert idle.recv(1) == b""
        assert set(threading.enumerate()) <= before


def test_it_listens_on_loopback_and_can_be_started_again() -> None:
    server = Simulator(SmallWorld())
    with pytest.raises(RuntimeError):
        server.url  # noqa: B018
    for _ in range(2):
        with server:
            assert server.url.startswith("http://127.0.0.1:")
            server.start()
            assert get(server, NASA).status == 200
        server.stop()
    assert server.total == 2


def test_a_taken_port_is_bad_usage() -> None:
    with Simulator(SmallWorld()) as server:
        port = int(server.url.rpartition(":")[2])
        second = Simulator(SmallWorld(), port=port)
        with pytest.raises(SettingsError, match=f"cannot listen on 127.0.0.1 port {port}"):
            second.start()
    with pytest.raises(SettingsError, match="latency"):
        Simulator(SmallWorld(), latency=-1)
    with pytest.raises(SettingsError, match="cannot listen"):
        Simulator(SmallWorld(), port=70_000).start()


def test_serving_forever_ends_when_it_is_stopped() -> None:
    server = Simulator(SmallWorld())
    started = threading.Event()
    serving = threading.Thread(target=server.serve_forever, kwargs={"started": started.set})
    serving.start()
    assert started.wait(10)
    assert get(server, NASA).status == 200
    server.stop()
    serving.join(10)
    assert not serving.is_alive()
