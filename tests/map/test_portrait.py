"""Small maps: labels with room, an owner's accounts in one hull, islands side by side."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphcrawl.graph import ConnectionGraph, Found, Node, find_creators
from graphcrawl.map import Heading, describe, draw
from graphcrawl.map.items import Hull, items_of, label_size
from graphcrawl.map.layout import arrange
from graphcrawl.map.marks import Telling
from graphcrawl.map.nearness import hops, islands, neighbours
from graphcrawl.map.packing import pack
from graphcrawl.map.scene import Scene, compose
from graphcrawl.map.spacing import STRETCH, TOUCH, distance_of, on_ring, separate
from tests.map.conftest import OpenMap, Watched
from tests.map.graphs import HOSTILE, NETWORKS, crawl, graph, node, sample

browser = pytest.mark.browser

Box = tuple[float, float, float, float]


def owners(many: int, each: int) -> ConnectionGraph:
    """Return a seed that lists owners, whose accounts all list each other under one name."""
    nodes, lists = [node(0)], {0: list[int]()}
    for owner in range(many):
        own = range(1 + owner * each, 1 + (owner + 1) * each)
        for at, member in enumerate(own):
            nodes.append(_account(member, NETWORKS[at], f"Owner {owner}", f"owner{owner}"))
            lists[member] = [other for other in own if other != member]
            lists[0].append(member)
    return graph(nodes, lists)


def _account(at: int, network: str, title: str, username: str) -> Node:
    return node(at, network=network, title=title, username=username, visit="done", cause=None)


def archipelago() -> ConnectionGraph:
    """Return a small island of two seeds, a larger one of one, and two accounts alone."""
    seeds = {0: 0, 1: 0, 2: 1, 3: 0, **dict.fromkeys(range(4, 12), 1), 12: 0, 13: 0}
    lists = {0: [2], 1: [2], 3: list(range(4, 12))}
    return graph([node(at, depth=depth, visit="done") for at, depth in seeds.items()], lists)


def found(one: ConnectionGraph) -> Found:
    return Found(creators=find_creators(one))


def scene(one: ConnectionGraph) -> Scene:
    return compose(one, heading=Heading("t", "s"), found=found(one))


def drawn(one: ConnectionGraph) -> str:
    return draw(one, heading=describe(one, seeds=["instagram:a"], rate=95), found=found(one))


def overlapping(boxes: Sequence[Box], by: float = 0.1) -> list[tuple[Box, Box]]:
    """Return the pairs that overlap by more than so much in both directions."""
    return [
        (a, b)
        for a, b in itertools.combinations(boxes, 2)
        if min(a[2], b[2]) - max(a[0], b[0]) > by and min(a[3], b[3]) - max(a[1], b[1]) > by
    ]


@pytest.mark.parametrize("size", [2, 5, 20, 50, 150])
def test_labels_have_room_where_they_were_given_room(size: int) -> None:
    one = crawl(size, 9)
    radii = [4.0 + at % 11 for at in range(size)]
    labels = [(40.0 + 13 * (at % 9), 34.0) for at in range(size)]
    points = arrange(one, radii, labels).points
    boxes = [
        (x - max(w / 2, r), y - r, x + max(w / 2, r), y + r + h)
        for (x, y), r, (w, h) in zip(points, radii, labels, strict=True)
    ]
    assert not overlapping(boxes)


def test_an_owner_lies_together_and_nobody_else_between() -> None:
    one = owners(6, 3)
    points = scene(one).marks
    for owner in scene(one).owners:
        lie = [(points[at].x, points[at].y) for at in owner.members]
        span = max(math.dist(a, b) for a, b in itertools.combinations(lie, 2))
        middle = (sum(x for x, _ in lie) / len(lie), sum(y for _, y in lie) / len(lie))
        others = [mark for at, mark in enumerate(points) if at not in owner.members]
        assert all(math.dist(middle, (mark.x, mark.y)) > span / 2 for mark in others)


def test_what_a_hull_tells_its_labels_do_not_repeat() -> None:
    one = owners(2, 3)
    tellings = [mark.telling for mark in scene(one).marks]
    assert tellings == [Telling.ALL] + [Telling.COUNT] * 6
    renamed = graph(
        [
            _account(each.id, each.network, "Owner 0", f"owner0{'x' * (each.id % 2)}")
            if each.id
            else each
            for each in one.nodes[:4]
        ],
        {0: [1, 2, 3], 1: [2, 3], 2: [1, 3], 3: [1, 2]},
    )
    assert [mark.telling for mark in scene(renamed).marks][1:] == [Telling.HANDLE] * 3


def test_the_seeds_own_accounts_lie_beside_each_other() -> None:
    marks = scene(sample()).marks
    (owner,) = scene(sample()).owners
    assert owner.name == "NASA"
    assert owner.networks == 3
    seed, *others = (marks[at] for at in owner.members)
    assert seed.telling == Telling.ALL
    related = [mark for at, mark in enumerate(marks) if at not in owner.members]
    one, other = ((mark.x, mark.y) for mark in others)
    assert all(math.dist(one, other) < math.dist(one, (mark.x, mark.y)) for mark in related)


def test_islands_that_join_several_seeds_come_first() -> None:
    one = archipelago()
    near = neighbours(one)
    found = islands(near, hops(one, near))
    assert found == [[0, 1, 2], list(range(3, 12)), [12], [13]]
    assert sorted(itertools.chain(*found)) == list(range(14))


def test_islands_lie_side_by_side_each_in_its_own_rings() -> None:
    layout = arrange(archipelago(), [9.0] * 14, [(90.0, 34.0)] * 14)
    middles = {(ring.x, ring.y) for ring in layout.rings}
    assert len(middles) == 2
    for ring, other in itertools.combinations(layout.rings, 2):
        if (ring.x, ring.y) != (other.x, other.y):
            apart = abs(ring.x - other.x) >= ring.width + other.width
            assert apart or abs(ring.y - other.y) >= ring.height + other.height
    for at in range(12):
        home = (layout.rings[0 if at < 3 else 2].x, layout.rings[0 if at < 3 else 2].y)
        abroad = next(middle for middle in middles if middle != home)
        assert math.dist(layout.points[at], home) < math.dist(layout.points[at], abroad)


sides = st.floats(1.0, 400.0)


@given(st.lists(st.tuples(sides, sides), max_size=40))
def test_packed_boxes_do_not_overlap_and_come_in_reading_order(
    boxes: list[tuple[float, float]],
) -> None:
    corners = pack(boxes)
    placed = [(x, y, x + w, y + h) for (x, y), (w, h) in zip(corners, boxes, strict=True)]
    assert not overlapping(placed)
    middles = [(y + h / 2, x) for (x, y), (_, h) in zip(corners, boxes, strict=True)]
    rounded = [(round(y, 3), round(x, 3)) for y, x in middles]
    assert rounded == sorted(rounded)


@given(st.floats(0, 2 * math.pi), st.floats(0.1, 1e4))
def test_a_point_on_a_ring_is_at_its_reach(angle: float, reach: float) -> None:
    assert distance_of(on_ring(angle, reach)) == pytest.approx(reach)


@settings(max_examples=50)
@given(st.lists(st.tuples(sides, sides, st.floats(0, 2 * math.pi)), min_size=1, max_size=20))
def test_boxes_part_within_their_rings_and_what_is_left_is_told(
    given_boxes: list[tuple[float, float, float]],
) -> None:
    halves = [(width, height) for width, height, _ in given_boxes]
    reach = 20.0 * len(halves) * max(max(half) for half in halves)
    starts = [(x * STRETCH, y) for x, y in (on_ring(angle, reach) for *_, angle in given_boxes)]
    moved, left = separate(starts, halves, [(reach * 0.5, reach)] * len(halves))
    boxes = [(x - w, y - h, x + w, y + h) for (x, y), (w, h) in zip(moved, halves, strict=True)]
    assert (left == 0) == (not overlapping(boxes, TOUCH))
    for x, y in moved:
        assert reach * 0.4999 <= distance_of((x / STRETCH, y)) <= reach * 1.0001


def test_boxes_with_room_all_part() -> None:
    halves = [(60.0, 25.0)] * 30
    starts = [(x * STRETCH, y) for x, y in (on_ring(at / 5, 200.0) for at in range(30))]
    moved, left = separate(starts, halves, [(100.0, 500.0)] * 30)
    assert left == 0
    assert not overlapping(
        [(x - w, y - h, x + w, y + h) for (x, y), (w, h) in zip(moved, halves, strict=True)]
    )


def test_every_account_is_in_exactly_one_item() -> None:
    depths = {0: 0, 1: 1, 2: 1, 3: 2, 4: 2}
    items = items_of(depths, [5.0] * 5, [(50.0, 20.0)] * 5, [Hull((0, 1, 2, 3), (90.0, 28.0))])
    assert [item.members for item in items] == [(0,), (1, 2), (3,), (4,)]
    assert all(len(item.offsets) == len(item.members) for item in items)


def test_a_label_in_wide_letters_takes_more_room() -> None:
    assert label_size(["東京タワー"])[0] > label_size(["Tokyo"])[0]
    assert label_size(["W" * 5000])[0] == label_size(["W" * 500])[0]
    assert label_size(["a", "b"])[1] > label_size(["a"])[1]


def labels(watched: Watched) -> dict[str, Any]:
    told: dict[str, Any] = watched.page.evaluate(
        """() => {
          const { labels, model, network } = graphcrawlMap;
          const box = ({ x, y, w, h, form }) => ({ box: [x, y, x + w, y + h],
            text: form.rows.map(({ parts }) => parts.join(" ")) });
          const scale = network.getScale();
          return {
            labels: Object.fromEntries(labels.shown.map((label) => [label.owner, box(label)])),
            names: labels.names.map(box),
            marks: model.marks.map((mark) => {
              const { x, y } = network.canvasToDOM(mark), reach = mark.radius * scale * 0.8;
              return [x - reach, y - reach, x + reach, y + reach];
            }),
          };
        }"""
    )
    return told


@browser
@pytest.mark.parametrize(
    "one",
    [sample(), crawl(20, 6), crawl(50, 9), owners(6, 3), owners(9, 5), archipelago()],
    ids=["5", "20", "50", "owners", "many-owners", "islands"],
)
def test_every_account_is_named_and_nothing_overlaps(
    open_map: OpenMap, one: ConnectionGraph
) -> None:
    told = labels(open_map(drawn(one)))
    assert sorted(map(int, told["labels"])) == list(range(len(one.nodes)))
    boxes = [tuple(label["box"]) for label in told["labels"].values()]
    boxes += [tuple(name["box"]) for name in told["names"]]
    assert not overlapping(boxes)
    marks = [tuple(mark) for mark in told["marks"]]
    assert not overlapping(marks)
    for at, label in told["labels"].items():
        others = [mark for index, mark in enumerate(marks) if index != int(at)]
        assert not [mark for mark in others if overlapping([tuple(label["box"]), mark])]


@browser
@pytest.mark.parametrize("one", [sample(), crawl(20, 6)], ids=["5", "20"])
def test_labels_of_a_small_map_tell_title_username_and_followers(
    open_map: OpenMap, one: ConnectionGraph
) -> None:
    watched = open_map(drawn(one))
    told = labels(watched)
    hulls = " ".join(line for name in told["names"] for line in name["text"])
    for at, each in enumerate(one.nodes):
        said = " ".join(told["labels"][str(at)]["text"])
        for text in (each.title, f"@{each.username}"):
            # A long line is cut; what the hull tells is not told once more.
            assert text is not None
            assert text[:12] in said or text[:12] in hulls


@browser
def test_a_hull_is_drawn_and_named(open_map: OpenMap) -> None:
    watched = open_map(drawn(sample()))
    assert [name["text"] for name in labels(watched)["names"]] == [["NASA · 3 networks", "@nasa"]]
    hull = watched.page.evaluate("graphcrawlMap.view.theme.hull")
    between = watched.page.evaluate(
        """() => {
          const { model, network, place } = graphcrawlMap;
          const [a, b] = model.marks.filter((mark) => mark.owner === 0 && mark.depth === 1);
          const spot = network.canvasToDOM({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 + 6 });
          const canvas = place.querySelector("canvas"), ratio = canvas.width / canvas.clientWidth;
          const { data } = canvas.getContext("2d").getImageData(
            Math.round(spot.x * ratio), Math.round(spot.y * ratio), 1, 1);
          const hex = (part) => part.toString(16).padStart(2, "0");
          return "#" + [...data].slice(0, 3).map(hex).join("");
        }"""
    )
    assert between == hull


@browser
def test_a_hull_holds_only_what_is_shown(open_map: OpenMap) -> None:
    watched = open_map(drawn(sample()))
    watched.page.click("#legend input[value=twitter]")
    watched.settle()
    assert labels(watched)["names"][0]["text"] == ["NASA · 3 networks", "@nasa"]
    watched.page.click("#legend input[value=youtube]")
    watched.settle()
    told = labels(watched)
    assert told["names"] == []
    assert told["labels"]["0"]["text"][0] == "NASA"


@browser
def test_hostile_names_of_owners_are_cut_and_inert(open_map: OpenMap) -> None:
    for text in HOSTILE:
        nodes = [node(0)] + [_account(at, NETWORKS[at], text, "same") for at in (1, 2, 3)]
        one = graph(nodes, {0: [1, 2, 3], 1: [2, 3], 2: [1, 3], 3: [1, 2]})
        watched = open_map(drawn(one))
        (name,) = labels(watched)["names"]
        assert name["box"][2] - name["box"][0] < 300
        assert watched.page.evaluate("window.__pwned") is None
