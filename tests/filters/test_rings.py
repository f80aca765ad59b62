"""--complete: the outermost ring is asked too, and lets nobody join."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from graphcrawl.filters import Filters
from graphcrawl.runs import run_again, run_new
from graphcrawl.store import Store
from tests.filters.crowd import (
    DEPTH,
    LISTS,
    SEEDS,
    assert_like_one_without_a_budget,
    begin,
    go_on,
    options,
    whole_certainties,
)
from tests.runs.running import to
from tests.worlds import (
    HASTY,
    Expected,
    Lists,
    WorldServer,
    by_id,
    certainties,
    expected,
    found,
    rows,
    statuses,
)

MAKING: tuple[int, object, Mapping[str, str]] = (202, {"result": {"retryTtl": 0}}, {})


def completed(depth: int = DEPTH, lists: Lists = LISTS, seeds: Sequence[str] = SEEDS) -> Expected:
    """The crawl of a depth, and all connections among its accounts."""
    inner = expected(lists, seeds, depth)
    among = {
        (one, to)
        for one in inner.depths
        for to in lists.get(one, ())
        if to in inner.depths and to != one
    }
    return Expected(inner.depths, set(inner.depths), among)


def assert_complete(store: Store, crawl_id: int, truth: Expected) -> None:
    have = found(store, crawl_id)
    assert have.depths == truth.depths
    assert have.edges == truth.edges
    assert have.asked == truth.asked
    want = {
        (one, to): "mutual" if (to, one) in truth.edges else "one-way" for one, to in truth.edges
    }
    assert certainties(store, crawl_id) == want


@pytest.mark.parametrize("depth", [0, 1, 2, 3])
def test_complete_asks_the_rim_and_lets_nobody_join(
    store: Store, server: WorldServer, depth: int
) -> None:
    result = begin(store, server, depth=depth, filters=Filters(complete=True))
    assert result.exit_code == 0
    assert_complete(store, 1, completed(depth))
    assert certainties(store) == certainties(store, 1)
    view = rows(store, "SELECT DISTINCT certainty FROM edge_list")
    assert set(view) <= {("mutual",), ("one-way",)}
    assert rows(store, "SELECT count(*) FROM nodes") == [(len(completed(depth).depths),)]
    assert len(server.asked) == len(set(server.asked))
    assert result.record.count("skipped") == 0
    assert result.record.connections == len(completed(depth).edges)


def test_a_finished_crawl_is_completed_and_then_deepened(store: Store, server: WorldServer) -> None:
    first = begin(store, server, depth=2)
    second = go_on(store, server, first, depth=2, filters=Filters(complete=True))
    assert_complete(store, 1, completed(2))
    assert len(server.asked) == len(set(server.asked))
    deeper = go_on(store, server, second, depth=3, filters=Filters())
    assert_like_one_without_a_budget(store, deeper)
    assert certainties(store, 1) == whole_certainties(store, server)


@pytest.mark.parametrize("most", [1, 7, 20, 40])
def test_a_ring_that_is_interrupted_goes_on(store: Store, server: WorldServer, most: int) -> None:
    filters = Filters(complete=True)
    first = begin(store, server, depth=2, max_requests=most, filters=filters)
    again = go_on(store, server, first, depth=2, filters=filters)
    assert again.exit_code == 0
    assert_complete(store, 1, completed(2))
    assert len(server.asked) == len(set(server.asked))


def test_a_ring_given_up_is_a_rim_again(store: Store, server: WorldServer) -> None:
    first = begin(store, server, depth=2, filters=Filters(complete=True), max_requests=12)
    assert first.record.count("queued") > 0
    asked = len(server.asked)
    second = go_on(store, server, first, depth=2)
    assert second.record.status == "complete"
    assert second.record.count("skipped", "rim") > 0
    assert len(server.asked) == asked


def test_accounts_that_join_after_the_ring_was_asked(store: Store) -> None:
    """A report is still being made when the ring is asked; what it lists then was left out."""
    lists = {"s": ["slow", "a"], "slow": ["late", "a"], "a": ["b"], "b": ["late", "s"], "late": []}
    lists |= {"late": ["b"]}
    with WorldServer(lists) as server:
        server.refuse = lambda asked: MAKING if asked == "slow" else None
        policy = replace(HASTY, retry_after_cap=0.0)
        wanted = options(depth=2, filters=Filters(complete=True), policy=policy)
        first = run_new(store, by_id("s"), to(server), wanted)
        assert first.exit_code == 5
        assert statuses(store, 1)["b"] == ("done", "ring")
        assert ("b", "late") not in found(store, 1).edges
        server.refuse = lambda _: None
        again = run_again(store, first.record, to(server), wanted)
    assert again.exit_code == 0
    assert_complete(store, 1, completed(2, lists, ["s"]))


def test_completeness_is_judged_in_its_own_crawl(store: Store, server: WorldServer) -> None:
    """What a ring did not keep is unknown to those that are not in its crawl."""
    lists = {"s": ["a"], "a": ["s", "x"], "y": ["a"], "x": []}
    with WorldServer(lists) as small:
        run_new(store, by_id("s"), to(small), options(depth=1, filters=Filters(complete=True)))
        assert certainties(store) == {("s", "a"): "mutual", ("a", "s"): "mutual"}
        run_new(store, by_id("y"), to(small), options(depth=1))
    assert certainties(store)["y", "a"] == "unknown"
    assert certainties(store, 2) == {("y", "a"): "unknown"}
