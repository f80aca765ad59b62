"""Some accounts for a listing: as the whole graph has them, in the order that was asked for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from graphcrawl.store import Store, add_tags, read_graph, read_listed
from tests.worlds import World, by_id, crawl, new_store, random_lists


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "g.db") as opened:
        yield opened


def test_accounts_are_as_the_graph_has_them(store: Store) -> None:
    lists = random_lists(700, 6, seed=1)
    crawl(store, World(lists), by_id("u0"), None)
    crawl(store, World(lists), by_id("u1", "nobody"), 2)
    for crawl_id in (None, 1, 2):
        nodes = read_graph(store, crawl_id).nodes[::-1]
        listed = read_listed(store, [node.id for node in nodes], crawl_id)
        assert [one.node for one in listed] == nodes
    assert len(read_graph(store, 1).nodes) > 500, "more than one statement reads"


def test_tags_come_along_and_who_is_gone_does_not(store: Store) -> None:
    crawl(store, World({"s": ["a"]}), by_id("s"), 1)
    add_tags(store, by_id("a"), ["press", "ask"])
    listed = read_listed(store, [2, 99, 1])
    assert [(one.node.id, one.tags) for one in listed] == [(2, ("ask", "press")), (1, ())]
