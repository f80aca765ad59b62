"""Accounts that one of their two addresses alone reaches: the graph is the same in any order.

Asking by ID is documented for YouTube alone, so a whole network may take names only.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from graphcrawl.crawl import Asker, StopSignal, Unlimited
from graphcrawl.errors import InvalidRequest, ReportNotFound
from graphcrawl.model import AccountRef, Answer
from graphcrawl.store import CrawlFrontier, start_crawl, take_up
from tests.worlds import (
    NETWORK,
    World,
    by_id,
    by_name,
    crawl,
    expected,
    found,
    go_on,
    name_of,
    new_store,
    rows,
    statuses,
)


@dataclass
class NamesOnly(World):
    """A world that has no report for any ID, and may leave the asked account's row out."""

    own_rows: bool = True

    def ask(self, ref: AccountRef) -> Answer:
        """Answer to names alone."""
        if ref.social_id is not None:
            self.refs.append(ref)
            raise ReportNotFound(f"{ref}: no report", account=str(ref), status=404)
        given = super().ask(ref)
        return given if self.own_rows else Answer(None, given.connections)


LISTS = {"a": ["b"], "b": ["a", "c"], "c": []}


@pytest.mark.parametrize("workers", [1, 3])
@pytest.mark.parametrize("first", ["id", "name"])
def test_an_id_without_a_name_is_asked_once_an_answer_names_it(
    tmp_path: Path, first: str, workers: int
) -> None:
    seeds = [*by_id("a"), *by_name("b")]
    world = NamesOnly(LISTS)
    with new_store(tmp_path / "graph.db") as store:
        crawl_id = crawl(store, world, seeds if first == "id" else seeds[::-1], 2, workers=workers)

        truth = expected(LISTS, ["a", "b"], 2)
        assert found(store, crawl_id).edges == truth.edges
        assert found(store, crawl_id).depths == truth.depths
        assert statuses(store, crawl_id)["a"] == ("done", None)


def test_an_id_that_nobody_names_stays_refused(tmp_path: Path) -> None:
    world = NamesOnly({"a": ["b"], "b": ["c"], "c": []})
    with new_store(tmp_path / "graph.db") as store:
        crawl_id = crawl(store, world, [*by_id("a"), *by_name("b")], 1)

        assert statuses(store, crawl_id)["a"] == ("failed", "not-found")


def test_a_refused_id_is_asked_by_its_name_also_after_a_restart(tmp_path: Path) -> None:
    world = NamesOnly(LISTS)
    with new_store(tmp_path / "graph.db") as store:
        crawl_id = crawl(store, world, by_id("a"), 1)
        assert statuses(store, crawl_id)["a"] == ("failed", "not-found")
        with store.engine.begin() as connection:
            connection.exec_driver_sql(
                "INSERT INTO nodes (network, social_id, first_seen_at, last_seen_at, valid_from)"
                " SELECT network, 'b', first_seen_at, last_seen_at, valid_from FROM nodes"
            )
            connection.exec_driver_sql(
                "UPDATE nodes SET username = ?, name_key = ? WHERE social_id = 'b'",
                (name_of("b"), name_of("b")),
            )
            connection.exec_driver_sql(
                "INSERT INTO visits (crawl_id, node_id, depth, status, attempts, postponed)"
                " SELECT ?, id, 0, 'queued', 0, 0 FROM nodes WHERE social_id = 'b'",
                (crawl_id,),
            )

        go_on(store, crawl_id, world, 1)

        assert statuses(store, crawl_id)["a"] == ("done", None)


def test_a_seed_s_name_counts_without_its_own_row_also_after_a_restart(tmp_path: Path) -> None:
    """The seed was joined with its ID while it was under way, and then the process was killed."""
    world = NamesOnly(LISTS, own_rows=False)
    with new_store(tmp_path / "graph.db") as store:
        crawl_id = start_crawl(store, by_name("a", "b"), {"depth": 1})
        with store.engine.begin() as connection:
            connection.exec_driver_sql(
                "UPDATE nodes SET social_id = 'a' WHERE username = ?", (name_of("a"),)
            )
        take_up(store, crawl_id, {"depth": 1})

        go_on(store, crawl_id, world, 1)

        assert statuses(store, crawl_id)["a"] == ("done", None)
        assert ("a", "b") in found(store, crawl_id).edges


def test_another_s_name_does_not_count_without_its_own_row(tmp_path: Path) -> None:
    world = NamesOnly({**LISTS, "seed": ["b"]}, own_rows=False)
    with new_store(tmp_path / "graph.db") as store:
        crawl_id = crawl(store, world, [AccountRef(NETWORK, name_of("seed"))], 2)

        assert statuses(store, crawl_id)["b"] == ("failed", "not-found")


@pytest.mark.parametrize("refusal", [ReportNotFound("no report"), InvalidRequest("not taken")])
def test_killed_between_the_two_ways_neither_is_asked_again(
    tmp_path: Path, refusal: ReportNotFound | InvalidRequest
) -> None:
    """What is refused in the end keeps the words of the ID's refusal."""
    world = World({"s": ["a", "b"], "a": []}, {"a": [refusal], "b": [refusal]})
    with new_store(tmp_path / "graph.db") as store:
        crawl_id = start_crawl(store, by_id("s"), {"depth": 2})
        frontier = CrawlFrontier(store, crawl_id, 2)
        asker = Asker(world, Unlimited(), StopSignal())
        claims = frontier.turn([], 1).claims
        claims = frontier.turn(list(map(asker.ask, claims)), 2).claims
        # Both refusals are recorded, both names claimed: here the process is killed.
        frontier.turn(list(map(asker.ask, claims)), 2)
        go_on(store, crawl_id, world, 2)
        ids = [ref for ref in world.refs if ref.social_id]
        assert sorted(map(str, ids)) == ["instagram:id:s", "instagram:name.a", "instagram:name.b"]
        assert len(world.refs) == 5
        assert statuses(store, crawl_id)["a"] == ("done", None)
        failed = rows(store, "SELECT cause, error FROM visits WHERE status = 'failed'")
        assert failed == [(refusal.cause, str(refusal))]
