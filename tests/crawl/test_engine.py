from __future__ import annotations

import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graphcrawl.crawl import Asker, Crawl, Progress, StopSignal, Unlimited
from graphcrawl.errors import (
    Interrupted,
    InvalidToken,
    ServerFault,
)
from graphcrawl.model import AccountRef, Claim, Turn
from graphcrawl.store import CrawlFrontier, Store, crawl_record, depths, recorder, start_crawl
from tests.worlds import (
    HASTY,
    World,
    assert_true_crawl,
    by_id,
    by_name,
    crawl,
    expected,
    found,
    go_on,
    name_of,
    new_store,
    random_lists,
    rows,
    run,
    statuses,
)

IDS = [f"u{number}" for number in range(9)]

graphs = st.dictionaries(
    st.sampled_from(IDS), st.lists(st.sampled_from(IDS), unique=True, max_size=5), max_size=9
)
limits = st.sampled_from([0, 1, 2, 3, 4, None])


def jitter(seed: int) -> World:
    """Delay every answer a little, some much longer."""
    random, lock = Random(seed), threading.Lock()

    def wait(_: str) -> None:
        with lock:
            seconds = random.choice((0.0, 0.0, 0.001, 0.006))
        time.sleep(seconds)

    return World({}, before=wait)


def delayed(lists: dict[str, list[str]], seed: int) -> World:
    return World(lists, before=jitter(seed).before)


@contextmanager
def scratch() -> Iterator[Store]:
    with tempfile.TemporaryDirectory() as folder, new_store(Path(folder) / "g.db") as store:
        yield store


@given(
    lists=graphs,
    seeds=st.lists(st.sampled_from(IDS), unique=True, min_size=1, max_size=3),
    depth=limits,
    workers=st.integers(1, 8),
    seed=st.integers(0, 10_000),
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_crawl_holds_what_the_search_holds(
    lists: dict[str, list[str]], seeds: list[str], depth: int | None, workers: int, seed: int
) -> None:
    world = delayed(lists, seed)
    with scratch() as store:
        crawl_id = crawl(store, world, by_id(*seeds), depth, workers=workers)
        assert_true_crawl(store, crawl_id, world, seeds, depth)
        truth = expected(lists, seeds, depth)
        by_identity = Counter(ref.social_id for ref in world.refs if ref.social_id)
        assert by_identity == Counter(truth.asked)
        assert crawl_record(store, crawl_id).requests == len(world.refs)


@pytest.mark.parametrize("depth", [2, 3, 4, None])
def test_larger_crawls_with_reordered_answers(tmp_path: Path, depth: int | None) -> None:
    for seed in range(3):
        world = delayed(random_lists(150, 3, seed), seed)
        with new_store(tmp_path / f"{seed}.db") as store:
            crawl_id = crawl(store, world, by_id("u0", "u1"), depth, workers=8)
            assert_true_crawl(store, crawl_id, world, ["u0", "u1"], depth)


@pytest.fixture
def lowered(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many depths each lowering began with."""
    waves: list[int] = []
    lower = depths.lower

    def spy(connection: object, crawl_id: int, limit: int | None, wave: dict[int, int]) -> None:
        waves.append(len(wave))
        lower(connection, crawl_id, limit, wave)  # type: ignore[arg-type]

    monkeypatch.setattr(recorder, "lower", spy)
    return waves


def test_a_late_answer_lowers_a_whole_chain(tmp_path: Path, lowered: list[int]) -> None:
    # s lists a and b; a's answer comes only when y, first seen five hops away, is being asked.
    chain = {"s": ["a", "b"], "b": ["c"], "c": ["x"], "x": ["y"], "y": ["z"], "z": [], "a": ["x"]}
    y_asked = threading.Event()

    def before(social_id: str) -> None:
        if social_id == "y":
            y_asked.set()
        if social_id == "a":
            assert y_asked.wait(10)

    world = World(chain, before=before)
    with new_store(tmp_path / "g.db") as store:
        crawl_id = start_crawl(store, by_id("s"), {"depth": None})
        run(store, crawl_id, world, None, workers=2)
        have = found(store, crawl_id).depths
    assert lowered == [1]
    assert have == {"s": 0, "a": 1, "b": 1, "c": 2, "x": 2, "y": 3, "z": 4}


def test_a_lowered_rim_is_asked(tmp_path: Path, lowered: list[int]) -> None:
    # At depth 3, x is first seen on the rim (s-b-c-x); the late answer of a makes it one of two.
    lists = {"s": ["a", "b"], "b": ["c"], "c": ["x"], "x": ["y"], "a": ["x"]}
    c_recorded = threading.Event()

    class Watching(CrawlFrontier):
        def turn(self, outcomes: object, room: int) -> Turn:
            turn = super().turn(outcomes, room)  # type: ignore[arg-type]
            if any(one.claim.ref.social_id == "c" for one in outcomes):  # type: ignore[attr-defined]
                c_recorded.set()
            return turn

    def before(social_id: str) -> None:
        if social_id == "a":
            assert c_recorded.wait(10)

    world = World(lists, before=before)
    with new_store(tmp_path / "g.db") as store:
        crawl_id = start_crawl(store, by_id("s"), {"depth": 3})
        stop = StopSignal()
        frontier = Watching(store, crawl_id, 3)
        Crawl(frontier, Asker(world, Unlimited(), stop), stop, workers=2).run()
        assert_true_crawl(store, crawl_id, world, ["s"], 3)
    assert world.asked.count("x") == 1
    assert lowered == [1]


@given(
    lists=graphs,
    seeds=st.lists(st.sampled_from(IDS), unique=True, min_size=1, max_size=2),
    depth=limits,
    stops=st.lists(st.integers(0, 6), min_size=1, max_size=4),
    workers=st.integers(1, 5),
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_stopped_anywhere_and_resumed_equals_uninterrupted(
    lists: dict[str, list[str]],
    seeds: list[str],
    depth: int | None,
    stops: list[int],
    workers: int,
) -> None:
    signals = iter(stops)
    with scratch() as store:
        crawl_id = start_crawl(store, by_id(*seeds), {"depth": depth})
        world = World(lists)
        for after in signals:
            stop = StopSignal()
            world.before = stopping(stop, after)
            try:
                run(store, crawl_id, world, depth, workers=workers, stop=stop)
            except Interrupted:
                assert rows(store, "SELECT count(*) FROM visits WHERE status='claimed'") == [(0,)]
        world.before = None
        go_on(store, crawl_id, world, depth, workers=workers)
        assert_true_crawl(store, crawl_id, world, seeds, depth)
        by_identity = Counter(ref.social_id for ref in world.refs if ref.social_id)
        asked = expected(lists, seeds, depth).asked
        assert by_identity == Counter(asked)


def stopping(stop: StopSignal, after: int) -> Callable[[str], None]:
    left = [after]

    def before(_: str) -> None:
        left[0] -= 1
        if left[0] < 0:
            stop.set()

    return before


def test_deepening_asks_only_what_is_new(tmp_path: Path) -> None:
    lists = random_lists(80, 3, seed=5)
    world, fresh = World(lists), World(lists)
    with new_store(tmp_path / "a.db") as store, new_store(tmp_path / "b.db") as other:
        crawl_id = crawl(store, world, by_id("u0"), 2)
        before = len(world.refs)
        go_on(store, crawl_id, world, 3)
        assert set(world.asked[before:]) == (
            expected(lists, ["u0"], 3).asked - expected(lists, ["u0"], 2).asked
        )
        assert found(store, crawl_id) == found(other, crawl(other, fresh, by_id("u0"), 3))
        go_on(store, crawl_id, world, None)
        assert_true_crawl(store, crawl_id, world, ["u0"], None)
        assert len(set(world.asked)) == len(world.asked)


def test_claims_come_by_depth_then_key(tmp_path: Path) -> None:
    world = World({"s": ["a", "b", "c"], "a": ["d"], "b": ["e"], "c": [], "d": [], "e": []})
    with new_store(tmp_path / "g.db") as store:
        crawl(store, world, by_id("s"), None, workers=1)
    assert world.asked == ["s", "a", "b", "c", "d", "e"]


@dataclass
class Reports:
    seen: list[Progress] = field(default_factory=list)

    def __call__(self, progress: Progress) -> None:
        self.seen.append(progress)


def test_progress_adds_up(tmp_path: Path) -> None:
    world = World({"s": ["a", "gone"], "a": ["s", "b"]}, {"a": [ServerFault("500")]})
    reports, stop = Reports(), StopSignal()
    with new_store(tmp_path / "g.db") as store:
        crawl_id = start_crawl(store, by_id("s"), {"depth": 2})
        frontier = CrawlFrontier(store, crawl_id, 2)
        asker = Asker(world, Unlimited(), stop, policy=HASTY)
        last = Crawl(frontier, asker, stop, report=reports).run()
        record = crawl_record(store, crawl_id)
    assert reports.seen[-1] == last
    assert (last.answered, last.accounts, last.connections) == (2, 3, 4)
    assert dict(last.failures) == {"not-found": 1}
    assert last.requests == record.requests == len(world.refs)
    assert last.queued == 0
    assert (record.accounts, record.connections, record.asked) == (4, 4, 2)


def test_a_fault_of_ours_ends_the_crawl_and_is_not_hidden(tmp_path: Path) -> None:
    world = World({"s": []}, {"s": [ZeroDivisionError("oh")]})
    with new_store(tmp_path / "g.db") as store:
        crawl_id = start_crawl(store, by_id("s"), {"depth": 1})
        with pytest.raises(ZeroDivisionError):
            run(store, crawl_id, world, 1)
        assert statuses(store, crawl_id) == {"s": ("queued", None)}


def test_one_signal_may_serve_two_runs(tmp_path: Path) -> None:
    """A run that ended of itself leaves nothing behind in the signal."""
    stop = StopSignal()
    world = World({"s": []}, {"s": [InvalidToken("no")]})
    with new_store(tmp_path / "g.db") as store:
        crawl_id = start_crawl(store, by_id("s"), {"depth": 1})
        with pytest.raises(InvalidToken):
            run(store, crawl_id, world, 1, stop=stop)
        assert not stop.is_set()
        run(store, crawl_id, world, 1, stop=stop)
        assert statuses(store, crawl_id) == {"s": ("done", None)}


def test_names_are_the_second_way_of_a_claim(tmp_path: Path) -> None:
    seen: list[Claim] = []
    with new_store(tmp_path / "g.db") as store:
        crawl_id = start_crawl(store, by_name("s"), {"depth": 2})
        frontier = CrawlFrontier(store, crawl_id, 2)
        seen += frontier.turn([], 5).claims
    assert [claim.ref for claim in seen] == [AccountRef("instagram", name_of("s"))]
    assert seen[0].depth == 0
