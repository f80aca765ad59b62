"""The client against real sockets: what it sends, what it makes of every answer."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from urllib.parse import parse_qs, urlsplit

import pytest

from graphcrawl.api import Client, PlanInfo
from graphcrawl.api.client import MAX_REDIRECTS
from graphcrawl.errors import (
    ApiError,
    BrokenAnswer,
    InvalidRequest,
    InvalidToken,
    MissingCredentials,
    NoApiAccess,
    RateLimited,
    RedirectRefused,
    ReportForbidden,
    ReportNotFound,
    ReportPending,
    RequestTimeout,
    ServerFault,
    SettingsError,
    TransientError,
    UnexpectedStatus,
    Unreachable,
    UnusableAnswer,
)
from graphcrawl.model import NETWORKS, AccountRef, Credentials
from tests.api.conftest import CREDENTIALS, QUICK, TOKEN, Play, Player, answer, error, wire
from tests.api.test_payload import ANSWERED

NASA = AccountRef("instagram", username="nasa")
EMPTY = answer({"result": []})


class TestTheRequest:
    def test_by_username(self, client: Client, player: Player) -> None:
        player.will(Play(wire(200, ANSWERED.encode())))
        found = client.ask(NASA)
        assert found.own is not None
        assert found.own.subscribers_count == 96_809_672
        assert len(found.connections) == 4
        target = urlsplit(player.seen[0].target)
        assert target.path == "/api/method/auditor.reportConnections"
        assert parse_qs(target.query) == {"username": ["nasa"], "type": ["instagram"], "v": ["2"]}

    def test_headers(self, client: Client, player: Player) -> None:
        player.will(EMPTY)
        client.ask(NASA)
        assert player.seen[0].headers == {
            "host": f"127.0.0.1:{player.port}",
            "accept": "application/json",
            "accept-encoding": "gzip, deflate",
            "user-agent": "graphcrawl",
            "x-auth-id": "client-7",
            "x-auth-token": TOKEN,
        }

    @pytest.mark.parametrize("network", sorted(NETWORKS))
    def test_by_id_on_each_network(self, client: Client, player: Player, network: str) -> None:
        player.will(EMPTY)
        client.ask(AccountRef(network, username="nasa", social_id="UC_x"))
        query = parse_qs(urlsplit(player.seen[0].target).query)
        assert query == {"id": ["UC_x"], "type": [network], "v": ["2"]}

    @pytest.mark.parametrize("name", ["a b&v=1#?/../é 東京", "\r\nX-Evil: 1", "\0", "%00"])
    def test_names_cannot_change_the_request(
        self, client: Client, player: Player, name: str
    ) -> None:
        player.will(EMPTY)
        client.ask(AccountRef("tiktok", username=name))
        query = parse_qs(urlsplit(player.seen[0].target).query, keep_blank_values=True)
        assert query == {"username": [name], "type": ["tiktok"], "v": ["2"]}
        assert "x-evil" not in player.seen[0].headers

    def test_an_at_sign_is_not_sent(self, client: Client, player: Player) -> None:
        player.will(EMPTY)
        client.ask(AccountRef("instagram", username="@nasa"))
        assert "username=nasa&" in player.seen[0].target

    @pytest.mark.parametrize(
        "ref", [AccountRef("threads", username="x"), AccountRef("instagram", username="\ud800")]
    )
    def test_what_cannot_be_asked_is_not_sent(
        self, client: Client, player: Player, ref: AccountRef
    ) -> None:
        with pytest.raises(InvalidRequest, match="not asked"):
            client.ask(ref)
        assert player.seen == []

    def test_version_and_agent_can_be_set(self, player: Player) -> None:
        player.will(EMPTY)
        with Client(CREDENTIALS, base_url=player.url, version="3", user_agent="x/1") as client:
            client.ask(NASA)
        assert player.seen[0].target.endswith("v=3")
        assert player.seen[0].headers["user-agent"] == "x/1"

    def test_plan(self, client: Client, player: Player) -> None:
        player.will(answer({"result": {"reports": {"plan": "basic", "credits": 3}}}))
        assert client.plan() == PlanInfo(plan="basic", credits=3)
        assert player.seen[0].target.startswith("/api/method/auditor.planInfo/?")

    def test_plan_with_a_bad_token(self, client: Client, player: Player) -> None:
        player.will(error(403, 4, "Invalid token"))
        with pytest.raises(InvalidToken, match="HTTP 403/4: Invalid token") as caught:
            client.plan()
        assert caught.value.account is None


class TestConnections:
    def test_one_is_kept_for_many_requests(self, client: Client, player: Player) -> None:
        player.will(EMPTY, error(404, 16), EMPTY, answer({}, 500), EMPTY)
        for _ in range(5):
            try:
                client.ask(NASA)
            except (ReportNotFound, ServerFault):
                continue
        assert [seen.connection for seen in player.seen] == [1] * 5

    def test_threads_share_the_pool_and_get_their_own_answers(self, player: Player) -> None:
        player.will(*[EMPTY] * 80)
        with Client(CREDENTIALS, base_url=player.url, timeout=QUICK, pool_size=4) as client:
            names = [f"name{number}" for number in range(80)]
            with ThreadPoolExecutor(4) as threads:
                list(threads.map(lambda n: client.ask(AccountRef("twitch", username=n)), names))
        asked = [parse_qs(urlsplit(seen.target).query)["username"][0] for seen in player.seen]
        assert sorted(asked) == sorted(names)
        assert player.connections <= 4

    def test_a_closed_client_asks_no_more(self, client: Client, player: Player) -> None:
        client.close()
        with pytest.raises(Unreachable, match="closed"):
            client.ask(NASA)
        assert player.seen == []

    def test_a_server_that_closes_each_connection_is_no_trouble(
        self, client: Client, player: Player
    ) -> None:
        player.will(*[Play(wire(200, b'{"result": []}', "Connection: close"), "close")] * 3)
        for _ in range(3):
            assert client.ask(NASA).connections == ()
        assert player.connections == 3


STATUSES = [
    (error(400, 8, "Invalid request"), InvalidRequest, 400, 8),
    (error(401, None), InvalidToken, 401, None),
    (Play(wire(401, b"<html>")), InvalidToken, 401, None),
    (error(402, 27, "No API access"), NoApiAccess, 402, 27),
    (Play(wire(402)), NoApiAccess, 402, None),
    (error(403, 4, "Invalid token"), InvalidToken, 403, 4),
    (error(403, "4", "Invalid token"), InvalidToken, 403, 4),
    (error(403, 27, "No API access"), NoApiAccess, 403, 27),
    (error(403, 12, "Private"), ReportForbidden, 403, 12),
    (error(403, None, None), ReportForbidden, 403, None),
    (error(404, 16, "Object not found"), ReportNotFound, 404, 16),
    (error(408, 1), RequestTimeout, 408, 1),
    (error(425, 1), ServerFault, 425, 1),
    (error(429, 1), RateLimited, 429, 1),
    (Play(wire(429, b"slow down")), RateLimited, 429, None),
    (error(500, 1), ServerFault, 500, 1),
    (Play(wire(502, b"<html>")), ServerFault, 502, None),
    (Play(wire(503)), ServerFault, 503, None),
    (Play(wire(599)), ServerFault, 599, None),
    (answer({"result": {}}, 202), ReportPending, 202, None),
    (Play(wire(202)), ReportPending, 202, None),
    (answer({"result": []}, 201), UnexpectedStatus, 201, None),
    (Play(b"HTTP/1.1 204 No\r\n\r\n"), UnexpectedStatus, 204, None),
    (Play(wire(304)), UnexpectedStatus, 304, None),
    (Play(wire(302)), UnexpectedStatus, 302, None),
    (error(410, 1), UnexpectedStatus, 410, 1),
    (error(418, 10**30), UnexpectedStatus, 418, None),
    # A 200 may hold a documented error, and one that nobody has documented.
    (error(200, 4), InvalidToken, 200, 4),
    (error(200, 8), InvalidRequest, 200, 8),
    (error(200, 16), ReportNotFound, 200, 16),
    (error(200, 27), NoApiAccess, 200, 27),
    (error(200, 99), UnusableAnswer, 200, 99),
    (answer({"error": {}}), UnusableAnswer, 200, None),
]


@pytest.mark.parametrize(("play", "kind", "status", "code"), STATUSES)
def test_every_status(
    client: Client,
    player: Player,
    play: Play,
    kind: type[ApiError],
    status: int,
    code: int | None,
) -> None:
    player.will(play, EMPTY)
    with pytest.raises(ApiError) as caught:
        client.ask(NASA)
    fault = caught.value
    assert type(fault) is kind
    assert (fault.status, fault.code, fault.account) == (status, code, "instagram:nasa")
    assert str(fault).startswith("instagram:nasa: ")
    assert f"HTTP {status}" in str(fault)
    assert client.ask(NASA).own is None


@pytest.mark.parametrize("status", [400, 403, 404])
@pytest.mark.parametrize(
    "body", [b"", b"<html>Not Found</html>", b'{"detail":"Not Found"}', b'{"error":"x"}', b"[]"]
)
def test_any_web_servers_refusal_is_not_the_vendors(
    client: Client, player: Player, status: int, body: bytes
) -> None:
    player.will(Play(wire(status, body)))
    with pytest.raises(Unreachable, match="HYPEAUDITOR_URL") as caught:
        client.ask(NASA)
    assert caught.value.status == status


def test_a_cut_refusal_is_not_believed(client: Client, player: Player) -> None:
    body = json.dumps({"error": {"code": 16, "description": "x"}}).encode()
    player.will(Play(wire(404, body, length=len(body) + 9), "close"))
    with pytest.raises(TransientError):
        client.ask(NASA)


def test_a_cut_429_still_says_how_long_to_wait(client: Client, player: Player) -> None:
    player.will(Play(wire(429, b"slow", "Retry-After: 7", length=99), "close"))
    with pytest.raises(RateLimited) as caught:
        client.ask(NASA)
    assert caught.value.retry_after == 7.0


class TestTheBody:
    @pytest.mark.parametrize(
        "body", [b"", b"<html>login</html>", b'{"result": [', b"\xff\xfe\xfa", b"{} {}"]
    )
    def test_what_is_no_json_is_worth_another_attempt(
        self, client: Client, player: Player, body: bytes
    ) -> None:
        player.will(Play(wire(200, body)))
        with pytest.raises(BrokenAnswer, match="not JSON") as caught:
            client.ask(NASA)
        assert caught.value.status == 200

    def test_json_of_another_shape_is_not(self, client: Client, player: Player) -> None:
        player.will(answer({"result": 5}))
        with pytest.raises(UnusableAnswer, match=r"instagram:nasa: .* result is a number"):
            client.ask(NASA)

    @pytest.mark.parametrize("status", [200, 404])
    def test_nesting_without_end(self, client: Client, player: Player, status: int) -> None:
        deep = b'{"result":' + b"[" * 30_000 + b"]" * 30_000 + b"}"
        player.will(Play(wire(status, deep)))
        expected, words = (
            (UnusableAnswer, "too deep") if status == 200 else (Unreachable, "HTTP 404")
        )
        with pytest.raises(expected, match=words):
            client.ask(NASA)

    def test_a_number_of_thousands_of_digits(self, client: Client, player: Player) -> None:
        row = b'{"type": "twitch", "social_id": "1", "subscribers_count": %s}' % (b"9" * 5000)
        player.will(Play(wire(200, b'{"result": [%s]}' % row)))
        (found,) = client.ask(NASA).connections
        assert found.subscribers_count is None

    def test_compressed(self, client: Client, player: Player) -> None:
        body = gzip.compress(ANSWERED.encode())
        player.will(Play(wire(200, body, "Content-Encoding: gzip")))
        assert len(client.ask(NASA).connections) == 4

    @pytest.mark.parametrize("packed", [False, True])
    def test_too_large(self, player: Player, packed: bool) -> None:
        body = b'{"result": []}' + b" " * 300_000
        headers = ["Content-Encoding: gzip"] if packed else []
        player.will(Play(wire(200, gzip.compress(body) if packed else body, *headers)), EMPTY)
        with Client(CREDENTIALS, base_url=player.url, max_bytes=250_000) as client:
            with pytest.raises(UnusableAnswer, match="larger than we accept"):
                client.ask(NASA)
            assert client.ask(NASA).connections == ()

    def test_too_large_is_told_without_reading_on(self, player: Player) -> None:
        player.will(Play(wire(200, b" " * 200_000, length=10**9), "hang"))
        with (
            Client(CREDENTIALS, base_url=player.url, max_bytes=1_000, timeout=QUICK) as client,
            pytest.raises(UnusableAnswer, match="larger than we accept"),
        ):
            client.ask(NASA)

    def test_as_large_as_allowed(self, player: Player) -> None:
        body = b'{"result": []}' + b" " * 1000
        player.will(Play(wire(200, body)))
        with Client(CREDENTIALS, base_url=player.url, max_bytes=len(body)) as client:
            assert client.ask(NASA).connections == ()

    def test_an_endless_refusal_is_left_unread(self, client: Client, player: Player) -> None:
        player.will(Play(wire(500, b"x" * 300_000, length=10**9)))
        with pytest.raises(ServerFault):
            client.ask(NASA)


class TestRedirects:
    @pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
    @pytest.mark.parametrize("absolute", [False, True])
    def test_within_the_origin_are_followed(
        self, client: Client, player: Player, status: int, absolute: bool
    ) -> None:
        place = f"{player.url}/b?x=1" if absolute else "/b?x=1"
        player.will(Play(wire(status, b"moved", f"Location: {place}")), EMPTY)
        assert client.ask(NASA).connections == ()
        assert player.seen[1].target == "/b?x=1"
        assert player.seen[1].headers["x-auth-token"] == TOKEN

    def test_to_another_port_carry_nothing(
        self, client: Client, player: Player, other: Player
    ) -> None:
        player.will(Play(wire(302, b"", f"Location: {other.url}/take")))
        with pytest.raises(RedirectRefused, match="must not see the token") as caught:
            client.ask(NASA)
        assert other.url in str(caught.value)
        assert (other.seen, other.connections) == ([], 0)

    @pytest.mark.parametrize(
        "location",
        [
            "https://127.0.0.1:{port}/",
            "http://localhost:{port}/",
            "http://127.0.0.1/",
            "//evil.example/",
            "http://user:pass@127.0.0.1:{port}/",
            "http://127.0.0.1:{port}@evil.example/",
            "ftp://127.0.0.1:{port}/",
            "http://[::1/",
            "http://127.0.0.1:99999999/",
            "file:///etc/hosts",
            "javascript:alert(1)",
        ],
    )
    def test_elsewhere_are_refused(self, client: Client, player: Player, location: str) -> None:
        player.will(Play(wire(307, b"", f"Location: {location.format(port=player.port)}")))
        with pytest.raises(RedirectRefused, match="must not see the token"):
            client.ask(NASA)
        assert len(player.seen) == 1

    def test_text_beyond_ascii_becomes_a_path(self, client: Client, player: Player) -> None:
        player.will(Play(wire(302, b"", "Location: /é \x01\\")), EMPTY)
        client.ask(NASA)
        assert player.seen[1].target == "/%E9%20%01%5C"

    def test_without_end(self, client: Client, player: Player) -> None:
        player.will(*[Play(wire(302, b"", "Location: /round"))] * 10)
        with pytest.raises(RedirectRefused, match="without end"):
            client.ask(NASA)
        assert len(player.seen) == MAX_REDIRECTS + 1

    def test_each_needs_a_permit(self, player: Player) -> None:
        permits: list[int] = []

        @contextmanager
        def permit() -> Iterator[None]:
            permits.append(len(player.seen))
            yield

        player.will(*[Play(wire(302, b"", "Location: /b"))] * 2, EMPTY, EMPTY)
        with Client(CREDENTIALS, base_url=player.url, redirect_permit=permit) as client:
            client.ask(NASA)
            client.ask(NASA)
        assert permits == [1, 2]

    def test_a_huge_body_is_left_unread(self, client: Client, player: Player) -> None:
        play = Play(wire(302, b"x" * 200_000, "Location: /b", length=10**9))
        player.will(play, EMPTY)
        assert client.ask(NASA).connections == ()


class TestSettings:
    @pytest.mark.parametrize(("client_id", "token"), [("", "x"), ("x", ""), ("", "")])
    def test_no_credentials(self, client_id: str, token: str) -> None:
        with pytest.raises(MissingCredentials, match="HYPEAUDITOR_ID and HYPEAUDITOR_TOKEN"):
            Client(Credentials(client_id, token))

    @pytest.mark.parametrize("ending", ["\n", " ", "é", "\x7f", "\0", "\r\nX: y"])
    def test_credentials_that_no_header_carries(self, ending: str) -> None:
        for credentials in (Credentials(TOKEN + ending, "t"), Credentials("i", TOKEN + ending)):
            with pytest.raises(SettingsError) as caught:
                Client(credentials)
            assert TOKEN not in str(caught.value)

    def test_a_bad_address(self) -> None:
        with pytest.raises(SettingsError):
            Client(CREDENTIALS, base_url="http://example.com")

    def test_address_and_host_are_readable(self) -> None:
        with Client(CREDENTIALS) as client:
            assert (client.base_url, client.host) == ("https://hypeauditor.com", "hypeauditor.com")

    def test_netrc_is_not_read(
        self,
        client: Client,
        player: Player,
        monkeypatch: pytest.MonkeyPatch,
        tmp_path_factory: pytest.TempPathFactory,
    ) -> None:
        netrc = tmp_path_factory.mktemp("home") / "netrc"
        netrc.write_text("machine 127.0.0.1 login a password b\n")
        monkeypatch.setenv("NETRC", str(netrc))
        player.will(EMPTY)
        client.ask(NASA)
        assert "authorization" not in player.seen[0].headers

    def test_cookies_are_not_kept(self, client: Client, player: Player) -> None:
        player.will(answer({"result": []}, 200, "Set-Cookie: a=b"), EMPTY)
        client.ask(NASA)
        client.ask(NASA)
        assert "cookie" not in player.seen[1].headers


def test_a_client_closed_meanwhile_follows_no_redirect(player: Player) -> None:
    @contextmanager
    def permit() -> Iterator[None]:
        client.close()
        yield

    player.will(Play(wire(302, b"", "Location: /b")))
    client = Client(CREDENTIALS, base_url=player.url, redirect_permit=permit)
    with pytest.raises(Unreachable, match="closed"):
        client.ask(NASA)
    assert len(player.seen) == 1
