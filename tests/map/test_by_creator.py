"""By account or by creator: what is told of owners, in which bytes, and where it is found."""

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
from graphcrawl.map import By, Heading, MapOptions
from graphcrawl.map.by_creator import NO_CREATORS, compose_by_creator
from graphcrawl.map.groups import owners_of
from graphcrawl.map.marks import lines_of
from graphcrawl.map.ownership import commands, reasons_of, told_of
from graphcrawl.map.words import Standing
from graphcrawl.model import Certainty
from tests.graph.worlds import small
from tests.map.conftest import STILL, OpenMap
from tests.map.creators import TWO, by_hand, names, page_of, pick, turn, world
from tests.map.graphs import HOSTILE, NETWORKS, graph, node, sample

browser = pytest.mark.browser
ROOT = Path(__file__).parents[2]


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
        "from hashlib import sha256; from tests.map.creators import page_of;"
        "from tests.map.test_by_creator import hostile_owners;"
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
