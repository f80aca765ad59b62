"""Every foreign exception has a translation, and real ones get the right one."""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Iterator

import pytest
import requests
import urllib3

from graphcrawl.api import Client, Timeouts
from graphcrawl.api.exchange import AnswerTooLarge
from graphcrawl.api.faults import FOREIGN, RULES, translate
from graphcrawl.errors import (
    ApiError,
    BrokenAnswer,
    RedirectRefused,
    RequestTimeout,
    TransientError,
    Unreachable,
)
from graphcrawl.model import AccountRef
from tests.api.conftest import CREDENTIALS, QUICK, Play, Player, chunked, free_port, wire

NASA = AccountRef("instagram", username="nasa")
ROOTS = (requests.RequestException, urllib3.exceptions.HTTPError, http.client.HTTPException)
BODY = b'{"result": [' + b" " * 5000 + b"]}"


def below(kind: type[BaseException]) -> Iterator[type[BaseException]]:
    """All classes below one that come with these libraries."""
    for child in kind.__subclasses__():
        if child.__module__.split(".")[0] in {"requests", "urllib3", "http"}:
            yield child
        yield from below(child)


KNOWN = {kind for rule in RULES for kind in rule.kinds}
# One of urllib3's stands beside its tree.
ASTRAY = {urllib3.exceptions.ProxySchemeUnsupported}
THEIRS = sorted({child for root in ROOTS for child in below(root)} | ASTRAY, key=str)


@pytest.mark.parametrize("kind", THEIRS, ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
def test_every_exception_of_the_libraries_is_mapped(kind: type[BaseException]) -> None:
    assert KNOWN & set(kind.__mro__), "no rule names it"
    assert issubclass(kind, FOREIGN), "it would pass uncaught"
    error = kind.__new__(kind)
    ours = translate(error, host="host", account="instagram:nasa")
    assert isinstance(ours, ApiError)
    assert str(ours).startswith("instagram:nasa: ")
    assert "{" not in str(ours)


def test_the_walk_finds_them_all() -> None:
    assert len(THEIRS) > 40
    public = vars(urllib3.exceptions).values()
    kinds = {each for each in public if isinstance(each, type) and issubclass(each, Exception)}
    ours = {each for each in kinds if each.__module__ == "urllib3.exceptions"}
    assert {each for each in ours if not issubclass(each, Warning)} - set(ROOTS) <= set(THEIRS)
    assert {requests.exceptions.ReadTimeout, urllib3.exceptions.IncompleteRead} < set(THEIRS)


@pytest.mark.parametrize("kind", THEIRS, ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
def test_no_rule_for_a_mere_ancestor_is_relied_on(kind: type[BaseException]) -> None:
    if kind.__module__.startswith(("requests.", "urllib3.exceptions")):
        assert kind in KNOWN


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (OSError("no idea"), Unreachable),
        (ConnectionResetError(104, "Connection reset by peer"), Unreachable),
        (BrokenPipeError(), Unreachable),
        (TimeoutError(), RequestTimeout),
        (socket.gaierror(-2, "Name or service not known"), Unreachable),
        (ssl.SSLEOFError(8, "EOF occurred"), Unreachable),
        (ssl.SSLCertVerificationError("x"), Unreachable),
        (http.client.BadStatusLine("x"), BrokenAnswer),
        (requests.TooManyRedirects(), RedirectRefused),
        (requests.RequestException("new in some later version"), Unreachable),
        (urllib3.exceptions.HTTPError("new in some later version"), Unreachable),
    ],
)
def test_sockets_and_tls(error: Exception, kind: type[ApiError]) -> None:
    assert isinstance(error, FOREIGN)
    assert type(translate(error, host="host")) is kind


def test_the_innermost_reason_decides() -> None:
    inner = urllib3.exceptions.ReadTimeoutError(None, None, "x")  # type: ignore[arg-type]
    wrapped = requests.ConnectionError(urllib3.exceptions.MaxRetryError(None, "/", inner))  # type: ignore[arg-type]
    assert type(translate(wrapped, host="host")) is RequestTimeout
    assert issubclass(AnswerTooLarge, FOREIGN)


def test_a_text_of_the_body_is_never_the_reason() -> None:
    error = requests.exceptions.JSONDecodeError("Expecting value", "the whole body", 0)
    assert "the whole body" not in str(translate(error, host="host"))


CUT = [
    Play(wire(200, BODY, length=len(BODY) + 1), "close"),
    Play(wire(200, BODY, length=len(BODY) + 1), "reset"),
    Play(wire(200, BODY[:100], length=len(BODY)), "close"),
    # Whole JSON, and yet more was announced: it may be an error page's tail, or a proxy's cut.
    Play(wire(200, b'{"result": []}', length=20), "close"),
    Play(chunked(BODY, ends=False), "close"),
    Play(chunked(BODY, ends=False), "reset"),
    Play(chunked(BODY[:50], ends=False) + b"ff\r\nonly this", "close"),
    Play(chunked(BODY[:50], ends=False) + b"zz\r\n", "close"),
    Play(wire(200, b"no gzip", "Content-Encoding: gzip")),
    Play(wire(200, b"\x1f\x8b\x08\x00cut", "Content-Encoding: gzip")),
    Play(b'HTTP/1.0 200 OK\r\n\r\n{"result": [', "close"),
    Play(b"HTTP/1.1 200 OK\r\nContent-Length: 5, 6\r\n\r\n{}", "close"),
]


@pytest.mark.parametrize("play", CUT)
def test_a_cut_answer_is_broken(client: Client, player: Player, play: Play) -> None:
    player.will(play, Play(wire(200, b'{"result": []}')))
    with pytest.raises(BrokenAnswer, match=r"^instagram:nasa: the answer"):
        client.ask(NASA)
    assert client.ask(NASA).connections == ()


GONE = [
    Play(b"", "close"),
    Play(b"", "reset"),
    Play(b"HTTP/1.1 200 OK\r\nContent-Le", "reset"),
    Play(b"SSH-2.0-Server\r\n", "close"),
    Play(b"\x16\x03\x01\0\0", "close"),
]


@pytest.mark.parametrize("play", GONE)
def test_a_connection_that_breaks_is_worth_another_attempt(
    client: Client, player: Player, play: Play
) -> None:
    player.will(Play(wire(200, b'{"result": []}')), play, Play(wire(200, b'{"result": []}')))
    client.ask(NASA)
    with pytest.raises((Unreachable, BrokenAnswer), match="try again") as caught:
        client.ask(NASA)
    assert caught.value.__cause__ is not None
    assert client.ask(NASA).connections == ()


def test_a_kept_connection_closed_meanwhile(client: Client, player: Player) -> None:
    player.will(Play(wire(200, b'{"result": []}'), "close"), Play(wire(200, b'{"result": []}')))
    client.ask(NASA)
    # Either the pool notices and opens another, or the request meets the end: both are fine.
    try:
        assert client.ask(NASA).connections == ()
    except Unreachable:
        assert client.ask(NASA).connections == ()


@pytest.mark.parametrize("start", [b"", b"HTTP/1.1 200 OK\r\n", wire(200, b"{", length=9)])
def test_silence_is_a_timeout(player: Player, start: bytes) -> None:
    player.will(Play(start, "hang"))
    with (
        Client(CREDENTIALS, base_url=player.url, timeout=Timeouts(read=0.1)) as client,
        pytest.raises(RequestTimeout, match=r"no answer from 127\.0\.0\.1 in time"),
    ):
        client.ask(NASA)


@pytest.mark.parametrize("body", [wire(200, b"{", length=10**6), b"HTTP/1.1 200 OK\r\n\r\n{"])
def test_a_dripping_answer_is_a_timeout_too(player: Player, body: bytes) -> None:
    player.will(Play(body, "drip"))
    with (
        Client(CREDENTIALS, base_url=player.url, timeout=Timeouts(whole=0.2)) as client,
        pytest.raises(RequestTimeout),
    ):
        client.ask(NASA)


def test_nobody_listens() -> None:
    url = f"http://127.0.0.1:{free_port()}"
    with (
        Client(CREDENTIALS, base_url=url, timeout=QUICK) as client,
        pytest.raises(Unreachable, match=r"no connection to 127\.0\.0\.1 \(Connection refused\)"),
    ):
        client.ask(NASA)


def test_no_such_name() -> None:
    with (
        Client(CREDENTIALS, base_url="https://nowhere.invalid", timeout=QUICK) as client,
        pytest.raises(Unreachable, match=r"nowhere\.invalid.* check the network"),
    ):
        client.ask(NASA)


def test_an_earlier_failure_still_handled_is_not_taken_for_this_one(player: Player) -> None:
    player.will(Play(b"", "hang"), Play(wire(200, b"{", length=9), "close"))
    with Client(CREDENTIALS, base_url=player.url, timeout=Timeouts(read=0.1)) as client:
        try:
            client.ask(NASA)
        except RequestTimeout:
            with pytest.raises(BrokenAnswer, match="IncompleteRead"):
                client.ask(NASA)
        else:
            pytest.fail("the silence was no timeout")


class TestTls:
    def test_an_untrusted_certificate(self, secure: Player) -> None:
        with (
            Client(CREDENTIALS, base_url=secure.url, timeout=QUICK) as client,
            pytest.raises(Unreachable, match=r"not trusted \(self.signed.*REQUESTS_CA_BUNDLE"),
        ):
            client.ask(NASA)
        assert secure.seen == []

    @pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
    def test_a_ca_bundle_of_the_environment(
        self, secure: Player, certificate: object, monkeypatch: pytest.MonkeyPatch, variable: str
    ) -> None:
        monkeypatch.setenv(variable, str(certificate))
        secure.will(Play(wire(200, b'{"result": []}')))
        with Client(CREDENTIALS, base_url=secure.url, timeout=QUICK) as client:
            monkeypatch.setenv(variable, "/changed/later")
            assert client.ask(NASA).connections == ()

    def test_a_server_that_speaks_no_tls(self, player: Player) -> None:
        player.will(Play(wire(400, b"plain HTTP")))
        url = player.url.replace("http:", "https:")
        with (
            Client(CREDENTIALS, base_url=url, timeout=Timeouts(connect=0.3, read=0.3)) as client,
            pytest.raises(TransientError),
        ):
            client.ask(NASA)
        assert player.seen == []
