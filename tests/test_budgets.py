from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from graphcrawl.api import Timeouts
from graphcrawl.crawl import StopSignal
from graphcrawl.errors import InputError
from graphcrawl.filters import Filters, Order
from graphcrawl.model import Account, AccountRef, Credentials
from graphcrawl.runs import Access, CrawlOptions, CrawlResult, run_again, run_new
from graphcrawl.store import Retry, Store, crawl_record
from tests.worlds import (
    HASTY,
    NETWORK,
    Expected,
    Lists,
    WorldServer,
    account,
    assert_true_crawl,
    by_id,
    certainties,
    expected,
    found,
    name_of,
    new_store,
    random_lists,
    rows,
    statuses,
)

SEEDS = ("u0", "u1")
DEPTH = 3
LISTS = random_lists(90, 4, seed=5)
QUICK = CrawlOptions(
    depth=DEPTH, rate=0, policy=HASTY, timeouts=Timeouts(connect=2.0, read=5.0, whole=10.0)
)
MAKING: tuple[int, object, Mapping[str, str]] = (202, {"result": {"retryTtl": 0}}, {})


def profile(social_id: str) -> Account:
    """Accounts of many kinds, by their number: on two networks, followed by few or unknown many."""
    number = int(social_id[1:])
    return account(
        social_id,
        network="youtube" if number % 5 == 3 else NETWORK,
        subscribers_count=None if number % 7 == 0 else number * 100,
        state="NOT_READY" if number % 4 == 1 else "READY",
    )


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "g.db") as opened:
        yield opened


@pytest.fixture
def server() -> Iterator[WorldServer]:
    with WorldServer(LISTS, profile=profile) as running:
        yield running


def to(server: WorldServer) -> Access:
    return Access(server.url, Credentials("client-7", "token-4711"), None)


def options(**changes: object) -> CrawlOptions:
    return replace(QUICK, **changes)  # type: ignore[arg-type]


def begin(store: Store, server: WorldServer, **changes: object) -> CrawlResult:
    return run_new(store, by_id(*SEEDS), to(server), options(**changes))


def go_on(store: Store, server: WorldServer, result: CrawlResult, **changes: object) -> CrawlResult:
    retry = changes.pop("retry", Retry.USED_UP)
    assert isinstance(retry, Retry)
    return run_again(store, result.record, to(server), options(**changes), retry=retry)


def assert_like_one_without_a_budget(store: Store, result: CrawlResult) -> None:
    assert (result.exit_code, result.record.status) == (0, "complete")
    truth, have = expected(LISTS, SEEDS, DEPTH), found(store, result.record.id)
    assert have == truth
    assert set(result.record.statuses) <= {("done", None), ("skipped", "rim")}


Refuses = Callable[[Account], bool]

FILTERS: Mapping[str, tuple[Filters, Refuses]] = {
    "network-not-followed": (Filters(follow=("youtube",)), lambda one: one.network != "youtube"),
    "few-followers": (
        Filters(min_subscribers=4000),
        lambda one: one.subscribers_count is not None and one.subscribers_count < 4000,
    ),
    "state-skipped": (Filters(skip_states=("not_ready",)), lambda one: one.state == "NOT_READY"),
    "excluded": (
        Filters(
            exclude=(
                *(AccountRef(NETWORK, social_id=f"u{n}") for n in range(5, 40)),
                *(AccountRef(NETWORK, name_of(f"u{n}").upper()) for n in range(40, 60)),
                AccountRef(NETWORK, name_of("u61"), "another"),
            )
        ),
        lambda one: one.network == NETWORK and 5 <= int(one.social_id[1:]) < 60,
    ),
}


def filtered(refuses: Refuses, *, depth: int = DEPTH) -> Expected:
    """Search breadth-first past those that are not asked."""
    left = {one for one in LISTS if one not in SEEDS and refuses(profile(one))}
    return expected({one: [] if one in left else to for one, to in LISTS.items()}, SEEDS, depth)


def assert_filtered(store: Store, crawl_id: int, cause: str, refuses: Refuses) -> None:
    truth, have = filtered(refuses), found(store, crawl_id)
    assert have.depths == truth.depths
    assert have.edges == truth.edges
    refused = {one for one in truth.depths if one not in SEEDS and refuses(profile(one))}
    assert refused
    assert have.asked == truth.asked - refused
    stand = statuses(store, crawl_id)
    assert {one for one, (_, why) in stand.items() if why == cause} == refused
    assert {stand[one] for one in refused} == {("skipped", cause)}


@pytest.mark.parametrize("cause", FILTERS)
def test_a_filter_decides_who_is_asked_and_never_what_is_stored(
    store: Store, server: WorldServer, cause: str
) -> None:
    filters, refuses = FILTERS[cause]
    first = begin(store, server, filters=filters)
    assert (first.exit_code, first.record.status) == (0, "complete")
    assert_filtered(store, first.record.id, cause, refuses)
    assert Filters.of(first.record.settings) == filters
    wider = go_on(store, server, first)
    assert_like_one_without_a_budget(store, wider)
    assert Filters.of(wider.record.settings) == Filters()
    assert sorted(server.asked) == sorted(set(server.asked))


@pytest.mark.parametrize("cause", FILTERS)
def test_a_filter_that_comes_later_leaves_alone_what_waits(
    store: Store, server: WorldServer, cause: str
) -> None:
    filters, refuses = FILTERS[cause]
    first = begin(store, server, max_requests=2)
    assert first.exit_code == 5
    second = go_on(store, server, first, filters=filters)
    assert second.exit_code == 0
    assert_filtered(store, 1, cause, refuses)
    assert second.record.count("skipped", cause) > 0
    assert_like_one_without_a_budget(store, go_on(store, server, second))


@pytest.mark.parametrize("cause", FILTERS)
def test_the_rim_is_judged_too_when_nobody_is_left_to_ask(
    store: Store, server: WorldServer, cause: str
) -> None:
    filters, _ = FILTERS[cause]
    first = begin(store, server)
    second = go_on(store, server, first, filters=filters)
    rim, left = second.record.count("skipped", "rim"), second.record.count("skipped", cause)
    assert left > 0
    assert rim + left == first.record.count("skipped", "rim")


@pytest.mark.parametrize("cause", FILTERS)
def test_a_filter_survives_an_interruption(store: Store, server: WorldServer, cause: str) -> None:
    filters, refuses = FILTERS[cause]
    stop = StopSignal()
    server.refuse = lambda _: stop.set() if len(server.asked) == 4 else None
    first = run_new(store, by_id(*SEEDS), to(server), options(filters=filters), stop=stop)
    assert first.exit_code == 130
    assert go_on(store, server, first, filters=filters).exit_code == 0
    assert_filtered(store, 1, cause, refuses)


def test_what_is_learnt_while_an_account_waits_counts(store: Store) -> None:
    """At first nobody knows how many follow c; then an answer tells."""
    lists = {"u0": ["u2", "u1"], "u1": ["u2"], "u2": []}
    told: list[int | None] = [None]
    with WorldServer(lists, profile=lambda one: account(one, subscribers_count=told[0])) as server:

        def learn(asked: str) -> None:
            told[0] = 5 if asked == "u1" else None

        server.refuse = learn
        refs = [AccountRef(NETWORK, social_id="u0"), AccountRef(NETWORK, social_id="u1")]
        result = run_new(
            store, refs, to(server), options(workers=1, filters=Filters(min_subscribers=10))
        )
    assert statuses(store, 1)["u2"] == ("skipped", "few-followers")
    assert result.exit_code == 0


def test_an_excluded_seed_is_kept_and_not_asked(store: Store, server: WorldServer) -> None:
    filters = Filters(exclude=(AccountRef(NETWORK, social_id="u0"),))
    result = begin(store, server, filters=filters)
    assert result.exit_code == 0
    assert statuses(store, 1)["u0"] == ("skipped", "excluded")
    assert "u0" not in server.asked
    with pytest.raises(InputError, match="excluded"):
        run_new(store, by_id("u0"), to(server), options(filters=filters))
    assert len(rows(store, "SELECT id FROM crawls")) == 1


def test_no_seed_but_excluded_ones_is_none(store: Store, server: WorldServer) -> None:
    filters = Filters(exclude=(AccountRef(NETWORK, social_id="u0"),))
    result = run_new(store, by_id("u0", "u999"), to(server), options(filters=filters))
    assert result.exit_code == 4


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


def cut(lists: Lists, most: int) -> dict[str, list[str]]:
    return {one: [to for to in listed if to != one][:most] for one, listed in lists.items()}


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


def whole_certainties(store: Store, server: WorldServer) -> dict[tuple[str, str], str]:
    with new_store(store.path.with_name("whole.db")) as other:
        begin(other, server)
        return certainties(other)


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


@pytest.mark.parametrize("order", Order)
def test_an_order_decides_within_a_level(store: Store, order: Order) -> None:
    lists = {"u0": ["u3", "u9", "u5", "u8"], "u3": ["u6"], "u1": ["u5", "u8"], "u2": ["u8"]}
    lists |= {"u5": [], "u8": [], "u9": ["u3"], "u6": []}
    asked = {
        Order.POSITION: ["u3", "u9", "u5", "u8"],
        Order.SUBSCRIBERS: ["u9", "u8", "u5", "u3"],
        Order.SEEN_FROM_MOST: ["u8", "u5", "u3", "u9"],
    }
    with WorldServer(lists, profile=profile) as server:
        seeds = by_id("u0", "u1", "u2")
        wanted = options(depth=2, workers=1, filters=Filters(order=order))
        result = run_new(store, seeds, to(server), wanted)
    assert server.asked[3:] == asked[order]
    assert result.exit_code == 0
    assert Filters.of(result.record.settings).order is order


@pytest.mark.parametrize("order", Order)
def test_an_order_changes_nothing_of_the_whole(
    store: Store, server: WorldServer, order: Order
) -> None:
    first = begin(store, server, filters=Filters(order=order), max_requests=9)
    assert first.exit_code == 5
    assert_like_one_without_a_budget(
        store, go_on(store, server, first, filters=Filters(order=order))
    )


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


def test_the_record_says_what_was_asked_for(store: Store, server: WorldServer) -> None:
    filters = Filters(follow=("instagram",), min_subscribers=7, order=Order.SUBSCRIBERS)
    result = begin(store, server, filters=filters, max_seconds=900.0)
    settings = crawl_record(store, result.record.id).settings
    assert settings["follow"] == ["instagram"]
    assert settings["min_subscribers"] == 7
    assert settings["order"] == "subscribers"
    assert settings["max_time"] == 900.0
    assert "exclude" not in settings
