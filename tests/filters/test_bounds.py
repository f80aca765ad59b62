"""Bounds of a run, answers cut short, and what failed asked once more."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping

import pytest

from graphcrawl.errors import InputError
from graphcrawl.filters import Filters
from graphcrawl.runs import run_new
from graphcrawl.store import Retry, Store
from tests.filters.crowd import (
    DEPTH,
    LISTS,
    SEEDS,
    assert_like_one_without_a_budget,
    begin,
    cut,
    go_on,
    options,
    whole_certainties,
)
from tests.runs.running import to
from tests.worlds import (
    WorldServer,
    assert_true_crawl,
    by_id,
    certainties,
    expected,
    found,
    rows,
    statuses,
)


def test_max_nodes_ends_the_asking_and_keeps_whole_answers(
    store: Store, server: WorldServer
) -> None:
    first = begin(store, server, max_nodes=12, workers=1)
    assert (first.exit_code, first.record.status) == (5, "interrupted")
    assert "--max-nodes 12" in str(first.ended)
    before_the_last = first.record.accounts - len(LISTS[server.asked[-1]])
    assert before_the_last < 12 <= first.record.accounts
    assert first.record.settings["max_nodes"] == 12
    assert set(found(store, 1).edges) <= set(expected(LISTS, SEEDS, DEPTH).edges)
    asked = len(server.asked)
    again = go_on(store, server, first, max_nodes=12)
    assert (again.exit_code, len(server.asked)) == (5, asked)
    assert_like_one_without_a_budget(store, go_on(store, server, again))


def test_a_bound_that_keeps_nothing_from_being_asked_is_none(
    store: Store, server: WorldServer
) -> None:
    held = len(expected(LISTS, SEEDS, DEPTH).depths)
    # The rim holds the last accounts, so the bound is reached while some of the queue is left, or
    # by the very last answer.
    with WorldServer({"u0": ["u1", "u2"]}) as small:
        result = run_new(store, by_id("u0"), to(small), options(depth=1, max_nodes=3))
    assert (result.exit_code, result.record.accounts) == (0, 3)
    assert begin(store, server, max_nodes=held + 1).exit_code == 0


def test_max_time_ends_a_run(store: Store, server: WorldServer) -> None:
    gate = threading.Event()

    def slow(_: str) -> None:
        gate.wait(0.05)

    server.refuse = slow
    began = time.monotonic()
    first = begin(store, server, max_seconds=0.5, workers=1)
    assert time.monotonic() - began < 10
    assert (first.exit_code, first.record.status) == (5, "interrupted")
    assert "time of" in str(first.ended)
    assert 0 < first.record.asked < len(expected(LISTS, SEEDS, DEPTH).asked)
    gate.set()
    assert_like_one_without_a_budget(store, go_on(store, server, first))
    assert len(server.asked) == len(set(server.asked))


def test_max_connections_makes_an_answer_partial(store: Store, server: WorldServer) -> None:
    first = begin(store, server, filters=Filters(max_connections=2))
    assert first.exit_code == 0
    have, truth = found(store, 1), expected(cut(LISTS, 2), SEEDS, DEPTH)
    assert (have.depths, have.edges) == (truth.depths, truth.edges)
    cut_ones = {one for one, stands in statuses(store, 1).items() if stands == ("done", "cut")}
    assert cut_ones == {one for one in truth.asked if len(set(LISTS[one]) - {one}) > 2}
    expanded = {
        one for (one,) in rows(store, "SELECT social_id FROM nodes WHERE expanded_at NOT NULL")
    }
    assert expanded == truth.asked - cut_ones
    known = certainties(store)
    assert known == certainties(store, 1)
    for (source, target), certainty in known.items():
        if target in cut_ones and (target, source) not in have.edges:
            assert certainty == "unknown"
    asked = len(server.asked)
    assert go_on(store, server, first, filters=Filters(max_connections=2)).exit_code == 0
    assert len(server.asked) == asked
    assert_like_one_without_a_budget(store, go_on(store, server, first))
    assert certainties(store, 1) == whole_certainties(store, server)


def test_a_cut_answer_removes_nothing(store: Store, server: WorldServer) -> None:
    begin(store, server)
    second = begin(store, server, filters=Filters(max_connections=1))
    assert rows(store, "SELECT count(*) FROM edges WHERE removed_at NOT NULL") == [(0,)]
    assert rows(store, "SELECT count(*) FROM edge_changes") == [(0,)]
    assert found(store, second.record.id).edges == expected(cut(LISTS, 1), SEEDS, DEPTH).edges
    note = rows(
        store, "SELECT note, skipped_rows FROM answers WHERE crawl_id = 2 AND note NOT NULL"
    )
    assert ("1 connections beyond the first 1 left out", 1) in note


def test_retrying_what_failed(store: Store, server: WorldServer) -> None:
    refused = {"u0": (400, 1), "u1": (404, 16)}

    def refuse(asked: str) -> tuple[int, object, Mapping[str, str]] | None:
        if asked not in refused:
            return None
        status, code = refused[asked]
        return status, {"error": {"code": code, "description": "no"}}, {}

    server.refuse = refuse
    seeds = by_id("u0", "u1", "u2")
    first = run_new(store, seeds, to(server), options(depth=1))
    assert first.exit_code == 0
    assert statuses(store, 1)["u0"] == ("failed", "invalid-request")
    server.refuse = lambda _: None
    asked = len(server.asked)
    assert go_on(store, server, first, depth=1).exit_code == 0
    assert len(server.asked) == asked
    go_on(store, server, first, depth=1, retry=Retry.UNANSWERED)
    assert server.asked[asked:] == ["u0"]
    go_on(store, server, first, depth=1, retry=Retry.ALL)
    assert server.asked[asked:] == ["u0", "u1"]
    assert_true_crawl(store, 1, server, ["u0", "u1", "u2"], 1)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"max_nodes": 0}, "--max-nodes 0"),
        ({"max_seconds": -1.0}, "--max-time"),
        ({"filters": Filters(max_connections=0)}, "--max-connections 0"),
        ({"filters": Filters(min_subscribers=-1)}, "--min-subscribers -1"),
    ],
)
def test_bounds_that_cannot_be_used(
    store: Store, server: WorldServer, changes: dict[str, object], words: str
) -> None:
    with pytest.raises(InputError, match=words):
        begin(store, server, **changes)
