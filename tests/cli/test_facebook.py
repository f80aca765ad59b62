"""A real graph through the whole program, against breadth-first search on its own list of edges."""

from __future__ import annotations

import csv
import gzip
import sqlite3
from collections import Counter, defaultdict, deque
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

import graphcrawl
from graphcrawl.cli.main import main
from graphcrawl.simulator import Columns, FaultKind, Faults, FileWorld, OwnRow, Simulator
from tests.cli.running import Cli
from tests.conftest import FacebookPages

pytestmark = pytest.mark.facebook

NASA = "54971236771"
COLUMNS = Columns(id="page_id", title="page_name", source="page_id_1", target="page_id_2")
SEED = ("seed", f"instagram:id:{NASA}", "--rate", "0", "--no-map")

Graph = dict[str, set[str]]
Rows = list[tuple[object, ...]]

EDGES = """
    SELECT s.social_id, t.social_id, certainty
    FROM edge_list JOIN nodes AS s ON s.id = source_id JOIN nodes AS t ON t.id = target_id
"""
DEPTHS = "SELECT social_id, depth FROM visits JOIN nodes ON nodes.id = node_id"


@pytest.fixture(scope="module")
def world(facebook_pages: FacebookPages) -> FileWorld:
    return FileWorld(facebook_pages.nodes, facebook_pages.edges, columns=COLUMNS, undirected=True)


@pytest.fixture(scope="module")
def graph(facebook_pages: FacebookPages) -> Graph:
    """Who likes whom, read from the file by other code than the program's."""
    neighbours: Graph = {}
    with gzip.open(facebook_pages.edges, "rt", encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        for one, other in rows:
            if one != other:
                neighbours.setdefault(one, set()).add(other)
                neighbours.setdefault(other, set()).add(one)
    return neighbours


def searched(graph: Graph, depth: int) -> dict[str, int]:
    """Breadth-first search: depths of all within so many hops of NASA's page."""
    depths, queue = {NASA: 0}, deque([NASA])
    while queue:
        here = queue.popleft()
        if depths[here] == depth:
            continue
        for neighbour in graph.get(here, ()):
            if neighbour not in depths:
                depths[neighbour] = depths[here] + 1
                queue.append(neighbour)
    return depths


def expected_certainties(graph: Graph, depths: dict[str, int], depth: int) -> Counter[str]:
    """Of a way back nothing is known unless the other end was asked, too."""
    asked = {page for page, hops in depths.items() if hops < depth}
    graph = defaultdict(set, graph)
    known = {True: "mutual", False: "one-way"}
    return Counter(
        known[page in graph[other]] if other in asked else "unknown"
        for page in asked
        for other in graph[page]
    )


def rows(path: Path, sql: str) -> Rows:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql).fetchall()


def assert_same(path: Path, graph: Graph, depth: int) -> None:
    depths = searched(graph, depth)
    assert dict(rows(path, DEPTHS)) == depths  # type: ignore[arg-type]
    edges = rows(path, EDGES)
    assert {(source, target) for source, target, _ in edges} == {
        (page, other)
        for page, hops in depths.items()
        if hops < depth
        for other in graph.get(page, ())
    }
    certainties = Counter(str(certainty) for *_, certainty in edges)
    assert certainties == expected_certainties(graph, depths, depth)


@contextmanager
def pointed_at(server: Simulator) -> Iterator[Simulator]:
    with pytest.MonkeyPatch.context() as patch, server:
        patch.setenv("HYPEAUDITOR_URL", server.url)
        patch.setenv("HYPEAUDITOR_ID", "any")
        patch.setenv("HYPEAUDITOR_TOKEN", "any")
        yield server


@pytest.fixture(scope="module")
def two_deep(world: FileWorld, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database of depth 2, after exactly one request for each account that was asked."""
    path = tmp_path_factory.mktemp("facebook") / "two.db"
    with pointed_at(Simulator(world)) as server:
        assert main([*SEED, "--depth", "2", "--db", str(path), "--quiet"]) == 0
        assert server.total == 329
        assert set(server.counts().values()) == {1}, "no account was asked twice"
        assert {record.status for record in server.log} == {200}
    return path


def test_two_hops_are_what_breadth_first_search_finds(two_deep: Path, graph: Graph) -> None:
    assert rows(two_deep, "SELECT count(*) FROM nodes") == [(3977,)]
    assert rows(two_deep, "SELECT count(*) FROM edges") == [(23744,)]
    assert rows(two_deep, "SELECT requests FROM crawls") == [(329,)]
    assert_same(two_deep, graph, 2)
    # What maps are drawn from: the edges as this crawl alone saw them.
    edges = graphcrawl.open(two_deep).graph(1).edges
    expected = expected_certainties(graph, searched(graph, 2), 2)
    assert Counter(edge.certainty.value for edge in edges) == expected


def test_the_summary_counts_them_and_the_map_draws_them(
    cli: Cli, two_deep: Path, world: FileWorld
) -> None:
    with pointed_at(Simulator(world)) as server:
        ended = cli("resume", "1", "--db", str(two_deep))
        assert server.total == 0, "nothing was left to ask"
    assert ended.code == 0
    assert "  3,977 accounts, 23,744 connections, 329 requests, " in ended.out
    assert "  3,648 accounts on the rim were not asked (38 min 24 s at 95 a minute)" in ended.out
    (page,) = Path("output").glob("*.html")
    assert page.stat().st_size > 100_000


def test_a_third_hop_asks_only_for_what_is_new(
    cli: Cli, two_deep: Path, world: FileWorld, graph: Graph, tmp_path: Path
) -> None:
    path = tmp_path / "three.db"
    path.write_bytes(two_deep.read_bytes())
    with pointed_at(Simulator(world)) as server:
        ended = cli("resume", "1", "--depth", "3", "--no-map", "--db", str(path))
        assert ended.code == 0
        assert server.total == 3977 - 329
        assert set(server.counts().values()) == {1}
        before = searched(graph, 1)
        assert not {record.social_id for record in server.log} & before.keys()
    assert "  12,880 accounts, 148,699 connections, 3,977 requests, " in ended.out
    assert_same(path, graph, 3)


FAULTY = Faults(share=1 / 3, kinds=tuple(FaultKind), retry_after=0, hang_seconds=0.05)


@pytest.mark.parametrize(
    ("faults", "own_row"),
    [(FAULTY, OwnRow.FIRST), (None, OwnRow.NEVER), (None, OwnRow.LAST), (FAULTY, OwnRow.NEVER)],
    ids=["faults", "never-its-own-row", "own-row-last", "faults-and-never-its-own-row"],
)
def test_a_worse_server_gives_the_same_graph(
    cli: Cli, world: FileWorld, graph: Graph, faults: Faults | None, own_row: OwnRow
) -> None:
    with pointed_at(Simulator(world, faults=faults, own_row=own_row)) as server:
        ended = cli(*SEED, "--depth", "2", "--db", "graph.db")
        assert ended.code == 0, ended.err
        whole = [r.social_id for r in server.log if r.status == 200 and r.fault is None]
        assert len(whole) == len(set(whole)) == 329, "no account that answered was asked again"
        if faults:
            assert {record.fault for record in server.log} == {None, *FaultKind}
            assert server.total > 329 * 1.3
    assert "  3,977 accounts, 23,744 connections, " in ended.out
    assert_same(Path("graph.db"), graph, 2)


def test_likes_that_are_not_all_returned(cli: Cli, facebook_pages: FacebookPages) -> None:
    """Every like of the file from its first page alone, and every third from both."""
    with gzip.open(facebook_pages.edges, "rt", encoding="utf-8", newline="") as file:
        listed = [(one, other) for one, other in csv.reader(file) if one != other]
    header, *likes = listed
    likes += [(other, one) for one, other in likes[::3]]
    graph: Graph = {}
    for one, other in likes:
        graph.setdefault(one, set()).add(other)
    with Path("likes.csv").open("w", encoding="utf-8", newline="") as target:
        csv.writer(target).writerows([header, *likes])
    world = FileWorld(facebook_pages.nodes, Path("likes.csv"), columns=COLUMNS)
    with pointed_at(Simulator(world)) as server:
        ended = cli(*SEED, "--depth", "2", "--db", "graph.db")
        assert ended.code == 0, ended.err
        assert server.total == len(searched(graph, 1))
    assert_same(Path("graph.db"), graph, 2)
    certainties = {str(row[0]) for row in rows(Path("graph.db"), "SELECT certainty FROM edge_list")}
    assert certainties == {"mutual", "one-way", "unknown"}
