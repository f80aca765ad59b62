"""Clusters of a database are those of its graph, though no object is made of an edge."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from random import Random
from typing import Final

import networkx as nx
import pytest

from graphcrawl import findings
from graphcrawl.errors import NothingFound
from graphcrawl.graph import engines
from graphcrawl.graph.communities import find_communities
from graphcrawl.graph.options import ClusterOptions, Engine, Method, Weight, has_networkit
from graphcrawl.store import Store, forget_account
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
            assert repr(one.members) == repr(tuple(one.members))
            assert set(one.leaders) <= set(one.members)


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
