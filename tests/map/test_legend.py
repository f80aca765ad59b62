"""The legend as a filter, and the page for everyone: keyboard, contrast, motion, print, phones."""

from __future__ import annotations

import itertools

import pytest
from playwright.sync_api import Page

from graphcrawl.graph import ConnectionGraph
from graphcrawl.map import Heading, describe, draw
from graphcrawl.map.legend import explain
from graphcrawl.map.scene import compose
from graphcrawl.model import Certainty
from tests.map.conftest import OpenMap
from tests.map.graphs import crawl, graph, node, sample

browser = pytest.mark.browser
CANVASES = "document.querySelectorAll('#printed canvas').length"


def drawn(one: ConnectionGraph) -> str:
    return draw(one, heading=describe(one, seeds=["instagram:nasa"], rate=95))


def mixed() -> ConnectionGraph:
    nodes = [
        node(0),
        node(1, state="NEW <b>", visit="done", cause=None),
        node(2, visit="failed", cause="timeout"),
        node(3, visit="failed", cause="private", depth=2),
        node(4, visit="queued", cause=None, depth=2, subscribers_count=None),
        node(6, depth=None, visit=None, cause=None),
    ]
    return graph(nodes, {0: [1, 2], 1: [0, 3, 4]})


def test_every_count_of_the_legend_adds_up() -> None:
    one = crawl(500, 16)
    scene = compose(one, heading=Heading("t", "s"))
    legend = explain(scene)
    for entries in (legend.networks, legend.standings, legend.depths):
        assert sum(int(entry.count) for entry in entries) == 500
    assert sum(int(entry.count) for entry in legend.lines) == len(scene.lines)
    for step in legend.followers:
        enough = [n for n in one.nodes if (n.subscribers_count or 0) >= step.least]
        assert step.count == f"{len(enough):,}"


def test_what_tells_no_two_accounts_apart_is_left_out() -> None:
    legend = explain(compose(graph([node(0)], {}), heading=Heading("t", "s")))
    assert legend.depths == legend.states == legend.lines == ()


def _shown(page: Page) -> list[int]:
    shown: list[int] = page.evaluate(
        "graphcrawlMap.model.marks.map((m) => m.id)"
        ".filter((id) => graphcrawlMap.network.body.nodeIndices.includes(id))"
    )
    return shown


@browser
@pytest.mark.parametrize(
    ("facet", "value", "left", "said"),
    [
        ("network", "instagram", [1, 2, 3, 4], "2 of 6 accounts (instagram)"),
        ("standing", "failed", [0, 1, 3, 4, 6], "1 of 6 accounts (asked without an answer)"),
        ("standing", "private", [0, 1, 2, 4, 6], "1 of 6 accounts (private)"),
        ("standing", "waiting", [0, 1, 2, 3, 6], "1 of 6 accounts (not asked yet)"),
        ("depth", "2", [0, 1, 2, 6], "2 of 6 accounts (depth 2)"),
        ("depth", "none", [0, 1, 2, 3, 4], "1 of 6 accounts (in no crawl)"),
        ("state", "NEW <b>", [0, 2, 3, 4, 6], "1 of 6 accounts (report NEW <b>)"),
    ],
)
def test_what_is_unticked_goes_and_is_said(
    open_map: OpenMap, facet: str, value: str, left: list[int], said: str
) -> None:
    page = open_map(drawn(mixed())).page
    assert page.locator("#hidden").is_hidden()
    box = page.locator(f"#legend input[data-facet={facet}][value='{value}']")
    box.evaluate("(box) => box.closest('details').open = true")
    box.uncheck()
    assert _shown(page) == left
    assert said in page.locator("#hidden").inner_text()
    lines = page.evaluate(
        "graphcrawlMap.model.shownLines.map(({ source, target }) => "
        "[source, target].map((at) => graphcrawlMap.model.marks[at].id))"
    )
    assert all(end in left for line in lines for end in line)
    page.click("#hidden button")
    assert _shown(page) == [0, 1, 2, 3, 4, 6]
    assert page.locator("#hidden").is_hidden()


@browser
def test_too_few_followers_and_unknown_ones_go_together(open_map: OpenMap) -> None:
    page = open_map(drawn(mixed())).page
    page.select_option("#least", "1000")
    assert _shown(page) == [2, 3, 6]
    assert "fewer than 1K followers, or not known" in page.locator("#hidden").inner_text()


@browser
def test_a_kind_of_connection_goes_without_its_accounts(open_map: OpenMap) -> None:
    page = open_map(drawn(mixed())).page
    page.uncheck("#legend input[value=unknown]")
    assert _shown(page) == [0, 1, 2, 3, 4, 6]
    kinds = page.evaluate("graphcrawlMap.model.shownLines.map(({ certainty }) => certainty)")
    assert kinds == [Certainty.MUTUAL.value]
    assert "connections that are unknown" in page.locator("#hidden").inner_text()


@browser
def test_hidden_accounts_cannot_be_hit_and_are_marked_where_they_are_named(
    open_map: OpenMap,
) -> None:
    watched = open_map(drawn(sample()))
    page = watched.page
    page.uncheck("#legend input[value=youtube]")
    spot = watched.spot(4)
    page.mouse.click(*spot)
    assert page.locator("#panel").is_hidden()
    page.fill("#query", "video")
    assert "hidden by the legend" in page.locator("#found").inner_text()
    page.keyboard.press("Enter")
    assert "Not drawn: hidden by the legend." in page.locator("#panel").inner_text()


@browser
def test_a_crowd_is_filtered_in_its_bitmap_too(open_map: OpenMap) -> None:
    page = open_map(drawn(crawl(1500, 30, rng_seed=2))).page
    ink = """() => {
      const { bitmap } = graphcrawlMap.edges;
      const { data } = bitmap.getContext("2d").getImageData(0, 0, bitmap.width, bitmap.height);
      let sum = 0;
      for (let at = 3; at < data.length; at += 4) sum += data[at];
      return sum;
    }"""
    assert page.evaluate(ink) > 0
    for kind in ("mutual", "one-way", "unknown"):
        box = page.locator(f"#legend input[value={kind}]")
        if box.count():
            box.uncheck()
    assert page.evaluate(ink) == 0


@browser
def test_every_control_can_be_reached_and_shows_its_focus(open_map: OpenMap) -> None:
    page = open_map(drawn(sample())).page
    page.evaluate("graphcrawlMap.choose(3)")
    wanted = page.evaluate(
        """() => [...document.querySelectorAll("button, input, select, summary, a, .sheet")]
          .filter((one) => one.checkVisibility()).length"""
    )
    page.evaluate("document.activeElement.blur()")
    seen: list[str] = []
    for _ in range(wanted + 8):
        page.keyboard.press("Tab")
        told = page.evaluate(
            """() => {
              const one = document.activeElement, style = getComputedStyle(one);
              window.__seen = (window.__seen || new Set()).add(one);
              return one === document.body ? "" : `${one.tagName} ${style.outlineStyle}`;
            }"""
        )
        seen.append(told)
    assert len(set(seen)) > 3
    assert [line for line in seen if line.endswith(" none")] == []
    reached = page.evaluate(
        """() => [...document.querySelectorAll("button, input, select, summary, a, .sheet")]
          .filter((one) => one.checkVisibility() && !window.__seen.has(one))
          .map((one) => one.outerHTML.slice(0, 80))"""
    )
    assert reached == []


CONTRASTS = """() => {
  const numbers = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((c) => c / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, at) => sum + c * [0.2126, 0.7152, 0.0722][at], 0);
  const ratio = (one, other) => {
    const [a, b] = [light(one), light(other)].sort((x, y) => y - x);
    return (a + 0.05) / (b + 0.05);
  };
  const ground = (one) => {
    for (let at = one; at; at = at.parentElement) {
      const rgb = numbers(getComputedStyle(at).backgroundColor);
      if (rgb.length < 4 || rgb[3] > 0) return rgb;
    }
    return [255, 255, 255];
  };
  const texts = [...document.querySelectorAll("body *")]
    .filter((one) => one.checkVisibility() && !one.closest("svg, #map, noscript, script"))
    .filter((one) => [...one.childNodes].some((n) => n.nodeType === 3 && n.data.trim()))
    .map((one) => [one.textContent.trim().slice(0, 30),
      ratio(numbers(getComputedStyle(one).color), ground(one))]);
  const canvas = document.createElement("canvas").getContext("2d");
  const rgb = (colour) => {
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const theme = graphcrawlMap.view.theme;
  const drawn = { ...theme.kinds };
  for (const name of ["accent", "mutual", "one-way", "unknown"]) drawn[name] = theme[name];
  const signs = Object.entries(drawn).map(([name, colour]) =>
    [name, Math.min(ratio(rgb(colour), rgb(theme.paper)), ratio(rgb(colour), rgb(theme.ring)))]);
  const labels = ["ink", "quiet"].map((name) =>
    [name, Math.min(ratio(rgb(theme[name]), rgb(theme.paper)),
                    ratio(rgb(theme[name]), rgb(theme.ring)))]);
  return { texts: [...texts, ...labels], signs };
}"""


@browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrasts_are_enough_to_read_by(open_map: OpenMap, scheme: str) -> None:
    page = open_map(drawn(crawl(40, 9)), color_scheme=scheme).page
    page.uncheck("#legend input[value=youtube]")
    page.evaluate("graphcrawlMap.choose(39); graphcrawlMap.say('said')")
    page.click("#accounts summary")
    page.wait_for_selector("#accounts tbody tr", state="attached")
    page.fill("#query", "ka")
    found = page.evaluate(CONTRASTS)
    assert len(found["texts"]) > 100
    assert [pair for pair in found["texts"] if pair[1] < 4.5] == []
    # Signs that carry a meaning by themselves: 3 to 1 (WCAG 2.2, 1.4.11).
    assert [pair for pair in found["signs"] if pair[1] < 3] == []


@browser
@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_nothing_flies_for_who_wants_no_motion(open_map: OpenMap, motion: str) -> None:
    page = open_map(drawn(crawl(40, 9)), reduced_motion=motion).page
    steps = page.evaluate(
        """async () => {
          const seen = new Set();
          graphcrawlMap.choose(12);
          for (let at = 0; at < 12; at++) {
            seen.add(graphcrawlMap.network.getViewPosition().x.toFixed(3));
            await new Promise((done) => requestAnimationFrame(done));
          }
          return seen.size;
        }"""
    )
    assert (steps == 1) == (motion == "reduce")


@browser
@pytest.mark.parametrize("size", [5, 20, 50])
@pytest.mark.parametrize("width", [1280, 390])
def test_no_label_lies_over_another_or_under_a_card(
    open_map: OpenMap, size: int, width: int
) -> None:
    one = sample() if size == 5 else crawl(size, 9)
    page = open_map(drawn(one), viewport={"width": width, "height": 800}).page
    boxes = page.evaluate(
        """() => {
          const view = { width: graphcrawlMap.place.clientWidth,
                         height: graphcrawlMap.place.clientHeight };
          return [...graphcrawlMap.labels.shown.map(({ x, y, w, h }) => ({ x, y, w, h })),
                  ...graphcrawlMap.view.covered(view)];
        }"""
    )
    if width == 1280:
        assert page.evaluate("graphcrawlMap.labels.shown.length") >= size * 0.9
    labels = boxes[: page.evaluate("graphcrawlMap.labels.shown.length")]
    crossed = [
        (one_box, other)
        for one_box, other in itertools.product(labels, boxes)
        if one_box is not other
        and one_box["x"] < other["x"] + other["w"]
        and other["x"] < one_box["x"] + one_box["w"]
        and one_box["y"] < other["y"] + other["h"]
        and other["y"] < one_box["y"] + one_box["h"]
    ]
    assert crossed == []


@browser
def test_a_phone_has_room_for_search_panel_and_table(open_map: OpenMap) -> None:
    page = open_map(
        drawn(crawl(40, 9)), viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True
    ).page
    page.tap("#query")
    page.keyboard.type("ka")
    box = page.locator("#found").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    page.keyboard.press("Enter")
    panel = page.locator("#panel").bounding_box()
    assert panel is not None
    assert panel["height"] <= 800 * 0.55
    assert panel["x"] + panel["width"] <= 390
    page.tap("#panel .close")
    page.tap("#accounts summary")
    # The table is filled once it is open; before that anything has room.
    page.wait_for_selector("#accounts tbody tr", state="attached")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    sheet = page.locator("#accounts .sheet")
    assert sheet.evaluate("(one) => one.scrollWidth > one.clientWidth"), "it scrolls by itself"


@browser
def test_paper_gets_the_map_in_light_colours_whole(open_map: OpenMap) -> None:
    page = open_map(drawn(crawl(40, 9)), color_scheme="dark").page
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate(CANVASES) == 1
    corner = page.evaluate(
        "[...document.querySelector('#printed canvas').getContext('2d')"
        ".getImageData(2, 2, 1, 1).data]"
    )
    assert min(corner) > 240
    assert page.locator("#printed").is_visible()
    for gone in ("#tools", "#zoom", "#map"):
        assert page.locator(gone).is_hidden()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.evaluate(CANVASES) == 0
    assert page.evaluate("graphcrawlMap.view.theme.paper") == "#14171c"


@browser
def test_the_way_to_the_table_comes_first(open_map: OpenMap) -> None:
    page = open_map(drawn(sample())).page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "do-table"
    page.keyboard.press("Enter")
    page.wait_for_selector("#accounts tbody tr", state="attached")
    assert page.locator("#accounts tbody tr").count() == 5
    assert page.locator("#accounts caption").inner_text().startswith("5 accounts")
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
