"""The city in a real browser: names, areas, colours, the legend's clusters, and the pull."""

from __future__ import annotations

import csv
import io
import itertools
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Page

from graphcrawl.graph import ConnectionGraph, Found
from graphcrawl.graph.communities import Community, find_communities
from graphcrawl.graph.roster import rosters
from graphcrawl.map import Color, MapOptions, describe, draw
from tests.map.conftest import OpenMap, Watched
from tests.map.graphs import HOSTILE, crawl, graph, node

pytestmark = pytest.mark.browser

BOXES = "graphcrawlMap.view.places.shown.map(({ x, y, w, h }) => ({ x, y, w, h }))"
LABELS = "graphcrawlMap.labels.shown.map(({ x, y, w, h }) => ({ x, y, w, h }))"
SPOTS = "graphcrawlMap.model.marks.map(({ x, y }) => [x, y])"


def drawn(one: ConnectionGraph, found: Found | None = None, **options: Any) -> str:
    chosen = found or Found(communities=find_communities(one).communities)
    heading = describe(one, seeds=["instagram:nasa"], rate=95)
    return draw(one, heading=heading, found=chosen, options=MapOptions(**options))


def overlapping(boxes: list[dict[str, float]]) -> list[tuple[dict[str, float], ...]]:
    return [
        (one, other)
        for one, other in itertools.combinations(boxes, 2)
        if one["x"] < other["x"] + other["w"]
        and other["x"] < one["x"] + one["w"]
        and one["y"] < other["y"] + other["h"]
        and other["y"] < one["y"] + one["h"]
    ]


@pytest.mark.parametrize("size", [200, 600, 2500])
def test_names_of_places_and_accounts_never_overlap(open_map: OpenMap, size: int) -> None:
    watched = open_map(drawn(crawl(size, 16)))
    page = watched.page
    for scale in (None, 0.5, 1.0, 2.0):
        if scale:
            page.evaluate("(scale) => graphcrawlMap.network.moveTo({ scale })", scale)
            watched.settle()
        names = page.evaluate(BOXES)
        if scale is None:
            assert len(names) >= 5
        assert overlapping(names + page.evaluate(LABELS)) == []


def test_from_afar_places_are_named_and_from_near_their_accounts(open_map: OpenMap) -> None:
    watched = open_map(drawn(crawl(2500, 16)))
    page = watched.page
    afar, few = len(page.evaluate(BOXES)), len(page.evaluate(LABELS))
    assert few < afar
    page.evaluate(
        "graphcrawlMap.network.moveTo({ scale: 1.2, position: graphcrawlMap.model.marks[0] })"
    )
    watched.settle()
    assert len(page.evaluate(BOXES)) < afar
    assert len(page.evaluate(LABELS)) > 2 * few
    # Within a place that fills the view no name is in the way.
    page.evaluate(
        """() => {
          const { x, y } = graphcrawlMap.view.places.places[0];
          graphcrawlMap.network.moveTo({ scale: 4, position: { x, y } });
        }"""
    )
    watched.settle()
    assert page.evaluate(BOXES) == []
    assert page.evaluate(LABELS)


def test_no_name_stands_among_the_accounts_of_other_places(open_map: OpenMap) -> None:
    watched = open_map(drawn(crawl(2500, 16)))
    page = watched.page
    for scale in (None, 0.6, 1.0):
        if scale:
            page.evaluate("(scale) => graphcrawlMap.network.moveTo({ scale })", scale)
            watched.settle()
        # Of each name: how many marks under it are of its place, and of others.
        counts = page.evaluate(
            """() => graphcrawlMap.view.places.shown.map(({ x, y, w, h, owner }) => {
              const { network, model } = graphcrawlMap;
              const under = model.marks.filter((mark) => {
                const spot = network.canvasToDOM({ x: mark.x, y: mark.y });
                return spot.x > x && spot.x < x + w && spot.y > y && spot.y < y + h;
              });
              const own = under.filter(({ cluster }) => owner === `place ${cluster}`).length;
              return [own, under.length - own];
            })"""
        )
        assert counts
        assert sum(others > own for own, others in counts) <= len(counts) * 0.1


def test_each_place_is_an_area_in_its_colour(open_map: OpenMap) -> None:
    watched = open_map(drawn(crawl(400, 12)))
    tinted = watched.page.evaluate(
        """() => {
          const { bitmap, bounds, bitmapScale, places } = graphcrawlMap.view.places;
          const ctx = bitmap.getContext("2d");
          return places.filter(({ members }) => members.length >= 3).map(({ members }) => {
            const { x, y } = members[0];
            return Array.from(ctx.getImageData((x - bounds.left) * bitmapScale,
              (y - bounds.top) * bitmapScale, 1, 1).data).join();
          });
        }"""
    )
    assert all(colour.endswith(",255") for colour in tinted)
    assert len(set(tinted)) >= min(len(tinted), 12)


def _shown(page: Page) -> list[int]:
    shown: list[int] = page.evaluate(
        "graphcrawlMap.model.marks.map((_, at) => at).filter((at) => graphcrawlMap.model.shown[at])"
    )
    return shown


def test_a_cluster_is_hidden_by_the_legend_and_that_is_said_and_kept(open_map: OpenMap) -> None:
    one = crawl(400, 12)
    html = drawn(one)
    page = open_map(html).page
    cluster = page.evaluate("graphcrawlMap.model.clusters[1]")
    members = page.evaluate("graphcrawlMap.model.marks.map(({ cluster }) => cluster === 1)")
    box = page.locator(f"#legend input[data-facet=cluster][value='{cluster['number']}']")
    box.uncheck()
    assert _shown(page) == [at for at, own in enumerate(members) if not own]
    assert f"(cluster {cluster['number']})" in page.locator("#hidden").inner_text()
    assert page.evaluate("graphcrawlMap.view.places.places.every(({ at }) => at !== 1)")
    fragment = page.evaluate("graphcrawlMap.fragment()")
    assert f"hide=cluster%3A{cluster['number']}" in fragment
    again = open_map(html).page
    again.evaluate(
        "(fragment) => { location.hash = fragment; graphcrawlMap.restore(location.hash); }",
        fragment,
    )
    assert _shown(again) == _shown(page)
    others = again.locator("#legend input[data-facet=cluster][value=others]")
    assert others.count() == 1
    before = len(_shown(again))
    others.uncheck()
    rest = again.evaluate("graphcrawlMap.model.marks.filter((m) => m.cluster >= 12).length")
    assert rest > 0
    assert len(_shown(again)) == before - rest


def test_colours_follow_the_choice_and_the_address(open_map: OpenMap) -> None:
    html = drawn(crawl(400, 12))
    watched = open_map(html)
    page = watched.page

    def _hues(one: Page) -> int:
        hues: int = one.evaluate(
            """() => {
              const { nodes } = graphcrawlMap.network.body;
              const asked = graphcrawlMap.model.marks.filter((m) => m.standing === "asked");
              return new Set(asked.map(({ id, cluster, kind }) =>
                [graphcrawlMap.model.color === "cluster" ? Math.min(cluster, 12) : kind,
                  nodes[id].options.color.background].join(" "))).size;
            }"""
        )
        return hues

    # As many pairs of colour and meaning as meanings: each has one colour.
    assert _hues(page) == page.evaluate(
        "new Set(graphcrawlMap.model.marks.filter((m) => m.standing === 'asked')"
        ".map((m) => Math.min(m.cluster, 12))).size"
    )
    assert page.locator("#legend.by-cluster").count() == 1
    page.select_option("#color", "network")
    assert _hues(page) == 6
    assert page.locator("#legend.by-cluster").count() == 0
    assert page.locator("#hidden").is_hidden()
    fragment = page.evaluate("graphcrawlMap.fragment()")
    assert "color=network" in fragment
    again = open_map(html).page
    again.evaluate(
        "(fragment) => { location.hash = fragment; graphcrawlMap.restore(location.hash); }",
        fragment,
    )
    assert _hues(again) == 6
    again.evaluate("location.hash = '#color=javascript:alert(1)'")
    again.evaluate("graphcrawlMap.restore(location.hash)")
    assert again.evaluate("graphcrawlMap.model.color") == "cluster"


def test_the_maker_chooses_the_first_colours(open_map: OpenMap) -> None:
    page = open_map(drawn(crawl(300, 12), color=Color.NETWORK)).page
    assert page.locator("#color").input_value() == "network"
    assert "color" not in page.evaluate("graphcrawlMap.fragment()")


def test_panel_table_and_csv_tell_the_cluster(open_map: OpenMap) -> None:
    watched = open_map(drawn(crawl(200, 12)))
    page = watched.page
    page.evaluate("graphcrawlMap.choose(3)")
    cluster = page.evaluate("graphcrawlMap.model.clusters[graphcrawlMap.model.marks[3].cluster]")
    assert f"{cluster['number']}: {cluster['name']}" in page.locator("#panel").inner_text()
    page.evaluate("graphcrawlMap.openTable()")
    page.wait_for_selector("#accounts tbody tr")
    assert "Cluster" in page.locator("#accounts thead").inner_text()
    assert page.get_by_text(f"{cluster['number']}: {cluster['name']}").count() > 1
    text = page.evaluate("csvOf(graphcrawlMap.model, [3])")
    (row,) = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    assert row["cluster"] == str(cluster["number"])
    assert row["cluster_name"].lstrip("'") == cluster["name"]


def hostile_clusters(one: ConnectionGraph) -> Found:
    """Name every cluster with an attack."""
    found = find_communities(one).communities
    return Found(
        communities=tuple(
            replace(each, name=text)
            for each, text in zip(found, itertools.cycle(HOSTILE), strict=False)
        )
    )


def test_hostile_names_of_clusters_are_only_texts(open_map: OpenMap) -> None:
    one = crawl(400, 12)
    found = hostile_clusters(one)
    assert len(found.communities) > 12
    watched = open_map(drawn(one, found))
    page = watched.page
    assert page.evaluate(BOXES)
    for index in page.evaluate(
        "graphcrawlMap.model.clusters.map((_, at) =>"
        " graphcrawlMap.model.marks.findIndex((m) => m.cluster === at))"
    ):
        page.evaluate("(index) => graphcrawlMap.choose(index)", index)
        watched.settle()
    page.evaluate("graphcrawlMap.openTable()")
    page.wait_for_selector("#accounts tbody tr")
    assert page.evaluate("window.__pwned") is None
    assert page.locator("img, iframe, object, embed, form, base, link").count() == 0
    # A name of 5,000 letters neither widens the legend nor the page.
    assert page.locator("#legend").bounding_box()["width"] < 300  # type: ignore[index]
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
    page.evaluate("graphcrawlMap.choose(null)")
    watched.settle()
    widths = page.evaluate("graphcrawlMap.view.places.shown.map(({ w }) => w)")
    assert max(widths) < 260


def test_connections_pull_and_everything_can_be_put_back(open_map: OpenMap) -> None:
    watched = open_map(drawn(crawl(300, 12)))
    page = watched.page
    before = page.evaluate(SPOTS)
    button = page.locator("#do-forces")
    assert button.get_attribute("aria-pressed") == "false"
    button.click()
    assert button.get_attribute("aria-pressed") == "true"
    _at_rest(watched)
    after = page.evaluate(SPOTS)
    assert after != before
    # They move towards what they are tied to, and stay on the map.
    length = """(spots) => graphcrawlMap.model.lines.reduce((sum, { source, target }) => sum +
      Math.hypot(spots[source][0] - spots[target][0], spots[source][1] - spots[target][1]), 0)"""
    assert page.evaluate(length, after) < 0.95 * page.evaluate(length, before)
    assert page.evaluate(
        "Object.entries(graphcrawlMap.network.getPositions()).every(([id, { x, y }]) => {"
        " const mark = graphcrawlMap.model.marks[graphcrawlMap.model.at.get(Number(id))];"
        " return Math.hypot(mark.x - x, mark.y - y) < 1; })"
    )
    page.locator("#do-home").click()
    assert page.evaluate(SPOTS) == before
    assert page.locator("#do-home").is_hidden()


def _at_rest(watched: Watched) -> None:
    watched.page.wait_for_selector("#do-forces[aria-pressed=false]", timeout=60_000)


def test_the_pull_can_be_stopped(open_map: OpenMap) -> None:
    page = open_map(drawn(crawl(300, 12))).page
    page.locator("#do-forces").click()
    page.locator("#do-forces").click()
    assert page.locator("#do-forces").get_attribute("aria-pressed") == "false"
    spots = page.evaluate(SPOTS)
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 50)))")
    assert page.evaluate(SPOTS) == spots


def test_who_wants_no_motion_sees_the_end_of_it_only(open_map: OpenMap) -> None:
    watched = open_map(drawn(crawl(300, 12)), reduced_motion="reduce")
    drawings = watched.page.evaluate(
        """() => new Promise((done) => {
          const { view, forces } = graphcrawlMap, relocate = view.relocate.bind(view);
          let times = 0;
          view.relocate = (whole) => { times += 1; relocate(whole); };
          document.getElementById("do-forces").click();
          const look = () => (forces.running ? setTimeout(look, 10) : done(times));
          look();
        })"""
    )
    assert drawings == 1


def test_a_crowd_too_large_for_the_pull_says_why(open_map: OpenMap) -> None:
    html = drawn(crawl(200, 12)).replace("FORCES_NODES = 12000", "FORCES_NODES = 100")
    # The page's policy names the script by its hash: a changed one has to be let through.
    watched = open_map(html, bypass_csp=True)
    button = watched.page.locator("#do-forces")
    assert button.is_disabled()
    assert "over 100 accounts" in (button.get_attribute("title") or "")


def test_a_portrait_has_no_places(open_map: OpenMap) -> None:
    page = open_map(drawn(crawl(60, 9))).page
    assert page.evaluate(BOXES) == []
    assert page.locator("#do-forces").count() == 0


def test_a_phone_turns_the_places_with_the_map(open_map: OpenMap) -> None:
    watched = open_map(
        drawn(crawl(400, 12)), viewport={"width": 390, "height": 844}, has_touch=True
    )
    page = watched.page
    assert page.evaluate("graphcrawlMap.model.upright")
    within = """() => graphcrawlMap.view.places.places.every((place) => place.members.every(
      ({ x, y }) => x >= place.left && x <= place.right && y >= place.top && y <= place.bottom))"""
    assert page.evaluate(within)
    names = page.evaluate(BOXES)
    assert names
    assert all(box["x"] >= 0 and box["x"] + box["w"] <= 390 for box in names)
    page.set_viewport_size({"width": 844, "height": 390})
    page.wait_for_function("() => !graphcrawlMap.model.upright")
    assert page.evaluate(within)


def test_a_picked_account_is_seen_without_names_over_it(open_map: OpenMap) -> None:
    watched = open_map(drawn(crawl(400, 12)))
    watched.page.evaluate("graphcrawlMap.choose(0, { stay: true })")
    watched.settle()
    assert watched.page.evaluate(BOXES) == []
    watched.page.keyboard.press("Escape")
    watched.settle()
    assert watched.page.evaluate(BOXES)


def test_a_cluster_of_many_words_is_cut_to_its_place(open_map: OpenMap) -> None:
    one = graph([node(at) for at in range(200)], {0: list(range(1, 200))})
    nodes = {account.id: account for account in one.nodes}
    (members,) = rosters([list(nodes)], lambda _: nodes)
    found = Found(communities=(Community(1, "word " * 40, members, one.nodes[:1], 1.0),))
    page = open_map(drawn(one, found)).page
    texts = page.evaluate(
        "graphcrawlMap.view.places.shown.flatMap(({ form }) => form.rows.map(({ text }) => text))"
    )
    assert texts[-1] == "200 accounts"
    assert texts[-2].endswith("…")
    assert len(texts) <= 3
