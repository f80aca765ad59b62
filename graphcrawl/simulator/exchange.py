"""HTTP/1.1 as far as an API needs it: requests read from bytes, responses made of bytes.

The standard library's handler parses headers with the email package, at a third of the requests
a second that this reaches.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import lru_cache
from http import HTTPStatus
from importlib.metadata import PackageNotFoundError, version
from typing import Final

from graphcrawl.model import Account

MARK_HEADER: Final = "X-Graphcrawl-Simulator"
"""Says in every response that it is simulated."""

_HTML: Final = "text/html; charset=utf-8"
_JSON: Final = "application/json; charset=utf-8"


class BadRequest(Exception):
    """Bytes that are no HTTP request which this server reads."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request: its headers' names are lower case, and its body is not kept."""

    method: str
    target: str
    headers: dict[str, str]
    keep_alive: bool = True
    body_length: int = 0


class Delivery(Enum):
    """How a response reaches the client."""

    WHOLE = auto()
    CUT = auto()
    RESET = auto()
    HANG = auto()


@dataclass(frozen=True, slots=True)
class Response:
    """One response, ready to send."""

    status: int
    body: bytes
    content_type: str = _JSON
    headers: tuple[tuple[str, str], ...] = field(default=())
    delivery: Delivery = Delivery.WHOLE


def parse_request(head: bytes) -> Request:
    """Read a request's line and headers.

    Parameters
    ----------
    head : bytes
        Without the blank line that ends it.

    Returns
    -------
    Request
        With the last of headers that are given twice.

    Raises
    ------
    BadRequest
        When the bytes are no request, or its body cannot be passed over.
    """
    lines = head.decode("latin-1").split("\r\n")
    words = lines[0].split(" ")
    if len(words) != 3 or not words[2].startswith("HTTP/1."):
        raise BadRequest("not an HTTP/1 request line")
    headers = dict(map(_header, lines[1:]))
    length = headers.get("content-length", "0")
    if "transfer-encoding" in headers or not (length.isascii() and length.isdigit()):
        raise BadRequest("a body of unknown length")
    return Request(words[0], words[1], headers, _keeps(words[2], headers), int(length))


def _header(line: str) -> tuple[str, str]:
    name, colon, value = line.partition(":")
    if not colon or not name or name != name.strip():
        raise BadRequest("a header without a name")
    return name.lower(), value.strip()


def _keeps(protocol: str, headers: dict[str, str]) -> bool:
    connection = headers.get("connection", "").lower()
    return connection == "keep-alive" if protocol == "HTTP/1.0" else connection != "close"


def json_response(status: int, value: object, *headers: tuple[str, str]) -> Response:
    """Answer with a value as JSON."""
    return Response(status, json.dumps(value).encode("ascii"), headers=headers)


def error_response(status: int, code: int, description: str, *headers: tuple[str, str]) -> Response:
    """Answer with an error of the documented shape."""
    return json_response(status, {"error": {"code": code, "description": description}}, *headers)


def html_response(status: int) -> Response:
    """Answer as a gateway in front of the API does, without JSON."""
    title = f"{status} {_phrase(status)}"
    page = f"<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>\n"
    return Response(status, page.encode("ascii"), _HTML)


def accounts_response(accounts: Iterable[Account]) -> Response:
    """Answer with accounts, as the API lists them."""
    return json_response(200, {"result": list(map(row, accounts))})


def row(account: Account) -> dict[str, object]:
    """Lay out an account as the API documents it.

    Returns
    -------
    dict
        Without ``er`` where the world has none; other absent values are null.
    """
    fields: dict[str, object] = {
        "social_id": account.social_id,
        "username": account.username,
        "type": account.network,
        "title": account.title,
        "avatar_url": account.avatar_url,
        "subscribers_count": account.subscribers_count,
        "er": account.er,
        "state": account.state,
    }
    if account.er is None:
        del fields["er"]
    return fields


def to_bytes(response: Response, *, keep_alive: bool, with_body: bool = True) -> bytes:
    """Join status line, headers and body, so that one write sends all of it."""
    extra = "".join(f"{name}: {value}\r\n" for name, value in response.headers)
    head = (
        f"HTTP/1.1 {response.status} {_phrase(response.status)}\r\n"
        f"Server: {server_name()}\r\n"
        f"{MARK_HEADER}: 1\r\n"
        f"Content-Type: {response.content_type}\r\n"
        f"Content-Length: {len(response.body)}\r\n"
        f"Connection: {'keep-alive' if keep_alive else 'close'}\r\n"
        f"{extra}\r\n"
    )
    return head.encode("latin-1") + (response.body if with_body else b"")


@lru_cache(maxsize=1)
def server_name() -> str:
    """Name the server and its version, as the Server header says it."""
    try:
        return f"graphcrawl-simulator/{version('graphcrawl')}"
    except PackageNotFoundError:
        return "graphcrawl-simulator"


@lru_cache(maxsize=32)
def _phrase(status: int) -> str:
    return HTTPStatus(status).phrase
