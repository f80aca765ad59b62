from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from graphcrawl.crawl import Asker, Crawl, StopSignal, Unlimited
from graphcrawl.errors import NothingFound, ReportForbidden
from graphcrawl.filters import Filters
from graphcrawl.model import Outcome, OutcomeKind
from graphcrawl.store import (
    CrawlFrontier,
    RefreshScope,
    Store,
    crawl_record,
    forget_account,
    list_crawls,
    read_graph,
    start_refresh,
)
from tests.store.test_reuse import grow_old
from tests.worlds import (
    HASTY,
    World,
    answer,
    by_id,
    by_name,
    crawl,
    go_on,
    new_store,
    rows,
    run,
    statuses,
)

LISTS = {"s": ["a", "b", "gone"], "a": ["s", "c"], "b": ["c"], "c": ["far"]}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "g.db") as opened:
        yield opened


def refresh(store: Store, world: World, scope: RefreshScope | None = None) -> int:
    crawl_id = start_refresh(store, scope or RefreshScope(), {"depth": 0})
    assert crawl_id is not None
    run(store, crawl_id, world, 0)
    return crawl_id


def depths(store: Store, crawl_id: int) -> dict[str | None, int | None]:
    return {node.social_id: node.depth for node in read_graph(store, crawl_id).nodes}


def test_what_once_gave_connections_is_asked_and_nothing_else(store: Store) -> None:
    crawl(store, World(LISTS), by_id("s"), 2)
    world = World({**LISTS, "a": ["s", "new"], "new": ["x"]})
    number = refresh(store, world)
    assert sorted(world.asked) == ["a", "b", "s"]
    assert statuses(store, number) == {
        "s": ("done", None),
        "a": ("done", None),
        "b": ("done", None),
        "gone": ("skipped", "rim"),
        "c": ("skipped", "rim"),
        "new": ("skipped", "rim"),
    }
    assert depths(store, number) == {"s": 0, "a": 1, "b": 1, "gone": 1, "c": 2, "new": 2}
    record = crawl_record(store, number)
    assert record.is_refresh
    assert record.seeds == ("instagram:name.s",)


def test_seeds_stay_the_only_seeds_of_the_database(store: Store) -> None:
    crawl(store, World(LISTS), by_id("s"), 2)
    refresh(store, World(LISTS))
    refresh(store, World(LISTS), RefreshScope(accounts=tuple(by_name("b"))))
    seeds = [node.social_id for node in read_graph(store).nodes if node.depth == 0]
    assert seeds == ["s"]


def test_a_crawl_or_accounts_alone(store: Store) -> None:
    crawl(store, World(LISTS), by_id("s"), 1)
    second = crawl(store, World(LISTS), by_id("c", "b"), 1)
    world = World(LISTS)
    refresh(store, world, RefreshScope(crawls=(second,)))
    assert sorted(world.asked) == ["b", "c"]
    world.refs.clear()
    refresh(store, world, RefreshScope(accounts=(*by_name("s"), *by_id("c"))))
    assert sorted(world.asked) == ["c", "s"]


def test_what_is_old_alone(store: Store) -> None:
    crawl(store, World(LISTS), by_id("s"), 2)
    month_ago = datetime.now(UTC) - timedelta(days=30)
    assert start_refresh(store, RefreshScope(older_than=month_ago), {"depth": 0}) is None
    assert len(list_crawls(store)) == 1
    grow_old(store, "a")
    with store.engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE nodes SET expanded_at = (SELECT max(asked_at) FROM answers a "
            "WHERE a.node_id = nodes.id) WHERE expanded_at IS NOT NULL"
        )
    world = World(LISTS)
    refresh(store, world, RefreshScope(older_than=month_ago))
    assert world.asked == ["a"]


def test_a_partial_answer_is_never_young_enough(store: Store) -> None:
    partial = answer("a", "c", skipped=["row 3"])
    crawl(store, World(LISTS, answers={"a": [partial]}), by_id("s"), 2)
    world = World(LISTS)
    long_ago = datetime.now(UTC) - timedelta(days=30)
    refresh(store, world, RefreshScope(older_than=long_ago))
    assert world.asked == ["a"]


def test_a_failure_leaves_what_is_known(store: Store) -> None:
    crawl(store, World(LISTS), by_id("s"), 2)
    before = read_graph(store)
    private = ReportForbidden("a: private", account="a", status=403)
    number = refresh(store, World(LISTS, answers={"a": [private]}))
    assert statuses(store, number)["a"] == ("failed", "private")
    assert read_graph(store).edges == before.edges


def test_a_killed_refresh_asks_what_is_left(store: Store) -> None:
    crawl(store, World(LISTS), by_id("s"), 2)
    crawl_id = start_refresh(store, RefreshScope(), {"depth": 0})
    assert crawl_id is not None
    # What a killed process leaves: one account answered, one claimed.
    frontier = CrawlFrontier(store, crawl_id, 0)
    first = frontier.turn([], 1).claims[0]
    told = answer("s", "a", "b", "gone")
    frontier.turn([Outcome(first, OutcomeKind.ANSWERED, 1, told)], 1)
    world = World(LISTS)
    go_on(store, crawl_id, world, 0)
    assert sorted(world.asked) == ["a", "b"]
    assert {"s", "a", "b"} <= {
        one for one, (status, _) in statuses(store, crawl_id).items() if status == "done"
    }


def test_a_filter_given_to_a_refresh_and_taken_back(store: Store) -> None:
    crawl(store, World(LISTS), by_id("s"), 2)
    excluded = Filters(exclude=tuple(by_id("a", "new")))
    crawl_id = start_refresh(store, RefreshScope(), {"depth": 0, **excluded.recorded()})
    assert crawl_id is not None
    world = World({**LISTS, "s": ["a", "b", "new"]})
    frontier = CrawlFrontier(store, crawl_id, 0, filters=excluded)
    Crawl(frontier, Asker(world, Unlimited(), StopSignal(), policy=HASTY), StopSignal()).run()
    assert sorted(world.asked) == ["b", "s"]
    assert statuses(store, crawl_id)["a"] == ("skipped", "excluded")
    # Whom a refresh finds it asks under no filter.
    assert statuses(store, crawl_id)["new"] == ("skipped", "rim")
    go_on(store, crawl_id, world, 0)
    assert sorted(world.asked) == ["a", "b", "s"]
    assert statuses(store, crawl_id)["new"] == ("skipped", "rim")


def test_nothing_to_ask(store: Store) -> None:
    with pytest.raises(NothingFound, match="graphcrawl seed"):
        start_refresh(store, RefreshScope(), {"depth": 0})
    crawl(store, World(LISTS), by_id("s"), 1)
    for scope in (
        RefreshScope(accounts=tuple(by_id("a"))),
        RefreshScope(accounts=tuple(by_name("x"))),
    ):
        with pytest.raises(NothingFound, match="never asked"):
            start_refresh(store, scope, {"depth": 0})
    assert len(list_crawls(store)) == 1


def test_a_forgotten_account_is_not_asked_again(store: Store) -> None:
    crawl(store, World(LISTS), by_id("s"), 2)
    forget_account(store, by_id("a")[0])
    world = World(LISTS)
    refresh(store, world)
    assert sorted(world.asked) == ["b", "s"]
    assert rows(store, "SELECT count(*) FROM nodes WHERE social_id = 'a'") == [(0,)]
