from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphcrawl.errors import InputError
from graphcrawl.moments import age_text, moment_name, parse_age, parse_moment

UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}

T = TypeVar("T")


def read(parse: Callable[..., T], text: str) -> T | None:
    """Read a text; None where it was refused in one line."""
    with suppress(InputError):
        return parse(text, option="--x")
    with pytest.raises(InputError) as refused:
        parse(text, option="--x")
    assert str(refused.value).isprintable()
    return None


@given(st.integers(1, 5_000), st.sampled_from("hdwHDW"), st.sampled_from(["", " ", "\t"]))
def test_ages(number: int, unit: str, space: str) -> None:
    age = parse_age(f"{space}{number}{unit}{space}", option="--x")
    assert age == number * UNITS[unit.lower()]
    assert parse_age(age_text(age), option="--x") == age


@pytest.mark.parametrize(
    "text", ["", "30", "d", "0d", "-3d", "1.5d", "30m", "30 d", "5300w", "9999999h", "٣d", "3d4h"]
)
def test_what_is_no_age(text: str) -> None:
    with pytest.raises(InputError, match=r"--x .*: give hours, days or weeks"):
        parse_age(text, option="--x")


@given(st.text())
def test_any_text_is_an_age_or_one_line_that_says_why(text: str) -> None:
    age = read(parse_age, text)
    assert age is None or age > timedelta(0)


@given(st.text() | st.dates().map(str) | st.datetimes().map(str))
def test_any_text_is_a_moment_or_one_line_that_says_why(text: str) -> None:
    moment = read(parse_moment, text)
    assert moment is None or moment.tzinfo is UTC


@given(
    st.datetimes(min_value=datetime(2, 1, 1), max_value=datetime(9998, 1, 1)), st.integers(-14, 14)
)
def test_moments_are_read_back(moment: datetime, hours: int) -> None:
    aware = moment.replace(tzinfo=timezone(timedelta(hours=hours)))
    assert parse_moment(aware.isoformat(), option="--x") == aware
    assert parse_moment(moment_name(aware), option="--x") == aware
    assert parse_moment(moment.isoformat(), option="--x") == moment.replace(tzinfo=UTC)


@given(st.dates())
def test_a_date_is_the_end_of_its_day(day: date) -> None:
    moment = parse_moment(str(day), option="--x")
    assert moment.date() == day
    assert moment.time() == datetime.max.time()
    assert moment_name(moment) == str(day)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "now",
        "20260131",
        "2026-W05-6",
        "2026-02-30",
        "31.1.2026",
        "2026-01-31T25:00",
        "1738281600",
    ],
)
def test_what_is_no_moment(text: str) -> None:
    with pytest.raises(InputError, match=r"--x .*: give a date such as 2026-01-31"):
        parse_moment(text, option="--x")


def test_no_moment_outside_of_time() -> None:
    with pytest.raises(InputError):
        parse_moment("0001-01-01T00:00+05:00", option="--x")
