"""Fetching pictures from real servers on loopback, most of which mean no good."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphcrawl.api import PictureClient, PictureHosts, Timeouts, parse_base_url
from graphcrawl.api.pictures import IMAGE_HOSTS, MAX_PICTURE_BYTES
from tests.api.conftest import Play, Player, chunked, wire
from tests.api.images import KINDS, bomb, picture

QUICK = Timeouts(connect=2.0, read=0.5, whole=1.0)
IMAGE = picture("JPEG")


def fetching(player: Player, timeouts: Timeouts = QUICK) -> PictureClient:
    """Fetch from this server alone, as if it were on the list."""
    hosts = PictureHosts((), parse_base_url(player.url))
    return PictureClient(hosts, timeouts=timeouts, user_agent="ours")


@pytest.fixture
def client(player: Player) -> Iterator[PictureClient]:
    with fetching(player) as opened:
        yield opened


@pytest.mark.parametrize(
    "url",
    [
        "https://cdn.hypeauditor.com/img/instagram/user/1.jpg?w=150&till=1&sign=2b",
        "https://hypeauditor.com/a",
        "https://CDN.HypeAuditor.com:443/a",
        "https://scontent-fra3-1.cdninstagram.com/v/t51.2885-19/1_n.jpg",
        "https://scontent.xx.fbcdn.net/1",
        "https://yt3.ggpht.com/ytc/1=s88-c-k",
        "https://yt3.googleusercontent.com/1",
        "https://i.ytimg.com/1",
        "https://pbs.twimg.com/profile_images/1_normal.jpg",
        "https://p16-sign-va.tiktokcdn.com/1~c5.webp",
        "https://p16.tiktokcdn-us.com/1",
        "https://p16.tiktokcdn-eu.com/1",
        "https://static-cdn.jtvnw.net/1.png",
        "https://cf-st.sc-cdn.net/1",
        "https://app.snapchat.com/1",
    ],
)
def test_pictures_come_from_the_networks_and_the_vendor(url: str) -> None:
    assert PictureHosts().allows(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://cdn.hypeauditor.com/a",
        "http://cdn.hypeauditor.com:443/a",
        "https://cdn.hypeauditor.com:8443/a",
        "https://cdn.hypeauditor.com:0/a",
        "https://cdn.hypeauditor.com.evil.example/a",
        "https://evilhypeauditor.com/a",
        "https://evil.example/#cdn.hypeauditor.com",
        "https://evil.example/?cdn.hypeauditor.com",
        "https://evil.example/.hypeauditor.com",
        r"https://evil.example\.hypeauditor.com/a",
        "https://evil.example\\@cdn.hypeauditor.com/a",
        "https://cdn.hypeauditor.com@evil.example/a",
        "https://user:pw@cdn.hypeauditor.com/a",
        "https://169.254.169.254/latest/meta-data/",
        "https://[::1]/a",
        "https://2130706433/a",
        "https://0x7f.1/a",
        "https://localhost/a",
        "https://cdn.hypeauditor.com./a",
        "https://.hypeauditor.com/a",
        "https://cdn.hypeauditor.com%2eevil.example/a",
        "https://cdn.hypeauditor.com\tevil.example/a",
        "https://cdn.hypeauditor.com\n/a",
        " https://cdn.hypeauditor.com/a",
        "https://cdn。hypeauditor。com/a",
        "https:cdn.hypeauditor.com/a",
        "//cdn.hypeauditor.com/a",
        "https:///a",
        "https://[cdn.hypeauditor.com]/a",
        "ftp://cdn.hypeauditor.com/a",
        "file:///etc/passwd",
        "data:image/png;base64,AAAA",
        "javascript:alert(1)",
        "",
    ],
)
def test_pictures_come_from_nowhere_else(url: str) -> None:
    assert not PictureHosts().allows(url)
    with PictureClient(PictureHosts()) as client:
        assert client.fetch(url) is None


@given(st.text("abc.:/@#?\\%-[]0 ", max_size=20), st.sampled_from(IMAGE_HOSTS), st.text("/:@.a"))
def test_what_is_allowed_leads_to_a_listed_host(before: str, host: str, after: str) -> None:
    import requests
    from urllib3.util import parse_url

    url = f"https://{before}{host}{after}"
    if PictureHosts().allows(url):
        # As the library reads it that is going to connect.
        named = parse_url(requests.Request("GET", url).prepare().url or "").host or ""
        assert any(named == one or named.endswith(f".{one}") for one in IMAGE_HOSTS)


@pytest.mark.parametrize(
    ("base", "allowed"),
    [
        ("http://127.0.0.1:8765", ["http://127.0.0.1:8765/img/1"]),
        ("http://localhost:80", ["http://localhost/1"]),
        ("https://stand-in.example", []),
    ],
)
def test_what_stands_in_for_the_vendor_is_asked_on_this_machine_only(
    base: str, allowed: list[str]
) -> None:
    hosts = PictureHosts.of_simulator(parse_base_url(base))
    others = [
        *("http://127.0.0.1:8766/1", "http://127.0.0.2:8765/1", "https://127.0.0.1:8765/1"),
        *("https://cdn.hypeauditor.com/1", f"{base}.hypeauditor.com/1", "http://u@127.0.0.1:8765/"),
        "https://stand-in.example/1",
    ]
    assert [url for url in (*allowed, *others) if hosts.allows(url)] == allowed


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture(player: Player, client: PictureClient, kind: str) -> None:
    # What a server calls it does not matter.
    player.will(Play(wire(200, picture(kind), "Content-Type: text/html")))
    thumbnail = client.fetch(f"{player.url}/img/1.jpg?w=150&sign=2b#part")
    assert thumbnail is not None
    assert thumbnail.content.startswith(b"\xff\xd8\xff")
    assert [seen.target for seen in player.seen] == ["/img/1.jpg?w=150&sign=2b"]


def test_nothing_is_told_about_us(
    player: Player, client: PictureClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    player.will(Play(wire(200, IMAGE, "Set-Cookie: a=b; Path=/")), Play(wire(200, IMAGE)))
    for _ in range(2):
        assert client.fetch(f"{player.url}/1") is not None
    for seen in player.seen:
        assert seen.headers.keys() <= {"host", "accept", "accept-encoding", "user-agent"}
        assert seen.headers["user-agent"] == "ours"
    assert player.connections == 1


@pytest.mark.parametrize(
    "raw",
    [
        wire(200, b"<!doctype html><p>Not found</p>", "Content-Type: image/jpeg"),
        wire(200, b"<svg xmlns='http://www.w3.org/2000/svg'/>", "Content-Type: image/svg+xml"),
        wire(200, b""),
        wire(200, bomb(9_000), "Content-Type: image/png"),
        wire(404, IMAGE),
        wire(206, IMAGE),
        wire(304),
        wire(500, b"no"),
        wire(302),
        wire(200, IMAGE[:400], length=len(IMAGE)),
        wire(200, IMAGE, length=10**12),
        b"no HTTP at all\r\n\r\n",
        b"",
        b"HTTP/1.1 200 OK\r\n" + b"X-Heap: 1\r\n" * 5_000,
        chunked(IMAGE[:100], ends=False),
    ],
    ids=range(15),
)
def test_whatever_else_comes_there_is_no_picture(
    player: Player, client: PictureClient, raw: bytes
) -> None:
    player.will(Play(raw, "close"))
    assert client.fetch(f"{player.url}/1") is None


def test_an_encoding_around_an_image_is_not_undone(player: Player, client: PictureClient) -> None:
    import gzip

    player.will(Play(wire(200, gzip.compress(IMAGE), "Content-Encoding: gzip")))
    assert client.fetch(f"{player.url}/1") is None


@pytest.mark.parametrize("begins", [IMAGE, bytes(9)])
def test_a_stream_without_end_is_cut_off(
    player: Player, client: PictureClient, begins: bytes
) -> None:
    megabytes = begins + bytes(100_000_000)
    player.will(Play(wire(200, megabytes[: MAX_PICTURE_BYTES + 1]), "close"))
    assert client.fetch(f"{player.url}/1") is None
    # Chunked, no length is told at all.
    player.will(Play(chunked(megabytes), "close"))
    began = time.monotonic()
    assert client.fetch(f"{player.url}/2") is None
    assert time.monotonic() - began < QUICK.whole


def test_the_largest_that_is_read(player: Player, client: PictureClient) -> None:
    player.will(Play(wire(200, IMAGE + bytes(MAX_PICTURE_BYTES - len(IMAGE)))))
    assert client.fetch(f"{player.url}/1") is not None


@pytest.mark.parametrize("play", [Play(wire(200, b"x", length=400), "drip"), Play(b"", "hang")])
def test_slowness_ends(player: Player, client: PictureClient, play: Play) -> None:
    player.will(play)
    began = time.monotonic()
    assert client.fetch(f"{player.url}/1") is None
    assert time.monotonic() - began < QUICK.whole + 1.0


@pytest.mark.parametrize(
    "target",
    [
        lambda player, other: "http://169.254.169.254/latest/meta-data/",
        lambda player, other: f"{other.url}/1",
        lambda player, other: f"//127.0.0.1:{other.port}/1",
        lambda player, other: f"http://x@127.0.0.1:{player.port}/1",
        lambda player, other: f"https://127.0.0.1:{player.port}/1",
        lambda player, other: "file:///etc/passwd",
        lambda player, other: "data:image/gif;base64,R0lGODlhAQABAAAAACw=",
        lambda player, other: "http://[bad",
    ],
    ids=["metadata", "port", "relative", "user", "scheme", "file", "data", "broken"],
)
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_elsewhere_is_not_followed(
    player: Player,
    other: Player,
    client: PictureClient,
    status: int,
    target: Callable[[Player, Player], str],
) -> None:
    player.will(Play(wire(status, b"", f"Location: {target(player, other)}")))
    assert client.fetch(f"{player.url}/1") is None
    assert len(player.seen) == 1
    assert other.connections == 0


def test_one_redirect_within_the_list_is_followed_and_no_second(
    player: Player, client: PictureClient
) -> None:
    player.will(Play(wire(302, b"", "Location: /2")), Play(wire(200, IMAGE)))
    assert client.fetch(f"{player.url}/1") is not None
    player.will(Play(wire(302, b"", "Location: /4")), Play(wire(302, b"", "Location: /5")))
    assert client.fetch(f"{player.url}/3") is None
    assert [seen.target for seen in player.seen] == ["/1", "/2", "/3", "/4"]


class TestTls:
    def test_a_trusted_server(
        self, secure: Player, certificate: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
        secure.will(Play(wire(200, IMAGE)))
        with fetching(secure) as client:
            assert client.fetch(f"{secure.url}/1") is not None

    def test_another_server_under_a_listed_name(self, secure: Player) -> None:
        """Whoever answers in a host's place cannot prove to be it."""
        secure.will(Play(wire(200, IMAGE)))
        with fetching(secure) as client:
            assert client.fetch(f"{secure.url}/1") is None
        assert secure.seen == []
