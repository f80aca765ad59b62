"""Numbers of communities outlive growth, splits and mergers."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from graphcrawl.graph.numbering import Earlier, numbered

groupings = st.lists(st.integers(0, 6), min_size=0, max_size=40)


def groups(labels: list[int]) -> list[list[int]]:
    found: dict[int, list[int]] = {}
    for account, label in enumerate(labels):
        found.setdefault(label, []).append(account)
    return sorted(found.values(), key=lambda members: (-len(members), members))


def as_earlier(communities: list[list[int]], numbers: list[int]) -> Earlier:
    given_to = {
        account: number
        for members, number in zip(communities, numbers, strict=True)
        for account in members
    }
    return Earlier(given_to, max(numbers, default=0))


def test_the_first_numbers_follow_the_order() -> None:
    assert numbered([[5, 6, 7], [1, 2], [9]], Earlier()) == [1, 2, 3]


@given(groupings)
def test_the_same_communities_keep_their_numbers(labels: list[int]) -> None:
    communities = groups(labels)
    numbers = numbered(communities, Earlier(highest=10))
    shuffled = communities[::-1]
    assert numbered(shuffled, as_earlier(communities, numbers)) == numbers[::-1]


@given(groupings, groupings)
def test_no_number_twice_and_none_back_from_the_dead(former: list[int], present: list[int]) -> None:
    before = groups(former)
    earlier = as_earlier(before, numbered(before, Earlier()))
    earlier = Earlier(earlier.numbers, earlier.highest + 5)
    after = groups(present)
    numbers = numbered(after, earlier)
    assert len(set(numbers)) == len(after)
    fresh = [number for number in numbers if number > earlier.highest]
    assert sorted(fresh) == list(range(earlier.highest + 1, earlier.highest + 1 + len(fresh)))
    for number, members in zip(numbers, after, strict=True):
        if number <= earlier.highest:
            assert number in {earlier.numbers.get(account) for account in members}


def test_growth_keeps_numbers_however_large_it_is() -> None:
    earlier = as_earlier([[0, 1, 2], [3, 4]], [1, 2])
    grown = [[3, 4, *range(100, 200)], [0, 1, 2, *range(200, 210)], [300, 301]]
    assert numbered(grown, earlier) == [2, 1, 3]


def test_of_a_split_the_larger_part_keeps_the_number() -> None:
    earlier = as_earlier([list(range(10)), [20, 21]], [1, 2])
    assert numbered([[0, 1, 2, 3, 4, 5], [6, 7, 8, 9], [20, 21]], earlier) == [1, 3, 2]


def test_of_a_merger_the_larger_part_gives_the_number() -> None:
    earlier = as_earlier([[0, 1, 2, 3], [4, 5, 6]], [1, 2])
    assert numbered([[0, 1, 2, 3, 4, 5, 6]], earlier) == [1]


def test_a_few_accounts_that_moved_take_no_number_with_them() -> None:
    earlier = as_earlier([list(range(10)), list(range(10, 20))], [1, 2])
    present = [[*range(3, 20)], [*range(3), *range(100, 120)]]
    assert numbered(present, earlier) == [2, 3]


def test_accounts_that_are_gone_do_not_count() -> None:
    earlier = as_earlier([list(range(10))], [4])
    assert numbered([[8, 9, 100, 101]], earlier) == [4]
