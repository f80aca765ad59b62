from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphcrawl.errors import SettingsError
from graphcrawl.simulator import FaultKind, Faults, Limit
from graphcrawl.simulator.faults import SlidingWindow


def test_about_the_share_meets_a_fault_and_kinds_are_drawn_evenly() -> None:
    chosen = Counter(Faults(share=0.4).choose(n) for n in range(8_000))
    spoiled = 8_000 - chosen.pop(None)
    assert abs(spoiled - 3_200) < 200
    assert set(chosen) == set(FaultKind)
    assert max(chosen.values()) < 1.5 * min(chosen.values())


def test_the_same_seed_spoils_the_same_requests() -> None:
    def chosen(seed: int) -> list[FaultKind | None]:
        return [Faults(share=0.5, rng_seed=seed).choose(n) for n in range(200)]

    assert chosen(1) == chosen(1) != chosen(2)


def test_none_and_all() -> None:
    assert {Faults().choose(n) for n in range(50)} == {None}
    only = Faults(share=1, kinds=(FaultKind.CUT,))
    assert {only.choose(n) for n in range(50)} == {FaultKind.CUT}


@pytest.mark.parametrize("share", [-0.1, 1.1, float("nan")])
def test_a_share_is_a_share(share: float) -> None:
    with pytest.raises(SettingsError, match="share"):
        Faults(share=share)


def test_impossible_settings_are_refused() -> None:
    with pytest.raises(SettingsError, match="kind"):
        Faults(kinds=())
    with pytest.raises(SettingsError, match="limit"):
        Limit(requests=0)
    with pytest.raises(SettingsError, match="limit"):
        Limit(seconds=0)


@given(
    st.integers(1, 5),
    st.lists(st.floats(0, 30, allow_nan=False), max_size=60),
)
def test_no_window_holds_more_than_the_limit(most: int, pauses: list[float]) -> None:
    window = SlidingWindow(Limit(requests=most))
    now, passed = 0.0, []
    for pause in pauses:
        now += pause
        wait = window.admit(now)
        if wait is None:
            passed.append(now)
        else:
            assert 1 <= wait <= 60
            assert 60 - (now - passed[-most]) <= wait
    for first in passed:
        assert sum(0 <= t - first < 60 for t in passed) <= most
