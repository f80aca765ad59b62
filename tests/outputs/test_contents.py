"""What of a database is exported: joined with what was found, drawn and seen."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import networkx as nx
import pytest

import graphcrawl
from graphcrawl.cells import plain
from graphcrawl.database import Database
from graphcrawl.errors import NothingFound
from graphcrawl.export import ExportFormat
from graphcrawl.findings import found_in, graph_of
from graphcrawl.graph.conditions import parse_filter
from graphcrawl.map import Heading
from graphcrawl.map.scene import compose
from graphcrawl.outputs import contents_of
from graphcrawl.store import Store, open_for_reading
from tests.export.made import rows
from tests.worlds import World, by_id, crawl, new_store

LISTS = {"s": ["a", "b", "gone"], "a": ["s"], "b": ["c"], "gone": []}


@pytest.fixture
def database(tmp_path: Path) -> Database:
    """Two crawls: in the second one s no longer lists b; c was never asked, d has no report."""
    path = tmp_path / "g.db"
    with new_store(path) as store:
        crawl(store, World({**LISTS, "s": ["a", "b", "d"]}), by_id("s"), 2)
        crawl(store, World({**LISTS, "s": ["a", "d"]}), by_id("s"), 1)
    return graphcrawl.open(path)


@pytest.fixture
def store(database: Database) -> Iterator[Store]:
    with closing(open_for_reading(database.path)) as opened:
        yield opened


def accounts(store: Store, crawl_id: int | None = None) -> dict[str, dict[str, Any]]:
    return {row["social_id"]: row for row in rows(contents_of(store, crawl_id).nodes)}


def edges(store: Store, crawl_id: int | None = None) -> Mapping[tuple[str, str], dict[str, Any]]:
    names = {row["id"]: row["social_id"] for row in accounts(store).values()}
    found = rows(contents_of(store, crawl_id).edges)
    return {(names[row["source"]], names[row["target"]]): row for row in found}


def test_who_was_not_asked_is_marked(store: Store) -> None:
    found = accounts(store)
    assert {name: row["asked"] for name, row in found.items()} == {
        **{"s": True, "a": True, "b": True, "c": False, "d": False}
    }
    assert {name: row["standing"] for name, row in found.items()} == {
        **{"s": "asked", "a": "asked", "b": "asked", "c": "unasked", "d": "failed"}
    }
    assert (found["c"]["cause"], found["d"]["cause"]) == ("rim", "not-found")
    assert "expanded_at" in found["s"]
    assert "expanded_at" not in found["c"]
    assert found["s"]["depth"] == 0


def test_certainty_is_what_is_known(store: Store) -> None:
    found = {ends: row["certainty"] for ends, row in edges(store, 1).items()}
    assert found == {
        ("s", "a"): "mutual",
        ("a", "s"): "mutual",
        ("s", "b"): "one-way",
        ("s", "d"): "unknown",
        ("b", "c"): "unknown",
    }


def test_what_vanished_is_told_by_its_crawl_alone(store: Store) -> None:
    assert ("s", "b") not in edges(store)
    of_crawl = edges(store, 1)
    assert {ends for ends, row in of_crawl.items() if "removed_at" in row} == {("s", "b")}
    assert all("first_seen_at" in row for row in of_crawl.values())


def test_positions_colours_and_sizes_are_the_maps(store: Store) -> None:
    graph = graph_of(store)
    scene = compose(graph, heading=Heading("", ""), found=found_in(store, graph, None))
    spots = contents_of(store, is_drawn=True).spots
    assert [(one.x, -one.y, one.size) for one in spots] == [
        (mark.x, mark.y, mark.radius) for mark in scene.marks
    ]
    assert len({(one.x, one.y) for one in spots}) == len(graph.nodes)
    colors = {mark.social_id: spot.color for mark, spot in zip(scene.marks, spots, strict=True)}
    assert colors["s"] == (0xC2, 0x52, 0x8F), "instagram's, in the light theme"
    assert colors["c"] == (237, 208, 222), "pale: it was not asked"


def test_what_was_found_and_added_is_joined(database: Database, store: Store) -> None:
    found = accounts(store)
    clusters = {
        node.social_id: (one.number, one.name)
        for one in found_in(store, graph_of(store), None).communities
        for node in one.members
    }
    assert {name: (row["cluster"], row["cluster_name"]) for name, row in found.items()} == clusters
    assert found["s"]["label"] == "Title of s"


def test_it_says_what_it_is(store: Store) -> None:
    about = contents_of(store, 1).about
    assert about["origin"] == "simulated"
    assert about["title"] == "name.s on instagram, depth 2"
    assert (about["nodes"], about["edges"], about["crawl"]) == (5, 5, 1)
    newest = max(row["last_seen_at"] for row in rows(contents_of(store).nodes))
    assert about["last_seen_at"] == plain(newest)
    words = contents_of(store).words()
    assert "Simulated data: a simulator stood in for HypeAuditor." in words
    assert "1 on the rim was not asked" in words
    assert "not known to be absent" in words


def test_filters_keep_accounts_and_what_connects_them(store: Store) -> None:
    held = contents_of(store, None, [parse_filter("depth<=1")])
    assert {row["social_id"] for row in rows(held.nodes)} == {"s", "a", "b", "d"}
    assert "Only accounts with depth<=1; 1 other account left out." in held.words()
    assert (held.nodes.count, held.edges.count, held.about["edges"]) == (4, 3, 3)
    # Of all that the whole holds of them, clusters and moments too.
    for part, all_rows in ((held.nodes, accounts(store)), (held.edges, edges(store))):
        assert all(row in all_rows.values() for row in rows(part))


def test_moments_of_what_is_chosen_are_its_own(store: Store) -> None:
    held = contents_of(store, 1, [parse_filter("network=instagram"), parse_filter("depth>=1")])
    (row,) = rows(held.edges)
    (whole,) = (one for one in edges(store, 1).values() if one["target"] == row["target"])
    assert row == whole


def test_a_filter_that_nobody_fulfils(store: Store) -> None:
    with pytest.raises(NothingFound, match="network=twitch"):
        contents_of(store, None, [parse_filter("network=twitch")])


def test_from_python(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "out.graphml"
    before = database.path.read_bytes()
    written = database.export(path, ExportFormat.GRAPHML, crawl_id=1)
    assert (written.nodes, written.edges, written.origin) == (5, 5, database.origin)
    stream = io.BytesIO()
    database.export_to(stream, ExportFormat.GRAPHML, crawl_id=1)
    assert stream.getvalue() == path.read_bytes()
    assert len(nx.read_graphml(path).edges) == 5
    assert database.path.read_bytes() == before


def test_an_empty_database(tmp_path: Path) -> None:
    with new_store(tmp_path / "empty.db"):
        pass
    with pytest.raises(NothingFound, match="no account to export"):
        graphcrawl.open(tmp_path / "empty.db").export(tmp_path / "x", ExportFormat.JSON)
    assert not (tmp_path / "x").exists()
