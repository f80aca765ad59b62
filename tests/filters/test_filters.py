"""Filters and orders: who is asked, and when; never what is stored."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from graphcrawl.crawl import StopSignal
from graphcrawl.errors import InputError
from graphcrawl.filters import Filters, Order
from graphcrawl.model import Account, AccountRef
from graphcrawl.runs import run_new
from graphcrawl.store import Store, crawl_record
from tests.filters.crowd import (
    DEPTH,
    LISTS,
    SEEDS,
    assert_like_one_without_a_budget,
    begin,
    go_on,
    options,
    profile,
)
from tests.runs.running import to
from tests.worlds import (
    NETWORK,
    Expected,
    WorldServer,
    account,
    by_id,
    expected,
    found,
    name_of,
    rows,
    statuses,
)

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


def test_the_record_says_what_was_asked_for(store: Store, server: WorldServer) -> None:
    filters = Filters(follow=("instagram",), min_subscribers=7, order=Order.SUBSCRIBERS)
    result = begin(store, server, filters=filters, max_seconds=900.0)
    settings = crawl_record(store, result.record.id).settings
    assert settings["follow"] == ["instagram"]
    assert settings["min_subscribers"] == 7
    assert settings["order"] == "subscribers"
    assert settings["max_time"] == 900.0
    assert "exclude" not in settings
