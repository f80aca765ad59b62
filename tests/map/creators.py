"""A graph of few owners, its page, and what a test does on it."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

from graphcrawl.graph import ConnectionGraph, Decisions, Found, find_creators
from graphcrawl.map import MapOptions, describe, draw
from tests.map.conftest import Watched
from tests.map.graphs import graph, node

CONFIRM = "graphcrawl seed twitter:nasa youtube:nasa --depth 1"
MERGE = "graphcrawl creators merge instagram:nasa instagram:nasaartemis"


def page_of(one: ConnectionGraph, decisions: Decisions | None = None, **options: Any) -> str:
    return draw(
        one,
        heading=describe(one, seeds=["instagram:nasa"], rate=95),
        found=Found(creators=find_creators(one, decisions)),
        options=MapOptions(**options),
    )


def turn(page: Page, by: str) -> None:
    page.click(f"#by [data-by={by}]")


def names(page: Page) -> list[str]:
    found: list[str] = page.evaluate("graphcrawlMap.model.marks.map((mark) => mark.name)")
    return found


def pick(watched: Watched, index: int) -> str:
    """Pick an account and return what the panel says, in one line."""
    watched.page.evaluate("(index) => graphcrawlMap.choose(index)", index)
    return " ".join(watched.page.inner_text("#panel").split())


def world() -> ConnectionGraph:
    """A seed's three accounts, one of them asked, and two owners that list each other."""
    nodes = [
        node(0, network="instagram", username="ann", title="Ann", subscribers_count=100),
        node(1, network="twitter", username="ann", title="Ann", subscribers_count=None),
        node(2, network="youtube", username="ann", title="Ann", subscribers_count=7),
        node(3, network="instagram", username="bob", title="Bob", visit="done", cause=None),
        node(4, network="tiktok", username="bob", title="Bob", visit="done", cause=None),
        node(5, network="twitch", username="cy", title="Cy"),
    ]
    return graph(nodes, {0: [1, 2, 3], 3: [4, 5], 4: [3, 0]})


def by_hand(*parties: set[int]) -> Decisions:
    return Decisions(parties=tuple(map(frozenset, parties)))


TWO = by_hand({0, 1, 2}, {3, 4})
