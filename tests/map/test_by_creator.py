"""By account or by creator: the switch, an owner's mark and panel, and what speaks for an owner."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from graphcrawl.graph import ConnectionGraph, Decisions, Found, find_creators
from graphcrawl.graph.contraction import CREATOR, contract
from graphcrawl.map import By, Heading, MapOptions, describe, draw
from graphcrawl.map.by_creator import NO_CREATORS, compose_by_creator
from graphcrawl.map.groups import owners_of
from graphcrawl.map.marks import lines_of
from graphcrawl.map.ownership import commands, reasons_of, told_of
from graphcrawl.map.words import Standing
from graphcrawl.model import Certainty, Origin
from tests.graph.worlds import small
from tests.map.conftest import OpenMap, Watched
from tests.map.graphs import HOSTILE, NETWORKS, graph, node, sample

browser = pytest.mark.browser

ROOT = Path(__file__).parents[2]
CONFIRM = "graphcrawl seed twitter:nasa youtube:nasa --depth 1"
MERGE = "graphcrawl creators merge instagram:nasa instagram:nasaartemis"
CLIPBOARD = ["clipboard-read", "clipboard-write"]
STILL = {"reduced_motion": "reduce"}


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


def fragment(page: Page) -> str:
    page.wait_for_timeout(400)
    told: str = page.evaluate("location.hash")
    return told


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


# ------------------------------------------------------------------------------- what is told


def creators_scene(one: ConnectionGraph, decisions: Decisions | None = None) -> Any:
    found = Found(creators=find_creators(one, decisions))
    scene = compose_by_creator(
        one,
        owners_of(one, found),
        heading=Heading("t", "what it says"),
        found=found,
        options=MapOptions(),
    )
    assert scene is not None
    return scene


def test_a_creators_mark_tells_of_all_its_accounts() -> None:
    scene = creators_scene(world(), TWO)
    ann, bob = (mark for mark in scene.marks if mark.kind == CREATOR)
    assert (ann.name, ann.network, ann.count, ann.followers) == ("Ann", "3 networks", 107, "107")
    assert (ann.standing, ann.depth, ann.seed) == (Standing.PARTLY, 0, True)
    assert ann.remark == "1 of 3 accounts asked: what the others list is not known"
    assert bob.remark == "all 2 accounts asked: what they list is drawn"
    assert (ann.url, ann.ask, ann.username) == (None, None, "")
    assert scene.heading.sentence == "2 creators and 1 other account: what it says"
    assert any("sum of followers, audiences overlap" in text for text in scene.left_out)
    assert any("4 connections within a creator are not drawn" in text for text in scene.left_out)
    assert Counter(line.certainty for line in scene.lines) == {
        Certainty.MUTUAL: 1,
        Certainty.UNKNOWN: 1,
    }


def test_an_owners_account_that_is_not_drawn_is_named_and_counted() -> None:
    whole = world()
    ann = next(one for one in find_creators(whole, TWO) if one.name == "Ann")
    part = replace(
        whole,
        nodes=whole.nodes[:2],
        edges=tuple(edge for edge in whole.edges if {edge.source, edge.target} <= {0, 1}),
    )
    found = Found(creators=(ann,))
    owners = owners_of(part, found)
    scene = compose_by_creator(
        part, owners, heading=Heading("t", "s"), found=found, options=MapOptions()
    )
    assert scene is not None
    assert scene.marks[0].remark.endswith("; 1 account of this creator not drawn")
    word = {text: at for at, text in enumerate(sorted(reasons_of(owners)))}
    told = told_of(owners[0], {0: 0, 1: 1}, word, commands("ask ACCOUNT", simulated=False))
    assert [account for account, _, _ in told["accounts"]] == [0, 1, "youtube:ann"]


def test_commands_name_only_what_a_shell_reads_as_it_stands() -> None:
    one = graph(
        [
            node(0, network="instagram", username="$(rm)", social_id="5", title="Great Agency"),
            node(1, network="youtube", username="a b;c", social_id="x y", title="Great Agency"),
            node(2, network="instagram", username="`a`", social_id="a'b", title="Great Agency"),
        ],
        {0: [1, 2]},
    )
    found = Found(creators=find_creators(one, by_hand({0, 1})))
    owners = owners_of(one, found)
    word = {text: at for at, text in enumerate(sorted(reasons_of(owners)))}
    told = told_of(owners[0], {0: 0, 1: 1, 2: 2}, word, commands("ask ACCOUNT", simulated=True))
    assert told["confirm"] is None
    assert told["related"] == [[2, None]]


def test_a_simulated_merge_names_the_simulated_database() -> None:
    known = commands("graphcrawl seed ACCOUNT --depth 1 --demo", simulated=True)
    assert known.merge == "graphcrawl creators merge ACCOUNT --db output/demo.db"


def test_without_creators_there_is_no_switch_and_by_creator_says_so() -> None:
    one = graph([node(at) for at in range(3)], {0: [1, 2]})
    plain = page_of(one)
    assert 'id="by"' not in plain
    assert "<template" not in plain
    assert NO_CREATORS not in plain
    asked = page_of(one, by=By.CREATOR)
    assert 'id="by"' not in asked
    assert NO_CREATORS in asked


@pytest.mark.parametrize("hash_seed", ["0", "4242"])
def test_every_process_draws_the_same_bytes(hash_seed: str) -> None:
    code = (
        "from hashlib import sha256; from tests.map.test_by_creator import page_of, hostile_owners;"
        "from tests.graph.worlds import small;"
        "print(*(sha256(html.encode()).hexdigest()"
        " for html in (page_of(small(3)), page_of(*hostile_owners()))))"
    )
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    said = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, check=True
    )
    pages = page_of(small(3)), page_of(*hostile_owners())
    assert said.stdout.decode().split() == [sha256(p.encode()).hexdigest() for p in pages]


# ------------------------------------------------------------------------------- the switch


@browser
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


@browser
def test_the_page_opens_as_it_was_asked_to(open_map: OpenMap) -> None:
    page = open_map(page_of(sample(), by=By.CREATOR)).page
    assert len(names(page)) == 3
    assert fragment(page) == ""
    turn(page, "account")
    assert fragment(page) == "#by=account"
    page.reload()
    assert len(names(page)) == 5


@browser
@pytest.mark.parametrize("by", ["", "zebra", "__proto__", "constructor", "other-view"])
def test_an_address_that_names_no_view_changes_nothing(open_map: OpenMap, by: str) -> None:
    page = open_map(page_of(sample())).page
    page.evaluate("(by) => { location.hash = `by=${by}`; }", by)
    page.wait_for_timeout(100)
    assert len(names(page)) == 5
    page.reload()
    assert len(names(page)) == 5


@browser
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


@browser
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


@browser
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


@browser
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


@browser
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


@browser
def test_the_folded_view_is_the_one_that_was_composed(open_map: OpenMap) -> None:
    for one, decisions in ((world(), TWO), (small(3), None)):
        scene = creators_scene(one, decisions)
        page = open_map(page_of(one, decisions)).page
        turn(page, "creator")
        told = page.evaluate(
            """() => {
              const { marks, lines, words } = modelOf("creator");
              return {
                marks: marks.map((m) => [m.id, m.x, m.y, m.size, m.kind, m.name, words[m.remark],
                  words[m.state], m.depth, m.count ?? null, m.er ?? null, m.owner ?? null]),
                lines: lines.map(({ source, target, certainty }) =>
                  [marks[source].id, marks[target].id, certainty]),
              };
            }"""
        )
        assert told["marks"] == [
            [m.id, m.x, m.y, m.size, m.kind, m.name, m.remark, m.state, m.depth, m.count, m.er]
            + [m.owner]
            for m in scene.marks
        ]
        ids = [mark.id for mark in scene.marks]
        assert sorted(told["lines"]) == sorted(
            [ids[line.source], ids[line.target], line.certainty.value] for line in scene.lines
        )
        owners = owners_of(one, Found(creators=find_creators(one, decisions)))
        done = contract(one, (owner.creator for owner in owners))
        assert len(scene.lines) == len(list(lines_of(done.graph)))


# ------------------------------------------------------------------------------- the mark


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


@browser
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


@browser
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


# ------------------------------------------------------------------------------- the panel


@browser
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


@browser
def test_an_account_whose_owner_is_not_known_is_told_nothing(open_map: OpenMap) -> None:
    watched = open_map(page_of(sample()), **STILL)
    assert "Creator" not in pick(watched, 3)


@browser
def test_what_was_merged_by_hand_is_said(open_map: OpenMap) -> None:
    watched = open_map(page_of(sample(), by_hand({0, 3})), **STILL)
    assert "strong: merged by hand, with NASA on instagram" in pick(watched, 3)


@browser
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


@browser
def test_simulated_names_lead_to_nobody(open_map: OpenMap) -> None:
    one = replace(sample(), origin=Origin.SIMULATED)
    watched = open_map(page_of(one, by=By.CREATOR), **STILL)
    told = pick(watched, 0)
    assert watched.page.locator("#panel a").count() == 0
    assert f"{CONFIRM} --demo" in told
    assert f"{MERGE} --db output/demo.db" in told


@browser
def test_a_sum_of_some_accounts_says_of_which(open_map: OpenMap) -> None:
    watched = open_map(page_of(world(), TWO, by=By.CREATOR), **STILL)
    told = pick(watched, 0)
    assert "107 (sum of followers of 2 of 3 accounts, audiences overlap)" in told
    assert "twitter · @ann · followers not known" in told


@browser
def test_ways_lead_over_creators(open_map: OpenMap) -> None:
    watched = open_map(page_of(world(), TWO, by=By.CREATOR), **STILL)
    index = names(watched.page).index("Cy")
    assert "Why it is here Ann lists, and is listed by, Bob lists Cy" in pick(watched, index)


# ------------------------------------------------------------------------------- table, search


def rows(page: Page) -> list[dict[str, str]]:
    text = page.evaluate("csvOf(graphcrawlMap.model, graphcrawlMap.table.indices())")
    return list(csv.DictReader(io.StringIO(text)))


@browser
def test_tables_and_csv_name_creators_and_label_sums(open_map: OpenMap) -> None:
    page = open_map(page_of(sample())).page
    page.click("#accounts summary")
    page.wait_for_selector("#accounts tbody tr")
    assert "Creator" in page.locator("#accounts thead th").all_inner_texts()
    assert [row["creator"] for row in rows(page)] == ["NASA", "NASA", "NASA", "", ""]
    turn(page, "creator")
    page.wait_for_selector("#accounts tbody tr")
    heading = "Followers; of creators the sum of followers, audiences overlap"
    assert heading in page.locator("#accounts thead th").all_inner_texts()
    first = page.locator("#accounts tbody tr").first.inner_text()
    assert "193.8M (sum of followers, audiences overlap)" in first
    nasa, artemis, _ = rows(page)
    assert nasa["sum_of_followers_audiences_overlap"] == "193810367"
    assert nasa["accounts"] == "instagram:nasa twitter:nasa youtube:nasa"
    assert nasa["network"] == "3 networks"
    assert artemis["accounts"] == "instagram:nasaartemis"
    assert "followers" not in nasa


@browser
def test_search_finds_owners_and_by_their_accounts(open_map: OpenMap) -> None:
    one = graph(
        [
            node(
                0,
                network="instagram",
                username="first",
                title="The Great Owner",
                subscribers_count=9**9,
            ),
            node(1, network="youtube", username="second", title="Something else"),
            node(2),
        ],
        {0: [1, 2]},
    )
    page = open_map(page_of(one, by_hand({0, 1}))).page
    page.fill("#query", "great")
    assert page.locator("#found [role=option]").count() == 2
    turn(page, "creator")
    for query in ("great", "second", "something", "youtube second"):
        page.fill("#query", query)
        assert page.locator("#found [role=option] > bdi").all_inner_texts() == ["The Great Owner"]


# ------------------------------------------------------------------------------- for everyone


def hostile_owners() -> tuple[ConnectionGraph, Decisions]:
    """Owners whose every name is an attack, each with an account that is called after it."""
    nodes = [node(0, title="Seed", username="seed")]
    lists: dict[int, list[int]] = {0: []}
    parties = []
    for at, text in enumerate(HOSTILE):
        one, other, third = 3 * at + 1, 3 * at + 2, 3 * at + 3
        for key, network in ((one, 0), (other, 1), (third, 0)):
            nodes.append(
                node(key, title=text, username=text, network=NETWORKS[network], visit="done")
            )
        lists |= {one: [other, third], other: [one]}
        lists[0].append(one)
        parties.append({one, other})
    return graph(nodes, lists), by_hand(*parties)


@browser
@pytest.mark.parametrize("by", list(By))
def test_hostile_owners_are_only_texts(open_map: OpenMap, by: By) -> None:
    one, decisions = hostile_owners()
    watched = open_map(page_of(one, decisions, by=by), **STILL)
    page = watched.page
    before = page.evaluate("document.querySelectorAll('script, style').length")
    for index in range(len(names(page))):
        page.evaluate("graphcrawlMap.choose(null); graphcrawlMap.view.fit()")
        page.mouse.move(*watched.spot(index))
        page.mouse.click(*watched.spot(index))
        pick(watched, index)
    for text in page.locator("#panel bdi, #tip bdi").all_inner_texts():
        assert len(text) <= 280
    page.click("#accounts summary")
    page.wait_for_selector("#accounts tbody tr")
    turn(page, "creator" if by == By.ACCOUNT else "account")
    assert page.evaluate("window.__pwned") is None
    assert page.evaluate("document.querySelectorAll('script, style').length") == before
    assert page.locator("img, iframe, object, embed, form, base, link").count() == 0


@browser
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


@browser
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


@browser
def test_an_edge_between_owners_is_told_with_its_certainty(open_map: OpenMap) -> None:
    watched = open_map(page_of(world(), TWO, by=By.CREATOR), **STILL)
    assert "Lists 1 Bob 2 networks, mutual" in pick(watched, 0)
