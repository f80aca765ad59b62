from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from graphcrawl.errors import BrokenAnswer, ReportNotFound, ReportPending
from graphcrawl.filters import Filters
from graphcrawl.model import AccountRef, Answer, Claim, Outcome, OutcomeKind
from graphcrawl.store import CrawlFrontier, Store, crawl_record, recorder, start_crawl, visits
from tests.worlds import (
    NETWORK,
    World,
    account,
    answer,
    by_id,
    by_name,
    crawl,
    found,
    go_on,
    name_of,
    new_store,
    rows,
    statuses,
)

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "g.db") as opened:
        yield opened


class Hand:
    """A frontier driven by hand: claims come by account, answers in any order."""

    def __init__(
        self,
        store: Store,
        seeds: list[AccountRef],
        depth: int | None = None,
        *,
        at: datetime = NOW,
        filters: Filters | None = None,
    ) -> None:
        self.now = at
        self.crawl_id = start_crawl(store, seeds, {"depth": depth})
        self.frontier = CrawlFrontier(
            store, self.crawl_id, depth, filters=filters, clock=lambda: self.now
        )
        self.claims: dict[str, Claim] = {}
        self.turn()

    def turn(self, *outcomes: Outcome, room: int = 99) -> None:
        for claim in self.frontier.turn(outcomes, room).claims:
            self.claims[claim.ref.social_id or f"?{claim.ref.username}"] = claim

    def say(self, asked: str, said: Answer) -> None:
        self.turn(Outcome(self.claims.pop(asked), OutcomeKind.ANSWERED, 1, said))

    def fail(
        self, asked: str, kind: OutcomeKind = OutcomeKind.REFUSED, cause: str = "not-found"
    ) -> None:
        self.turn(Outcome(self.claims.pop(asked), kind, 1, cause=cause, message="no"))


# Identity


def test_a_seed_by_name_becomes_its_own_row_wherever_that_stands(store: Store) -> None:
    """The parser finds the own row; here it is told first, and absent."""
    hand = Hand(store, by_name("s"), 2)
    hand.say(f"?{name_of('s')}", answer("s", "a"))
    assert found(store, hand.crawl_id).depths == {"s": 0, "a": 1}
    assert statuses(store, hand.crawl_id)["s"] == ("done", None)
    assert rows(store, "SELECT count(*) FROM nodes") == [(2,)]


def test_a_seed_whose_own_row_is_absent_stays_provisional(store: Store) -> None:
    hand = Hand(store, by_name("s"), 1)
    hand.say(f"?{name_of('s')}", answer(None, "a"))
    provisional = f"?{name_of('s')}"
    assert found(store, hand.crawl_id).edges == {(provisional, "a")}
    assert statuses(store, hand.crawl_id)[provisional] == ("done", None)


@pytest.mark.parametrize("case", ["before", "in flight", "answered", "not found", "private"])
def test_a_provisional_seed_joined_later(store: Store, case: str) -> None:
    """Whenever another answer names the seed, the graph is the same in the end."""
    named, provisional = "s", f"?{name_of('s')}"
    seeds = [*by_id("q"), *by_name("s")]
    if case == "before":
        crawl_id = start_crawl(store, seeds, {"depth": 2})
        frontier = CrawlFrontier(store, crawl_id, 2)
        (claim,) = frontier.turn([], 1).claims
        said = Outcome(claim, OutcomeKind.ANSWERED, 1, answer("q", "s", "x"))
        claims = frontier.turn([said], 9).claims
        refs = {one.ref.social_id: one for one in claims}
        assert set(refs) == {"s", "x"}
        outcomes = [
            Outcome(refs["s"], OutcomeKind.ANSWERED, 1, answer("s", "a", "x")),
            Outcome(refs["x"], OutcomeKind.ANSWERED, 1, answer("x")),
        ]
        (last,) = frontier.turn(outcomes, 9).claims
        frontier.turn([Outcome(last, OutcomeKind.ANSWERED, 1, answer("a"))], 9)
    else:
        hand = Hand(store, seeds, 2)
        crawl_id = hand.crawl_id
        if case == "answered":
            hand.say(provisional, answer(None, "a", "x"))
        elif case in ("not found", "private"):
            cause = "not-found" if case == "not found" else "private"
            hand.fail(provisional, cause=cause)
        hand.say("q", answer("q", "s", "x"))
        if case == "in flight":
            hand.say(provisional, answer(named, "a", "x"))
        elif case != "answered":
            assert hand.claims["s"].ref == AccountRef(NETWORK, name_of("s"), "s")
            hand.say("s", answer("s", "a", "x"))
        for one in ("x", "a"):
            hand.say(one, answer(one))
    have = found(store, crawl_id)
    assert have.depths == {"q": 0, "s": 0, "a": 1, "x": 1}
    assert have.edges == {("q", "s"), ("q", "x"), ("s", "a"), ("s", "x")}
    assert {status for status, _ in statuses(store, crawl_id).values()} == {"done"}
    assert rows(store, "SELECT count(*) FROM nodes WHERE social_id IS NULL") == [(0,)]
    assert rows(store, "PRAGMA foreign_key_check") == []


def test_a_name_refused_in_flight_is_asked_again_by_its_id(store: Store) -> None:
    hand = Hand(store, [*by_id("q"), *by_name("s")], 1)
    hand.say("q", answer("q", "s"))
    hand.fail(f"?{name_of('s')}")
    assert hand.claims["s"].ref.social_id == "s"
    hand.say("s", answer("s"))
    assert statuses(store, hand.crawl_id)["s"] == ("done", None)


def test_joining_queues_the_rim_and_lowers_what_follows(store: Store) -> None:
    """q - b - s: s was on the rim of depth 2 until it turned out to be a seed."""
    hand = Hand(store, [*by_id("q"), *by_name("s")], 2)
    hand.fail(f"?{name_of('s')}", OutcomeKind.EXHAUSTED, "timeout")
    hand.say("q", answer("q", "b"))
    hidden = Answer(account("b"), (account("s", username=None),))
    hand.say("b", hidden)
    assert statuses(store, hand.crawl_id)["s"] == ("skipped", "rim")
    hand = resumed(store, hand)
    hand.say(f"?{name_of('s')}", answer("s", "c"))
    hand.say("c", answer("c"))
    assert found(store, hand.crawl_id).depths == {"q": 0, "b": 1, "s": 0, "c": 1}


def resumed(store: Store, hand: Hand) -> Hand:
    from graphcrawl.store import take_up

    take_up(store, hand.crawl_id, {"depth": 2})
    again = Hand.__new__(Hand)
    again.now, again.crawl_id, again.claims = hand.now, hand.crawl_id, {}
    again.frontier = CrawlFrontier(store, hand.crawl_id, 2, clock=lambda: again.now)
    again.turn()
    return again


def test_joining_and_listing_in_one_answer_raises_no_depth(store: Store) -> None:
    """u lists r by the seed's name and t, which r lists: t is at depth 1 then, not at 2."""
    hand = Hand(store, [*by_id("q"), *by_name("r")], None)
    hand.say(f"?{name_of('r')}", answer(None, "far"))
    hidden = account("r", username=None)
    hand.say("q", answer("q", "u", "v"))
    hand.say("v", Answer(account("v"), (hidden,)))
    hand.say("r", Answer(hidden, (account("t"),)))
    assert found(store, hand.crawl_id).depths["t"] == 3
    hand.say("u", answer("u", "r", "t"))
    assert found(store, hand.crawl_id).depths == {
        **{"q": 0, "r": 0, "u": 1, "v": 1, "t": 1, "far": 1},
    }


def test_two_seeds_that_are_one_account(store: Store) -> None:
    world = World({"s": ["a"], "a": ["s"]})
    crawl_id = crawl(store, world, [*by_name("s"), *by_id("s")], 2, workers=1)
    have = found(store, crawl_id)
    assert have.depths == {"s": 0, "a": 1}
    assert have.edges == {("s", "a"), ("a", "s")}
    assert len(world.refs) <= 3


@pytest.mark.parametrize("first", ["name", "id"])
@pytest.mark.parametrize("other", [OutcomeKind.REFUSED, OutcomeKind.EXHAUSTED])
def test_what_was_answered_stays_answered(store: Store, first: str, other: OutcomeKind) -> None:
    """Both of a pair of seeds are in flight; one is answered, the other then fails."""
    hand = Hand(store, [*by_name("s"), *by_id("s")], 1)
    provisional = f"?{name_of('s')}"
    one, two = (provisional, "s") if first == "name" else ("s", provisional)
    hand.say(one, answer("s", "a"))
    hand.fail(two, other, "timeout")
    assert statuses(store, hand.crawl_id) == {"s": ("done", None), "a": ("skipped", "rim")}
    assert found(store, hand.crawl_id).edges == {("s", "a")}
    assert hand.claims == {}


def test_both_answers_of_two_seeds_are_held_together(store: Store) -> None:
    hand = Hand(store, [*by_name("s"), *by_id("s", "q")], 1)
    hand.say(f"?{name_of('s')}", answer(None, "a", "b"))
    hand.say("s", Answer(account("s", username=None), (account("b"), account("c"))))
    hand.say("q", answer("q", "s"))
    have = found(store, hand.crawl_id)
    assert have.edges == {("s", "a"), ("s", "b"), ("s", "c"), ("q", "s")}
    assert rows(store, "SELECT count(*) FROM edges WHERE removed_at IS NOT NULL") == [(0,)]


def test_joining_stays_within_its_crawl(store: Store) -> None:
    """Next month's answers do not change what last month's crawl was told."""
    first = crawl(store, World({}), by_name("s"), 2)
    second = crawl(store, World({"s": ["a"], "a": []}), by_name("s"), 2)
    provisional = f"?{name_of('s')}"
    assert statuses(store, first) == {provisional: ("failed", "not-found")}
    assert found(store, second).depths == {"s": 0, "a": 1}
    assert crawl_record(store, first).count("queued") == 0


def test_a_joined_answer_counts_as_the_accounts_newest(store: Store) -> None:
    """In an earlier crawl s listed old; this crawl's answer, by name alone, no longer does."""
    crawl(store, World({"s": ["old", "a"]}), by_id("s"), 1)
    hand = Hand(store, [*by_name("s"), *by_id("q")], 1, at=datetime.now(UTC) + timedelta(hours=2))
    hand.say(f"?{name_of('s')}", answer(None, "a", "new"))
    hand.say("q", answer("q", "s"))
    assert found(store, hand.crawl_id).edges == {("s", "a"), ("s", "new"), ("q", "s")}
    gone = "SELECT n.social_id FROM edges e JOIN nodes n ON n.id = target_id WHERE removed_at"
    assert rows(store, gone) == [("old",)]


def test_a_provisional_seed_that_two_crawls_share_stays_for_the_other(store: Store) -> None:
    absent = World({"s": []}, {"s": [answer(None, "a")]})
    first = crawl(store, absent, by_name("s"), 1)
    hand = Hand(store, [*by_name("s"), *by_id("q")], 1)
    provisional = f"?{name_of('s')}"
    hand.say(provisional, answer(None, "a", "b"))
    hand.say("q", answer("q", "s"))
    assert found(store, first).edges == {(provisional, "a")}
    assert found(store, hand.crawl_id).edges == {("s", "a"), ("s", "b"), ("q", "s")}
    assert found(store).edges == {(provisional, "a"), ("s", "a"), ("s", "b"), ("q", "s")}


def test_a_provisional_seed_keeps_nothing_of_an_answer_that_was_another_s(store: Store) -> None:
    """This crawl's answer to the name said that c is gone; it was the answer of the account s."""
    crawl(store, World({"s": []}, {"s": [answer(None, "a", "c")]}), by_name("s"), 1)
    crawl(store, World({"s": []}, {"s": [ReportPending("wait")] * 20}), by_name("s"), 1)
    before = rows(store, EVERY_EDGE), rows(store, "SELECT expanded_at FROM nodes WHERE id = 1")
    hand = Hand(store, [*by_name("s"), *by_id("q")], 1, at=datetime.now(UTC) + timedelta(hours=2))
    hand.say(f"?{name_of('s')}", answer(None, "b"))
    hand.say("q", answer("q", "s"))
    of_the_name = [row for row in rows(store, EVERY_EDGE) if row[0] == 1]
    expanded = rows(store, "SELECT expanded_at FROM nodes WHERE id = 1")
    assert (of_the_name, expanded) == before
    assert rows(store, "SELECT * FROM edge_changes") == []


EVERY_EDGE = "SELECT source_id, target_id, removed_at FROM edges ORDER BY 1, 2"


def test_a_ring_s_answer_stays_partial_when_its_account_is_found(store: Store) -> None:
    """A seed at the last depth lists a stranger; of its answer only connections inside are kept."""
    crawl(store, World({"s": ["old", "stranger"]}), by_id("s"), 1)
    filters = Filters(complete=True)
    hand = Hand(store, [*by_name("s"), *by_id("q")], 0, filters=filters)
    hand.say(f"?{name_of('s')}", answer(None, "stranger"))
    hand.say("q", answer("q", "s"))
    assert rows(store, "SELECT * FROM edges WHERE removed_at NOT NULL") == []


def test_accounts_of_one_name(store: Store) -> None:
    said = Answer(
        account("s"),
        (account("a", username="twin"), account("b", username="twin")),
    )
    hand = Hand(store, by_id("s"), 1)
    hand.say("s", said)
    assert found(store, hand.crawl_id).depths == {"s": 0, "a": 1, "b": 1}


def test_one_name_on_two_networks_is_two_accounts(store: Store) -> None:
    said = Answer(account("s"), (account("s", network="youtube"), account("x", network="youtube")))
    hand = Hand(store, by_name("s"), 1)
    hand.say(f"?{name_of('s')}", said)
    nodes = rows(store, "SELECT network, social_id FROM nodes ORDER BY 1, 2")
    assert nodes == [("instagram", "s"), ("youtube", "s"), ("youtube", "x")]


def test_an_unknown_network_is_stored_and_never_asked(store: Store) -> None:
    said = Answer(account("s"), (account("m", network="mastodon"), account("a")))
    world = World({"s": [], "a": []}, {"s": [said]})
    crawl_id = crawl(store, world, by_id("s"), None)
    assert statuses(store, crawl_id)["m"] == ("skipped", "unknown-network")
    assert ("s", "m") in found(store, crawl_id).edges
    assert set(world.asked) == {"s", "a"}
    go_on(store, crawl_id, world, None)
    assert len(world.refs) == 2


def test_an_account_that_lists_itself_has_no_loop(store: Store) -> None:
    hand = Hand(store, by_name("s"), 1)
    hand.say(f"?{name_of('s')}", Answer(None, (account("s"), account("a"))))
    assert found(store, hand.crawl_id).edges == {("s", "a")}


# Profiles


def profile(store: Store, social_id: str) -> tuple[object, ...]:
    columns = "username, title, subscribers_count, er, state"
    return rows(store, f"SELECT {columns} FROM nodes WHERE social_id = ?", social_id)[0]


def test_what_changed_becomes_history(store: Store) -> None:
    hand = Hand(store, by_id("s"), 1)
    hand.say("s", answer("s", "a"))
    later = Hand(store, by_id("s"), 1, at=NOW + timedelta(days=30))
    renamed = account("s", username="New.Name", subscribers_count=2000)
    later.say("s", Answer(renamed, (account("a", er=0.5),)))
    assert profile(store, "s") == ("New.Name", "Title of s", 2000, 1.5, "READY")
    assert rows(store, "SELECT name_key FROM nodes WHERE social_id = 's'") == [("new.name",)]
    history = rows(
        store,
        "SELECT n.social_id, h.username, h.subscribers_count, h.er, h.valid_from, h.valid_to "
        "FROM node_history h JOIN nodes n ON n.id = h.node_id ORDER BY 1",
    )
    before, after = "2026-01-02 03:04:05.000000", "2026-02-01 03:04:05.000000"
    assert history == [
        ("a", "name.a", 1000, 1.5, before, after),
        ("s", "name.s", 1000, 1.5, history[1][4], after),
    ]


def test_the_same_again_is_no_history(store: Store) -> None:
    for days in (0, 1, 2):
        Hand(store, by_id("s"), 1, at=NOW + timedelta(days=days)).say(
            "s", Answer(account("s", avatar_url=f"https://x/{days}"), (account("a"),))
        )
    # The seed was known by its ID alone: to learn the rest is no change.
    assert rows(store, "SELECT * FROM node_history") == []
    assert rows(store, "SELECT avatar_url FROM nodes WHERE social_id='s'") == [("https://x/2",)]


def test_what_an_answer_leaves_out_does_not_erase(store: Store) -> None:
    Hand(store, by_id("s"), 1).say("s", answer("s", "a"))
    bare = {"username": None, "title": None, "subscribers_count": None, "er": None, "state": None}
    Hand(store, by_id("s"), 1).say("s", Answer(account("s", **bare), (account("a", **bare),)))
    assert profile(store, "s") == ("name.s", "Title of s", 1000, 1.5, "READY")
    assert profile(store, "a") == ("name.a", "Title of a", 1000, 1.5, "READY")


# Outcomes


def test_a_postponed_account_waits_its_time(store: Store) -> None:
    hand = Hand(store, by_id("s"), 1)
    claim = hand.claims.pop("s")
    hand.turn(Outcome(claim, OutcomeKind.POSTPONED, 1, cause="pending", message="made", wait=60.0))
    assert hand.claims == {}
    assert hand.frontier.turn([], 5).next_due == pytest.approx(60.0)
    hand.now += timedelta(seconds=61)
    hand.turn()
    assert hand.claims["s"].postponed == 1


def test_rows_that_could_not_be_used_are_noted(store: Store) -> None:
    hand = Hand(store, by_id("s"), 1)
    hand.say("s", answer("s", "a", skipped=["result[3]: no type", "result[4]: no social_id"]))
    noted = rows(store, "SELECT skipped_rows, note, rows FROM answers")
    assert noted == [(2, "result[3]: no type; result[4]: no social_id", 1)]


@pytest.mark.parametrize(
    "step", ["store_accounts", "store_edges", "lower", "join_nodes", "_INSERT", "_COMPLETE"]
)
def test_an_answer_is_recorded_wholly_or_not_at_all(
    store: Store, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand = Hand(store, [*by_id("q"), *by_name("s")], None)
    hand.say("q", answer("q", "b"))
    hand.say("b", Answer(account("b"), (account("t"),)))
    before = dump(store)

    class Fault(Exception):
        pass

    def fail(*_: object, **__: object) -> None:
        raise Fault

    class Failing:
        run = run_many = staticmethod(fail)

    if step.startswith("_"):
        monkeypatch.setattr(visits, step, Failing())
    else:
        monkeypatch.setattr(recorder, step, fail)
    with pytest.raises(Fault):
        hand.say(f"?{name_of('s')}", answer("s", "t", "new", "b"))
    assert dump(store) == before


def dump(store: Store) -> dict[str, list[tuple[object, ...]]]:
    tables = rows(store, "SELECT name FROM sqlite_master WHERE type = 'table'")
    return {str(name): rows(store, f"SELECT * FROM {name}") for (name,) in tables}


def test_what_used_up_its_retries_is_asked_again_on_resume(store: Store) -> None:
    failing: list[Answer | Exception] = [BrokenAnswer("cut")] * 11
    world = World({"s": ["a", "b"], "a": [], "b": []}, {"a": failing})
    crawl_id = crawl(store, world, by_id("s"), 2, workers=1)
    assert statuses(store, crawl_id)["a"] == ("failed", "broken-answer")
    go_on(store, crawl_id, world, 2)
    assert statuses(store, crawl_id)["a"] == ("done", None)


def test_a_key_is_never_used_twice(store: Store) -> None:
    hand = Hand(store, by_id("q", "s"), 1)
    with store.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM nodes WHERE social_id = 's'")
    hand.say("q", answer("q", "x"))
    hand.fail("s")
    assert statuses(store, hand.crawl_id) == {"q": ("done", None), "x": ("skipped", "rim")}


def test_not_found_is_an_answer(store: Store) -> None:
    world = World({}, {"s": [ReportNotFound("404", status=404)]})
    crawl_id = crawl(store, world, by_id("s"), 1)
    assert rows(store, "SELECT outcome, rows FROM answers") == [("not-found", 0)]
    assert rows(store, "SELECT expanded_at FROM nodes") == [(None,)]
    assert statuses(store, crawl_id) == {"s": ("failed", "not-found")}
