"""Where a token may be sent."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphcrawl.api.address import Origin, next_url, parse_base_url
from graphcrawl.errors import SettingsError


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("https://hypeauditor.com", "https://hypeauditor.com"),
        ("HTTPS://HypeAuditor.com:443/", "https://hypeauditor.com"),
        ("https://api.example.org:8443", "https://api.example.org:8443"),
        ("https://my_host", "https://my_host"),
        ("https://[2001:db8::1]:8443", "https://[2001:db8::1]:8443"),
        ("http://127.0.0.1:8000/", "http://127.0.0.1:8000"),
        ("http://127.9.9.9", "http://127.9.9.9"),
        ("http://[::1]:80", "http://[::1]"),
        ("http://LOCALHOST:5000", "http://localhost:5000"),
    ],
)
def test_scheme_host_and_port(text: str, read: str) -> None:
    assert str(parse_base_url(text)) == read


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hypeauditor.com",
        "//hypeauditor.com",
        "ftp://hypeauditor.com",
        "https://",
        "https:///x",
        "https://host/path",
        "https://host//",
        "https://host?",
        "https://host?a=b",
        "https://host#",
        "https://user@host",
        "https://user:pa55@host",
        "https://@host",
        "https://host:",
        "https://host:0",
        "https://host:65536",
        "https://host:x",
        "https://ho st",
        " https://host",
        "https://host\n",
        "https://ho\tst",
        "https://host\\x",
        "https://hôst",
        "https://a..b",
        "https://.a",
        "https://-a",
        "https://[::1",
        "https://[fe80::1%25eth0]",
        "https://" + "a" * 64,
        "https://" + ".".join(["a" * 60] * 5),
        "https://ho|st",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(SettingsError, match=r"give scheme and host only") as caught:
        parse_base_url(text)
    assert "pa55" not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    ["http://hypeauditor.com", "http://10.0.0.1", "http://0.0.0.0", "http://127.0.0.1.example"]
    + ["http://localhost.example", "http://[2001:db8::1]", "http://127.1"],
)
def test_a_token_never_travels_in_clear(text: str) -> None:
    with pytest.raises(SettingsError, match="in clear"):
        parse_base_url(text)


@given(st.text() | st.from_regex(r"https?://[^\s]{0,20}"))
def test_whatever_is_taken_is_taken_again(text: str) -> None:
    try:
        origin = parse_base_url(text)
    except SettingsError:
        return
    assert parse_base_url(str(origin)) == origin
    assert origin.scheme == "https" or origin.is_loopback


@given(st.text() | st.from_regex(r"(https?:)?//?[a-z@:./\[\]0-9]{0,20}"))
def test_redirects_of_any_text_lead_somewhere_known_or_nowhere(location: str) -> None:
    target, origin = next_url("https://host/a?b", location)
    assert target.isascii()
    if origin is not None:
        assert target.lower().startswith(f"{origin.scheme}://")


def test_a_relative_redirect_stays() -> None:
    assert next_url("https://host/a/b?c", "d") == ("https://host/a/d", Origin("https", "host", 443))
    assert next_url("https://host/a", "HTTPS://HOST:443/x")[1] == Origin("https", "host", 443)
