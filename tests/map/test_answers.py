"""Asking the page: search, hovering, the panel, paths, and the way back out."""

from __future__ import annotations

import re

import pytest

from graphcrawl.addresses import parse_account
from tests.map.asking import chain, drawn, picked
from tests.map.conftest import CLIPBOARD, STILL, OpenMap, Watched
from tests.map.graphs import HOSTILE, graph, node, sample

pytestmark = pytest.mark.browser


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
