from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from graphcrawl.api import Client, Timeouts
from graphcrawl.errors import ApiError, RequestTimeout
from graphcrawl.model import AccountRef
from tests.api.conftest import CREDENTIALS, Play, Player, answer, certificate, chunked  # noqa: F401

NASA = AccountRef("instagram", "nasa")
SHORT = Timeouts(connect=2.0, read=2.0, whole=0.3)
INTERIM = b"HTTP/1.1 100 Continue\r\n\r\n"

# Each goes on for three seconds, and no two of its bytes are far apart.
ENDLESS = {
    "status line": b"HTTP/1.1 200",
    "header": b"HTTP/1.1 200 OK\r\nX-Long: a",
    "interim answers": INTERIM * 1_000,
    "body": b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n[",
    "refusal": b"HTTP/1.1 429 Too Many\r\nX-Long: a",
    "chunk": chunked(b"[", ends=False),
    "chunk size": chunked(b"[", ends=False) + b"1;",
    "trailer": chunked(b"[", ends=False) + b"0\r\nX-Long: a",
}


def seconds(act: Callable[[], object]) -> float:
    began = time.monotonic()
    with pytest.raises(RequestTimeout, match="in time"):
        act()
    return time.monotonic() - began


@pytest.mark.parametrize("raw", ENDLESS.values(), ids=ENDLESS)
def test_no_part_of_an_answer_may_come_without_end(player: Player, raw: bytes) -> None:
    player.will(Play(raw, "drip"), answer({"result": []}))
    with Client(CREDENTIALS, base_url=player.url, timeout=SHORT) as client:
        assert seconds(lambda: client.ask(NASA)) < 2.0
        assert client.ask(NASA).connections == (), "the next request has its own time"


def test_nor_over_tls(secure: Player, monkeypatch: pytest.MonkeyPatch, certificate: object) -> None:  # noqa: F811
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    secure.will(Play(ENDLESS["header"], "drip"))
    with Client(CREDENTIALS, base_url=secure.url, timeout=SHORT) as client:
        assert seconds(lambda: client.ask(NASA)) < 2.0


def test_nor_from_a_proxy(player: Player, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", player.url)
    player.will(Play(ENDLESS["header"], "drip"))
    with Client(CREDENTIALS, base_url="https://api.invalid", timeout=SHORT) as client:
        began = time.monotonic()
        with pytest.raises(ApiError, match=r"in time|does not let us through"):
            client.ask(NASA)
        assert time.monotonic() - began < 2.0


def test_a_connection_that_is_used_again_has_its_time_again(player: Player) -> None:
    player.will(*[answer({"result": []}) for _ in range(8)])
    with Client(CREDENTIALS, base_url=player.url, timeout=SHORT) as client:
        for _ in range(8):
            assert client.ask(NASA).connections == ()
            time.sleep(0.05)
    assert player.connections == 1
