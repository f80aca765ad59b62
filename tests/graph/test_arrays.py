"""Arrays from rows in any order, and accounts in another order: the graph stays the same."""

from __future__ import annotations

from random import Random

import numpy as np

from graphcrawl.graph.arrays import GraphArrays, arranged, order_without_keys
from graphcrawl.model import Origin


def made(edges: list[tuple[int, int, int]], ids: list[int]) -> GraphArrays:
    rows = np.array(edges, np.int64).reshape(-1, 3).T
    nothing = np.zeros((2, 0), np.int64)
    keys = np.array(ids, np.int64)
    return arranged(keys, keys * 10, keys[:1], rows, nothing, origin=Origin.SIMULATED)


def by_key(arrays: GraphArrays) -> set[tuple[int, int, bool]]:
    ends = arrays.ids[arrays.sources], arrays.ids[arrays.targets]
    return set(zip(ends[0].tolist(), ends[1].tolist(), arrays.mutual().tolist(), strict=True))


def test_edges_stand_by_source_position_and_key_however_they_came() -> None:
    """Two edges of one source may bear one position; an edge without both ends is none."""
    rows = [(7, 5, 1), (7, 3, 1), (7, 9, 0), (3, 7, 1), (3, 5, 0), (9, 3, 0), (9, 8, 0)]
    for seed in range(5):
        Random(seed).shuffle(rows)
        arrays = made(rows, [9, 3, 7, 5])
        ends = arrays.ids[arrays.sources].tolist(), arrays.ids[arrays.targets].tolist()
        assert list(zip(*ends, strict=True)) == [(9, 3), (3, 5), (3, 7), (7, 9), (7, 3), (7, 5)]
        assert arrays.mutual().tolist() == [False, False, True, False, True, False]
        assert arrays.starts().tolist() == [0, 1, 3, 6, 6]


def test_a_position_may_be_any_number() -> None:
    arrays = made([(3, 7, 2**62), (3, 5, 0), (7, 9, 0)], [9, 3, 7, 5])
    assert arrays.ids[arrays.targets].tolist() == [5, 7, 9]


def test_accounts_in_another_order_are_the_same_graph() -> None:
    arrays = made([(1, 2, 0), (2, 1, 0), (1, 3, 1), (3, 4, 0), (4, 2, 0)], [1, 2, 3, 4])
    turned = arrays.reordered(np.array([2, 0, 3, 1]))
    assert turned.ids.tolist() == [3, 1, 4, 2]
    assert turned.followers.tolist() == [30, 10, 40, 20]
    assert turned.asked.tolist() == [False, True, False, False]
    assert turned.sources.tolist() == sorted(turned.sources.tolist())
    assert by_key(turned) == by_key(arrays)


def test_only_accounts_without_an_id_are_put_in_order_by_their_names() -> None:
    unnamed = [(2, "a", "zoe"), (8, "a", None), (5, "b", "x"), (3, "a", "amy"), (99, "a", "gone")]
    ids = np.array([2, 3, 8, 7, 1, 5, 6])
    assert ids[order_without_keys(ids, unnamed)].tolist() == [8, 3, 2, 7, 1, 5, 6]
