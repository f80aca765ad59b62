"""Clusters of a database are those of its graph, though no object is made of an edge."""

from __future__ import annotations

import os
import pickle
import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import Executor
from pathlib import Path
from random import Random
from typing import Final

import networkx as nx
import pytest

from graphcrawl import findings
from graphcrawl.errors import NothingFound
from graphcrawl.graph import engines, partition
from graphcrawl.graph.communities import find_communities
from graphcrawl.graph.options import ClusterOptions, Engine, Method, Weight, has_networkit
from graphcrawl.graph.partition import Partition
from graphcrawl.graph.ties import Ties
from graphcrawl.outputs import contents_of
from graphcrawl.store import Store, forget_account
from tests.export.made import rows as values
from tests.repository import ROOT
from tests.worlds import World, answer, by_id, by_name, crawl, new_store, random_lists, rows

SCRIPT: Final = """
import sys
from graphcrawl import findings
from graphcrawl.graph import engines
from graphcrawl.graph.options import ClusterOptions, Engine
from graphcrawl.store import open_store

store = open_store(sys.argv[1])
print(ascii(findings.cluster(store, ClusterOptions(engine=Engine(sys.argv[2])), None)))
"""

ENGINES: Final = [
    Engine.GRASPOLOGIC,
    pytest.param(
        Engine.NETWORKIT,
        marks=pytest.mark.skipif(not has_networkit(), reason="the extra `fast` is not installed"),
    ),
]


def a_database(store: Store, seed: int) -> None:
    """Two crawls, and three seeds that nobody has named: they are known by their names alone."""
    random = Random(seed)
    lists = random_lists(60, 4, seed)
    crawl(store, World(lists), by_id("u0", "u1"), 3)
    names = random.sample(["zoe", "amy", "bob"], k=3)
    hidden = {name: [answer(None, *random.sample(sorted(lists), k=2))] for name in names}
    crawl(store, World(lists, hidden), [*by_id("u2"), *by_name(*names)], 2)


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("method", list(Method))
@pytest.mark.parametrize("weight", list(Weight))
def test_they_are_the_communities_of_the_graph(
    tmp_path: Path, seed: int, method: Method, weight: Weight
) -> None:
    with new_store(tmp_path / "g.db") as store:
        a_database(store, seed)
        for crawl_id in (None, 1, 2):
            options = ClusterOptions(method=method, weight=weight, resolution=1.2)
            graph = findings.graph_of(store, crawl_id)
            wanted = find_communities(graph, options)
            found = findings.cluster(store, options, crawl_id)
            assert found.found == wanted
            assert found.accounts == len(graph.nodes)
            assert found.asked == sum(node.visit == "done" for node in graph.nodes)
            assert found.found.numbers() == wanted.numbers()


@pytest.mark.parametrize("seed", range(4))
def test_connections_that_vanished_tie_nobody(tmp_path: Path, seed: int) -> None:
    with new_store(tmp_path / "g.db") as store:
        for of_a_day in (seed, seed + 100):
            lists = random_lists(40, 4, of_a_day)
            crawl(store, World(lists), by_id(*lists), 1)
        assert rows(store, "SELECT count(*) FROM edges WHERE removed_at IS NOT NULL") > [(20,)]
        components = ClusterOptions(method=Method.COMPONENTS)
        for options in (ClusterOptions(), components):
            found = findings.cluster(store, options, None).found
            assert found == find_communities(findings.graph_of(store), options)


def test_accounts_without_an_id_stand_by_their_names(tmp_path: Path) -> None:
    with new_store(tmp_path / "g.db") as store:
        a_database(store, 1)
        unnamed = rows(store, "SELECT username FROM nodes WHERE social_id IS NULL ORDER BY id")
        assert unnamed != sorted(unnamed)


@pytest.mark.parametrize("engine", ENGINES[1:])
def test_every_process_finds_the_same(tmp_path: Path, engine: Engine) -> None:
    with new_store(tmp_path / "g.db") as store:
        a_database(store, 5)
    written = []
    for hash_seed in ("1", "2"):
        shutil.copy(tmp_path / "g.db", tmp_path / "copy.db")
        ran = subprocess.run(
            [sys.executable, "-W", "error", "-c", SCRIPT, tmp_path / "copy.db", engine.value],
            cwd=ROOT,
            check=True,
            capture_output=True,
            env={**os.environ, "PYTHONHASHSEED": hash_seed},
        )
        written.append((ran.stdout, ran.stderr))
    assert written[0] == written[1]
    assert written[0][1] == b""
    assert engine.value.encode() in written[0][0]


def test_members_are_a_sequence_of_nodes(tmp_path: Path) -> None:
    with new_store(tmp_path / "g.db") as store:
        a_database(store, 2)
        nodes = {node.id: node for node in findings.graph_of(store).nodes}
        for one in findings.cluster(store, ClusterOptions(), None).found.communities:
            assert [nodes[key] for key in one.ids()] == list(one.members)
            assert one.members[-1] == list(one.members)[-1]
            assert list(one.members[:2]) == list(one.members)[:2]
            assert set(one.leaders) <= set(one.members)


def test_members_are_read_when_somebody_looks_and_may_be_gone_by_then(tmp_path: Path) -> None:
    with new_store(tmp_path / "g.db") as store:
        crawl(store, World({"a": ["b", "c"], "b": [], "c": []}), by_id("a"), 1)
        (one,) = findings.cluster(store, ClusterOptions(), None).found.communities
        (other,) = findings.cluster(store, ClusterOptions(), None).found.communities
        assert one.members == pickle.loads(pickle.dumps(one.members))
        forget_account(store, by_id("b")[0])
    assert [node.social_id for node in one.members] == ["a", "b", "c"], "it was looked at before"
    assert len(other.members) == 3
    assert repr(other.members) == "<3 accounts>", "to be shown, it reads nothing"
    with pytest.raises(NothingFound, match="1 account of this cluster went after it was found"):
        list(other.members)


def test_who_goes_while_clusters_are_sought_leads_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with new_store(tmp_path / "g.db") as store:
        crawl(store, World({"a": ["b", "c"], "b": [], "c": []}), by_id("a"), 1)
        really_begin = partition.begin_to_divide
        wanted = [str(node.social_id) for node in findings.graph_of(store).nodes]

        def begin(ties: Ties, options: ClusterOptions, pool: Executor) -> Callable[[], Partition]:
            divided = really_begin(ties, options, pool)

            def then() -> Partition:
                for name in wanted[1:]:
                    forget_account(store, by_id(name)[0])
                return divided()

            return then

        monkeypatch.setattr(partition, "begin_to_divide", begin)
        (one,) = findings.cluster(store, ClusterOptions(), None).found.communities
        assert [node.social_id for node in one.leaders] == wanted[:1]
        assert len(one.members) == 3


def test_map_and_exports_have_the_options_that_were_asked_for_last(tmp_path: Path) -> None:
    with new_store(tmp_path / "g.db") as store:
        a_database(store, 3)
        graph = findings.graph_of(store)
        finer = ClusterOptions(method=Method.LOUVAIN, resolution=3.0, rng_seed=4)
        for options in (ClusterOptions(), finer, ClusterOptions()):
            stored = findings.cluster(store, options, None).found.numbers()
            found = findings.found_in(store, graph, None)
            assert {key: one.number for one in found.communities for key in one.ids()} == stored
            exported = [row["cluster"] for row in values(contents_of(store).nodes)]
            assert sorted(exported) == sorted(stored.values())
        of_the_first = findings.communities_of(store, findings.graph_of(store, 1), 1)
        assert of_the_first == find_communities(findings.graph_of(store, 1)), (
            "it has no options yet"
        )


@pytest.mark.skipif(not has_networkit(), reason="the extra fast is not installed")
def test_map_and_exports_have_the_engine_that_was_asked_for_last(tmp_path: Path) -> None:
    with new_store(tmp_path / "g.db") as store:
        a_database(store, 3)
        graph, engines_found = findings.graph_of(store), []
        for engine in (Engine.NETWORKIT, Engine.GRASPOLOGIC):
            stored = findings.cluster(store, ClusterOptions(engine=engine), None).found
            assert findings.communities_of(store, graph, None) == stored
            engines_found.append(stored.engine.partition(" ")[0])
        assert engines_found == ["networkit", "graspologic-native"]


def test_without_the_engine_of_before_another_one_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "has_networkit", lambda: False)
    assert engines.engine_of("networkit 11.2") is Engine.AUTO
    assert engines.engine_of("graspologic-native 1.3") is Engine.GRASPOLOGIC
    assert engines.engine_of("networkx 3.6") is Engine.AUTO


def test_without_a_crawl_or_an_account_there_is_nothing(tmp_path: Path) -> None:
    with new_store(tmp_path / "g.db") as store:
        with pytest.raises(NothingFound, match="holds no account"):
            findings.cluster(store, ClusterOptions(), None)
        crawl(store, World({"a": []}), by_id("a"), 1)
        with pytest.raises(NothingFound, match="no crawl 7"):
            findings.cluster(store, ClusterOptions(), 7)
        forget_account(store, by_id("a")[0])
        with pytest.raises(NothingFound, match="holds no account"):
            findings.cluster(store, ClusterOptions(), 1)


@pytest.mark.parametrize("engine", ENGINES)
def test_large_graphs_are_divided_no_worse_than_by_louvain(
    tmp_path: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "EFFORTS", engines.EFFORTS[-1:])
    random = Random(0)
    ids = [f"u{number}" for number in range(600)]
    lists = {
        one: {ids[at // 20 * 20 + random.randrange(20)] for _ in range(5)} | {random.choice(ids)}
        for at, one in enumerate(ids)
    }
    with new_store(tmp_path / "g.db") as store:
        crawl(store, World({one: sorted(listed) for one, listed in lists.items()}), by_id(*ids), 1)
        graph = findings.graph_of(store)
        judge = nx.Graph((edge.source, edge.target) for edge in graph.edges)
        louvain = nx.community.modularity(judge, nx.community.louvain_communities(judge, seed=0))
        found = findings.cluster(store, ClusterOptions(engine=engine), None).found
        parts = [set(one.ids()) for one in found.communities]
        assert found.modularity == pytest.approx(nx.community.modularity(judge, parts), abs=1e-9)
        assert found.modularity is not None
        assert found.modularity > louvain - 0.001
        assert all(nx.is_connected(judge.subgraph(part)) for part in parts)
