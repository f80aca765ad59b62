from __future__ import annotations

import pickle
from collections.abc import Iterable, Mapping

import pytest

from graphcrawl.errors import NothingFound
from graphcrawl.graph import Node
from graphcrawl.graph.roster import READ_TOGETHER, rosters
from tests.map.graphs import node


class Asked:
    """Accounts, and how often they were asked for; one is gone."""

    def __init__(self, gone: int | None = None) -> None:
        self.gone, self.asked = gone, list[int]()

    def __call__(self, keys: Iterable[int]) -> Mapping[int, Node]:
        found = {key: node(key) for key in keys if key != self.gone}
        self.asked.append(len(found))
        return found


def test_small_ones_are_read_together_and_only_when_one_is_looked_at() -> None:
    read = Asked()
    groups = [list(range(at * 7, at * 7 + 7)) for at in range(3_000)]
    given = list(rosters(groups, read))
    assert [list(one.ids()) for one in given] == groups
    assert not read.asked
    assert [[one.id for one in members] for members in given] == groups
    assert sum(read.asked) == 21_000, "each once"
    assert len(read.asked) <= 21_000 / READ_TOGETHER + 1
    assert [one.id for one in given[5][2:4]] == groups[5][2:4]
    assert len(read.asked) <= 21_000 / READ_TOGETHER + 1, "a part is read with the whole"


def test_a_large_one_is_read_alone() -> None:
    read = Asked()
    large, other, _ = rosters([range(READ_TOGETHER), [-1], [-2]], read)
    assert large[-1].id == READ_TOGETHER - 1
    assert other[0].id == -1
    assert read.asked == [READ_TOGETHER, 2]


def test_who_is_gone_is_missed_in_its_own_alone() -> None:
    one, other = rosters([[1, 2], [3]], Asked(gone=2))
    assert [node.id for node in other] == [3]
    with pytest.raises(NothingFound, match="1 account of this cluster went"):
        list(one)


def test_they_are_equal_however_they_were_kept() -> None:
    one, other = rosters([[1, 2], [3]], Asked())
    assert one == pickle.loads(pickle.dumps(one)) == (node(1), node(2))
    assert one != other
    assert list(rosters([], Asked())) == []
