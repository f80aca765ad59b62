"""The token stays in its header: no message, repr or traceback shows it."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator

import pytest

from graphcrawl.api import Client, Timeouts
from graphcrawl.errors import ApiError
from graphcrawl.model import AccountRef
from tests.api.conftest import (
    CREDENTIALS,
    TOKEN,
    Play,
    Player,
    answer,
    chunked,
    error,
    free_port,
    wire,
)

HOSTILE = AccountRef("instagram", username="na\x1b[31m\r\nsa\u202e")
BRISK = Timeouts(connect=1.0, read=0.2, whole=0.3)

PLAYS = {
    "echoed in an error": error(403, 4, f"no such token: {TOKEN}"),
    "echoed under 200": error(200, 99, TOKEN * 40),
    "echoed in HTML": Play(wire(404, f"<p>{TOKEN}</p>".encode())),
    "echoed in a redirect": Play(wire(302, b"", f"Location: https://{TOKEN}.example/")),
    "echoed in a path": Play(wire(302, b"", f"Location: http://127.0.0.1:1/{TOKEN}")),
    "echoed in a reason": Play(f"HTTP/1.1 {TOKEN}\r\n\r\n".encode(), "close"),
    "echoed in a length": Play(f"HTTP/1.1 200 OK\r\nContent-Length: {TOKEN}\r\n\r\n".encode()),
    "echoed in a chunk": Play(chunked(b"{", ends=False) + TOKEN.encode() + b"\r\n", "close"),
    "no JSON": Play(wire(200, b"<html>")),
    "another shape": answer({"result": None}),
    "too deep": Play(wire(200, b"[" * 30_000)),
    "cut": Play(wire(200, b"{", length=9), "close"),
    "reset": Play(b"", "reset"),
    "silent": Play(b"", "hang"),
    "dripping": Play(wire(200, b"{", length=99_999), "drip"),
    "too many": answer({}, 429),
}


def shown(fault: BaseException) -> Iterator[str]:
    """Everything that a log, a debugger's page or a crash report would print."""
    seen: list[BaseException] = []
    waiting: list[BaseException | None] = [fault]
    while waiting:
        each = waiting.pop()
        if each is None or each in seen:
            continue
        seen.append(each)
        waiting += [each.__cause__, each.__context__]
        yield from (str(each), repr(each))
        yield repr(vars(each))
    yield from traceback.format_exception(fault)


def with_locals(fault: BaseException) -> str:
    """The traceback as tools print it that show each frame's local variables, but this test's."""
    trace = fault.__traceback__
    assert trace is not None
    kept = traceback.TracebackException(
        type(fault), fault, trace.tb_next, capture_locals=True, compact=True
    )
    return "".join(kept.format())


def check(fault: ApiError) -> None:
    message = str(fault)
    assert message.startswith("instagram:na\\x1b[31m\\r\\nsa\\u202e: ")
    assert message.isprintable()
    assert len(message) < 600
    for text in shown(fault):
        assert "x-auth-token" not in text


@pytest.mark.parametrize("name", PLAYS)
def test_no_fault_shows_the_token(
    player: Player, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    player.will(PLAYS[name])
    with (
        Client(CREDENTIALS, base_url=player.url, timeout=BRISK) as client,
        pytest.raises(ApiError) as caught,
    ):
        client.ask(HOSTILE)
    assert player.seen[0].headers["x-auth-token"] == TOKEN
    check(caught.value)
    assert TOKEN not in str(caught.value)
    assert TOKEN not in repr(client)
    if "echoed" not in name:
        assert not any(TOKEN in text for text in shown(caught.value))
        assert TOKEN not in with_locals(caught.value)
        assert TOKEN not in caplog.text


def test_nor_does_a_connection_refused() -> None:
    url = f"http://127.0.0.1:{free_port()}"
    with (
        Client(CREDENTIALS, base_url=url, timeout=BRISK) as client,
        pytest.raises(ApiError) as caught,
    ):
        client.ask(HOSTILE)
    check(caught.value)
    assert not any(TOKEN in text for text in shown(caught.value))
    assert TOKEN not in with_locals(caught.value)


def test_the_request_is_gone_from_the_cause(player: Player) -> None:
    player.will(Play(b"", "close"))
    with (
        Client(CREDENTIALS, base_url=player.url, timeout=BRISK) as client,
        pytest.raises(ApiError) as caught,
    ):
        client.ask(HOSTILE)
    cause = caught.value.__cause__
    assert cause is not None
    assert vars(cause)["request"] is None
