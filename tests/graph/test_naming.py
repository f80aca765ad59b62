"""Names: the most followed accounts, and words that others' titles do not share."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphcrawl.graph import ConnectionGraph, Node
from graphcrawl.graph.communities import find_communities
from graphcrawl.graph.naming import LONGEST_TITLE, called, words
from graphcrawl.graph.naming import names as names_of_words
from graphcrawl.graph.options import ClusterOptions, Method
from graphcrawl.wording import printable
from tests.map.graphs import HOSTILE, graph, node


def titled(*titles: str | None, start: int = 0) -> list[Node]:
    return [
        node(start + at, title=title, subscribers_count=1000 - at)
        for at, title in enumerate(titles)
    ]


def names(communities: list[list[Node]], leaders: list[list[Node]]) -> list[str]:
    return names_of_words([[words(one.title) for one in each] for each in communities], leaders)


SPACE = titled("NASA", "Space Station", "The Space Telescope", "The Launch Pad", "Launch Club")
FOOD = titled("Bakery Row", "The Bread Shop", "Bread and Butter", "The Bakery", start=10)


def test_leaders_and_distinctive_words() -> None:
    found = names([SPACE, FOOD], [SPACE[:3], FOOD[:3]])
    assert found == ["NASA, Space Station: launch", "Bakery Row, The Bread Shop"]
    # "space" stands in a leader's title already, and "the" in everyone's.
    assert "the" not in " ".join(found).casefold().replace("the bread", "")


def test_followers_decide_and_where_nobody_knows_them_listings_do() -> None:
    known = [node(at, subscribers_count=count) for at, count in enumerate((5, None, 70, 6))]
    assert led(graph(known, {0: [1], 2: [1], 3: [1]})) == [2, 3, 0]
    unknown = [node(at, subscribers_count=None) for at in range(4)]
    assert led(graph(unknown, {0: [3, 2], 1: [3]})) == [3, 2, 0]


def led(whole: ConnectionGraph) -> list[int]:
    (community,) = find_communities(whole, ClusterOptions(method=Method.COMPONENTS)).communities
    return [one.id for one in community.leaders]


def test_one_owner_on_three_networks_is_named_once_and_has_one_voice() -> None:
    owner = titled("Meteor Mill", "Meteor Mill", "Meteor Mill", "Else")
    other = titled("A", "B", start=10)
    assert names([owner, other], [owner[:3], other])[0] == "Meteor Mill"


def test_a_single_community_has_no_word_that_sets_it_apart() -> None:
    assert names([SPACE], [SPACE[:3]]) == ["NASA, Space Station"]


def test_a_word_that_many_communities_share_tells_nothing_of_one() -> None:
    high = titled("Leader", "Tower One", "Tower Two", "Tower Three Lake", "Lake Tower")
    low = titled("Other", "Tower Red", "Tower Blue", "Sea", "Hill", "Wood", start=10)
    assert names([high, low], [high[:1], low[:1]]) == ["Leader: lake", "Other"]


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("NASA's Space-Station 2024", {"nasa", "space", "station"}),
        ("ＮＡＳＡ", {"nasa"}),
        ("東京タワー 夜", {"東京タワー", "夜"}),
        ("नमस्ते दुनिया", {"नमस्ते", "दुनिया"}),
        ("a of 12 " + "x" * 99, set()),
        ("", set()),
        (None, set()),
    ],
)
def test_words_of_a_title(title: str | None, expected: set[str]) -> None:
    assert words(title) == expected


@given(st.text(st.characters(max_codepoint=127), max_size=40))
def test_words_are_the_same_beside_a_letter_of_another_alphabet(title: str) -> None:
    assert words(title) == words(f"{title} \u0436") - {"\u0436"}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"title": "  NASA \n\u2028 TV "}, "NASA TV"),
        ({"title": " ", "username": "nasa"}, "nasa"),
        ({"title": None, "username": None, "social_id": "77"}, "77"),
        ({"title": None, "username": None, "social_id": None}, "?"),
    ],
)
def test_what_an_account_is_called(fields: dict[str, object], expected: str) -> None:
    assert called(node(0, **fields)) == expected


@given(st.lists(st.text() | st.sampled_from(HOSTILE), min_size=1, max_size=6))
def test_any_title_gives_a_short_name_that_can_be_shown(titles: list[str]) -> None:
    members = titled(*titles, *titles)
    (name,) = names([members], [members[:3]])
    assert len(name) <= 2 * LONGEST_TITLE + 2
    assert "\n" not in name
    printable(name).encode()
