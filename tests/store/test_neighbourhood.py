"""What is looked up by index is what the whole graph holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from graphcrawl.addresses import parse_sought
from graphcrawl.errors import InputError, NothingFound
from graphcrawl.model import Answer
from graphcrawl.store import Store, look_around, read_graph
from tests.worlds import (
    World,
    account,
    answer,
    by_id,
    by_name,
    crawl,
    new_store,
    random_lists,
    rows,
)

WORLD = random_lists(30, 7, 8)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Three crawls of a world that changes: connections vanish, and some answers are partial."""
    later = {one: listed[1:] for one, listed in WORLD.items()}
    partial = {"u3": [answer("u3", "u1", skipped=("row 2: no ID",))]}
    with new_store(tmp_path / "g.db") as opened:
        crawl(opened, World(WORLD), by_id("u0", "u3"), 3)
        crawl(opened, World(later, partial), by_id("u0", "u3"), 4)
        (vanished,) = rows(opened, "SELECT count(*) FROM edges WHERE removed_at IS NOT NULL")
        assert vanished > (4,)
        crawl(opened, World({}), by_id("u5"), 1)
        yield opened


@pytest.mark.parametrize("crawl_id", [None, 1, 2, 3])
def test_as_the_whole_graph(store: Store, crawl_id: int | None) -> None:
    facts = read_graph(store, crawl_id)
    ids = {node.id for node in facts.nodes}
    edges = {(edge.source, edge.target) for edge in facts.edges}
    listed = Counter(target for _, target in edges)
    listing = Counter(source for source, _ in edges)
    some = sorted(ids)[::2]
    with look_around(store, crawl_id) as around:
        assert set(around.nodes(ids).values()) == set(facts.nodes)
        assert set(around.lists(some)) == {pair for pair in edges if pair[0] in some}
        assert set(around.listed_by(some)) == {(b, a) for a, b in edges if b in some}
        assert around.count_lists(some) == {one: listing[one] for one in some if listing[one]}
        assert around.count_listed_by(some) == {one: listed[one] for one in some if listed[one]}
        together = Counter(target for source, target in edges if source in some)
        assert around.listed_together(some) == together
        assert around.listing_together(some) == Counter(a for a, b in edges if b in some)
        assert sorted(around.edges(some, None)) == sorted(
            e for e in facts.edges if e.source in some
        )
        assert sorted(around.edges_to(some)) == sorted(e for e in facts.edges if e.target in some)
        both = [e for e in facts.edges if e.source in some and e.target in some]
        assert sorted(around.edges(some, some)) == sorted(both)


def test_who_did_not_tell_all(store: Store) -> None:
    whole = read_graph(store)
    names = {node.id: node.social_id for node in whole.nodes}
    with look_around(store) as around:
        silent = {names[one] for one in around.not_told(names)}
        told = {names[one] for one, _ in around.lists(names)} - silent
    failed = {node.social_id for node in whole.nodes if node.visit != "done"}
    assert failed <= silent
    assert told
    with look_around(store, 2) as around:
        # Its answer in this crawl was partial; that of the first crawl does not count here.
        assert "u3" in {names[one] for one in around.not_told(names)}


def test_a_crawl_that_is_not_there(store: Store) -> None:
    for number in (0, 4, -1, 2**70):
        with pytest.raises(NothingFound, match="no crawl"), look_around(store, number):
            pass


def test_an_account_by_name_former_name_and_not_at_all(store: Store) -> None:
    renamed = Answer(account("u1", username="Świeża.Nazwa"), (account("u2"),))
    crawl(store, World({}, {"u1": [renamed]}), by_id("u1"), 1)
    again = Answer(account("u1", username="third"), (account("u2"),))
    crawl(store, World({}, {"u1": [again]}), by_id("u1"), 1)
    with look_around(store) as around:
        (u1,) = (one.id for one in around.nodes(range(1, 50)).values() if one.social_id == "u1")
        assert around.find(parse_sought("third")) == (around.find(parse_sought("id:u1"))[0], None)
        for former in ("name.u1", "NAME.U1", "instagram:świeża.nazwa", "ŚWIEŻA.NAZWA"):
            met = around.find(parse_sought(former))
            assert met.account.id == u1
            assert met.former == parse_sought(former).username
        with pytest.raises(NothingFound, match=r"did you mean instagram:name\.u"):
            around.find(parse_sought("name.u"))
        with pytest.raises(NothingFound):
            around.find(parse_sought("tiktok:name.u1"))


def test_a_former_name_gives_way_to_who_bears_it_now(store: Store) -> None:
    renamed = Answer(account("u1", username="other"), (account("new", username="name.u1"),))
    crawl(store, World({}, {"u1": [renamed]}), by_id("u1"), 1)
    with look_around(store) as around:
        met = around.find(parse_sought("name.u1"))
        assert (met.account.social_id, met.former) == ("new", None)


def test_a_former_name_on_two_networks_is_not_guessed(store: Store) -> None:
    elsewhere = account("t1", network="tiktok", username="name.u1")
    crawl(store, World({}, {"u1": [Answer(account("u1"), (elsewhere,))]}), by_id("u1"), 1)
    both = Answer(account("u1", username="a"), (account("t1", network="tiktok", username="b"),))
    crawl(store, World({}, {"u1": [both]}), by_id("u1"), 1)
    with look_around(store) as around:
        with pytest.raises(InputError, match="instagram:id:u1, tiktok:id:t1"):
            around.find(parse_sought("name.u1"))
        assert around.find(parse_sought("tiktok:name.u1")).account.social_id == "t1"


def test_a_seed_without_an_id_is_found_by_its_name(store: Store) -> None:
    crawl(store, World({}), by_name("nobody"), 1)
    with look_around(store) as around:
        assert around.find(parse_sought("name.nobody")).account.social_id is None
