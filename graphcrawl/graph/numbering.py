"""Numbers of communities that stay when the graph grows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Earlier:
    """The numbers that were given before.

    Attributes
    ----------
    numbers : mapping of int to int
        By `Node.id`, the number of the community that the account was in.
    highest : int
        The largest number ever given; 0 where none was.
    """

    numbers: Mapping[int, int] = field(default_factory=dict)
    highest: int = 0


def numbered(communities: Sequence[Sequence[int]], earlier: Earlier) -> list[int]:
    """Give each community its number: its former one where it has one, else one never used.

    Former and present communities are matched from the largest overlap down, as Greene, Doyle and
    Cunningham (2010) track communities, but by the smaller of the two: one that has only grown
    keeps its number however much it grew.

    Parameters
    ----------
    communities : sequence of sequences of int
        `Node.id` of the members; new numbers are given in this order, from 1.
    earlier : Earlier

    Returns
    -------
    list of int
        As many as there are communities, no two alike.
    """
    kept = _kept(communities, earlier.numbers)
    free = earlier.highest
    numbers = []
    for place in range(len(communities)):
        if place not in kept:
            free += 1
        numbers.append(kept.get(place, free))
    return numbers


def _kept(communities: Sequence[Sequence[int]], former: Mapping[int, int]) -> dict[int, int]:
    present = {node for members in communities for node in members}
    sizes = Counter(number for node, number in former.items() if node in present)
    kept: dict[int, int] = {}
    taken: set[int] = set()
    for shared, number, place in sorted(_overlaps(communities, former), key=_largest_first):
        is_same = 2 * shared > min(sizes[number], len(communities[place]))
        if is_same and number not in taken and place not in kept:
            kept[place] = number
            taken.add(number)
    return kept


def _overlaps(
    communities: Sequence[Sequence[int]], former: Mapping[int, int]
) -> list[tuple[int, int, int]]:
    return [
        (shared, number, place)
        for place, members in enumerate(communities)
        for number, shared in Counter(former[node] for node in members if node in former).items()
    ]


def _largest_first(overlap: tuple[int, int, int]) -> tuple[int, int, int]:
    shared, number, place = overlap
    return -shared, number, place
