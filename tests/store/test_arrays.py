"""What is read as arrays is what is read as values, whatever crawls a database has seen."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from random import Random

import numpy as np
import pytest

from graphcrawl.crawl import Asker, Crawl, StopSignal, Unlimited
from graphcrawl.errors import NothingFound, ReportForbidden
from graphcrawl.filters import Filters
from graphcrawl.findings import chosen_in, graph_of, read_arrays
from graphcrawl.graph.arrays import GraphArrays, arrays_of
from graphcrawl.graph.conditions import Filter, parse_filter
from graphcrawl.model import Account, AccountRef, Answer
from graphcrawl.store import (
    CrawlFrontier,
    RefreshScope,
    Store,
    add_tags,
    arrays,
    finish_crawl,
    forget_account,
    list_crawls,
    start_crawl,
    start_refresh,
)
from tests.worlds import HASTY, NETWORK, World, account, by_id, by_name, crawl, new_store, run

NAMES = ("ids", "asked", "followers", "sources", "targets")
CONDITIONS = (
    "network!=youtube",
    "network=instagram",
    "state=READY",
    "depth<=1",
    "followers>=500",
    "followers!=7",
    "tag=press",
    "tag!=press",
)

KINDS = ("crawl", "ring", "refresh", "forget")


def assert_same(found: GraphArrays, wanted: GraphArrays) -> None:
    for name in NAMES:
        mine, theirs = getattr(found, name), getattr(wanted, name)
        assert mine.dtype == theirs.dtype, name
        np.testing.assert_array_equal(mine, theirs, err_msg=name)
    np.testing.assert_array_equal(found.mutual(), wanted.mutual())
    assert found.origin is wanted.origin


def assert_read_as_values(store: Store, filters: tuple[Filter, ...] = ()) -> None:
    for crawl_id in (None, *(record.id for record in list_crawls(store))):
        wanted = arrays_of(chosen_in(store, graph_of(store, crawl_id), filters))
        assert_same(read_arrays(store, crawl_id, filters), wanted)


def some(random: Random, one: str) -> Account:
    """Give an account of the same network and ID as ever, with other values each time."""
    number = int(one[1:])
    return account(
        one,
        network=("instagram", "youtube", "myspace")[number % 3],
        subscribers_count=random.choice([None, 7, random.randrange(1000)]),
        state=random.choice([None, "READY", "PRIVATE"]),
    )


def a_day(random: Random, size: int) -> World:
    """Answers of one day: whole, partial, refused, or an account that is private."""
    answers: dict[str, list[Answer | Exception]] = {}
    for number in range(size):
        one = f"u{number}"
        listed = dict.fromkeys(
            f"u{random.randrange(size)}" for _ in range(random.choice([0, 1, 3, 6]))
        )
        listed.pop(one, None)
        skipped = ("row 3",) if random.random() < 0.25 else ()
        answers[one] = [
            Answer(some(random, one), tuple(some(random, to) for to in listed), skipped)
        ]
        if random.random() < 0.15:
            answers[one] = [ReportForbidden(f"{one}: private", account=one, status=403)]
    return World({}, answers)


def complete_crawl(store: Store, world: World) -> None:
    """Ask the outermost accounts too, as --complete does."""
    filters = Filters(complete=True)
    crawl_id = start_crawl(store, by_id("u0"), {"depth": 1, **filters.recorded()})
    frontier = CrawlFrontier(store, crawl_id, 1, filters=filters)
    stop = StopSignal()
    Crawl(frontier, Asker(world, Unlimited(), stop, policy=HASTY), stop, workers=2).run()
    finish_crawl(store, crawl_id, "complete", None)


def one_more(store: Store, random: Random, kind: str, size: int) -> None:
    world = a_day(random, size)
    if kind == "ring":
        complete_crawl(store, world)
    elif kind == "refresh":
        with suppress(NothingFound):  # nobody may have been asked yet
            crawl_id = start_refresh(store, RefreshScope(), {"depth": 0})
            if crawl_id is not None:
                run(store, crawl_id, world, 0)
    elif kind == "forget":
        held = {node.social_id for node in graph_of(store).nodes if node.network == NETWORK}
        for one in sorted({*filter(None, held)} - {"u0"})[:1]:  # never the seed
            forget_account(store, AccountRef(NETWORK, social_id=one))
    else:
        crawl(store, world, [*by_id("u0"), *by_name("nobody")], random.choice([1, 2, 3]))


@pytest.mark.parametrize("seed", range(20))
def test_arrays_are_those_of_the_graph(tmp_path: Path, seed: int) -> None:
    random = Random(seed)
    size = random.randint(3, 14)
    with new_store(tmp_path / "g.db") as store:
        assert_read_as_values(store)
        for kind in ("crawl", *random.choices(KINDS, k=random.randint(0, 4))):
            one_more(store, random, kind, size)
        add_tags(store, by_id("u0"), ["press"])
        assert_read_as_values(store)
        for conditions in (random.sample(CONDITIONS, k=number) for number in (1, 2)):
            assert_read_as_values(store, tuple(map(parse_filter, conditions)))


def test_a_way_back_that_only_another_crawl_saw_is_mutual(tmp_path: Path) -> None:
    with new_store(tmp_path / "g.db") as store:
        crawl(store, World({"a": ["s", "x"]}), by_id("a"), 1)
        later = crawl(store, World({"s": ["a", "b"]}), by_id("s"), 1)
        found = read_arrays(store, later)
        assert found.mutual().tolist() == [True, False]
        assert_read_as_values(store)
        # The account whose key would stand last is filtered away, and takes no other's place.
        assert_read_as_values(store, (parse_filter("depth=1"),))


def test_edges_are_read_in_steps_and_keys_may_be_anything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrays, "_STEP", 3)
    with new_store(tmp_path / "g.db") as store:
        for seed in range(3):
            one_more(store, Random(seed), "crawl", 14)
        assert_read_as_values(store)
        with store.engine.connect() as connection:
            driver = connection.connection.driver_connection
            assert driver is not None
            driver.execute("PRAGMA foreign_keys = OFF")
            driver.execute("BEGIN")
            for table, column in (
                *(("nodes", "id"), ("edges", "source_id"), ("edges", "target_id")),
                *(("visits", "node_id"), ("answers", "node_id")),
            ):
                driver.execute(f"UPDATE {table} SET {column} = 9000000000000000000 - {column}")
            driver.execute("COMMIT")
        assert read_arrays(store).ids.max() > 2**62
        assert_read_as_values(store)


def test_there_must_be_such_a_crawl(tmp_path: Path) -> None:
    with new_store(tmp_path / "g.db") as store, pytest.raises(NothingFound, match="no crawl 5"):
        read_arrays(store, 5)
