from __future__ import annotations

import http.client
import io
import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphcrawl.model import Account, AccountRef
from graphcrawl.simulator.desk import parse_asked
from graphcrawl.simulator.exchange import (
    BadRequest,
    Request,
    json_response,
    parse_request,
    row,
    to_bytes,
)


class Bytes:
    """As much of a socket as http.client's response reads."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def makefile(self, mode: str) -> io.BytesIO:
        return io.BytesIO(self._data)


def test_a_request_is_read_with_its_headers_in_lower_case() -> None:
    request = parse_request(b"GET /a?b=c HTTP/1.1\r\nHost: x\r\nX-Auth-ID:  me ")
    assert request == Request("GET", "/a?b=c", {"host": "x", "x-auth-id": "me"})


@pytest.mark.parametrize(
    ("line", "connection", "kept"),
    [
        ("GET / HTTP/1.1", None, True),
        ("GET / HTTP/1.1", "Close", False),
        ("GET / HTTP/1.0", None, False),
        ("GET / HTTP/1.0", "Keep-Alive", True),
    ],
)
def test_connections_are_kept_as_the_protocol_says(
    line: str, connection: str | None, kept: bool
) -> None:
    head = line if connection is None else f"{line}\r\nConnection: {connection}"
    assert parse_request(head.encode()).keep_alive is kept


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"GET /",
        b"GET / HTTP/2",
        b"GET  / HTTP/1.1",
        b"GET / HTTP/1.1\r\nno colon",
        b"GET / HTTP/1.1\r\n folded: x",
        b"GET / HTTP/1.1\r\nContent-Length: -1",
        b"GET / HTTP/1.1\r\nTransfer-Encoding: chunked",
    ],
)
def test_what_is_no_request_is_refused(head: bytes) -> None:
    with pytest.raises(BadRequest):
        parse_request(head)


@given(st.binary(max_size=200))
def test_no_bytes_do_more_than_be_refused(head: bytes) -> None:
    with suppress(BadRequest):
        assert parse_request(head).body_length >= 0


@given(st.text(max_size=200))
def test_no_query_does_more_than_be_invalid(query: str) -> None:
    asked = parse_asked(query)
    assert asked is None or asked.social_id or asked.username


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ("username=nasa&type=instagram", AccountRef("instagram", "nasa")),
        ("id=1&type=youtube&v=2", AccountRef("youtube", social_id="1")),
        ("user_id=1&type=youtube", AccountRef("youtube", social_id="1")),
        ("username=a&id=1&type=tiktok", AccountRef("tiktok", "a", "1")),
        ("username=%E6%98%9F&type=twitch", AccountRef("twitch", "星")),
        ("username=nasa", None),
        ("type=instagram", None),
        ("username=&type=instagram", None),
        ("username=nasa&type=facebook", None),
        ("username=nasa&type=Instagram", None),
        ("username=nasa&type=instagram&v=1", None),
        ("username=nasa&type=instagram&extra=1", None),
        ("", None),
        ("&".join(["type=instagram"] * 20), None),
    ],
)
def test_queries(query: str, asked: AccountRef | None) -> None:
    assert parse_asked(query) == asked


def test_a_row_has_the_documented_fields_and_no_engagement_where_there_is_none() -> None:
    documented = [
        "social_id",
        "username",
        "type",
        "title",
        "avatar_url",
        "subscribers_count",
        "er",
        "state",
    ]
    assert list(row(Account("twitch", "1", er=0))) == documented
    absent = row(Account("instagram", "1"))
    assert list(absent) == [f for f in documented if f != "er"]
    assert absent["subscribers_count"] is None


@given(st.text(), st.sampled_from([200, 202, 404, 429]), st.booleans())
def test_responses_are_read_back_by_the_standard_library(
    text: str, status: int, keep_alive: bool
) -> None:
    response = json_response(status, {"result": text}, ("Retry-After", "3"))
    read = http.client.HTTPResponse(Bytes(to_bytes(response, keep_alive=keep_alive)))  # type: ignore[arg-type]
    read.begin()
    assert read.status == status
    assert json.loads(read.read()) == {"result": text}
    assert read.headers["Retry-After"] == "3"
    assert read.headers["Connection"] == ("keep-alive" if keep_alive else "close")
    read.close()
