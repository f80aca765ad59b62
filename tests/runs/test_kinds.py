"""Runs that go on with a crawl, deepen it, or ask again; and what none of them may."""

from __future__ import annotations

import pytest

from graphcrawl.errors import CrawlBusy, InputError
from graphcrawl.model import AccountRef
from graphcrawl.runs import run_again, run_new, run_refresh
from graphcrawl.store import RefreshScope, Store, crawl_lock, crawl_record, forget_account
from tests.runs.running import LISTS, QUICK, depth, refusal, statement, to
from tests.worlds import NETWORK, WorldServer, by_id, by_name, found, name_of


def test_deepened_and_never_made_shallower(store: Store, server: WorldServer) -> None:
    first = run_new(store, by_id("s"), to(server), depth(1))
    deeper = run_again(store, first.record, to(server), depth(2))
    assert deeper.record.depth == 2
    whole = run_again(store, deeper.record, to(server), depth(None))
    assert whole.record.depth is None
    assert sorted(server.asked) == sorted(LISTS)
    for number in (1, 5):
        with pytest.raises(InputError, match="shallower"):
            run_again(store, whole.record, to(server), depth(number))
    with pytest.raises(InputError, match="already has depth 2"):
        run_again(store, deeper.record, to(server), depth(1))
    assert crawl_record(store, 1) == whole.record


def test_a_crawl_belongs_to_one_process(store: Store, server: WorldServer) -> None:
    record = run_new(store, by_id("s"), to(server), depth(1)).record
    with crawl_lock(store.path, record.id), pytest.raises(CrawlBusy) as refused:
        run_again(store, record, to(server), depth(2))
    assert refused.value.exit_code == 2
    assert crawl_record(store, 1) == record


def test_no_seed_is_bad_input(store: Store, server: WorldServer) -> None:
    with pytest.raises(InputError):
        run_new(store, [], to(server), QUICK)


def test_seeds_that_were_forgotten(store: Store, server: WorldServer) -> None:
    run_new(store, by_name("s"), to(server), depth(1))
    forget_account(store, AccountRef(NETWORK, name_of("s")))
    with pytest.raises(InputError, match="forgotten"):
        run_new(store, by_name("s"), to(server), depth(1))


def test_a_refresh_is_resumed_as_one(store: Store, server: WorldServer) -> None:
    run_new(store, by_id("s"), to(server), depth(2))
    server.asked.clear()
    first = run_refresh(store, RefreshScope(), to(server), depth(9, max_requests=1, workers=1))
    assert first is not None
    exit_code, stands, _ = statement(store, first)
    assert (exit_code, stands) == (5, "interrupted")
    assert first.record.is_refresh
    with pytest.raises(InputError, match="leave out --depth"):
        run_again(store, first.record, to(server), depth(1))
    again = run_again(store, first.record, to(server), depth(0))
    assert statement(store, again) == (0, "complete", None)
    assert again.record.is_refresh
    assert again.record.settings["refresh"] == first.record.settings["refresh"]
    assert sorted(server.asked) == ["a", "b", "s"]


def test_a_refresh_of_accounts_that_are_gone_is_complete(store: Store, server: WorldServer) -> None:
    run_new(store, by_id("s"), to(server), depth(1))
    server.refuse = lambda _: refusal(404, 16)
    result = run_refresh(store, RefreshScope(), to(server), QUICK)
    assert result is not None
    assert statement(store, result) == (0, "complete", None)
    assert result.record.statuses == {("failed", "not-found"): 1}
    assert found(store).edges == {("s", "a"), ("s", "b")}


def test_a_refresh_without_any_seed(store: Store, server: WorldServer) -> None:
    run_new(store, by_id("s"), to(server), depth(2))
    result = run_refresh(store, RefreshScope(accounts=tuple(by_id("a"))), to(server), QUICK)
    assert result is not None
    assert statement(store, result) == (0, "complete", None)
