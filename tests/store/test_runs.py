from __future__ import annotations

from pathlib import Path

from graphcrawl import __version__
from graphcrawl.model import AccountRef
from graphcrawl.store import crawl_record, forget_account, list_crawls, start_crawl, take_up
from graphcrawl.store.lock import crawl_lock
from graphcrawl.store.starting import finish_crawl
from tests.worlds import NETWORK, World, by_id, by_name, crawl, go_on, new_store, rows

LISTS = {"s": ["a", "b"], "a": ["c"], "b": [], "c": []}


def test_each_run_keeps_its_own_settings_times_and_requests(tmp_path: Path) -> None:
    with new_store(tmp_path / "g.db") as store:
        crawl_id = crawl(store, World(LISTS), by_id("s"), 1)
        go_on(store, crawl_id, World(LISTS), 3)
        record = crawl_record(store, crawl_id)
    first, second = record.runs
    assert [run.settings["depth"] for run in record.runs] == [1, 3]
    assert [run.requests for run in record.runs] == [1, 3]
    assert record.requests == 4
    assert [run.status for run in record.runs] == ["complete", "complete"]
    assert first.finished_at is not None
    assert record.started_at == first.started_at <= first.finished_at <= second.started_at
    assert record.finished_at == second.finished_at
    assert first.versions["graphcrawl"] == __version__
    assert {"python", "sqlite", "SQLAlchemy", "requests"} <= first.versions.keys()


def test_a_run_that_was_killed_has_no_end(tmp_path: Path) -> None:
    with new_store(tmp_path / "g.db") as store:
        crawl_id = start_crawl(store, by_id("s"), {"depth": 1})
        with crawl_lock(store.path, crawl_id):
            assert [run.status for run in crawl_record(store, crawl_id).runs] == ["running"]
        assert [run.status for run in crawl_record(store, crawl_id).runs] == ["interrupted"]
        take_up(store, crawl_id, {"depth": 2})
        with crawl_lock(store.path, crawl_id):
            statuses = [run.status for run in crawl_record(store, crawl_id).runs]
        assert statuses == ["interrupted", "running"]
        finish_crawl(store, crawl_id, "complete", None)
        killed, ended = crawl_record(store, crawl_id).runs
    assert (killed.status, killed.finished_at) == ("interrupted", None)
    assert ended.status == "complete"
    assert ended.finished_at is not None


def test_a_crawl_of_an_earlier_graphcrawl_has_no_runs_until_it_goes_on(tmp_path: Path) -> None:
    with new_store(tmp_path / "g.db") as store:
        crawl_id = crawl(store, World(LISTS), by_id("s"), 1)
        with store.engine.begin() as connection:
            connection.exec_driver_sql("DELETE FROM runs")
        assert crawl_record(store, crawl_id).runs == ()
        go_on(store, crawl_id, World(LISTS), 2)
        (run,) = crawl_record(store, crawl_id).runs
    assert run.requests == 2, "what was sent before is not its own"


def test_crawls_keep_their_runs_apart(tmp_path: Path) -> None:
    with new_store(tmp_path / "g.db") as store:
        one = start_crawl(store, by_id("s"), {"depth": 1})
        two = start_crawl(store, by_id("a"), {"depth": 5})
        finish_crawl(store, one, "complete", None)
        found = {record.id: record.runs for record in list_crawls(store)}
    assert [run.status for run in found[one]] == ["complete"]
    assert [run.settings["depth"] for run in found[two]] == [5]


def test_a_forgotten_account_is_in_no_reason_and_among_no_seeds(tmp_path: Path) -> None:
    with new_store(tmp_path / "g.db") as store:
        crawl_id = start_crawl(store, [*by_name("s"), *by_id("b")], {"depth": 1})
        finish_crawl(store, crawl_id, "interrupted", f"no answer ({NETWORK}:name.s: 500)")
        forget_account(store, AccountRef(NETWORK, "name.s"))
        record = crawl_record(store, crawl_id)
        held = rows(store, "SELECT reason FROM runs")
    assert record.seed_accounts == (None, AccountRef(NETWORK, social_id="b"))
    assert [run.reason for run in record.runs] == ["(forgotten)"]
    assert held == [("(forgotten)",)]
