from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphcrawl.cli.limits import Limits, parse_duration, parse_most
from graphcrawl.errors import InputError
from graphcrawl.filters import Filters, Order
from graphcrawl.model import AccountRef

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}

refs = st.builds(
    AccountRef,
    st.sampled_from(["instagram", "youtube"]),
    st.text(min_size=1, max_size=9),
    st.one_of(st.none(), st.text(min_size=1, max_size=9)),
)
filters = st.builds(
    Filters,
    follow=st.lists(st.sampled_from(["instagram", "youtube"]), unique=True).map(tuple),
    min_subscribers=st.one_of(st.none(), st.integers(1)),
    skip_states=st.lists(st.sampled_from(["ready", "private"]), unique=True).map(tuple),
    exclude=st.lists(refs, max_size=4).map(tuple),
    max_connections=st.one_of(st.none(), st.integers(1)),
    complete=st.booleans(),
    order=st.sampled_from(Order),
)


@given(st.integers(1, 10**6), st.sampled_from(sorted(UNITS)))
def test_a_duration_is_a_number_and_a_unit(number: int, unit: str) -> None:
    assert parse_duration(f" {number}{unit.upper()} ", option="--max-time") == number * UNITS[unit]


@pytest.mark.parametrize(("text", "seconds"), [("1h30m", 5400), ("1d2h", 93600), ("0.5s", 0.5)])
def test_durations_add_up(text: str, seconds: float) -> None:
    assert parse_duration(text, option="--max-time") == seconds


@given(st.text(max_size=12))
def test_any_other_text_is_refused_in_one_line(text: str) -> None:
    assert _reading(parse_duration, text, option="--max-time")
    assert _reading(
        lambda text, option: parse_most(text, 7, option=option) or 1, text, "--max-nodes"
    )


def _most(text: str, *, option: str) -> float:
    return parse_most(text, 7, option=option) or 1


def _reading(read: Callable[..., float], text: str, option: str) -> bool:
    """Tell whether a text was read as more than 0, or refused by an error that names the option."""
    try:
        return read(text, option=option) > 0
    except InputError as error:
        return str(error).startswith(f"{option} ")


def test_a_bound_that_is_not_given_stays_and_all_takes_it_back() -> None:
    assert parse_most(None, 7, option="--max-nodes") == 7
    assert parse_most("ALL", 7, option="--max-nodes") is None
    assert parse_most("12", 7, option="--max-nodes") == 12


@given(filters)
def test_filters_are_written_down_and_read_back(given_filters: Filters) -> None:
    recorded = given_filters.recorded()
    assert Filters.of(recorded) == given_filters
    assert Limits().filters(Filters.of(recorded)) == given_filters
    assert bool(recorded) == (given_filters != Filters())
