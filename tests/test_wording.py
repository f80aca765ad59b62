from __future__ import annotations

import math
import shlex
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphcrawl.wording import duration, how_to_install, people_count, plural, printable

ANY_TEXT = st.text(st.characters(), max_size=80)
ACTING = "\x00\x07\x1b\x7f\x85\x9b\u2028\u2029\u202a\u202e\u2066\u2069\ufeff"


@given(ANY_TEXT)
def test_nothing_that_acts_on_a_terminal_is_left(text: str) -> None:
    shown = printable(text + "\ud800" + ACTING)
    assert not set(shown) & set(ACTING)
    assert {unicodedata.category(character) for character in shown}.isdisjoint({"Cc", "Cs"})
    assert len(f"|{shown}|".splitlines()) == 1
    assert shown.encode("utf-8")


@given(ANY_TEXT, st.integers(0, 90))
def test_a_limit_is_kept_and_a_text_within_it_is_whole(text: str, limit: int) -> None:
    whole = printable(text)
    cut = printable(text, limit)
    assert len(cut) <= limit
    assert cut == whole if len(whole) <= limit else cut == "" or cut.endswith("…")
    assert whole.startswith(cut.removesuffix("…"))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("NASA", "NASA"),
        ("東京 🚀 Ünï", "東京 🚀 Ünï"),
        ("👩\u200d🚀", "👩\u200d🚀"),
        ("\u200fمرحبا", "\u200fمرحبا"),
        ("a\x1b]0;title\x07", "a\\x1b]0;title\\x07"),
        ("two\nlines\r", "two\\nlines\\r"),
        ("\ud83d", "\\ud83d"),
        ("exe\u202egnp", "exe\\u202egnp"),
    ],
)
def test_honest_text_stays_and_hostile_text_shows_what_it_is(text: str, shown: str) -> None:
    assert printable(text) == shown


def test_an_escape_is_never_cut_in_two() -> None:
    assert printable("ab\u202ecdefgh", 8) == "ab…"
    assert printable("ab\u202ecdefgh", 9) == "ab\\u202e…"


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (None, "?"),
        (0, "0"),
        (812, "812"),
        (999, "999"),
        (1_000, "1K"),
        (1_049, "1K"),
        (1_050, "1.1K"),
        (995_500, "995.5K"),
        (999_949, "999.9K"),
        (999_950, "1M"),
        (12_244_637, "12.2M"),
        (96_809_672, "96.8M"),
        (2_000_000_000, "2B"),
        (10**400, f"{10**391}B"),
        (-5, "-5"),
        (-1_500, "-1.5K"),
    ],
)
def test_people_are_counted_briefly(count: int | None, words: str) -> None:
    assert people_count(count) == words


@given(st.integers(0, 10**12))
def test_a_brief_count_is_right_to_a_twentieth_of_its_unit(count: int) -> None:
    words = people_count(count)
    unit = {"K": 10**3, "M": 10**6, "B": 10**9}.get(words[-1], 1)
    figure = float(words.rstrip("KMB"))
    assert figure < 1000 or unit == 10**9
    assert abs(figure * unit - count) <= unit * 0.0501


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-3, "0 s"),
        (0, "0 s"),
        (7, "7 s"),
        (59.6, "1 min"),
        (200, "3 min 20 s"),
        (180, "3 min"),
        (3_599.9, "1 h"),
        (7_500, "2 h 5 min"),
        (7_559, "2 h 5 min"),
        (86_400, "1 day"),
        (100_000, "1 day 3 h"),
        (3 * 86_400 + 4 * 3_600, "3 days 4 h"),
        (1_234 * 86_400, "1,234 days"),
        (math.inf, "?"),
        (math.nan, "?"),
    ],
)
def test_durations_have_two_units(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def test_nouns_follow_their_number() -> None:
    assert plural(1, "account") == "1 account"
    assert plural(0, "account") == "0 accounts"
    assert plural(3_977, "account") == "3,977 accounts"
    assert plural(2, "community", many="communities") == "2 communities"


@pytest.mark.parametrize("has_pip", [True, False])
def test_an_extra_comes_to_where_the_program_runs(
    monkeypatch: pytest.MonkeyPatch, has_pip: bool
) -> None:
    monkeypatch.setattr("graphcrawl.wording.find_spec", lambda _: 1 if has_pip else None)
    monkeypatch.setattr(sys, "executable", "/a folder/.venv/bin/python")
    command = shlex.split(how_to_install("parquet"))
    assert command[-2:] == ["install", "graphcrawl[parquet]"]
    assert "/a folder/.venv/bin/python" in command
    # An environment made without pip cannot run its own.
    assert (command[0] == "pip") is not has_pip
