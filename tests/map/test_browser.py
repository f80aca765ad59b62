"""The page in a real browser: nothing leaves it, nothing foreign runs, everything is drawn.

`open_map` fails a test, at its end, for any request, script error, console error or dialog.
"""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from playwright.sync_api import Page

from graphcrawl.graph import ConnectionGraph
from graphcrawl.map import describe, draw
from tests.map.conftest import OpenMap, Watched
from tests.map.graphs import crawl, graph, hostile, sample

pytestmark = pytest.mark.browser


def drawn(one: ConnectionGraph) -> str:
    return draw(one, heading=describe(one, seeds=["instagram:nasa"], rate=95))


@pytest.mark.parametrize(
    "one",
    [sample(), crawl(40, 9), crawl(500, 16), crawl(1500, 30, rng_seed=2), hostile(), graph([], {})],
    ids=["5", "40", "500", "1500", "hostile", "empty"],
)
def test_every_account_is_drawn_and_nothing_leaves(open_map: OpenMap, one: ConnectionGraph) -> None:
    watched = open_map(drawn(one))
    shown = watched.page.evaluate(
        """() => {
          const { network } = graphcrawlMap, s = network.getScale();
          const { x, y } = network.getViewPosition();
          const { clientWidth: w, clientHeight: h } = graphcrawlMap.place;
          return Object.values(network.getPositions()).filter((p) =>
            Math.abs(p.x - x) * s <= w / 2 && Math.abs(p.y - y) * s <= h / 2).length;
        }"""
    )
    assert shown == len(one.nodes)


def test_marks_leave_their_colour_on_the_canvas(open_map: OpenMap) -> None:
    watched = open_map(drawn(sample()))
    # The seed is asked: above its initials it is of Instagram's colour itself.
    assert _pixel(watched, 0) == [194, 82, 143]
    # One that was not asked is paler.
    assert min(_pixel(watched, 3)) > 150


def _pixel(watched: Watched, index: int) -> list[int]:
    colour: list[int] = watched.page.evaluate(
        """(index) => {
          const { network, model, place } = graphcrawlMap, { x, y, size } = model.marks[index];
          const canvas = place.querySelector("canvas"), ratio = canvas.width / canvas.clientWidth;
          const spot = network.canvasToDOM({ x, y: y - 0.65 * size });
          return Array.from(canvas.getContext("2d").getImageData(
            Math.round(spot.x * ratio), Math.round(spot.y * ratio), 1, 1).data).slice(0, 3);
        }""",
        index,
    )
    return colour


def test_marks_of_a_crowd_stay_while_it_is_dragged(open_map: OpenMap) -> None:
    watched = open_map(drawn(crawl(1700, 30)))
    largest = watched.page.evaluate("graphcrawlMap.model.ranked.slice(0, 8)")
    before = [_pixel(watched, index) for index in largest]
    spots = [watched.spot(index) for index in largest]
    watched.page.mouse.move(700, 400)
    watched.page.mouse.down()
    watched.page.mouse.move(760, 430, steps=4)
    watched.settle()
    assert watched.page.evaluate("graphcrawlMap.view.dragged")
    moved = [watched.spot(index) for index in largest]
    assert [(round(x - a), round(y - b)) for (x, y), (a, b) in zip(moved, spots, strict=True)] == [
        (60, 30)
    ] * 8
    during = [_pixel(watched, index) for index in largest]
    for one, other in zip(before, during, strict=True):
        # A picture of the marks is a little softer than the marks.
        assert max(abs(a - b) for a, b in zip(one, other, strict=True)) < 60
    watched.page.mouse.up()
    watched.settle()
    assert not watched.page.evaluate("graphcrawlMap.view.dragged")


def test_hostile_texts_are_only_texts(open_map: OpenMap) -> None:
    one = hostile()
    watched = open_map(drawn(one), reduced_motion="reduce")
    page = watched.page
    before = page.evaluate("document.querySelectorAll('script, style').length")
    for index in range(len(one.nodes)):
        # The whole map, beside the legend and without the panel: every mark can be hit.
        page.evaluate("graphcrawlMap.choose(null); graphcrawlMap.view.fit()")
        page.mouse.move(*watched.spot(index))
        page.mouse.click(*watched.spot(index))
        page.evaluate("(index) => graphcrawlMap.choose(index)", index)
        watched.settle()
        told = page.evaluate("document.querySelector('#panel h2').textContent")
        assert told == page.evaluate("(index) => graphcrawlMap.model.marks[index].name", index)
    page.click("#accounts summary")
    page.wait_for_selector("#accounts tbody tr", state="attached")
    page.wait_for_selector("#accounts tbody tr")
    assert page.locator("#accounts tbody tr").count() == len(one.nodes)
    assert page.evaluate("window.__pwned") is None
    assert page.evaluate("document.querySelectorAll('script, style').length") == before
    assert page.locator("img, iframe, object, embed, form, base, link").count() == 0
    for address in page.locator("a").evaluate_all("(all) => all.map((a) => a.href)"):
        assert address.startswith("https://")


def test_a_hostile_heading_is_only_text(open_map: OpenMap) -> None:
    title = "</title><script>window.__pwned=1</script>{{7*7}}\u202e"
    one = sample()
    watched = open_map(draw(one, heading=describe(one, seeds=[title], rate=None)))
    assert watched.page.evaluate("window.__pwned") is None
    assert "{{7*7}}" in watched.page.title() or "</title>" in watched.page.title()
    assert watched.page.locator("h1").inner_text().startswith("</title><script>")


def test_the_policy_stops_what_would_slip_through(open_map: OpenMap) -> None:
    watched = open_map(drawn(sample()))
    watched.page.evaluate(
        """() => {
          const slipped = document.createElement("div");
          slipped.innerHTML =
            "<img src='https://example.invalid/x.png' onerror='window.__pwned=1'>";
          document.body.append(slipped);
          const script = document.createElement("script");
          script.textContent = "window.__pwned = 2";
          document.body.append(script);
        }"""
    )
    watched.page.wait_for_timeout(100)
    assert watched.page.evaluate("window.__pwned") is None
    assert any("Content Security Policy" in fault for fault in watched.faults)
    watched.faults.clear()


@pytest.mark.parametrize("size", [5, 40])
def test_labels_of_a_small_map_do_not_overlap(open_map: OpenMap, size: int) -> None:
    watched = open_map(drawn(sample() if size == 5 else crawl(40, 9)))
    labels = watched.page.evaluate(
        "graphcrawlMap.labels.shown.map(({ x, y, w, h }) => ({ x, y, w, h }))"
    )
    assert len(labels) >= size * 0.9
    assert not [pair for pair in itertools.combinations(labels, 2) if _overlap(*pair)]


def _overlap(one: dict[str, float], other: dict[str, float]) -> bool:
    return (
        one["x"] < other["x"] + other["w"]
        and other["x"] < one["x"] + one["w"]
        and one["y"] < other["y"] + other["h"]
        and other["y"] < one["y"] + one["h"]
    )


def test_a_click_tells_the_facts_and_escape_closes(open_map: OpenMap) -> None:
    watched = open_map(drawn(sample()))
    page = watched.page
    page.mouse.click(*watched.spot(3))
    page.wait_for_selector("#panel:not([hidden])")
    told = page.locator("#panel").inner_text()
    for fact in ("NASA Artemis", "@nasaartemis", "instagram", "2.8M", "1 hop", "not asked"):
        assert fact in told
    assert (
        page.locator("#panel a").get_attribute("href") == "https://www.instagram.com/nasaartemis/"
    )
    page.keyboard.press("Escape")
    assert page.locator("#panel").is_hidden()


def test_hovering_tells_the_facts(open_map: OpenMap) -> None:
    watched = open_map(drawn(sample()))
    watched.page.mouse.move(*watched.spot(0))
    watched.page.wait_for_selector("#tip:not([hidden])")
    told = watched.page.locator("#tip").inner_text()
    assert "NASA" in told
    assert "96.8M" in told
    assert "asked: what it lists is drawn" in told


def test_the_table_leads_to_the_map_by_keyboard(open_map: OpenMap) -> None:
    watched = open_map(drawn(sample()))
    page = watched.page
    page.focus("#accounts summary")
    page.keyboard.press("Enter")
    page.wait_for_selector("#accounts tbody tr")
    page.wait_for_selector("#accounts tbody tr", state="attached")
    assert page.locator("#accounts tbody tr").count() == 5
    page.locator("#accounts tbody .go").first.focus()
    page.keyboard.press("Enter")
    assert "96.8M" in page.locator("#panel").inner_text()


def test_a_crowd_of_lines_stays_out_of_the_data_set_and_the_map_moves(open_map: OpenMap) -> None:
    watched = open_map(drawn(crawl(1500, 30, rng_seed=2)))
    page = watched.page
    assert page.evaluate("graphcrawlMap.edges.crowded")
    assert page.evaluate("graphcrawlMap.network.body.data.edges.length") == 0
    before = _view(page)
    page.mouse.move(900, 130)
    page.mouse.down()
    page.mouse.move(960, 180, steps=4)
    page.mouse.up()
    moved = _view(page)
    page.mouse.wheel(0, -240)
    watched.settle()
    assert moved["x"] < before["x"]
    assert _view(page)["scale"] > before["scale"]
    page.click("[data-zoom=fit]")
    assert _view(page)["scale"] == pytest.approx(before["scale"])


def _view(page: Page) -> dict[str, Any]:
    view: dict[str, Any] = page.evaluate(
        "({ ...graphcrawlMap.network.getViewPosition(), scale: graphcrawlMap.network.getScale() })"
    )
    return view


def test_dark_follows_the_system(open_map: OpenMap) -> None:
    watched = open_map(drawn(sample()), color_scheme="dark")
    assert _pixel(watched, 0) == [224, 127, 180]
    watched.page.emulate_media(color_scheme="light")
    watched.settle()
    assert _pixel(watched, 0) == [194, 82, 143]


def test_a_phone_shows_the_map_upright_and_whole(open_map: OpenMap) -> None:
    one = crawl(40, 9)
    watched = open_map(
        drawn(one), viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True
    )
    page = watched.page
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.evaluate("graphcrawlMap.model.upright")
    for index in range(len(one.nodes)):
        x, y = watched.spot(index)
        assert 0 < x < 390
        assert 0 < y < 800
    page.set_viewport_size({"width": 800, "height": 390})
    page.wait_for_timeout(200)
    assert not page.evaluate("graphcrawlMap.model.upright")


def test_simulated_data_says_so_in_page_title_and_picture(open_map: OpenMap) -> None:
    page = open_map(drawn(crawl(40, 9))).page
    assert page.title().startswith("Simulated data: ")
    assert page.locator("[role=note]").is_visible()
    # In the strip at the foot of the canvas, where the notice is written.
    inked = page.evaluate(
        """() => {
          const canvas = graphcrawlMap.place.querySelector("canvas");
          const strip = canvas.getContext("2d").getImageData(
            canvas.width / 2 - 150, canvas.height - 20, 300, 16).data;
          return new Set(strip).size;
        }"""
    )
    assert inked > 20


@pytest.mark.facebook
def test_a_real_crowd_opens_and_moves(open_map: OpenMap, facebook_crowd: ConnectionGraph) -> None:
    one = facebook_crowd
    assert (len(one.nodes), len(one.edges)) == (3977, 23744)
    watched = open_map(drawn(one))
    assert watched.page.evaluate("graphcrawlMap.network.body.nodeIndices.length") == 3977
    assert watched.page.evaluate("graphcrawlMap.labels.shown.length") > 20
    frames = watched.page.evaluate(
        """async () => {
          const { network } = graphcrawlMap, start = performance.now();
          for (let at = 0; at < 20; at++) {
            network.moveTo({ position: { x: at * 10, y: 0 } });
            graphcrawlMap.view.move();
            await new Promise((done) => requestAnimationFrame(done));
          }
          return 20000 / (performance.now() - start);
        }"""
    )
    assert frames > 5


def test_vendor_data_is_not_called_simulated(open_map: OpenMap) -> None:
    page = open_map(drawn(sample())).page
    assert "imulated" not in page.title()
    assert page.locator("[role=note]").count() == 0
