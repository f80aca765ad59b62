"""The switch between accounts and creators: what it turns, keeps, and writes into the address."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from graphcrawl.map import By
from tests.map.conftest import STILL, OpenMap
from tests.map.creators import names, page_of, pick, turn
from tests.map.graphs import sample

pytestmark = pytest.mark.browser


def fragment(page: Page) -> str:
    page.wait_for_timeout(400)
    told: str = page.evaluate("location.hash")
    return told


def test_the_switch_turns_everything_and_back(open_map: OpenMap) -> None:
    page = open_map(page_of(sample())).page
    assert page.get_attribute("#by [data-by=account]", "aria-pressed") == "true"
    sentence = page.inner_text("#about")
    assert sentence.startswith("5 accounts on 3 networks")
    turn(page, "creator")
    assert page.get_attribute("#by [data-by=account]", "aria-pressed") == "false"
    assert page.get_attribute("#by [data-by=creator]", "aria-pressed") == "true"
    assert names(page) == ["NASA", "NASA Artemis", "NASA Video"]
    assert page.inner_text("#about").startswith("1 creator and 2 other accounts: 5 accounts on 3")
    assert "sum of followers, audiences overlap" in page.inner_text("#about")
    assert "creator: accounts of one owner" in page.inner_text("#legend")
    assert "sum of followers, audiences overlap" in page.inner_text("#legend")
    assert page.inner_text("#accounts summary") == "All 3 creators and accounts as a table"
    assert page.inner_text("#said") == "By creator: 3 creators and accounts."
    assert fragment(page) == "#by=creator"
    turn(page, "account")
    assert len(names(page)) == 5
    assert page.inner_text("#about") == sentence
    assert fragment(page) == ""


def test_the_page_opens_as_it_was_asked_to(open_map: OpenMap) -> None:
    page = open_map(page_of(sample(), by=By.CREATOR)).page
    assert len(names(page)) == 3
    assert fragment(page) == ""
    turn(page, "account")
    assert fragment(page) == "#by=account"
    page.reload()
    assert len(names(page)) == 5


@pytest.mark.parametrize("by", ["", "zebra", "__proto__", "constructor", "other-view"])
def test_an_address_that_names_no_view_changes_nothing(open_map: OpenMap, by: str) -> None:
    page = open_map(page_of(sample())).page
    page.evaluate("(by) => { location.hash = `by=${by}`; }", by)
    page.wait_for_timeout(100)
    assert len(names(page)) == 5
    page.reload()
    assert len(names(page)) == 5


def test_the_view_stands_in_the_address_with_what_is_picked(open_map: OpenMap) -> None:
    watched = open_map(page_of(sample()))
    page = watched.page
    page.evaluate("() => { location.hash = 'by=creator&pick=2'; }")
    page.wait_for_function("graphcrawlMap.model.by === 'creator'")
    assert page.inner_text("#panel h2") == "NASA"
    page.reload()
    assert page.inner_text("#panel h2") == "NASA"
    assert page.evaluate("graphcrawlMap.model.by") == "creator"
    page.evaluate("() => { location.hash = ''; }")
    page.wait_for_function("graphcrawlMap.model.by === 'account'")
    assert page.locator("#panel").is_hidden()


def test_by_keyboard_the_switch_keeps_the_focus(open_map: OpenMap) -> None:
    page = open_map(page_of(sample())).page
    page.focus("#do-table")
    for _ in range(2):
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Creators"
    page.keyboard.press("Enter")
    assert len(names(page)) == 3
    assert page.evaluate("document.activeElement.textContent") == "Creators"
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Space")
    assert len(names(page)) == 5
    assert page.evaluate("document.activeElement.textContent") == "Accounts"


def test_after_many_turns_each_key_still_does_one_thing(open_map: OpenMap) -> None:
    watched = open_map(page_of(sample()), **STILL)
    page = watched.page
    page.evaluate(
        "const old = graphcrawlMap; window.stale = 0;"
        "for (const name of ['pressed', 'print', 'printed', 'restore'])"
        " old[name] = () => { window.stale += 1; }; null"
    )
    for by in ["creator", "account"] * 5:
        turn(page, by)
    assert page.locator("canvas").count() == 1
    for part in ("map", "legend", "panel", "tip", "accounts", "query", "help"):
        assert page.locator(f"[id={part}]").count() == 1
    page.fill("#query", "nasa")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    assert page.evaluate("graphcrawlMap.chosen") is None
    assert page.input_value("#query") == "nasa", "one Esc undoes one thing"
    page.keyboard.press("Escape")
    assert page.input_value("#query") == ""
    page.evaluate("dispatchEvent(new Event('beforeprint')); dispatchEvent(new Event('afterprint'))")
    page.evaluate("() => { location.hash = 'q=video'; }")
    page.wait_for_function("graphcrawlMap.search.query === 'video'")
    assert page.evaluate("window.stale") == 0


def test_search_filters_and_open_parts_stay(open_map: OpenMap) -> None:
    watched = open_map(page_of(sample()), **STILL)
    page = watched.page
    page.fill("#query", "artemis")
    page.uncheck("#legend input[value=youtube]")
    page.click("#accounts summary")
    page.evaluate("document.getElementById('legend').open = false")
    turn(page, "creator")
    assert page.input_value("#query") == "artemis"
    assert page.evaluate("graphcrawlMap.filters.hidden.length") == 1
    assert "1 of 3 creators and accounts" in page.inner_text("#hidden")
    assert page.evaluate("document.getElementById('legend').open") is False
    page.wait_for_selector("#accounts tbody tr")
    assert page.locator("#accounts tbody tr").count() == 2


def test_what_is_picked_stays_picked_as_what_it_is_part_of(open_map: OpenMap) -> None:
    watched = open_map(page_of(sample()), **STILL)
    page = watched.page
    pick(watched, 1)
    turn(page, "creator")
    assert page.evaluate("graphcrawlMap.model.marks[graphcrawlMap.chosen].kind") == "creator"
    x, y = watched.spot(page.evaluate("graphcrawlMap.chosen"))
    assert 0 < x < 1280
    assert 0 < y < 800
    turn(page, "account")
    # The most followed of its accounts: instagram's.
    assert page.evaluate("graphcrawlMap.chosen") == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_holds_the_switch_and_the_panel(open_map: OpenMap, scheme: str) -> None:
    phone = {"width": 390, "height": 844}
    watched = open_map(page_of(sample()), viewport=phone, color_scheme=scheme, **STILL)
    page = watched.page
    for by in ("creator", "account"):
        turn(page, by)
        pick(watched, 0)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert page.evaluate("document.querySelector('#panel').scrollWidth") <= 390
        for part in ("#by", "#query", "#do-picture", "#do-help", "#panel"):
            box = page.locator(part).bounding_box()
            assert box is not None
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= 390


def test_the_pressed_half_can_be_read_in_both_themes(open_map: OpenMap) -> None:
    for scheme in ("light", "dark"):
        page = open_map(page_of(sample()), color_scheme=scheme).page
        for by in ("account", "creator"):
            ink, paper = page.evaluate(
                "(by) => { const s = getComputedStyle(document.querySelector("
                "`#by [data-by=${by}]`)); return [s.color, s.backgroundColor]; }",
                by,
            )
            assert _contrast(ink, paper) >= 4.5


def _contrast(one: str, other: str) -> float:
    """The contrast of two colours, as WCAG 2 defines it."""
    lights = sorted(map(_luminance, (one, other)))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(part) / 255 for part in colour.strip("rgb()").split(",")[:3]]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
