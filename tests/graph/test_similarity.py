"""Measures of likeness against sets counted by hand."""

from __future__ import annotations

from math import isclose, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphcrawl.graph.similarity import Measure, likenesses

sets = st.sets(st.integers(0, 12), min_size=1)


@given(sets, sets)
def test_as_sets_have_it(ours: set[int], theirs: set[int]) -> None:
    shared, sizes = len(ours & theirs), (len(ours), len(theirs))
    assert isclose(Measure.JACCARD.of(shared, *sizes), shared / len(ours | theirs))
    assert isclose(Measure.COSINE.of(shared, *sizes), shared / sqrt(len(ours) * len(theirs)))
    assert isclose(Measure.OVERLAP.of(shared, *sizes), shared / min(sizes))


@pytest.mark.parametrize("measure", Measure)
@given(sets, sets)
def test_from_nothing_shared_to_the_same(
    measure: Measure, ours: set[int], theirs: set[int]
) -> None:
    assert 0 <= measure.of(len(ours & theirs), len(ours), len(theirs)) <= 1 + 1e-12
    assert isclose(measure.of(len(ours), len(ours), len(ours)), 1)


def test_two_that_know_each_other_are_not_less_alike_for_it() -> None:
    # 8 and 9 are both listed by 1 and 2, and list each other.
    (found,) = likenesses(Measure.JACCARD, {9: 2}, own={1, 2, 9}, counts={9: 3}, tied={9})
    assert (found.value, found.shared, found.theirs) == (1.0, 2, 2)
