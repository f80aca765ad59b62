from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from graphcrawl.addresses import parse_account, profile_url
from graphcrawl.model import NETWORKS, AccountRef

CHANNEL = "UCLA_DiR1FfKNvjuUpBHmylQ"
HOSTS = {
    "www.instagram.com",
    "www.youtube.com",
    "x.com",
    "www.tiktok.com",
    "www.twitch.tv",
    "www.snapchat.com",
}
WORDS = st.sampled_from(
    ["nasa", "p", "Explore", "_u", "add", "c", "channel", "i", "home", "videos"]
)
NAMES = st.one_of(WORDS, st.text(st.characters(), max_size=60))
IDS = st.one_of(
    st.none(),
    st.text(max_size=8),
    st.from_regex(r"UC[A-Za-z0-9_-]{22}", fullmatch=True),
)


@pytest.mark.parametrize(
    ("network", "address"),
    [
        ("instagram", "https://www.instagram.com/nasa/"),
        ("youtube", "https://www.youtube.com/@nasa"),
        ("twitter", "https://x.com/nasa"),
        ("tiktok", "https://www.tiktok.com/@nasa"),
        ("twitch", "https://www.twitch.tv/nasa"),
        ("snapchat", "https://www.snapchat.com/add/nasa"),
    ],
)
def test_each_network_has_its_address(network: str, address: str) -> None:
    assert profile_url(network, "nasa", "1") == address


def test_a_channel_is_addressed_by_its_id() -> None:
    assert profile_url("youtube", "nasa", CHANNEL) == f"https://www.youtube.com/channel/{CHANNEL}"
    assert profile_url("youtube", "nasa", CHANNEL + "\n") == "https://www.youtube.com/@nasa"
    assert profile_url("twitch", None, CHANNEL) is None


@pytest.mark.parametrize(
    "name",
    [
        None,
        "",
        "..",
        "a/../b",
        "@nasa",
        "javascript:alert(1)",
        'x"onclick="',
        "a\x00b",
        "a\u202eb",
        "\ud800",
        "explore",
        "東" * 400,
    ],
)
def test_a_name_that_no_address_can_hold_has_none(name: str | None) -> None:
    assert profile_url("instagram", name, "528817151") is None


def test_an_unknown_network_has_no_address() -> None:
    assert profile_url("facebook", "nasa", "1") is None
    assert profile_url("Instagram", "nasa", "1") is None


@given(st.sampled_from(sorted(NETWORKS)), NAMES, IDS)
@example("instagram", "%2e%2e", None)
@example("twitter", "I", None)
@example("youtube", "\u200d", None)
def test_an_address_leads_back_to_its_account(
    network: str, username: str, social_id: str | None
) -> None:
    address = profile_url(network, username, social_id)
    if address is None:
        assert not (username.isascii() and username.isalpha() and len(username) > 8)
        return
    split = urlsplit(address)
    assert split.scheme == "https"
    assert split.netloc in HOSTS
    assert address.isascii()
    assert not set("\"'<> ") & set(address)
    by_id = address == f"https://www.youtube.com/channel/{social_id}"
    assert parse_account(address) == (
        AccountRef(network, social_id=social_id) if by_id else AccountRef(network, username)
    )
