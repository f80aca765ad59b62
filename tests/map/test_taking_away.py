"""What is taken away from a page: the table as CSV, a picture, the address."""

from __future__ import annotations

import csv
import io
import re
import struct
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from graphcrawl.graph import ConnectionGraph
from graphcrawl.map import describe, draw
from tests.map.asking import drawn, picked
from tests.map.conftest import CLIPBOARD, STILL, OpenMap, Watched
from tests.map.graphs import HOSTILE, crawl, graph, hostile, node, sample

pytestmark = pytest.mark.browser


def reopened(open_map: OpenMap, watched: Watched, html: str) -> Watched:
    """Open the same page anew at the address that the first one shows."""
    watched.page.wait_for_timeout(400)
    fragment = watched.page.evaluate("location.hash")
    other = open_map(html)
    other.page.goto(f"{other.page.url}{fragment}")
    other.page.reload()
    other.settle()
    return other


def test_the_table_sorts_and_leaves_what_is_not_known_last(open_map: OpenMap) -> None:
    rates = [3.0, None, 1.0, 20.0, None]
    nodes = [node(at, er=er, subscribers_count=10**at) for at, er in enumerate(rates)]
    page = open_map(drawn(graph(nodes, {0: [1, 2, 3, 4]}))).page
    page.click("#accounts summary")
    page.wait_for_selector("#accounts tbody tr", state="attached")
    heading = page.locator("#accounts thead button", has_text="Engagement")
    cells = page.locator("#accounts tbody td:nth-child(5)")
    heading.click()
    assert cells.all_inner_texts() == ["20", "3", "1", "", ""]
    heading.click()
    assert cells.all_inner_texts() == ["1", "3", "20", "", ""]
    sorted_by = page.locator("#accounts th[aria-sort]")
    assert sorted_by.get_attribute("aria-sort") == "ascending"
    assert page.evaluate("document.activeElement.textContent").startswith("Engagement")


def test_a_long_table_comes_in_two_parts_and_sorts_as_one(open_map: OpenMap) -> None:
    page = open_map(drawn(crawl(700, 20))).page
    page.click("#accounts summary")
    page.wait_for_selector("#accounts tbody tr", state="attached")
    rows = page.locator("#accounts tbody tr")
    assert rows.count() == 500
    page.locator("#accounts thead button", has_text="Account").click()
    first = page.locator("#accounts tbody th").first.inner_text()
    page.get_by_text("Show the other 200 rows").click()
    assert rows.count() == 700
    assert page.locator("#accounts tbody th").first.inner_text() == first
    assert page.evaluate("document.activeElement.closest('tr').rowIndex") == 501


def _copied(page: Page) -> list[dict[str, str]]:
    page.get_by_text("Copy as CSV").click()
    page.wait_for_selector("#said:not([hidden])")
    text: str = page.evaluate("navigator.clipboard.readText()")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def test_the_csv_holds_what_is_shown(open_map: OpenMap) -> None:
    page = open_map(drawn(crawl(40, 9)), permissions=CLIPBOARD).page
    page.uncheck("#legend input[value=youtube]")
    page.click("#accounts summary")
    page.wait_for_selector("#accounts tbody tr", state="attached")
    rows = _copied(page)
    assert len(rows) == 33
    assert {row["network"] for row in rows}.isdisjoint({"youtube"})
    assert all(row["followers"].isdecimal() and row["source"] == "simulated" for row in rows)
    assert "the others are hidden" in page.locator("#accounts caption").inner_text()


def test_no_cell_of_the_csv_is_a_formula(open_map: OpenMap) -> None:
    texts = ["=1+1", "+1", "-1", "@a", "\t=1", " =1", "＝1", 'say "a, b"', *HOSTILE]
    nodes = [node(0)] + [
        node(at, title=text, username=text, social_id=text, state=text)
        for at, text in enumerate(texts, start=1)
    ]
    one = graph(nodes, {0: list(range(1, len(nodes)))})
    page = open_map(drawn(one), permissions=CLIPBOARD).page
    page.click("#accounts summary")
    page.wait_for_selector("#accounts tbody tr", state="attached")
    rows = _copied(page)
    assert len(rows) == len(nodes)
    for row in rows:
        for cell in row.values():
            assert not re.match(r"[\s\u200b\ufeff]*[=+\-@＝＋－＠]", cell), cell
    assert any(row["title"] == "'=1+1" for row in rows)
    assert any(row["title"] == 'say "a, b"' for row in rows)


@pytest.mark.parametrize("one", [crawl(40, 9), hostile()], ids=["simulated", "hostile"])
def test_the_picture_is_a_png_with_title_and_banner(
    open_map: OpenMap, one: ConnectionGraph, tmp_path: Path
) -> None:
    page = open_map(draw(one, heading=describe(one, seeds=[HOSTILE[1]], rate=95))).page
    with page.expect_download() as download:
        page.click("#do-picture")
    file = tmp_path / "map.png"
    download.value.save_as(file)
    assert download.value.suggested_filename == "graphcrawl-map.png"
    head = file.read_bytes()[:24]
    assert head.startswith(b"\x89PNG\r\n")
    width, height = struct.unpack(">II", head[16:])
    size = page.evaluate(
        "(({ width, height }) => [width, height])(graphcrawlMap.place.querySelector('canvas'))"
    )
    assert width == size[0]
    assert height > size[1] + 50
    written = page.evaluate(
        """() => {
          const said = [], plain = CanvasRenderingContext2D.prototype.fillText;
          CanvasRenderingContext2D.prototype.fillText = function (text, ...rest) {
            said.push(text);
            return plain.call(this, text, ...rest);
          };
          graphcrawlMap.picture();
          CanvasRenderingContext2D.prototype.fillText = plain;
          return said.join(" ");
        }"""
    )
    assert page.locator("h1").inner_text() in written
    assert ("Simulated data: a simulator" in written) == (one.origin == "simulated")


def test_the_address_holds_the_view_and_brings_it_back(open_map: OpenMap) -> None:
    html = drawn(crawl(40, 9))
    watched = open_map(html, **STILL)
    page = watched.page
    page.uncheck("#legend input[value=youtube]")
    page.select_option("#least", "1000")
    page.fill("#query", "ka")
    page.evaluate("graphcrawlMap.choose(5)")
    before = page.evaluate("graphcrawlMap.view.position")
    other = reopened(open_map, watched, html).page
    assert picked(other) == picked(page)
    assert not other.is_checked("#legend input[value=youtube]")
    assert other.input_value("#least") == "1000"
    assert other.input_value("#query") == "ka"
    after = other.evaluate("graphcrawlMap.view.position")
    assert after == pytest.approx(before, rel=0.01, abs=0.2)
    assert other.locator("#panel").is_visible()
    assert "Hidden by the legend" in other.locator("#hidden").inner_text()


def test_a_place_on_a_wide_screen_is_the_same_place_on_a_tall_one(open_map: OpenMap) -> None:
    html = drawn(crawl(40, 9))
    watched = open_map(html, **STILL)
    watched.page.evaluate("graphcrawlMap.view.goBack({ x: 120, y: -40, scale: 1.5 })")
    watched.page.evaluate("graphcrawlMap.remember()")
    other = reopened(open_map, watched, html)
    other.page.set_viewport_size({"width": 390, "height": 800})
    other.page.reload()
    other.settle()
    assert other.page.evaluate("graphcrawlMap.model.upright")
    assert other.page.evaluate("graphcrawlMap.network.getViewPosition()") == pytest.approx(
        {"x": -40, "y": 120}, abs=1
    )


@pytest.mark.parametrize(
    "fragment",
    [
        "pick=0&to=0&at=1e999,NaN,-1&least=-5&hide=__proto__:x&q=%ff%zz",
        "pick=99999&to=-1&at=1,2,0",
        "pick=__proto__&to=constructor&hide=network:&hide=constructor",
        "q=" + "<img src=x onerror=window.__pwned=1>" * 9,
        "pick=1e0&at=" + "9" * 5000,
        "hide=network:instagram&" * 3000,
        "</script><script>window.__pwned=1</script>",
        "javascript:window.__pwned=1",
        "at=0,0,1e-300&least=Infinity",
    ],
)
def test_a_hostile_address_breaks_nothing(open_map: OpenMap, fragment: str) -> None:
    watched = open_map(drawn(sample()))
    page = watched.page
    page.evaluate("(fragment) => { location.hash = fragment; }", fragment)
    page.wait_for_timeout(50)
    watched.settle()
    assert page.evaluate("window.__pwned") is None
    view: dict[str, Any] = page.evaluate(
        "({ ...graphcrawlMap.network.getViewPosition(), scale: graphcrawlMap.network.getScale() })"
    )
    assert 0.01 <= view["scale"] <= 10
    assert abs(view["x"]) <= 1e6
    page.evaluate("graphcrawlMap.undo()")
    page.fill("#query", "artemis")
    page.keyboard.press("Enter")
    assert picked(page) == "NASA Artemis"


def test_hostile_texts_stay_texts_in_every_view(open_map: OpenMap) -> None:
    one = hostile()
    watched = open_map(drawn(one), permissions=CLIPBOARD, **STILL)
    page = watched.page
    before = page.evaluate("document.querySelectorAll('script, style').length")
    page.click("#accounts summary")
    page.wait_for_selector("#accounts tbody tr", state="attached")
    for text in HOSTILE:
        page.fill("#query", text[:100].replace("\x00", "").encode("utf-8", "replace").decode())
        page.keyboard.press("Enter")
        page.evaluate("graphcrawlMap.pair(true); graphcrawlMap.choose(0)")
        watched.settle()
        page.evaluate("graphcrawlMap.choose(null)")
    page.fill("#query", "")
    for box in page.locator("#legend input[data-facet]").all():
        box.evaluate("(box) => box.click()")
    assert _copied(page) == []
    assert page.locator("#hidden").inner_text().startswith("Hidden by the legend: 19 of 19")
    page.click("#hidden button")
    assert len(_copied(page)) == len(one.nodes)
    assert page.evaluate("window.__pwned") is None
    assert page.evaluate("document.querySelectorAll('script, style').length") == before
    assert page.locator("img, iframe, object, embed, form, base, link").count() == 0
