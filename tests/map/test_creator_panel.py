"""An owner's mark and panel, and what an account's panel tells of its owner."""

from __future__ import annotations

from dataclasses import replace

import pytest

from graphcrawl.map import By
from graphcrawl.model import Origin
from tests.map.conftest import CLIPBOARD, STILL, OpenMap, Watched
from tests.map.creators import CONFIRM, MERGE, TWO, by_hand, names, page_of, pick, world
from tests.map.graphs import sample

pytestmark = pytest.mark.browser


def _pixel(watched: Watched, index: int, dx: float, dy: float) -> str:
    """The colour beside a mark's middle, as shares of its size."""
    colour: str = watched.page.evaluate(
        """([index, dx, dy]) => {
          const { network, model, place } = graphcrawlMap, { x, y, size } = model.marks[index];
          const canvas = place.querySelector("canvas"), ratio = canvas.width / canvas.clientWidth;
          const spot = network.canvasToDOM({ x: x + dx * size, y: y + dy * size });
          const [r, g, b] = canvas.getContext("2d").getImageData(
            Math.round(spot.x * ratio), Math.round(spot.y * ratio), 1, 1).data;
          return `#${[r, g, b].map((part) => part.toString(16).padStart(2, "0")).join("")}`;
        }""",
        [index, dx, dy],
    )
    return colour


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_ring_has_a_piece_in_the_colour_of_each_network(open_map: OpenMap, scheme: str) -> None:
    watched = open_map(page_of(world(), TWO, by=By.CREATOR), color_scheme=scheme, **STILL)
    page = watched.page
    page.evaluate(
        "const { x, y } = graphcrawlMap.model.marks[1];"
        "graphcrawlMap.network.moveTo({ position: { x, y }, scale: 3 })"
    )
    watched.settle()
    theme = page.evaluate("graphcrawlMap.view.theme")
    assert page.evaluate("graphcrawlMap.model.marks[1].name") == "Bob"
    # Both accounts were asked: the pieces are full, the first to the right of the top.
    assert _pixel(watched, 1, 0.88, 0) == theme["kinds"]["instagram"]
    assert _pixel(watched, 1, -0.88, 0) == theme["kinds"]["tiktok"]
    assert _pixel(watched, 1, 0.45, -0.35) == theme["kinds"]["creator"]
    page.evaluate(
        "const { x, y } = graphcrawlMap.model.marks[0];"
        "graphcrawlMap.network.moveTo({ position: { x, y }, scale: 3 })"
    )
    watched.settle()
    # Of three accounts the first was asked, and the second, below, was not.
    assert _pixel(watched, 0, 0.76, -0.44) == theme["kinds"]["instagram"]
    assert _pixel(watched, 0, 0, 0.885) == theme["paper"]


def test_a_creators_mark_can_be_pointed_at_and_clicked(open_map: OpenMap) -> None:
    watched = open_map(page_of(sample(), by=By.CREATOR), **STILL)
    page = watched.page
    x, y = watched.spot(0)
    page.mouse.move(x + 8, y - 8)
    page.wait_for_selector("#tip:not([hidden])")
    told = page.inner_text("#tip")
    assert "193.8M (sum of followers, audiences overlap)" in told
    assert "3 on 3 networks" in told
    page.mouse.click(x + 8, y - 8)
    assert page.inner_text("#panel h2") == "NASA"


def test_an_accounts_panel_tells_its_creator_with_evidence(open_map: OpenMap) -> None:
    watched = open_map(page_of(sample()), permissions=CLIPBOARD, **STILL)
    page = watched.page
    told = pick(watched, 0)
    assert "Creator NASA · 3 accounts on 3 networks One owner: likely" in told
    reasons = "same username, same title, listed one way, the other not yet known"
    assert f"likely: {reasons}, with NASA on twitter, NASA on youtube" in told
    assert f"What would confirm it Copy the command that asks them {CONFIRM}" in told
    assert "Related 2 Called alike, and never one owner without graphcrawl creators merge" in told
    assert f"NASA Artemis on instagram Copy the command that merges them {MERGE}" in told
    page.get_by_role("button", name="Copy the command that merges them").first.click()
    page.wait_for_selector("#said:not([hidden])")
    assert page.evaluate("navigator.clipboard.readText()") == MERGE
    page.locator("#panel .creator .go", has_text="NASA").nth(1).click()
    assert page.evaluate("graphcrawlMap.chosen") == 1
    assert "by way of these, with NASA on youtube" in pick(watched, 1)
    page.locator("#panel .creator .go").first.click()
    assert page.evaluate("graphcrawlMap.model.by") == "creator"
    assert page.inner_text("#panel h2") == "NASA"
    assert page.evaluate("document.activeElement.textContent") == "NASA"


def test_an_account_whose_owner_is_not_known_is_told_nothing(open_map: OpenMap) -> None:
    watched = open_map(page_of(sample()), **STILL)
    assert "Creator" not in pick(watched, 3)


def test_what_was_merged_by_hand_is_said(open_map: OpenMap) -> None:
    watched = open_map(page_of(sample(), by_hand({0, 3})), **STILL)
    assert "strong: merged by hand, with NASA on instagram" in pick(watched, 3)


def test_a_creators_panel_lists_its_accounts_and_leads_to_them(open_map: OpenMap) -> None:
    watched = open_map(page_of(sample(), by=By.CREATOR), **STILL)
    page = watched.page
    told = pick(watched, 0)
    assert "Accounts 3 on 3 networks One owner likely" in told
    assert "Followers 193.8M (sum of followers, audiences overlap)" in told
    assert "1 of 3 accounts asked: what the others list is not known" in told
    assert "instagram · @nasa · 96.8M · likely" in told
    assert "youtube · @nasa · 12.2M · likely" in told
    assert CONFIRM in told
    assert MERGE in told
    assert "who follows two of its accounts is counted twice" in told
    links = page.locator("#panel .members a").evaluate_all("(all) => all.map((a) => a.href)")
    assert links == [
        "https://www.instagram.com/nasa/",
        "https://x.com/nasa",
        "https://www.youtube.com/channel/UCLA_DiR1FfKNvjuUpBHmylQ",
    ]
    page.locator("#panel .members > li > .go").nth(1).click()
    assert page.evaluate("graphcrawlMap.model.by") == "account"
    assert page.evaluate("graphcrawlMap.model.marks[graphcrawlMap.chosen].network") == "twitter"


def test_simulated_names_lead_to_nobody(open_map: OpenMap) -> None:
    one = replace(sample(), origin=Origin.SIMULATED)
    watched = open_map(page_of(one, by=By.CREATOR), **STILL)
    told = pick(watched, 0)
    assert watched.page.locator("#panel a").count() == 0
    assert f"{CONFIRM} --demo" in told
    assert f"{MERGE} --db output/demo.db" in told


def test_a_sum_of_some_accounts_says_of_which(open_map: OpenMap) -> None:
    watched = open_map(page_of(world(), TWO, by=By.CREATOR), **STILL)
    told = pick(watched, 0)
    assert "107 (sum of followers of 2 of 3 accounts, audiences overlap)" in told
    assert "twitter · @ann · followers not known" in told


def test_ways_lead_over_creators(open_map: OpenMap) -> None:
    watched = open_map(page_of(world(), TWO, by=By.CREATOR), **STILL)
    index = names(watched.page).index("Cy")
    assert "Why it is here Ann lists, and is listed by, Bob lists Cy" in pick(watched, index)


def test_an_edge_between_owners_is_told_with_its_certainty(open_map: OpenMap) -> None:
    watched = open_map(page_of(world(), TWO, by=By.CREATOR), **STILL)
    assert "Lists 1 Bob 2 networks, mutual" in pick(watched, 0)
