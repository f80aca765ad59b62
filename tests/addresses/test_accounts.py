from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from graphcrawl.addresses import NETWORK_ALIASES, parse_account, parse_network
from graphcrawl.errors import AccountTextError
from graphcrawl.model import NETWORKS, AccountRef
from graphcrawl.wording import printable

CHANNEL = "UCLA_DiR1FfKNvjuUpBHmylQ"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("nasa", "twitch:nasa"),
        ("@nasa", "twitch:nasa"),
        ("  NASA\n", "twitch:NASA"),
        ("id:528817151", "twitch:id:528817151"),
        ("instagram:nasa", "instagram:nasa"),
        ("Instagram:@nasa", "instagram:nasa"),
        ("ig:nasa", "instagram:nasa"),
        ("x:nasa", "twitter:nasa"),
        ("instagram:id", "instagram:id"),
        (f"youtube:id:{CHANNEL}", f"youtube:id:{CHANNEL}"),
        ("youtube:東京", "youtube:東京"),
        ("instagram:a.b_c-d", "instagram:a.b_c-d"),
    ],
)
def test_a_name_is_read_and_a_prefix_wins_over_the_network(text: str, name: str) -> None:
    assert str(parse_account(text, network="twitch")) == name


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://www.instagram.com/nasa/", "instagram:nasa"),
        ("http://instagram.com/nasa?igshid=1#top", "instagram:nasa"),
        ("instagram.com/NASA", "instagram:NASA"),
        ("instagram.com/nasa/reels/", "instagram:nasa"),
        ("https://www.instagram.com/_u/nasa/", "instagram:nasa"),
        ("WWW.Instagram.COM:443/nasa", "instagram:nasa"),
        ("https://www.youtube.com/@NASA/videos", "youtube:NASA"),
        ("m.youtube.com/c/NASA", "youtube:NASA"),
        ("youtube.com/user/nasatelevision", "youtube:nasatelevision"),
        (f"https://www.youtube.com/channel/{CHANNEL}/about", f"youtube:id:{CHANNEL}"),
        ("https://www.youtube.com/@%E6%9D%B1%E4%BA%AC", "youtube:東京"),
        ("https://x.com/NASA/status/1", "twitter:NASA"),
        ("mobile.twitter.com/@nasa", "twitter:nasa"),
        ("https://www.tiktok.com/@nasa?lang=en", "tiktok:nasa"),
        ("tiktok.com/@nasa/video/7", "tiktok:nasa"),
        ("https://m.twitch.tv/nasa/clips", "twitch:nasa"),
        ("snapchat.com/add/nasa", "snapchat:nasa"),
        ("https://www.snapchat.com/@nasa", "snapchat:nasa"),
    ],
)
def test_a_profiles_address_says_network_and_name(address: str, name: str) -> None:
    assert str(parse_account(address)) == name
    assert str(parse_account(address, network="twitch", by_id=True)) == name


@pytest.mark.parametrize(
    "address",
    [
        "https://www.instagram.com/",
        "instagram.com",
        "instagram.com/_u",
        "instagram.com/p/Cx1/",
        "instagram.com/Reel/Cx1",
        "instagram.com/explore",
        "instagram.com/stories/highlights/1",
        "https://www.youtube.com/watch?v=abc",
        "youtube.com/shorts/abc",
        "youtube.com/@",
        "youtube.com/channel/nasa",
        "youtube.com/channel",
        "x.com/i/lists/1",
        "x.com/home",
        "twitter.com/#!/nasa",
        "twitter.com/intent/user?screen_name=nasa",
        "twitch.tv/videos/1",
        "twitch.tv/directory",
        "tiktok.com/tag/space",
        "tiktok.com/nasa",
        "vm.tiktok.com/ZM1",
        "snapchat.com/spotlight/1",
        "snapchat.com/add",
        "https://facebook.com/nasa",
        "facebook.com/nasa",
        "www.example.org",
        "https://instagram.com@example.org/nasa",
        "https://instagram.com.example.org/nasa",
        "ftp://instagram.com/nasa",
        "javascript://instagram.com/nasa",
        "https://[instagram.com/nasa",
        "https:nasa",
        "youtube.com/@%FF",
        "youtube.com/@a%2Fb",
        "youtube.com/@a%20b",
        "instagram.com/..",
    ],
)
def test_an_address_that_is_no_profiles_is_refused(address: str) -> None:
    with pytest.raises(AccountTextError) as refused:
        parse_account(address, network="instagram")
    assert address[:20] in str(refused.value)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "nothing is there"),
        (" \t\n", "nothing is there"),
        ("@", "nothing is there"),
        ("instagram:", "nothing is there"),
        ("youtube:id:", "nothing is there"),
        ("na sa", "space"),
        ("na\u3000sa", "space"),
        ("na\x00sa", "U+0000"),
        ("na\u200bsa", "U+200B"),
        ("na\ud800sa", "U+D800"),
        ("n" * 513, "longer than 512"),
        ("nasa,esa", "no name holds ,"),
        ("nasa/", "no name holds /"),
        ("@@nasa", "no name holds @"),
        ("...", "dots"),
        ("id:5.28817E+08", "spreadsheet"),
        ("id:528817151.0", "spreadsheet"),
    ],
)
def test_a_text_that_is_no_name_is_refused_with_its_reason(text: str, reason: str) -> None:
    with pytest.raises(AccountTextError, match=reason.replace("+", r"\+")):
        parse_account(text, network="instagram")


def test_ids_are_read_where_they_are_asked_for() -> None:
    by_id = AccountRef("youtube", social_id=CHANNEL)
    assert parse_account(CHANNEL, network="youtube", by_id=True) == by_id
    assert parse_account(f"yt:{CHANNEL}", by_id=True) == by_id
    assert parse_account(f"youtube:id:{CHANNEL}", by_id=True) == by_id
    named = parse_account("@nasa", network="youtube", by_id=True)
    assert named == AccountRef("youtube", username="nasa")


def test_a_name_without_a_network_is_told_of_the_flag() -> None:
    with pytest.raises(AccountTextError, match=r"'nasa' names no network: pass --network"):
        parse_account("nasa")


def test_an_unknown_network_brings_the_nearest_and_all_six() -> None:
    with pytest.raises(AccountTextError, match=r"did you mean instagram\?") as refused:
        parse_account("instagrm:nasa")
    assert all(network in str(refused.value) for network in NETWORKS)
    with pytest.raises(AccountTextError, match="'facebok' is no network;"):
        parse_account("instagram:nasa", network="facebok")


def test_every_alias_leads_to_a_network() -> None:
    assert {parse_network(alias) for alias in NETWORK_ALIASES} <= NETWORKS
    assert {parse_network(f" {network.upper()} ") for network in NETWORKS} == NETWORKS


def test_a_message_holds_the_text_escaped_and_cut() -> None:
    with pytest.raises(AccountTextError) as refused:
        parse_account("\x1b[2J" + "x" * 300)
    message = str(refused.value)
    assert "\x1b" not in message
    assert "\\x1b[2J" in message
    assert len(message) < 160


TYPED = st.one_of(
    st.text(st.characters()),
    st.builds(
        "".join,
        st.lists(
            st.sampled_from(
                ["https://", "//", "www.", "m.", "instagram.com", "youtube.com", "x.com", "/", "@"]
                + ["instagram:", "id:", "channel", "[", "]", ":80", "%", "%2e", "?", "#", "a", "é"]
                + [".", " ", "\ud800", "\x00", "\\", "\u2100"]
            ),
            max_size=8,
        ),
    ),
)


def outcome_of(text: str, network: str | None, by_id: bool) -> AccountRef | str:
    try:
        return parse_account(text, network=network, by_id=by_id)
    except AccountTextError as error:
        return str(error)


@given(TYPED, st.sampled_from([None, *sorted(NETWORKS)]), st.booleans())
@example("https://[", None, False)
@example("https://instagram.com\u2100/a", None, False)
def test_any_text_is_an_account_or_a_clear_refusal(
    text: str, network: str | None, by_id: bool
) -> None:
    outcome = outcome_of(text, network, by_id)
    if isinstance(outcome, AccountRef):
        assert outcome.network in NETWORKS
        assert parse_account(str(outcome)) == outcome
    else:
        assert outcome == printable(outcome)
