from __future__ import annotations

import gc
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import graphcrawl
from graphcrawl.api import Timeouts
from graphcrawl.database import Database
from graphcrawl.errors import (
    FileRefused,
    InputError,
    NotADatabase,
    NothingFound,
    QueryRefused,
    SourceMismatch,
    StoreError,
)
from graphcrawl.model import AccountRef, Certainty, Credentials, Origin
from graphcrawl.outputs import map_name
from graphcrawl.runs import Access, CrawlOptions
from graphcrawl.store import GraphFacts, RefreshScope, Store, open_store, read_graph
from tests.worlds import HASTY, NETWORK, WorldServer, by_id, by_name, name_of

LISTS = {"s": ["a", "b"], "a": ["s"], "b": []}
OPTIONS = CrawlOptions(rate=0, policy=HASTY, timeouts=Timeouts(connect=2.0, read=5.0, whole=10.0))


@pytest.fixture
def access() -> Iterator[Access]:
    with WorldServer(LISTS) as server:
        yield Access(server.url, Credentials("me", "secret"), None)


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return graphcrawl.open(tmp_path / "new" / "g.db")


@pytest.fixture
def crawled(database: Database, access: Access) -> Database:
    assert database.crawl(by_name("s"), access, OPTIONS).exit_code == 0
    return database


def test_a_crawl_makes_the_database_and_is_read_back(crawled: Database) -> None:
    graph = crawled.graph()
    names = {node.id: node.social_id for node in graph.nodes}
    assert {(names[e.source], names[e.target]): e.certainty for e in graph.edges} == {
        ("s", "a"): Certainty.MUTUAL,
        ("a", "s"): Certainty.MUTUAL,
        ("s", "b"): Certainty.ONE_WAY,
    }
    assert graph.origin is crawled.origin is Origin.SIMULATED
    assert [record.seeds for record in crawled.crawls()] == [(f"instagram:{name_of('s')}",)]
    assert crawled.graph(1).nodes == graph.nodes
    assert crawled.newest_unfinished() is None


def test_a_crawl_can_be_deepened(database: Database, access: Access) -> None:
    first = database.crawl(by_id("s"), access, CrawlOptions(depth=1, rate=0))
    result = database.resume(first.record, access, CrawlOptions(depth=None, rate=0))
    assert result.record.asked == 3
    assert database.crawl_record(1) == result.record


def test_what_ended_early_is_the_newest_unfinished(database: Database, access: Access) -> None:
    budget = CrawlOptions(depth=2, rate=0, max_requests=1)
    result = database.crawl(by_id("s"), access, budget)
    unfinished = database.newest_unfinished()
    assert result.exit_code == 5
    assert unfinished == result.record


def test_bad_options_make_no_database(database: Database, access: Access) -> None:
    with pytest.raises(InputError):
        database.crawl(by_id("s"), access, CrawlOptions(depth=-1))
    assert not database.path.parent.exists()


def test_there_is_no_database(database: Database, access: Access, tmp_path: Path) -> None:
    for call in (
        database.crawls,
        database.graph,
        database.newest_unfinished,
        lambda: database.origin,
        lambda: database.crawl_record(1),
        lambda: database.query("SELECT 1"),
        lambda: database.forget(*by_id("s")),
        lambda: database.map(tmp_path / "map.html"),
    ):
        with pytest.raises(StoreError):
            call()
    assert not database.path.parent.exists()
    assert list(tmp_path.iterdir()) == []


def test_there_is_no_such_crawl(crawled: Database, access: Access) -> None:
    for call in (lambda: crawled.crawl_record(7), lambda: crawled.graph(7)):
        with pytest.raises(NothingFound, match="no crawl 7"):
            call()


def test_the_origins_never_mix(tmp_path: Path, access: Access) -> None:
    open_store(tmp_path / "g.db", origin=Origin.VENDOR).close()
    database = graphcrawl.open(tmp_path / "g.db")
    assert database.origin is Origin.VENDOR
    with pytest.raises(SourceMismatch):
        database.crawl(by_id("s"), access, OPTIONS)
    assert database.crawls() == []


def test_a_simulated_crawl_is_not_resumed_at_the_vendor(crawled: Database) -> None:
    vendor = Access("https://hypeauditor.com", Credentials("me", "secret"), None)
    with pytest.raises(SourceMismatch):
        crawled.resume(crawled.crawl_record(1), vendor, CrawlOptions(depth=3))


def test_forgetting(crawled: Database) -> None:
    gone = crawled.forget(AccountRef(NETWORK, name_of("a")))
    assert (gone.accounts, gone.connections) == (1, 2)
    assert {node.social_id for node in crawled.graph().nodes} == {"s", "b"}


def test_queries_read_and_change_nothing(crawled: Database) -> None:
    before = crawled.path.read_bytes()
    sql = (
        "SELECT target_username, certainty FROM edge_list WHERE source_username = :who "
        "ORDER BY position"
    )
    with crawled.query(sql, parameters={"who": name_of("s")}) as result:
        assert [tuple(row) for row in result] == [
            (name_of("a"), "mutual"),
            (name_of("b"), "one-way"),
        ]
    with pytest.raises(QueryRefused):
        crawled.query("DELETE FROM nodes")
    assert crawled.path.read_bytes() == before


def test_a_map_replaces_its_own_kind_alone(crawled: Database, tmp_path: Path) -> None:
    page = tmp_path / "map.html"
    crawled.map(page, crawl_id=1)
    crawled.map(page)
    assert "simulated" in page.read_text(encoding="utf-8").lower()
    page.write_text("my own notes")
    with pytest.raises(FileRefused):
        crawled.map(page)
    assert page.read_text() == "my own notes"
    crawled.map(page, force=True)
    assert "<html" in page.read_text(encoding="utf-8")


def test_the_same_database_gives_the_same_map(crawled: Database, tmp_path: Path) -> None:
    pages = [tmp_path / "1.html", tmp_path / "2.html"]
    for page in pages:
        crawled.map(page, crawl_id=1)
    assert pages[0].read_bytes() == pages[1].read_bytes()


def test_a_map_and_how_its_seeds_hang_together_come_of_one_reading(
    crawled: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    apart, crawl_id = tmp_path / "apart.html", 1
    crawled.map(apart, crawl_id=crawl_id)
    ties = crawled.seed_ties(crawl_id)
    read: list[object] = []

    def counted(store: Store, crawl_id: int | None = None) -> GraphFacts:
        read.append(crawl_id)
        return read_graph(store, crawl_id)

    monkeypatch.setattr("graphcrawl.findings.graphs.read_graph", counted)
    together = tmp_path / "together.html"
    assert crawled.map_of_seeds(together, crawl_id) == ties
    assert together.read_bytes() == apart.read_bytes()
    assert read == [crawl_id]
    together.write_text("someone else's")
    with pytest.raises(FileRefused, match="is no map"):
        crawled.map_of_seeds(together, crawl_id)
    assert together.read_text() == "someone else's"


def test_an_empty_database_has_no_map(tmp_path: Path) -> None:
    open_store(tmp_path / "g.db", origin=Origin.SIMULATED).close()
    with pytest.raises(NothingFound):
        graphcrawl.open(tmp_path / "g.db").map(tmp_path / "map.html")
    assert not (tmp_path / "map.html").exists()


def test_other_peoples_files_are_refused(tmp_path: Path, access: Access) -> None:
    (tmp_path / "notes.txt").write_text("not a database")
    database = graphcrawl.open(tmp_path / "notes.txt")
    for call in (database.crawls, lambda: database.crawl(by_id("s"), access, OPTIONS)):
        with pytest.raises(NotADatabase):
            call()
    assert (tmp_path / "notes.txt").read_text() == "not a database"


def test_nothing_is_left_open(crawled: Database) -> None:
    crawled.graph()
    crawled.crawls()
    with warnings.catch_warnings():
        warnings.simplefilter("error", ResourceWarning)
        gc.collect()
    assert {path.name for path in crawled.path.parent.iterdir()} == {"g.db"}


@pytest.mark.parametrize(
    ("seeds", "simulated", "name"),
    [
        (["instagram:nasa"], False, "instagram-nasa.html"),
        (["instagram:nasa", "youtube:id:UC1"], True, "demo-instagram-nasa-and-1-more.html"),
        (["youtube:id:UC_x-1"], False, "youtube-uc_x-1.html"),
        (["instagram:../../etc/passwd"], False, "instagram-etc-passwd.html"),
        (["instagram:東京"], False, "instagram-東京.html"),
        (["x:" + "n" * 500], False, "x-" + "n" * 58 + ".html"),
        ([], True, "demo-all.html"),
        (["(forgotten)"], False, "forgotten.html"),
        (["::"], False, "map.html"),
    ],
)
def test_a_maps_name(seeds: list[str], simulated: bool, name: str) -> None:
    assert map_name(seeds, simulated=simulated) == name


def test_the_past_and_what_changed_since(crawled: Database, access: Access) -> None:
    at = datetime.now(UTC)
    result = crawled.refresh(access, OPTIONS)
    assert result is not None
    assert result.exit_code == 0
    assert result.record.asked == 3
    assert crawled.graph(at=at) == crawled.graph(at=datetime.now(UTC))
    assert crawled.graph(at=at).nodes == crawled.graph(1).nodes
    assert crawled.diff(1, 2).alterations == crawled.diff(at, 2).alterations == ()
    young = RefreshScope(older_than=at - timedelta(days=1))
    assert crawled.refresh(access, OPTIONS, scope=young) is None
    assert "as known on" in crawled.map(at=at).html
    assert "What changed from crawl 1 to crawl 2" in crawled.map(diff=(1, 2)).html


def test_a_moment_needs_its_time_zone(crawled: Database) -> None:
    naive = datetime(2026, 1, 31)
    for ask in (lambda: crawled.graph(at=naive), lambda: crawled.diff(naive, 1)):
        with pytest.raises(InputError, match="time zone"):
            ask()
