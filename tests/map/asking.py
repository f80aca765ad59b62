"""A page that is asked about few accounts, and what is picked in it."""

from __future__ import annotations

from playwright.sync_api import Page

from graphcrawl.graph import ConnectionGraph
from graphcrawl.map import describe, draw
from tests.map.graphs import graph, node


def drawn(one: ConnectionGraph) -> str:
    return draw(one, heading=describe(one, seeds=["instagram:nasa"], rate=95))


def chain() -> ConnectionGraph:
    """A seed that leads over two accounts to a third; and one that nothing leads to."""
    nodes = [
        node(0, title="Seed"),
        node(1, title="Élan Über", visit="done", cause=None),
        node(2, title="東京タワー", username="tower", visit="done", cause=None, depth=2),
        node(3, title="Far end", depth=3),
        node(4, title="Alone", depth=None, visit=None, cause=None),
    ]
    return graph(nodes, {0: [1], 1: [0, 2], 2: [3]})


def picked(page: Page) -> str | None:
    name: str | None = page.evaluate(
        "graphcrawlMap.chosen === null ? null"
        " : graphcrawlMap.model.marks[graphcrawlMap.chosen].name"
    )
    return name
