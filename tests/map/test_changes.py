"""A map of two days: what is drawn, said and filtered of what changed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from graphcrawl.graph import ConnectionGraph
from graphcrawl.graph.difference import Difference, Side, compare, united
from graphcrawl.map import draw, heading_of
from graphcrawl.map.changes import Fate, explain_changes, with_changes
from graphcrawl.map.legend import explain
from graphcrawl.map.scene import compose
from tests.map.conftest import OpenMap
from tests.map.graphs import graph, hostile, node

browser = pytest.mark.browser
HOSTILE = "</script><img src=x onerror=alert(1)>"


def side(one: ConnectionGraph, name: str) -> Side:
    return Side(one, frozenset(n.id for n in one.nodes if n.visit == "done"), name)


def two_days() -> Difference:
    """0 lists 1, 2 and 4; then 1, 3 and 4; 1 was asked at first only; 4 is called otherwise."""
    asked = {"visit": "done", "cause": None}
    then = graph([node(0), node(1, **asked), node(2), node(4), node(5)], {0: [1, 2, 4], 1: [5]})
    now = graph(
        [node(0), node(1), node(3), node(4, username=HOSTILE, subscribers_count=7)],
        {0: [1, 3, 4]},
    )
    return compare(side(then, "crawl 1"), side(now, "crawl 2"))


def drawn(difference: Difference) -> str:
    return draw(united(difference), heading=heading_of(difference), difference=difference)


def test_every_mark_and_line_has_its_fate() -> None:
    difference = two_days()
    both = united(difference)
    scene = with_changes(compose(both, heading=heading_of(difference)), difference)
    keys = {key: at for at, key in enumerate(sorted(one.id for one in both.nodes))}
    fates = {keys[mark.id]: mark.fate for mark in scene.marks}
    assert fates == {0: "same", 1: "same", 2: "lost", 3: "gained", 4: "changed", 5: "not-known"}
    lines = {
        (keys[scene.marks[line.source].id], keys[scene.marks[line.target].id]): line.fate
        for line in scene.lines
    }
    assert lines == {
        (0, 1): "same",
        (0, 2): "lost",
        (0, 3): "gained",
        (0, 4): "same",
        (1, 5): "not-known",
    }
    legend = explain_changes(explain(scene), scene)
    assert [(entry.value, entry.count) for entry in legend.fates] == [
        (fate.value, "1" if fate is not Fate.SAME else "2") for fate in Fate
    ]
    assert sum(int(entry.count) for entry in legend.tie_fates) == len(scene.lines)


def test_the_heading_says_what_is_not_compared() -> None:
    heading = heading_of(two_days())
    assert heading.title == "What changed from crawl 1 to crawl 2"
    assert "1 account gained, 1 lost; 1 connection gained, 1 lost" in heading.sentence
    assert heading.sentence.endswith(
        "1 account and 1 connection are not compared: only one side asked about them"
    )
    same = two_days().before
    assert heading_of(compare(same, same)).sentence.endswith(
        "what one side did not ask is not compared"
    )


def test_a_page_of_one_day_tells_of_no_changes() -> None:
    page = draw(two_days().after.graph, heading=heading_of(two_days()))
    assert 'data-facet="fate"' not in page
    assert '"fates":[]' in page


def test_the_same_bytes() -> None:
    assert drawn(two_days()) == drawn(two_days())


@browser
def test_fates_filter_and_are_told(open_map: OpenMap) -> None:
    watched = open_map(drawn(two_days()))
    page = watched.page

    def shown() -> int:
        count: int = page.evaluate("graphcrawlMap.model.shown.filter(Boolean).length")
        return count

    assert shown() == 6
    page.locator('input[data-facet="fate"][value="lost"]').uncheck()
    assert shown() == 5
    assert "lost" in page.locator("#hidden").inner_text()
    page.locator('input[data-facet="tie"][value="gained"]').uncheck()
    assert page.evaluate("graphcrawlMap.model.shownLines.some((l) => l.fate === 'gained')") is False
    page.locator("#hidden button").click()
    at = page.evaluate("graphcrawlMap.model.marks.findIndex((m) => m.fate === 'changed')")
    page.evaluate(f"graphcrawlMap.choose({at})")
    panel = page.locator("#panel").inner_text()
    assert "changed: another username, title or state" in panel
    assert HOSTILE in panel
    assert "→" in panel
    hub = page.evaluate("graphcrawlMap.model.marks.findIndex((m) => m.seed)")
    page.evaluate(f"graphcrawlMap.choose({hub})")
    assert "Lists 4, 1 of them no longer" in page.locator("#panel").inner_text()


@browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_fate_is_more_than_a_colour(open_map: OpenMap, scheme: str) -> None:
    page = open_map(drawn(two_days()), color_scheme=scheme).page
    looks = page.evaluate(
        """() => [...document.querySelectorAll('#legend .glyph.line.fate .round')].map((path) => {
          const style = getComputedStyle(path);
          return `${style.strokeDasharray} ${style.strokeWidth}`;
        })"""
    )
    assert len(set(looks)) == len(looks) == 4
    signs = page.evaluate(
        "[...document.querySelectorAll('#legend .fate .sign')].map((s) => s.getAttribute('d'))"
    )
    assert len(set(signs)) == len(signs) == 5


@browser
def test_hostile_accounts_stay_inert(open_map: OpenMap) -> None:
    before = hostile()
    after = replace(
        before, nodes=tuple(replace(one, title=f"{one.title}{HOSTILE}") for one in before.nodes)
    )
    watched = open_map(drawn(compare(side(before, "crawl 1"), side(after, "crawl 2"))))
    watched.page.evaluate("graphcrawlMap.choose(0)")
    assert "What changed" in watched.page.locator("#panel").inner_text()
