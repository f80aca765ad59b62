"""Clusters as rows: read by SQL, numbered on, and clean of those who were forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from graphcrawl.errors import StoreError
from graphcrawl.model import AccountRef
from graphcrawl.store import (
    ClusteringFacts,
    ClusteringSettings,
    Store,
    forget_account,
    highest_cluster,
    newest_clustering,
    newest_settings,
    open_for_reading,
    read_graph,
    save_clustering,
    start_crawl,
)
from graphcrawl.store.clusterings import move_memberships
from tests.worlds import NETWORK, World, answer, by_id, by_name, crawl, new_store, rows, run

SETTINGS = ClusteringSettings("leiden", "one", 1.0, 0, None)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "g.db") as opened:
        crawl(opened, World({"a": ["b", "c", "d"], "b": [], "c": [], "d": []}), by_id("a"), 2)
        yield opened


def ids(store: Store) -> dict[str | None, int]:
    return {node.social_id: node.id for node in read_graph(store).nodes}


def facts(store: Store, **clusters: int) -> ClusteringFacts:
    keys = ids(store)
    numbers = {keys[name]: number for name, number in clusters.items()}
    return ClusteringFacts("engine 1", 0.5, numbers, {n: f"name {n}" for n in numbers.values()})


def test_what_is_saved_is_read_back(store: Store) -> None:
    found = facts(store, a=1, b=1, c=2, d=2)
    key = save_clustering(store, SETTINGS, found)
    assert newest_clustering(store, SETTINGS) == (key, found)
    sql = """
        SELECT social_id, memberships.cluster, clusters.name FROM memberships
        JOIN nodes ON nodes.id = node_id JOIN clusters USING (clustering_id, cluster)
        ORDER BY social_id
    """
    assert [tuple(row) for row in rows(store, sql)] == [
        ("a", 1, "name 1"),
        ("b", 1, "name 1"),
        ("c", 2, "name 2"),
        ("d", 2, "name 2"),
    ]


def test_the_same_again_is_not_stored_again(store: Store) -> None:
    found = facts(store, a=1, b=1, c=2, d=2)
    key = save_clustering(store, SETTINGS, found)
    assert save_clustering(store, SETTINGS, found) == key
    changed = save_clustering(store, SETTINGS, replace(found, modularity=None))
    assert changed != key
    assert save_clustering(store, SETTINGS, replace(found, engine="engine 2")) not in (key, changed)


@pytest.mark.parametrize(
    "other",
    [
        replace(SETTINGS, method="louvain"),
        replace(SETTINGS, weight="mutual"),
        replace(SETTINGS, resolution=1.1),
        replace(SETTINGS, rng_seed=1),
        replace(SETTINGS, crawl_id=1),
    ],
)
def test_other_settings_have_numbers_of_their_own(store: Store, other: ClusteringSettings) -> None:
    save_clustering(store, SETTINGS, facts(store, a=7))
    assert newest_clustering(store, other) is None
    assert highest_cluster(store, other) == 0
    key = save_clustering(store, other, facts(store, a=3, b=4))
    assert newest_clustering(store, other) == (key, facts(store, a=3, b=4))
    assert highest_cluster(store, other) == 4
    assert highest_cluster(store, SETTINGS) == 7


def test_what_was_asked_for_last_is_the_newest(store: Store) -> None:
    """Whatever other settings found, and for whichever crawl others were asked."""
    assert newest_settings(store, None) is None
    found, finer = facts(store, a=1, b=1, c=1, d=1), replace(SETTINGS, resolution=2.0)
    first = save_clustering(store, SETTINGS, found)
    second = save_clustering(store, finer, found)
    assert newest_settings(store, None) == (finer, found.engine)
    of_a_crawl = replace(SETTINGS, crawl_id=1)
    save_clustering(store, of_a_crawl, found)
    assert newest_settings(store, 1) == (of_a_crawl, found.engine)
    assert newest_settings(store, 2) is None
    assert save_clustering(store, finer, found) == second
    again = save_clustering(store, SETTINGS, found)
    assert again > second > first
    assert newest_settings(store, None) == (SETTINGS, found.engine)
    assert save_clustering(store, SETTINGS, found) == again


def test_the_highest_number_is_remembered_when_its_cluster_is_gone(store: Store) -> None:
    save_clustering(store, SETTINGS, facts(store, a=1, b=9))
    save_clustering(store, SETTINGS, facts(store, a=1, b=1))
    assert highest_cluster(store, SETTINGS) == 9


def test_accounts_that_went_meanwhile_are_left_out_with_the_names_they_gave(store: Store) -> None:
    found = facts(store, a=1, b=1, c=2, d=3)
    forget_account(store, AccountRef(NETWORK, social_id="c"))
    key = save_clustering(store, SETTINGS, found)
    assert newest_clustering(store, SETTINGS) == (
        key,
        replace(facts(store, a=1, b=1, d=3), names={1: "name 1", 2: None, 3: "name 3"}),
    )


def test_forgetting_takes_the_membership_and_the_clusters_name(store: Store) -> None:
    key = save_clustering(store, SETTINGS, facts(store, a=1, b=1, c=2, d=2))
    older = save_clustering(store, replace(SETTINGS, rng_seed=5), facts(store, a=1, b=2))
    forget_account(store, AccountRef(NETWORK, social_id="b"))
    names = "SELECT clustering_id, cluster, name FROM clusters ORDER BY 1, 2"
    assert [tuple(row) for row in rows(store, names)] == [
        (key, 1, None),
        (key, 2, "name 2"),
        (older, 1, "name 1"),
        (older, 2, None),
    ]
    assert rows(store, "SELECT count(*) FROM memberships")[0][0] == 4


def test_a_seed_that_becomes_another_account_brings_its_place(store: Store) -> None:
    keys = ids(store)
    key = save_clustering(store, SETTINGS, facts(store, a=1, b=2))
    twice = save_clustering(store, replace(SETTINGS, rng_seed=5), facts(store, a=1, b=2, c=3))
    with store.engine.begin() as connection:
        move_memberships(connection, keys["b"], keys["c"])
    members = "SELECT clustering_id, cluster FROM memberships WHERE node_id = {} ORDER BY 1"
    assert [tuple(row) for row in rows(store, members.format(keys["c"]))] == [(key, 2), (twice, 3)]
    names = f"SELECT cluster, name FROM clusters WHERE clustering_id = {twice} ORDER BY 1"
    assert [tuple(row) for row in rows(store, names)] == [(1, "name 1"), (2, None), (3, "name 3")]


def test_a_crawl_that_learns_who_its_seed_is_moves_its_membership(tmp_path: Path) -> None:
    with new_store(tmp_path / "names.db") as store:
        crawl_id = start_crawl(store, by_name("s"), {"depth": 2})
        (seed,) = read_graph(store).nodes
        found = ClusteringFacts("engine 1", None, {seed.id: 1}, {1: seed.username})
        save_clustering(store, SETTINGS, found)
        # Its own row is in nobody's answer but that of the account it lists.
        hidden = answer(None, "a")
        run(store, crawl_id, World({"a": ["s"], "s": []}, {"s": [hidden]}), 2)
        keys = ids(store)
        assert keys.keys() == {"s", "a"}
        assert keys["s"] != seed.id
        assert rows(store, "SELECT node_id, cluster FROM memberships") == [(keys["s"], 1)]
        forget_account(store, AccountRef(NETWORK, social_id="s"))
        assert rows(store, "SELECT name FROM clusters") == [(None,)]


def test_reading_does_not_write(store: Store) -> None:
    save_clustering(store, SETTINGS, facts(store, a=1))
    reader = open_for_reading(store.path)
    try:
        newest = newest_clustering(reader, SETTINGS)
        assert newest is not None
        with pytest.raises(StoreError):
            save_clustering(reader, SETTINGS, facts(store, a=2))
    finally:
        reader.close()
