from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphcrawl.graph import ConnectionGraph, Edge, Node
from graphcrawl.graph.difference import (
    UNKNOWN,
    Alteration,
    Change,
    Kind,
    Side,
    compare,
    pair_changes,
    united,
)
from graphcrawl.model import Certainty, Origin

Listed = dict[int, list[int]]

SWAPPED: dict[object, Change] = {
    Change.GAINED: Change.LOST,
    Change.LOST: Change.GAINED,
    Change.UNKNOWN_BEFORE: Change.UNKNOWN_AFTER,
    Change.UNKNOWN_AFTER: Change.UNKNOWN_BEFORE,
    Change.CHANGED: Change.CHANGED,
}


def node(key: int, depth: int | None = 1, **values: object) -> Node:
    blank = Node(key, "instagram", f"{key:03}", f"name{key}", f"Title {key}", 1000, 1.5, "READY")
    return replace(blank, depth=depth, **values)  # type: ignore[arg-type]


def side(
    lists: Listed,
    *,
    seeds: tuple[int, ...] = (1,),
    partly: tuple[int, ...] = (),
    values: dict[str, object] | None = None,
) -> Side:
    """Make a side where all that are keys were asked; those in `partly` not whole."""
    keys = sorted({*seeds, *lists, *(target for listed in lists.values() for target in listed)})
    pairs = {(source, target) for source, listed in lists.items() for target in listed}
    edges = [
        Edge(source, target, at, _certainty((target, source) in pairs, target in lists))
        for source, listed in sorted(lists.items())
        for at, target in enumerate(listed)
    ]
    nodes = (node(key, 0 if key in seeds else 1, **(values or {})) for key in keys)
    graph = ConnectionGraph(tuple(nodes), tuple(edges), Origin.SIMULATED)
    return Side(graph, frozenset(lists) - frozenset(partly))


def _certainty(back: bool, asked: bool) -> Certainty:
    return Certainty.MUTUAL if back else Certainty.ONE_WAY if asked else Certainty.UNKNOWN


def found(before: Side, after: Side, kind: Kind) -> dict[object, Change]:
    return {
        one.account.id if one.target is None else (one.account.id, one.target.id): one.change
        for one in compare(before, after).alterations
        if one.kind is kind
    }


def test_a_graph_does_not_differ_from_itself() -> None:
    one = side({1: [2, 3], 2: [1]})
    assert compare(one, one).alterations == ()


def test_gained_and_lost_where_both_sides_asked() -> None:
    before, after = side({1: [2, 3]}), side({1: [3, 4]})
    assert found(before, after, Kind.CONNECTION) == {
        (1, 4): Change.GAINED,
        (1, 2): Change.LOST,
    }
    assert found(before, after, Kind.ACCOUNT) == {4: Change.GAINED, 2: Change.LOST}


def test_what_one_side_did_not_ask_is_not_known_there() -> None:
    before, after = side({1: [2]}), side({1: [2], 2: [3]})
    assert found(before, after, Kind.CONNECTION) == {(2, 3): Change.UNKNOWN_BEFORE}
    assert found(before, after, Kind.ACCOUNT) == {3: Change.UNKNOWN_BEFORE}
    assert found(after, before, Kind.CONNECTION) == {(2, 3): Change.UNKNOWN_AFTER}
    assert found(after, before, Kind.ACCOUNT) == {3: Change.UNKNOWN_AFTER}


def test_a_partial_answer_proves_no_absence() -> None:
    before, after = side({1: [2, 3]}), side({1: [2]}, partly=(1,))
    assert found(before, after, Kind.CONNECTION) == {(1, 3): Change.UNKNOWN_AFTER}
    assert found(before, after, Kind.ACCOUNT) == {3: Change.UNKNOWN_AFTER}


def test_an_account_is_lost_only_when_all_who_listed_it_were_asked_again() -> None:
    before = side({1: [2, 3], 2: [4], 3: [4]})
    assert found(before, side({1: [2, 3], 2: [], 3: []}), Kind.ACCOUNT) == {4: Change.LOST}
    assert found(before, side({1: [2, 3], 2: []}), Kind.ACCOUNT) == {4: Change.UNKNOWN_AFTER}


def test_an_account_that_is_still_stored_is_lost_when_nobody_lists_it_any_more() -> None:
    before = side({1: [2], 2: []})
    after = side({1: [], 2: []})
    assert found(before, after, Kind.ACCOUNT) == {2: Change.LOST}
    assert found(after, before, Kind.ACCOUNT) == {2: Change.GAINED}


def test_a_seed_is_neither_gained_nor_lost() -> None:
    before, after = side({1: [2]}), side({1: [2], 5: []}, seeds=(1, 5))
    assert found(before, after, Kind.ACCOUNT) == {5: Change.UNKNOWN_BEFORE}
    listed = side({1: [2, 5]})
    assert found(listed, side({1: [2], 5: []}, seeds=(1, 5)), Kind.ACCOUNT) == {}


@pytest.mark.parametrize(
    ("kind", "name", "old", "new"),
    [
        (Kind.USERNAME, "username", "a", "b"),
        (Kind.TITLE, "title", "A", "B"),
        (Kind.STATE, "state", "READY", "PRIVATE"),
        (Kind.FOLLOWERS, "subscribers_count", 10, 7),
    ],
)
def test_values_with_both_figures(kind: Kind, name: str, old: object, new: object) -> None:
    before, after = side({1: []}, values={name: old}), side({1: []}, values={name: new})
    [one] = compare(before, after).alterations
    assert (one.kind, one.change, one.before, one.after) == (kind, Change.CHANGED, old, new)
    unknown = side({1: []}, values={name: None})
    assert compare(before, unknown).alterations == compare(unknown, after).alterations == ()


LISTS = st.dictionaries(
    st.integers(1, 7), st.lists(st.integers(1, 7), unique=True, max_size=4), max_size=7
).map(lambda lists: {one: [other for other in all_ if other != one] for one, all_ in lists.items()})


@given(LISTS, LISTS, st.sets(st.integers(1, 7)), st.sets(st.integers(1, 7)))
def test_exchanged_sides_give_the_same_but_for_before_and_after(
    one: Listed, other: Listed, partly: set[int], partly_too: set[int]
) -> None:
    before, after = side(one, partly=tuple(partly)), side(other, partly=tuple(partly_too))

    def told(alterations: tuple[Alteration, ...]) -> set[tuple[object, ...]]:
        return {
            (
                one.kind,
                one.change,
                one.account.id,
                one.target and one.target.id,
                one.before,
                one.after,
            )
            for one in alterations
        }

    there = told(compare(before, after).alterations)
    back = told(compare(after, before).alterations)
    assert there == {
        (kind, SWAPPED[change], account, target, then, now)
        for kind, change, account, target, now, then in back
    }


@given(LISTS, LISTS, st.sets(st.integers(1, 7)), st.sets(st.integers(1, 7)))
def test_nothing_is_said_of_what_a_side_did_not_ask(
    one: Listed, other: Listed, partly: set[int], partly_too: set[int]
) -> None:
    before, after = side(one, partly=tuple(partly)), side(other, partly=tuple(partly_too))
    for row in compare(before, after).alterations:
        silent = before if row.change in (Change.GAINED, Change.UNKNOWN_BEFORE) else after
        if row.target is not None:
            known = row.account.id in silent.asked
        else:
            told = after if silent is before else before
            listers = told.listers.get(row.account.id, frozenset())
            known = bool(listers) and listers <= silent.asked
        if row.change not in UNKNOWN:
            assert known
        elif row.target is not None:
            assert not known


@given(LISTS, LISTS)
def test_the_united_graph_holds_both(one: Listed, other: Listed) -> None:
    before, after = side(one), side(other)
    difference = compare(before, after)
    both = united(difference)
    assert {one.id for one in both.nodes} == before.nodes.keys() | after.nodes.keys()
    pairs = {(edge.source, edge.target) for edge in both.edges}
    assert after.edges.keys() <= pairs
    assert {frozenset(pair) for pair in pairs} == {
        frozenset(pair) for pair in before.edges.keys() | after.edges.keys()
    }
    assert pair_changes(difference).keys() == pairs


def test_a_pair_that_is_mutual_no_longer_has_changed() -> None:
    mutual, one_way = side({1: [2], 2: [1]}), side({1: [2], 2: []})
    assert pair_changes(compare(mutual, one_way)) == {(1, 2): Change.CHANGED}
    assert pair_changes(compare(one_way, mutual)) == {
        (1, 2): Change.CHANGED,
        (2, 1): Change.CHANGED,
    }
    assert pair_changes(compare(mutual, mutual)) == {(1, 2): None, (2, 1): None}
    assert pair_changes(compare(side({1: [], 2: []}), mutual)) == {
        (1, 2): Change.GAINED,
        (2, 1): Change.GAINED,
    }


def test_the_order_is_by_kind_change_and_account() -> None:
    before = side({1: [9, 2], 2: []}, values={"username": "x"})
    after = side({1: [4, 3, 2], 2: [7]}, values={"username": "y"})
    rows = compare(before, after).alterations
    assert [(row.kind.value, row.change.value, row.account.id) for row in rows[:4]] == [
        ("account", "gained", 3),
        ("account", "gained", 4),
        ("account", "gained", 7),
        ("account", "lost", 9),
    ]
    assert [row.kind for row in rows] == sorted((row.kind for row in rows), key=list(Kind).index)
