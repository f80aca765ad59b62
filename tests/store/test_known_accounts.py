"""What a frontier keeps in memory is believed only while nobody else writes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from graphcrawl.model import Account, AccountRef, Answer, Origin, Outcome, OutcomeKind
from graphcrawl.store import CrawlFrontier, Store, forget_account, open_store, start_crawl

SEED = AccountRef("instagram", social_id="1")
OTHER = AccountRef("instagram", social_id="2")
LISTED = Account("instagram", "9", "nine", "Nine", subscribers_count=9)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(open_store(tmp_path / "graph.db", origin=Origin.SIMULATED)) as opened:
        yield opened


def titles(store: Store) -> list[str]:
    with closing(sqlite3.connect(store.path)) as connection:
        rows = connection.execute("SELECT title FROM nodes WHERE social_id = '9'")
        return [title for (title,) in rows]


def crawl_two(store: Store) -> Iterator[None]:
    """Answer two seeds that both list the same account, with a pause between."""
    crawl_id = start_crawl(store, [SEED, OTHER], {"depth": 1})
    frontier = CrawlFrontier(store, crawl_id, 1)
    claims = frontier.turn([], 2).claims
    for claim in claims:
        answer = Answer(own=None, connections=(LISTED,))
        frontier.turn([Outcome(claim, OutcomeKind.ANSWERED, 1, answer)], 0)
        yield


def test_another_writer_s_change_is_seen(store: Store) -> None:
    steps = crawl_two(store)
    next(steps)
    with closing(sqlite3.connect(store.path)) as connection, connection:
        connection.execute("UPDATE nodes SET title = 'Changed elsewhere' WHERE social_id = '9'")

    next(steps)

    assert titles(store) == ["Nine"]


def test_a_change_by_this_process_is_seen(store: Store) -> None:
    """The store's one connection serves others between two turns, and is none but itself."""
    steps = crawl_two(store)
    next(steps)
    with store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE nodes SET title = 'Changed here' WHERE social_id = '9'")

    next(steps)

    assert titles(store) == ["Nine"]


@pytest.mark.parametrize("which", [SEED, OTHER])
def test_an_asked_account_forgotten_meanwhile_is_not_recorded(
    store: Store, which: AccountRef
) -> None:
    steps = crawl_two(store)
    next(steps)
    forget_account(store, which)

    next(steps)

    left = [one for one in (SEED, OTHER) if one != which]
    with closing(sqlite3.connect(store.path)) as connection:
        sources = connection.execute(
            "SELECT social_id FROM edges JOIN nodes ON nodes.id = source_id"
        ).fetchall()
    assert sources == [(one.social_id,) for one in left]


def test_an_account_forgotten_meanwhile_does_not_come_back(store: Store) -> None:
    steps = crawl_two(store)
    next(steps)
    forget_account(store, AccountRef("instagram", social_id="9"))

    next(steps)

    assert titles(store) == []
    with closing(sqlite3.connect(store.path)) as connection:
        assert connection.execute("SELECT count(*) FROM edges").fetchone() == (0,)


def test_nobody_s_change_is_not_written_again(store: Store) -> None:
    for _ in crawl_two(store):
        pass

    with closing(sqlite3.connect(store.path)) as connection:
        assert connection.execute("SELECT count(*) FROM node_history").fetchone() == (0,)
        assert connection.execute("SELECT count(*) FROM edges").fetchone() == (2,)


def test_what_the_last_answer_held_is_not_looked_up_again(store: Store) -> None:
    statements: list[str] = []
    with closing(store.engine.raw_connection()) as connection:
        driver = connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        driver.set_trace_callback(statements.append)
    steps = crawl_two(store)
    next(steps)
    statements.clear()

    next(steps)

    assert [one for one in statements if one.startswith("INSERT INTO edges")]
    assert not [one for one in statements if "FROM nodes LEFT OUTER JOIN visits" in one]
    assert not [one for one in statements if "FROM forgotten" in one]
