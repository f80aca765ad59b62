"""Asking the page: search, hovering, the panel, paths, the table, pictures, the address."""

from __future__ import annotations

import csv
import io
import re
import struct
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from graphcrawl.addresses import parse_account
from graphcrawl.graph import ConnectionGraph
from graphcrawl.map import describe, draw
from tests.map.conftest import OpenMap, Watched
from tests.map.graphs import HOSTILE, crawl, graph, hostile, node, sample

pytestmark = pytest.mark.browser

CLIPBOARD = ["clipboard-read", "clipboard-write"]
STILL = {"reduced_motion": "reduce"}


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


def reopened(open_map: OpenMap, watched: Watched, html: str) -> Watched:
    """Open the same page anew at the address that the first one shows."""
    watched.page.wait_for_timeout(400)
    fragment = watched.page.evaluate("location.hash")
    other = open_map(html)
    other.page.goto(f"{other.page.url}{fragment}")
    other.page.reload()
    other.settle()
    return other


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("東京", "東京タワー"),
        ("tower", "東京タワー"),
        ("elan", "Élan Über"),
        ("ＥＬＡＮ uber", "Élan Über"),
        ("00003", "Far end"),
    ],
)
def test_search_finds_by_any_part_in_any_script_and_enter_goes_there(
    open_map: OpenMap, query: str, name: str
) -> None:
    watched = open_map(drawn(chain()), **STILL)
    page = watched.page
    page.keyboard.press("/")
    page.keyboard.insert_text(query)
    assert page.locator("#found [role=option]").count() == 1
    page.keyboard.press("Enter")
    assert picked(page) == name
    assert page.locator("#found").is_hidden()
    index = page.evaluate("graphcrawlMap.chosen")
    x, y = watched.spot(index)
    assert 300 < x < 970
    assert 150 < y < 700
    assert page.evaluate("document.activeElement.textContent") == name


def test_arrows_choose_among_what_is_found_and_say_so(open_map: OpenMap) -> None:
    page = open_map(drawn(sample())).page
    page.keyboard.press("/")
    page.keyboard.type("nasa")
    names = page.locator("#found [role=option] > bdi").all_inner_texts()
    assert len(names) == 5
    for _ in range(5):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    active = page.locator("#query").get_attribute("aria-activedescendant")
    assert active == "found-4"
    assert page.locator(f"#{active}").get_attribute("aria-selected") == "true"
    page.keyboard.press("Enter")
    assert picked(page) == names[4]


def test_nothing_found_is_said(open_map: OpenMap) -> None:
    page = open_map(drawn(sample())).page
    page.fill("#query", "zebra")
    assert "No account" in page.locator("#found").inner_text()
    page.keyboard.press("Enter")
    assert picked(page) is None


def _ink(watched: Watched, index: int) -> int:
    """How far a mark is from white, 0 to 765: above its initials, which may be white."""
    ink: int = watched.page.evaluate(
        """(index) => {
          const { network, model, place } = graphcrawlMap, { x, y, size } = model.marks[index];
          const canvas = place.querySelector("canvas"), ratio = canvas.width / canvas.clientWidth;
          const spot = network.canvasToDOM({ x, y: y - 0.65 * size });
          const [r, g, b] = canvas.getContext("2d").getImageData(
            Math.round(spot.x * ratio), Math.round(spot.y * ratio), 1, 1).data;
          return 765 - r - g - b;
        }""",
        index,
    )
    return ink


def test_hovering_dims_all_but_the_neighbourhood(open_map: OpenMap) -> None:
    watched = open_map(drawn(chain()))
    before = [_ink(watched, at) for at in range(5)]
    watched.page.mouse.move(*watched.spot(0))
    watched.page.wait_for_selector("#tip:not([hidden])")
    watched.settle()
    during = [_ink(watched, at) for at in range(5)]
    # The seed and what it lists stay as they were; the one two hops away fades.
    assert during[:2] == before[:2]
    assert during[2] < before[2] / 2
    watched.page.mouse.move(700, 5)
    watched.settle()
    assert [_ink(watched, at) for at in range(5)] == before


def test_the_panel_tells_why_it_is_here_and_what_is_not_known(open_map: OpenMap) -> None:
    page = open_map(drawn(chain())).page
    page.evaluate("graphcrawlMap.choose(3)")
    names = page.locator("#panel .chain .go").all_inner_texts()
    assert names == ["Seed", "Élan Über", "東京タワー", "Far end"]
    told = page.locator("#panel").inner_text()
    assert "lists, and is listed by," in told
    assert "which accounts it lists" in told
    assert "Engagement\n1 %" in told
    page.evaluate("graphcrawlMap.choose(0)")
    assert "the crawl began here" in page.locator("#panel").inner_text()
    page.evaluate("graphcrawlMap.choose(4)")
    assert "in no crawl" in page.locator("#panel").inner_text()


def test_unknown_values_are_called_unknown(open_map: OpenMap) -> None:
    nodes = [node(0), node(4, network="twitch", er=None), node(1, er=None, subscribers_count=None)]
    page = open_map(drawn(graph(nodes, {0: [1, 4]}))).page
    page.evaluate("graphcrawlMap.choose(1)")
    assert "does not exist on this network" in page.locator("#panel").inner_text()
    page.evaluate("graphcrawlMap.choose(2)")
    told = page.locator("#panel").inner_text()
    assert "how many followers it has" in told
    assert "its engagement" in told


def test_neighbours_lead_there_and_the_focus_follows_and_returns(open_map: OpenMap) -> None:
    page = open_map(drawn(sample()), **STILL).page
    page.click("#accounts summary")
    page.wait_for_selector("#accounts tbody tr", state="attached")
    page.locator("#accounts tbody .go").first.press("Enter")
    assert page.evaluate("document.activeElement.tagName") == "H2"
    page.locator("#panel .go", has_text="NASA Artemis").press("Enter")
    assert picked(page) == "NASA Artemis"
    assert page.evaluate("document.activeElement.textContent") == "NASA Artemis"
    page.keyboard.press("Escape")
    assert picked(page) is None
    assert page.evaluate("document.activeElement.closest('table') !== null")


def test_an_account_not_asked_gives_the_command_that_asks_it(open_map: OpenMap) -> None:
    page = open_map(drawn(sample()), permissions=CLIPBOARD).page
    page.evaluate("graphcrawlMap.choose(3)")
    page.get_by_text("Copy the command").click()
    page.wait_for_selector("#said:not([hidden])")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == "graphcrawl seed instagram:nasaartemis --depth 1"
    page.evaluate("graphcrawlMap.choose(0)")
    assert page.get_by_text("Copy the command").count() == 0


def test_commands_hold_nothing_that_a_shell_would_read(open_map: OpenMap) -> None:
    names = ["$(id)", "a b", "a;b", "-x", "`id`", "ä", "fine.name_1", *HOSTILE]
    nodes = [node(0)] + [
        node(at, username=name, social_id="77" if at % 2 else name, network="tiktok")
        for at, name in enumerate(names, start=1)
    ]
    page = open_map(drawn(graph(nodes, {0: list(range(1, len(nodes)))}))).page
    commands = page.evaluate(
        "graphcrawlMap.model.marks.map((m) => m.ask && commandFor(graphcrawlMap.model, m))"
    )
    given = [command for command in commands if command]
    assert len(given) >= 10
    for command in given:
        found = re.fullmatch(r"graphcrawl seed ([\w.:-]+) --depth 1", command, re.ASCII)
        assert found
        assert parse_account(found[1]).network == "tiktok"


def test_a_path_between_two_picked_accounts(open_map: OpenMap) -> None:
    watched = open_map(drawn(chain()))
    page = watched.page
    page.evaluate("graphcrawlMap.choose(3)")
    page.get_by_role("button", name="Path to another account").click()
    page.fill("#query", "seed")
    page.keyboard.press("Enter")
    told = page.locator("#panel").inner_text()
    assert "Path, 3 steps" in told
    assert page.evaluate("graphcrawlMap.way") == [3, 2, 1, 0]
    assert "is listed by" in told
    page.keyboard.press("Escape")
    assert page.evaluate("graphcrawlMap.way") is None
    assert picked(page) == "Far end"
    page.get_by_role("button", name="Path to another account").click()
    page.evaluate("graphcrawlMap.choose(4)")
    assert "No path to" in page.locator("#panel").inner_text()


def test_a_path_goes_over_what_is_shown_only(open_map: OpenMap) -> None:
    page = open_map(drawn(chain())).page
    page.evaluate("graphcrawlMap.choose(3); graphcrawlMap.pair(true); graphcrawlMap.choose(0)")
    assert page.evaluate("graphcrawlMap.way") == [3, 2, 1, 0]
    page.uncheck("#legend input[value=youtube]")
    assert page.evaluate("graphcrawlMap.way") is None
    assert "No path to" in page.locator("#panel").inner_text()


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


def test_escape_undoes_one_thing_at_a_time(open_map: OpenMap) -> None:
    page = open_map(drawn(sample())).page
    page.uncheck("#legend input[value=youtube]")
    page.fill("#query", "nasa")
    page.evaluate("graphcrawlMap.search.take(0)")
    page.evaluate("graphcrawlMap.pair(true); graphcrawlMap.choose(3)")
    said = "[graphcrawlMap.far, graphcrawlMap.chosen, query.value, graphcrawlMap.filters.active]"
    seen = [page.evaluate(said)]
    for _ in range(4):
        page.keyboard.press("Escape")
        seen.append(page.evaluate(said))
    assert seen == [
        [3, 0, "nasa", True],
        [None, 0, "nasa", True],
        [None, None, "nasa", True],
        [None, None, "", True],
        [None, None, "", False],
    ]


def test_a_question_mark_helps_and_escape_closes_the_help_alone(open_map: OpenMap) -> None:
    page = open_map(drawn(sample())).page
    page.evaluate("graphcrawlMap.choose(3)")
    page.keyboard.press("?")
    assert page.locator("#help").is_visible()
    page.keyboard.press("Escape")
    assert page.locator("#help").is_hidden()
    assert picked(page) == "NASA Artemis"
    page.focus("#query")
    page.keyboard.type("?/")
    assert page.input_value("#query") == "?/"
    assert page.locator("#help").is_hidden()
