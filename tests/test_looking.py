"""Questions about accounts, answered from a database, against the graph that it holds."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import networkx as nx
import pytest

import graphcrawl
from graphcrawl.addresses import parse_sought
from graphcrawl.database import Database
from graphcrawl.errors import InputError, NothingFound
from graphcrawl.findings import Comparison, Link
from graphcrawl.graph import ConnectionGraph
from graphcrawl.graph.conditions import parse_filter
from graphcrawl.graph.similarity import Measure, Sharing
from graphcrawl.model import Answer, Certainty
from graphcrawl.store import RefreshScope, start_refresh
from tests.worlds import World, account, answer, by_id, crawl, new_store, random_lists, run

LISTS = random_lists(24, 7, 8)


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Database:
    """Two crawls and a refresh of a random world."""
    path = tmp_path_factory.mktemp("looking") / "g.db"
    with new_store(path) as store:
        crawl(store, World(LISTS), by_id("u0"), 4)
        crawl(store, World(LISTS), by_id("u9", "u20"), 3)
        refresh = start_refresh(store, RefreshScope(crawls=(1,)), {"depth": 0})
        assert refresh == 3
        later = {one: listed[1:] for one, listed in LISTS.items()}
        run(store, refresh, World(later), 0)
    return graphcrawl.open(path)


def as_networkx(graph: ConnectionGraph) -> nx.DiGraph:
    names = {node.id: str(node.social_id) for node in graph.nodes}
    made = nx.DiGraph((names[edge.source], names[edge.target]) for edge in graph.edges)
    made.add_nodes_from(names.values())
    return made


def named(social_id: str) -> str:
    return f"instagram:id:{social_id}"


@pytest.mark.parametrize("crawl_id", [None, 2])
@pytest.mark.parametrize("directed", [True, False])
def test_paths_are_networkx_s(database: Database, crawl_id: int | None, directed: bool) -> None:
    whole = database.graph(crawl_id)
    graph = as_networkx(whole)
    seen = graph if directed else graph.to_undirected()
    certainties = {(edge.source, edge.target): edge.certainty for edge in whole.edges}
    ids = sorted(graph)
    lengths = set()
    for one, other in list(zip(ids, ids[::-1], strict=True))[::2]:
        if one == other:
            continue
        ask = {"directed": directed, "crawl_id": crawl_id}
        if not nx.has_path(seen, one, other):
            with pytest.raises(NothingFound, match="path is known from"):
                database.paths(named(one), named(other), **ask)  # type: ignore[arg-type]
            continue
        found = database.paths(named(one), named(other), **ask)  # type: ignore[arg-type]
        listed = [tuple(step.node.social_id for step in path) for path in found]
        assert sorted(listed) == sorted(map(tuple, nx.all_shortest_paths(seen, one, other)))
        assert found.count == len(listed) == len(set(listed))
        assert found.length == nx.shortest_path_length(seen, one, other)
        lengths.add(found.length)
        for path in found:
            assert path[0].link is None
            for before, step in pairwise(path):
                link = step.link
                assert link is not None
                assert {link.source, link.target} == {before.node.id, step.node.id}
                assert link.certainty is certainties[link.source, link.target]
                assert link.source == before.node.id or not directed
    assert len(lengths) > 1


def test_the_most_followed_account_comes_first(tmp_path: Path) -> None:
    lists = {"a": ["b", "c", "d"], "b": ["z"], "c": ["z"], "d": ["z"], "z": []}
    followers = {"b": 5, "c": 900, "d": 40}
    answers = {
        one: [Answer(account(one, subscribers_count=number), (account("z"),))]
        for one, number in followers.items()
    }
    with new_store(tmp_path / "g.db") as store:
        crawl(store, World(lists, answers), by_id("a"), 2)
    found = graphcrawl.open(tmp_path / "g.db").paths(named("a"), named("z"))
    assert [path[1].node.social_id for path in found] == ["c", "d", "b"]


def test_filters_hold_between_the_ends(tmp_path: Path) -> None:
    lists = {"a": ["b", "c"], "b": ["z"], "c": ["d"], "d": ["z"], "z": []}
    few = {"b": [Answer(account("b", subscribers_count=5), (account("z"),))]}
    with new_store(tmp_path / "g.db") as store:
        crawl(store, World(lists, few), by_id("a"), 3)
    database = graphcrawl.open(tmp_path / "g.db")
    database.tag([parse_sought("name.c")], ["press"])

    def over(*conditions: str) -> list[str | None]:
        found = database.paths(named("a"), named("z"), filters=tuple(map(parse_filter, conditions)))
        (path,) = found
        return [step.node.social_id for step in path]

    assert over() == ["a", "b", "z"]
    assert over("followers>=10") == ["a", "c", "d", "z"]
    assert over("tag!=press", "followers<10") == ["a", "b", "z"]
    with pytest.raises(NothingFound, match="over accounts with followers>=10 and tag!=press"):
        over("followers>=10", "tag!=press")
    # The ends have more than 5 followers themselves.
    assert over("followers<=5") == ["a", "b", "z"]


def test_what_no_path_means(tmp_path: Path) -> None:
    lists = {"a": ["b"], "b": ["a"], "c": ["a", "d"]}
    with new_store(tmp_path / "g.db") as store:
        crawl(store, World(lists), by_id("a", "c"), 1)
    asked = graphcrawl.open(tmp_path / "g.db")
    with pytest.raises(NothingFound) as sampled:
        asked.paths(named("a"), named("d"))
    assert "of 2 accounts on the way, the first counted, 1 was not asked" in str(sampled.value)
    assert "with --undirected there is one of 2 steps" in str(sampled.value)
    with pytest.raises(NothingFound) as alone:
        asked.paths(named("d"), named("a"))
    assert "was not asked or gave no whole answer, so a path may exist" in str(alone.value)
    with new_store(tmp_path / "g.db") as store:
        crawl(store, World(lists), by_id("b"), 1)
    with pytest.raises(NothingFound) as known:
        asked.paths(named("a"), named("d"))
    assert "2 accounts on the way, the first counted, told whom they list" in str(known.value)
    assert "by their answers there is none" in str(known.value)


@pytest.mark.parametrize("crawl_id", [None, 1])
@pytest.mark.parametrize("sharing", Sharing)
def test_likeness_is_that_of_sets(
    database: Database, crawl_id: int | None, sharing: Sharing
) -> None:
    graph = as_networkx(database.graph(crawl_id))
    around = graph.pred if sharing is Sharing.LISTED_BY else graph.adj
    told = 0
    for at, one in enumerate(sorted(graph)):
        measure = list(Measure)[at % len(Measure)]
        comparison = Comparison(measure, sharing)
        if not around[one]:
            with pytest.raises(NothingFound):
                database.similar(named(one), comparison, crawl_id=crawl_id)
            continue
        found = database.similar(named(one), comparison, crawl_id=crawl_id)
        expected = {}
        for other in set(graph) - {one}:
            ours, theirs = set(around[one]) - {other}, set(around[other]) - {one}
            if len(ours & theirs) >= 2:
                value = measure.of(len(ours & theirs), len(ours), len(theirs))
                expected[other] = (value, len(ours & theirs), len(theirs))
        assert expected == {
            node.social_id: (likeness.value, likeness.shared, likeness.theirs)
            for node, likeness in found.found
        }
        values = [likeness.value for _, likeness in found.found]
        assert values == sorted(values, reverse=True)
        assert found.neighbours == len(around[one])
        told += len(values)
    assert told


def test_connectors_lie_where_they_are_said_to(database: Database) -> None:
    graph = as_networkx(database.graph()).to_undirected()
    given = sorted(graph)[::8]
    found = database.between(list(map(named, given)))
    assert found.found
    for bond in found.found:
        for touch in bond.touches:
            away = nx.shortest_path_length(graph, bond.node.social_id, touch.node.social_id)
            assert away == touch.distance
            assert (touch.link is None) == (away > 1)
    assert {one.node.social_id for one in found.subjects} == set(given)


@pytest.mark.parametrize("crawl_id", [None, 2])
def test_a_way_is_as_long_as_the_account_is_deep(database: Database, crawl_id: int | None) -> None:
    edges = {
        number: {(edge.source, edge.target) for edge in database.graph(number).edges}
        for number in (1, 2)
    }
    told = set(database.query("SELECT node_id, crawl_id, id FROM answers"))
    for node in database.graph(crawl_id).nodes[::3]:
        page = database.show(f"instagram:id:{node.social_id}", crawl_id=crawl_id)
        assert page.stored.visits
        for visit, way in page.stored.visits:
            assert crawl_id in (None, visit.crawl_id)
            assert visit.is_refresh == (visit.crawl_id == 3) == (way is None)
            for before, step in pairwise(way or ()):
                assert (before.node_id, step.node_id) in edges[visit.crawl_id]
                assert (before.node_id, visit.crawl_id, step.answer_id) in told
            if way is not None:
                assert len(way) - 1 == visit.depth
                assert way[-1].node_id == node.id
                assert way[0].asked_at is None


@pytest.mark.parametrize("crawl_id", [None, 2])
def test_neighbours_are_those_of_the_graph(database: Database, crawl_id: int | None) -> None:
    whole = database.graph(crawl_id)
    edges = {(edge.source, edge.target): edge.certainty for edge in whole.edges}
    database.clusters(crawl_id=crawl_id)
    for node in whole.nodes[::3]:
        page = database.show(f"instagram:id:{node.social_id}", crawl_id=crawl_id)
        expected: dict[int, tuple[Link, Certainty]] = {}
        for other in whole.nodes:
            ours, theirs = edges.get((node.id, other.id)), edges.get((other.id, node.id))
            if ours and theirs:
                expected[other.id] = (Link.BOTH, ours)
            elif ours or theirs:
                link = Link.LISTS if ours else Link.LISTED_BY
                expected[other.id] = (link, ours or theirs or Certainty.UNKNOWN)
        assert expected == {one.node.id: (one.link, one.certainty) for one in page.neighbours}
        assert page.grouping is not None
        assert page.cluster is not None
        assert sum(len(group.members) for group in page.groups) == len(expected)
        for group in page.groups:
            assert {one.cluster for one in group.members} == {group.cluster}
            assert group.name


def test_what_changed_and_what_only_became_known(tmp_path: Path) -> None:
    def told(**values: object) -> World:
        return World({}, {"a": [Answer(account("a", **values), ())]})

    with new_store(tmp_path / "g.db") as store:
        crawl(store, told(title=None, subscribers_count=10), by_id("a"), 1)
        crawl(store, told(title="First", subscribers_count=20), by_id("a"), 1)
        crawl(store, told(title="Second", subscribers_count=20), by_id("a"), 1)
    page = graphcrawl.open(tmp_path / "g.db").show("name.a")
    changes = [(one.name, one.before, one.after) for one in page.changes]
    assert changes == [("subscribers_count", 10, 20), ("title", "First", "Second")]
    assert [one.at for one in page.changes] == [one.valid_to for one in page.stored.former]


def test_what_is_not_known_is_said(tmp_path: Path) -> None:
    lists = {"a": ["b", "gone"], "b": ["c"]}
    with new_store(tmp_path / "g.db") as store:
        crawl(store, World(lists), by_id("a"), 2)
    database = graphcrawl.open(tmp_path / "g.db")

    def unknown(name: str) -> str:
        return "; ".join(database.show(name).unknown)

    assert "the way back from 1 account that it lists" in unknown("name.a")
    assert "whom it lists: it was not asked; it lies on the rim" in unknown("name.c")
    assert "whom it lists: it was asked in vain; the vendor has no report" in unknown("name.gone")
    assert "who else lists it: 2 of 4 accounts did not tell" in unknown("name.b")
    assert "whom it lists" not in unknown("name.b")
    page = database.show("name.b")
    assert page.grouping is None
    assert page.stored.owner is None
    assert not page.stored.has_creators


@pytest.mark.parametrize("crawl_id", [None, 1])
def test_a_partial_answer_does_not_tell_who_else_lists_it(
    tmp_path: Path, crawl_id: int | None
) -> None:
    partial = {"b": [answer("b", "a", skipped=("row 2: no ID",))]}
    with new_store(tmp_path / "g.db") as store:
        crawl(store, World({"a": ["b"]}, partial), by_id("a"), 2)
    page = graphcrawl.open(tmp_path / "g.db").show("name.a", crawl_id=crawl_id)
    assert page.unknown[0] == "who else lists it: 1 of 2 accounts did not tell whom they list"


def test_a_way_is_that_of_the_crawl_s_own_answers(tmp_path: Path) -> None:
    lists = {"a": ["d", "b"], "d": [], "b": ["c"], "c": []}
    with new_store(tmp_path / "g.db") as store:
        crawl(store, World(lists), by_id("a"), 2, workers=1)
        # By now d, which was asked before b, lists c too.
        crawl(store, World({**lists, "d": ["c"]}), by_id("a"), 2, workers=1)
    (_, first), (_, second) = graphcrawl.open(tmp_path / "g.db").show("name.c").stored.visits
    keys = {one.node_id for one in first or ()}, {one.node_id for one in second or ()}
    assert len(keys[0]) == len(keys[1]) == 3
    assert keys[0] != keys[1]


def test_a_way_whose_answers_are_gone_is_not_made_up(tmp_path: Path) -> None:
    with new_store(tmp_path / "g.db") as store:
        crawl(store, World({"a": ["b"], "b": ["c"], "c": []}), by_id("a"), 3)
    database = graphcrawl.open(tmp_path / "g.db")
    database.forget(by_id("b")[0])
    ((visit, way),) = database.show("name.c").stored.visits
    assert (visit.depth, way) == (2, None)


def test_what_cannot_be_asked(database: Database) -> None:
    with pytest.raises(InputError, match="named more than once"):
        database.paths(named("u1"), "name.u1")
    with pytest.raises(InputError, match="two accounts or more"):
        database.between([named("u1")])
    held = {node.id for node in database.graph(2).nodes}
    other = next(node for node in database.graph().nodes if node.id not in held)
    with pytest.raises(NothingFound, match="crawl 2 does not hold instagram:name"):
        database.show(named(str(other.social_id)), crawl_id=2)
    with pytest.raises(NothingFound, match="no crawl 7"):
        database.similar(named("u1"), crawl_id=7)
