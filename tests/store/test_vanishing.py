"""Only a whole answer shows that a connection has vanished."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from graphcrawl.errors import (
    BrokenAnswer,
    CrawlIncomplete,
    InvalidRequest,
    RateLimited,
    ReportForbidden,
    ReportNotFound,
    ReportPending,
    RequestTimeout,
    ServerFault,
    Unreachable,
    UnusableAnswer,
)
from graphcrawl.model import Answer
from graphcrawl.store import RefreshScope, Store, start_refresh
from tests.worlds import World, answer, by_id, certainties, crawl, new_store, rows, run

LISTS = {"s": ["a", "b"], "a": ["s"], "b": ["s"]}
SILENCES = (
    ReportNotFound("no", status=404),
    ReportForbidden("no", status=403),
    InvalidRequest("no", status=400),
    UnusableAnswer("no", status=200),
    ServerFault("no", status=500),
    RateLimited("no", status=429),
    ReportPending("no", status=202),
    BrokenAnswer("cut", status=200),
    RequestTimeout("no"),
    Unreachable("no"),
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "g.db") as opened:
        crawl(opened, World(LISTS), by_id("s"), 2)
        yield opened


def ask_again(store: Store, told: Answer | Exception) -> None:
    """Ask for `s` once more, which gets one answer alone, however often it is asked."""
    crawl_id = start_refresh(store, RefreshScope(accounts=tuple(by_id("s"))), {"depth": 0})
    assert crawl_id is not None
    world = World(LISTS, answers={"s": [told] * 100})
    with suppress(CrawlIncomplete):
        run(store, crawl_id, world, 0)
    assert set(world.asked) <= {"s", "name.s"}


def traces(store: Store) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    """Give what has vanished, and the changes written down."""
    removed = "SELECT target_id FROM edges WHERE removed_at IS NOT NULL ORDER BY 1"
    changes = (
        "SELECT t.social_id, c.present FROM edge_changes c JOIN nodes t ON t.id = c.target_id "
        "ORDER BY c.answer_id, t.social_id"
    )
    return rows(store, removed), rows(store, changes)


@pytest.mark.parametrize("silence", SILENCES, ids=lambda error: type(error).__name__)
def test_silence_removes_nothing(store: Store, silence: Exception) -> None:
    before = certainties(store)
    ask_again(store, silence)
    assert traces(store) == ([], [])
    assert certainties(store) == before


def test_a_partial_answer_removes_nothing(store: Store) -> None:
    before = certainties(store)
    ask_again(store, answer("s", "a", skipped=["row 3: no social_id"]))
    assert traces(store) == ([], [])
    assert certainties(store) == before


def test_a_whole_answer_removes_and_brings_back(store: Store) -> None:
    ask_again(store, answer("s", "a"))
    removed, changes = traces(store)
    assert len(removed) == 1
    assert changes == [("b", 0)]
    assert certainties(store) == {("s", "a"): "mutual", ("a", "s"): "mutual", ("b", "s"): "one-way"}
    ask_again(store, answer("s", "b", "a"))
    assert traces(store) == ([], [("b", 0), ("b", 1)])
    assert certainties(store)["b", "s"] == "mutual"
    ask_again(store, answer("s"))
    assert traces(store)[1] == [("b", 0), ("b", 1), ("a", 0), ("b", 0)]


def test_an_empty_but_whole_answer_is_an_answer(store: Store) -> None:
    ask_again(store, answer("s"))
    assert certainties(store) == {("a", "s"): "one-way", ("b", "s"): "one-way"}
