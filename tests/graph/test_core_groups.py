"""Groups that partitions agree on, and a graph of them with the modularity of the whole."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphcrawl.graph.core_groups import agreed, contracted
from graphcrawl.graph.options import ClusterOptions
from graphcrawl.graph.partition import divide, modularity
from graphcrawl.graph.ties import Whole
from tests.graph.test_partition import resolutions, sizes, tied, ties_of

labellings = sizes.flatmap(
    lambda size: st.lists(
        st.lists(st.integers(0, size - 1), min_size=size, max_size=size), min_size=1, max_size=4
    )
)


def arrays(partitions: list[list[int]]) -> list[Whole]:
    return [np.array(labels, np.int64) for labels in partitions]


@given(labellings)
def test_accounts_share_a_group_where_all_partitions_keep_them_together(
    partitions: list[list[int]],
) -> None:
    groups = agreed(arrays(partitions))
    whole = list(zip(*partitions, strict=True))
    for one, its in zip(whole, groups, strict=True):
        for other, another in zip(whole, groups, strict=True):
            assert (one == other) == (its == another)
    assert set(groups.tolist()) == set(range(len(set(whole))))


@given(sizes, tied, labellings, resolutions, st.data())
def test_a_contracted_graph_has_the_modularity_of_the_whole(
    size: int,
    weights: dict[tuple[int, int], int],
    partitions: list[list[int]],
    resolution: float,
    data: st.DataObject,
) -> None:
    whole, groups = ties_of(size, weights), agreed(arrays(partitions))
    small = contracted(whole, groups)
    count = int(groups.max()) + 1
    draw = st.lists(st.integers(0, count - 1), min_size=count, max_size=count)
    labels = np.array(data.draw(draw), np.int64)
    bearers = small.one[small.other >= count]
    with_leaves = np.concatenate([labels, labels[bearers]])

    expected = modularity(whole, labels[groups], resolution)
    assert modularity(small, with_leaves, resolution) == (
        None if expected is None else pytest.approx(expected, abs=1e-9)
    )
    assert (small.one < small.other).all()
    assert small.weight.sum() == whole.weight.sum()


def test_no_account_has_no_group() -> None:
    groups = agreed([np.zeros(0, np.int64)])
    assert contracted(ties_of(0, {}), groups).size == len(groups) == 0


def test_trials_that_are_joined_find_no_less_than_any_of_them() -> None:
    chance = np.random.default_rng(7)
    pairs = {(min(p), max(p)): 1 for p in chance.integers(0, 60, (150, 2)).tolist() if p[0] != p[1]}
    ties = ties_of(60, pairs)
    found = [divide(ties, ClusterOptions(rng_seed=seed)).modularity or 0 for seed in range(20)]
    assert max(found) - min(found) < 0.006
