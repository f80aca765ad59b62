"""Ninety accounts of many kinds, and crawls among them with options that leave some out."""

from __future__ import annotations

from dataclasses import replace

from graphcrawl.model import Account
from graphcrawl.runs import CrawlOptions, CrawlResult, run_again, run_new
from graphcrawl.store import Retry, Store
from tests.runs.running import QUICK, to
from tests.worlds import (
    NETWORK,
    Lists,
    WorldServer,
    account,
    by_id,
    certainties,
    expected,
    found,
    new_store,
    random_lists,
)

SEEDS = ("u0", "u1")
DEPTH = 3
LISTS = random_lists(90, 4, seed=5)
WIDE = replace(QUICK, depth=DEPTH, workers=4)


def profile(social_id: str) -> Account:
    """Accounts of many kinds, by their number: on two networks, followed by few or unknown many."""
    number = int(social_id[1:])
    return account(
        social_id,
        network="youtube" if number % 5 == 3 else NETWORK,
        subscribers_count=None if number % 7 == 0 else number * 100,
        state="NOT_READY" if number % 4 == 1 else "READY",
    )


def options(**changes: object) -> CrawlOptions:
    return replace(WIDE, **changes)  # type: ignore[arg-type]


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


def cut(lists: Lists, most: int) -> dict[str, list[str]]:
    return {one: [to for to in listed if to != one][:most] for one, listed in lists.items()}


def whole_certainties(store: Store, server: WorldServer) -> dict[tuple[str, str], str]:
    with new_store(store.path.with_name("whole.db")) as other:
        begin(other, server)
        return certainties(other)
