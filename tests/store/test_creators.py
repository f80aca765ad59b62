"""Creators in the database: their numbers, decisions that outlive everything, forgetting."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command

from graphcrawl.errors import InputError, NothingFound, StoreError
from graphcrawl.model import AccountRef, Answer
from graphcrawl.store import (
    AccountFacts,
    CreatorFacts,
    Store,
    dialects,
    forget_account,
    merge_accounts,
    numbers_of,
    open_for_reading,
    open_store,
    read_decisions,
    split_accounts,
    start_crawl,
    store_creators,
    take_up,
)
from graphcrawl.store.migrations import configuration
from tests.worlds import (
    NETWORK,
    World,
    account,
    answer,
    by_id,
    by_name,
    crawl,
    found,
    new_store,
    rows,
    run,
)

LISTS = {"a": ["b", "c", "d", "e", "f"], "b": [], "c": [], "d": [], "e": [], "f": []}
REASONS = ["same username", "listed both ways"]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A crawl of six accounts; account a has key 1."""
    with new_store(tmp_path / "g.db") as opened:
        crawl(opened, World(LISTS), by_id("a"), 1)
        yield opened


def keys(store: Store) -> dict[str, int]:
    return {
        str(name): int(str(key)) for name, key in rows(store, "SELECT social_id, id FROM nodes")
    }


def together(store: Store, *ids: str, name: str = "Name") -> CreatorFacts:
    """A creator each of whose accounts speaks for the next."""
    nodes = [keys(store)[one] for one in ids]
    others = [*nodes[1:], nodes[0]]
    return CreatorFacts(
        name,
        tuple(
            AccountFacts(
                one, "strong", [{"node_id": other, "confidence": "strong", "reasons": REASONS}]
            )
            for one, other in sorted(zip(nodes, others, strict=True))
        ),
    )


def held(store: Store) -> dict[int, list[int]]:
    said: dict[int, list[int]] = {}
    for creator, node in rows(
        store, "SELECT creator_id, node_id FROM creator_accounts ORDER BY creator_id, node_id"
    ):
        said.setdefault(int(str(creator)), []).append(int(str(node)))
    return said


def written(store: Store, *creators: Sequence[str]) -> list[int | None]:
    return store_creators(store, [together(store, *ids) for ids in creators])


def test_creators_are_written_and_read_back(store: Store) -> None:
    one = together(store, "a", "b", name="'; DROP TABLE nodes; --\u202e")
    assert numbers_of(store, []) == []
    assert numbers_of(store, [one]) is None
    assert store_creators(store, [one]) == [1]
    assert numbers_of(store, [one]) == [1]
    assert numbers_of(store, [one._replace(name="other")]) is None
    assert rows(store, "SELECT id, name FROM creators") == [(1, one.name)]
    evidence = rows(store, "SELECT node_id, confidence, evidence FROM creator_accounts")
    assert [(node, sure, json.loads(str(said))) for node, sure, said in evidence] == [
        tuple(account) for account in one.accounts
    ]


def test_a_creator_keeps_its_number(store: Store) -> None:
    assert written(store, "abc", "de") == [1, 2]
    assert written(store, "de", "abc") == [2, 1]
    assert written(store, "ef", "abd") == [2, 1], "it is whose most it was"
    assert written(store, "ab") == [1]
    assert written(store, "de", "ab", "cf") == [3, 1, 4], "a number never comes back"
    assert written(store) == []
    assert held(store) == {}
    assert written(store, "ab") == [5]


def test_of_two_that_come_of_one_the_larger_keeps_the_number(store: Store) -> None:
    assert written(store, "abcde") == [1]
    assert written(store, "ab", "cde") == [2, 1]
    assert written(store, "abcde") == [1]


def test_an_account_has_one_creator(store: Store) -> None:
    with pytest.raises(StoreError):
        written(store, "ab", "bc")
    assert held(store) == {}


def test_what_was_forgotten_meanwhile_is_not_written(store: Store) -> None:
    both = [together(store, "a", "b", "c"), together(store, "d", "e")]
    pair = together(store, "a", "b")
    forget_account(store, AccountRef(NETWORK, social_id="e"))
    assert store_creators(store, both) == [1, None]
    forget_account(store, AccountRef(NETWORK, social_id="b"))
    assert store_creators(store, [pair]) == [None]
    assert held(store) == {}


def test_forgetting_takes_an_account_out_of_creators_and_decisions(store: Store) -> None:
    at = keys(store)
    store_creators(store, [together(store, "a", "b", "c", name="Title of b")])
    store_creators(
        store, [together(store, "a", "b", "c", name="Title of b"), together(store, "d", "e")]
    )
    merge_accounts(store, by_id("b", "d"))
    split_accounts(store, by_id("c"))
    forget_account(store, AccountRef(NETWORK, social_id="b"))
    # What spoke for a was b; c is left with a as evidence, and one account is no creator.
    assert held(store) == {2: sorted([at["d"], at["e"]])}
    assert rows(store, "SELECT name FROM creators") == [("Name",)]
    assert read_decisions(store) == ((frozenset({at["d"]}),), frozenset({at["c"]}))
    forget_account(store, AccountRef(NETWORK, social_id="c"))
    assert read_decisions(store).alone == frozenset()
    assert b"Title of b" not in store.path.read_bytes()


def test_a_creator_that_keeps_two_accounts_is_called_after_them(store: Store) -> None:
    at = keys(store)
    loop = together(store, "a", "b", "c", "d", name="Title of a")
    store_creators(store, [loop])
    forget_account(store, AccountRef(NETWORK, social_id="a"))
    assert held(store) == {1: sorted([at["b"], at["c"]])}, "only a spoke for d"
    assert rows(store, "SELECT name FROM creators") == [("Title of b",)]
    (said,) = rows(store, "SELECT group_concat(evidence) FROM creator_accounts")
    assert f'"node_id": {at["a"]},' not in str(said[0])


def test_decisions(store: Store) -> None:
    at = keys(store)
    assert read_decisions(store) == ((), frozenset())
    merge_accounts(store, by_id("a", "b"))
    merge_accounts(store, [*by_name("C"), *by_id("d")])
    assert read_decisions(store).parties == (
        frozenset({at["a"], at["b"]}),
        frozenset({at["c"], at["d"]}),
    )
    merge_accounts(store, by_id("e", "d", "a"))
    assert read_decisions(store).parties == (frozenset(at[one] for one in "abcde"),)
    split_accounts(store, by_id("a", "f"))
    decided = read_decisions(store)
    assert decided.parties == (frozenset(at[one] for one in "bcde"),)
    assert decided.alone == {at["a"], at["f"]}
    merge_accounts(store, by_id("a", "f"))
    assert read_decisions(store).alone == frozenset()
    assert len(read_decisions(store).parties) == 2


def test_decisions_that_are_refused_change_nothing(store: Store) -> None:
    for refs, error in (
        (by_id("a"), InputError),
        ([*by_id("a"), *by_name("a")], InputError),
        (by_id("a", "b", "nobody"), NothingFound),
    ):
        with pytest.raises(error):
            merge_accounts(store, refs)
    with pytest.raises(NothingFound):
        split_accounts(store, by_id("a", "nobody"))
    with pytest.raises(InputError):
        split_accounts(store, [])
    assert read_decisions(store) == ((), frozenset())


def test_a_name_that_several_bear_is_not_guessed(store: Store) -> None:
    twin = Answer(account("a"), (account("z", username="name.b"),))
    crawl(store, World({}, {"a": [twin]}), by_id("a"), 1)
    with pytest.raises(InputError, match="instagram:id:b, instagram:id:z"):
        split_accounts(store, by_name("b"))
    split_accounts(store, by_id("z"))
    assert read_decisions(store).alone == {keys(store)["z"]}


def test_a_seed_that_no_answer_named_is_no_rival_of_the_account_with_its_name(
    store: Store,
) -> None:
    start_crawl(store, by_name("b"), {"depth": 1})
    assert rows(store, "SELECT count(*) FROM nodes WHERE name_key = 'name.b'") == [(2,)]
    split_accounts(store, by_name("b"))
    assert read_decisions(store).alone == {keys(store)["b"]}


def test_decisions_outlive_later_crawls_and_creators(store: Store) -> None:
    merge_accounts(store, by_id("a", "b"))
    split_accounts(store, by_id("c"))
    before = read_decisions(store)
    written(store, "ab")
    written(store)
    changed = World(LISTS, {"a": [answer("a", "f")]})
    crawl(store, changed, by_id("a"), 2)
    assert read_decisions(store) == before
    with closing(open_for_reading(store.path)) as again:
        assert read_decisions(again) == before


def test_a_decision_goes_on_with_a_seed_that_gets_its_id(tmp_path: Path) -> None:
    with new_store(tmp_path / "seed.db") as store:
        crawl_id = start_crawl(store, [*by_name("s"), *by_id("t")], {"depth": 2})
        split_accounts(store, by_name("s"))
        world = World({"s": ["t"], "t": ["s"]}, {"s": [answer(None, "t")]})
        take_up(store, crawl_id, {"depth": 2})
        run(store, crawl_id, world, 2)
        assert set(found(store, crawl_id).depths) == {"s", "t"}
        assert read_decisions(store).alone == {keys(store)["s"]}


def test_tables_of_the_first_revision_are_brought_up_to_date(store: Store, tmp_path: Path) -> None:
    old = tmp_path / "old.db"
    engine = dialects.sqlite_engine(old)
    command.upgrade(configuration(engine), "0001")
    engine.dispose()
    with closing(sqlite3.connect(old)) as connection:
        connection.execute("ATTACH ? AS today", (str(store.path),))
        held_then = [
            name
            for (name,) in connection.execute(
                "SELECT name FROM main.sqlite_master WHERE type = 'table'"
            )
            if name not in ("sqlite_sequence", "alembic_version")
        ]
        columns = {}
        for name in held_then:
            infos = connection.execute(f"PRAGMA main.table_info({name})")
            columns[name] = ", ".join(info[1] for info in infos)
            had = columns[name]
            connection.execute(f"INSERT INTO main.{name} ({had}) SELECT {had} FROM today.{name}")
        connection.commit()
    with closing(open_store(old)) as migrated:
        for name in held_then:
            every = f"SELECT {columns[name]} FROM {name}"
            assert rows(migrated, every) == rows(store, every)
        assert len(rows(migrated, "SELECT * FROM edge_list")) == 5
        merge_accounts(migrated, by_id("a", "b"))
        assert written(migrated, "ab") == [1]
