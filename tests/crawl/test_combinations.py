"""Options that were built apart, together: a crawl cut off anyhow ends as the search does."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from graphcrawl.filters import Filters
from graphcrawl.store import GOES_NO_DEEPER, RefreshScope, Retry, Store, start_crawl, start_refresh
from tests.crawl.combinations import (
    RandomWorld,
    Run,
    Search,
    carry_out,
    changed,
    go_on,
    held_by,
    random_run,
    random_world,
    seed_refs,
    undisturbed,
)
from tests.worlds import new_store, rows

TRIALS = int(os.environ.get("GRAPHCRAWL_TEST_COMBINATIONS", "8"))
RUNS = 4
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def begin(store: Store, world: RandomWorld, random: Random, seeds: Sequence[str], run: Run) -> int:
    return start_crawl(store, seed_refs(random, world, seeds), run.settings())


def seeds_of(world: RandomWorld, random: Random) -> list[str]:
    return random.sample(sorted(world.lists), k=random.randint(1, 3))


@pytest.mark.parametrize("trial", range(TRIALS))
def test_cut_off_anyhow_under_the_same_options(tmp_path: Path, trial: int) -> None:
    random = Random(f"same/{trial}")
    world = random_world(random)
    seeds = seeds_of(world, random)
    first = random_run(random, world, seeds)
    with new_store(tmp_path / "g.db") as store:
        crawl_id = begin(store, world, random, seeds, first)
        repeats = first.workers * carry_out(store, crawl_id, world, first)
        asks_again = first.filters.complete
        asks_again |= not world.refused.keys().isdisjoint(first.down | first.pending)
        for _ in range(RUNS):
            other = random_run(random, world, seeds)
            run = replace(other, depth=first.depth, filters=first.filters)
            asks_again |= run.retry is not Retry.USED_UP
            # Whose name gave no answer is asked by its ID first, also when it had been refused.
            asks_again |= not world.refused.keys().isdisjoint(run.down | run.pending)
            repeats += run.workers * go_on(store, crawl_id, world, run)
        go_on(store, crawl_id, world, undisturbed(first))
        truth = Search(world, first.depth, first.filters).result(seeds)
        assert held_by(store, crawl_id) == truth
        if not asks_again:
            assert sum(number - 1 for number in world.answered.values()) <= repeats


@pytest.mark.parametrize("trial", range(TRIALS))
def test_options_that_change_from_run_to_run(tmp_path: Path, trial: int) -> None:
    """In the end everything is asked: nothing that an earlier filter did may stay behind."""
    random = Random(f"changing/{trial}")
    world = random_world(random)
    seeds = seeds_of(world, random)
    runs = [random_run(random, world, seeds) for _ in range(RUNS)]
    with new_store(tmp_path / "g.db") as store:
        crawl_id = begin(store, world, random, seeds, runs[0])
        carry_out(store, crawl_id, world, runs[0])
        depth = runs[0].depth
        for run in runs[1:]:
            depth = None if depth is None or run.depth is None else max(depth, run.depth)
            go_on(store, crawl_id, world, replace(run, depth=depth))
        # A ring that was asked stays asked.
        complete = random.random() < 0.5 or any(run.filters.complete for run in runs)
        filters = Filters(complete=complete)
        go_on(store, crawl_id, world, Run(depth, filters, workers=3))
        assert held_by(store, crawl_id) == Search(world, depth, filters).result(seeds)


@pytest.mark.parametrize("trial", range(TRIALS))
def test_over_what_other_crawls_left_behind(tmp_path: Path, trial: int) -> None:
    """Stored answers count under any filter, whole ones alone."""
    random = Random(f"age/{trial}")
    world = random_world(random)
    seeds = seeds_of(world, random)
    with new_store(tmp_path / "g.db") as store:
        for _ in range(2):
            earlier = random_run(random, world, seeds)
            earlier = replace(earlier, filters=replace(earlier.filters, exclude=()))
            crawl_id = begin(store, world, random, seeds_of(world, random), earlier)
            carry_out(store, crawl_id, world, earlier)
        first = random_run(random, world, seeds)
        filters = replace(first.filters, complete=False, max_connections=None)
        first = replace(first, filters=filters, reuse_since=LONG_AGO)
        crawl_id = begin(store, world, random, seeds, first)
        carry_out(store, crawl_id, world, first)
        for _ in range(RUNS):
            other = random_run(random, world, seeds)
            run = replace(other, depth=first.depth, filters=filters, reuse_since=LONG_AGO)
            go_on(store, crawl_id, world, run)
        go_on(store, crawl_id, world, undisturbed(first))
        truth = Search(world, first.depth, filters).result(seeds)
        assert held_by(store, crawl_id) == truth


@pytest.mark.parametrize("trial", range(TRIALS))
def test_refreshed_in_pieces(tmp_path: Path, trial: int) -> None:
    """Only a whole answer takes an edge away; in the end all are as they are now."""
    random = Random(f"refresh/{trial}")
    world = random_world(random)
    seeds = seeds_of(world, random)
    with new_store(tmp_path / "g.db") as store:
        for _ in range(2):
            earlier = replace(random_run(random, world, seeds), depth=3)
            crawl_id = begin(store, world, random, seeds, earlier)
            carry_out(store, crawl_id, world, earlier)
        if not rows(store, "SELECT * FROM visits WHERE answer_id NOT NULL LIMIT 1"):
            return
        world = changed(world, random)
        run = refreshing(random, world)
        crawl_id = start_refresh(store, RefreshScope(), run.settings()) or 0
        carry_out(store, crawl_id, world, run)
        for _ in range(RUNS):
            check_removed(store, world)
            go_on(store, crawl_id, world, refreshing(random, world))
        go_on(store, crawl_id, world, Run(GOES_NO_DEEPER, Filters(), workers=3))
        check_removed(store, world)
        check_refreshed(store, crawl_id, world)


def refreshing(random: Random, world: RandomWorld) -> Run:
    run = random_run(random, world, ())
    return replace(run, depth=GOES_NO_DEEPER, filters=replace(run.filters, complete=False))


WHO = "coalesce({0}.social_id, substr({0}.username, 6))"
EDGES = (
    f"SELECT source_id, {WHO.format('s')}, t.social_id FROM edges "
    "JOIN nodes s ON s.id = source_id JOIN nodes t ON t.id = target_id WHERE removed_at IS "
)


def check_removed(store: Store, now: RandomWorld) -> None:
    for _, source, target in rows(store, EDGES + "NOT NULL"):
        assert target not in now.lists[str(source)], (source, target)
    partial = "SELECT * FROM edge_changes JOIN answers ON id = answer_id WHERE skipped_rows > 0"
    assert rows(store, partial + " AND NOT present") == []


def check_refreshed(store: Store, crawl_id: int, now: RandomWorld) -> None:
    query = (
        f"SELECT n.id, {WHO.format('n')}, status FROM visits JOIN nodes n ON n.id = node_id "
        "WHERE crawl_id = ? AND (cause IS NULL OR cause <> 'rim')"
    )
    visits = rows(store, query, crawl_id)
    assert {status for _, _, status in visits} <= {"done", "failed"}
    # Another crawl may know the account by its name alone, as another node: that is its own.
    stands = {(node, target) for node, _, target in rows(store, EDGES + "NULL")}
    for node, source, status in visits:
        if status == "done":
            listed = {(node, to) for to in now.lists[str(source)] if to != source}
            assert {edge for edge in stands if edge[0] == node} == listed
