from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphcrawl.graph import Node
from graphcrawl.graph.likeness import Alike, Names, SameName, alike, core_of, is_kin


def names(username: str | None, title: str | None = None) -> Names:
    return Names.of(Node(1, "instagram", "1", username, title, None, None, None))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("NASA", "nasa", SameName.SAME),
        ("nasa", "nasa_official", SameName.NEAR),
        ("nasa", "real.nasa.tv", SameName.NEAR),
        ("nasa", "nasatv", SameName.NEAR),
        ("nasa", "youtubenasa", SameName.NEAR),
        ("lantern.hill", "lantern_hill", SameName.NEAR),
        ("lanternhill", "lanternhills", SameName.NEAR),
        ("nasa", "nasaartemis", SameName.NO),
        ("nasa", "nasb", SameName.NO),
        ("channel4news", "channel5news", SameName.NO),
        ("twitter", "youtube", SameName.NO),
        ("the", "official", SameName.NO),
        ("", "", SameName.NO),
        (None, None, SameName.NO),
        ("___", "...", SameName.NO),
    ],
)
def test_usernames(one: str | None, other: str | None, expected: SameName) -> None:
    assert alike(names(one), names(other)).username is expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("NASA", "nasa", True),
        ("Straße", "STRASSE", True),
        ("ＮＡＳＡ", "NASA", True),
        ("Paper \u200bRocket", " paper\trocket ", True),
        ("مخبز القمر", "مخبز القمر", True),
        ("NASA", "NASA Video", False),
        ("🚀", "🚀", False),
        ("", "", False),
        (None, None, False),
        ("\u200b", "\u200b", False),
    ],
)
def test_titles(one: str | None, other: str | None, expected: bool) -> None:
    assert alike(names(None, one), names(None, other)).title is expected


def test_who_comes_first_does_not_matter() -> None:
    """difflib finds six letters of seven in common one way around, and four the other."""
    one, other = names("nbanbba"), names("nbbanba")
    assert alike(one, other) == alike(other, one)


def test_one_called_after_another_is_kin() -> None:
    assert is_kin(names("nasaartemis"), names("nasa"))
    assert is_kin(names("nasa"), names("nasaartemis"))
    assert not is_kin(names("nas"), names("nasaartemis"))
    assert not is_kin(names("artemisnasa"), names("nasa"))


words = st.text(st.sampled_from("abcNASA_.-0 tvofficial\u202e\x00<'é東"), max_size=70)


@given(words, words, words, words)
def test_the_order_does_not_matter(a: str, b: str, c: str, d: str) -> None:
    one, other = names(a, b), names(c, d)
    assert alike(one, other) == alike(other, one)
    assert is_kin(one, other) == is_kin(other, one)
    assert not alike(one, other) or is_kin(one, other)


@given(st.text(max_size=70), st.text(max_size=200))
def test_whoever_has_a_name_is_like_itself(username: str, title: str) -> None:
    own = names(username, title)
    assert alike(own, own) == Alike(
        bool(own.title), SameName.SAME if username.casefold() else SameName.NO
    )


def test_an_endless_name_costs_no_time() -> None:
    long = ["".join("ab"[(at * at >> shift) % 2] for at in range(20_000)) for shift in (1, 2)]
    begun = time.process_time()
    assert alike(names(long[0]), names(long[1])).username is SameName.NO
    assert core_of(long[0]) == ""
    assert time.process_time() - begun < 1
