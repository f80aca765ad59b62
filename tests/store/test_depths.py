from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graphcrawl.model import Claim, Outcome, OutcomeKind
from graphcrawl.store import CrawlFrontier, Store, start_crawl
from graphcrawl.store.depths import lower
from tests.worlds import World, answer, by_id, crawl, expected, found, new_store, rows, statuses


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "g.db") as opened:
        yield opened


CHAIN = {"s": ["a"], "a": ["b"], "b": ["c", "s"], "c": ["d"], "d": []}


def keys(store: Store) -> dict[str, int]:
    return {
        str(name): int(str(key)) for name, key in rows(store, "SELECT social_id, id FROM nodes")
    }


def test_lowering_one_lowers_all_that_follow(store: Store) -> None:
    crawl_id = crawl(store, World(CHAIN), by_id("s"), 4)
    key = keys(store)
    with store.engine.begin() as connection:
        lower(connection, crawl_id, 4, {key["b"]: 0})
    assert found(store, crawl_id).depths == {"s": 0, "a": 1, "b": 0, "c": 1, "d": 2}
    assert statuses(store, crawl_id)["d"] == ("queued", None)


def test_nothing_is_ever_raised(store: Store) -> None:
    crawl_id = crawl(store, World(CHAIN), by_id("s"), 4)
    key = keys(store)
    with store.engine.begin() as connection:
        lower(connection, crawl_id, 4, {key["c"]: 9})
    assert found(store, crawl_id).depths == {"s": 0, "a": 1, "b": 2, "c": 3, "d": 4}


def test_what_stays_on_the_rim_is_not_queued(store: Store) -> None:
    crawl_id = crawl(store, World(CHAIN), by_id("s"), 2)
    key = keys(store)
    with store.engine.begin() as connection:
        lower(connection, crawl_id, 1, {key["b"]: 1})
    assert statuses(store, crawl_id)["b"] == ("skipped", "rim")


def test_depths_follow_only_the_edges_of_their_own_crawl(store: Store) -> None:
    """An edge that the first crawl alone saw does not bring anything nearer in the second."""
    crawl(store, World({"s": ["a", "b"], "a": ["z"], "b": ["c"], "c": ["z"]}), by_id("s"), 4)
    world = World({"s": ["a", "b"], "a": [], "b": ["c"], "c": ["z"], "z": []})
    second = crawl(store, world, by_id("s"), 4)
    assert found(store, second).depths["z"] == 3
    key = keys(store)
    with store.engine.begin() as connection:
        lower(connection, second, 4, {key["a"]: 0})
    assert found(store, second).depths["z"] == 3


def test_several_lowerings_in_one_answer_keep_the_smallest(store: Store) -> None:
    """One answer names a seed (whose followers come nearer) and lists a follower of it.

    What was read of the follower before the seed was named is out of date by then.
    """
    crawl_id = start_crawl(store, [*by_id("s"), *by_id("q")], {"depth": None})
    frontier = CrawlFrontier(store, crawl_id, None)
    store_chain(frontier, {"s": ["m"], "m": ["r"], "r": ["t"]})
    key = keys(store)
    # r is really at depth 2 and t at 3; now q (depth 0) is told to list r and t at once.
    assert found(store, crawl_id).depths == {"s": 0, "q": 0, "m": 1, "r": 2, "t": 3}
    with store.engine.begin() as connection:
        lower(connection, crawl_id, None, {key["r"]: 0})
        lower(connection, crawl_id, None, {key["t"]: 2})
    assert found(store, crawl_id).depths == {"s": 0, "q": 0, "m": 1, "r": 0, "t": 1}


def store_chain(frontier: CrawlFrontier, lists: dict[str, list[str]]) -> None:
    done: list[Outcome] = []
    for _ in range(len(lists) + 2):
        for claim in frontier.turn(done, 9).claims:
            done = [answered(claim, lists)] if claim.ref.social_id in lists else []
            if done:
                break


def answered(claim: Claim, lists: dict[str, list[str]]) -> Outcome:
    own = claim.ref.social_id or ""
    return Outcome(claim, OutcomeKind.ANSWERED, 1, answer(own, *lists[own]))


IDS = [f"u{number}" for number in range(8)]


@given(
    lists=st.dictionaries(
        st.sampled_from(IDS), st.lists(st.sampled_from(IDS), unique=True, max_size=4), max_size=8
    ),
    order=st.permutations(range(12)),
    depth=st.sampled_from([2, 3, None]),
)
@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
def test_whatever_the_order_of_the_answers_depths_are_shortest(
    tmp_path_factory: pytest.TempPathFactory,
    lists: dict[str, list[str]],
    order: list[int],
    depth: int | None,
) -> None:
    """All that may be claimed is claimed, and answered in an order that somebody else chose."""
    with new_store(tmp_path_factory.mktemp("order") / "g.db") as store:
        crawl_id = start_crawl(store, by_id("u0", "u1"), {"depth": depth})
        frontier = CrawlFrontier(store, crawl_id, depth)
        flying: list[Claim] = list(frontier.turn([], 12).claims)
        turns = iter(order * 3)
        asked: list[str | None] = []
        while flying:
            claim = flying.pop(next(turns, 0) % len(flying))
            asked.append(claim.ref.social_id)
            one = claim.ref.social_id or ""
            said = answer(one, *(name for name in lists.get(one, ()) if name != one))
            outcome = Outcome(claim, OutcomeKind.ANSWERED, 1, said)
            flying += frontier.turn([outcome], 12).claims
        truth = expected(lists, ["u0", "u1"], depth)
        have = found(store, crawl_id)
        assert have.depths == truth.depths
        assert have.edges == truth.edges
        assert sorted(str(one) for one in asked) == sorted(truth.asked)
