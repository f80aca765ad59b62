"""Numbers in conditions are the numbers that they say."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import example, given
from hypothesis import strategies as st

from graphcrawl.graph.own_conditions import UNITS, fulfils, number_of


@given(
    st.decimals(-999, 999, allow_nan=False, places=3),
    st.sampled_from(["", "e0", "e3", "E-2", "e+12"]),
    st.sampled_from(["", "K", "k", "M", "B"]),
)
@example(Decimal("32.3"), "", "K")
@example(Decimal("16.1"), "", "k")
def test_a_number_with_a_unit_is_exact(number: Decimal, exponent: str, unit: str) -> None:
    meant = Decimal(f"{number}{exponent}") * UNITS[unit.upper()]
    assert number_of(f"{number}{exponent}{unit}") == float(meant)


def test_what_holds_as_many_is_no_more_and_no_less() -> None:
    for sign in ("=", "<=", ">="):
        assert fulfils(32_300, sign, "32.3K")
    for sign in ("!=", "<", ">"):
        assert not fulfils(32_300, sign, "32.3K")
