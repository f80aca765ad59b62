"""Where the accounts of a large map lie, and what colours tell of their clusters."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from importlib import resources

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from graphcrawl.graph import ConnectionGraph, Edge, Found
from graphcrawl.graph.communities import find_communities
from graphcrawl.map import Arrangement, Color, Heading, MapOptions
from graphcrawl.map.bodies import Bodies, pack, shelve
from graphcrawl.map.city import GAP, STREET, build
from graphcrawl.map.crowd import near_pairs
from graphcrawl.map.groups import COLOURED, Cluster, clusters_of
from graphcrawl.map.legend import explain
from graphcrawl.map.marks import radius_of, shares
from graphcrawl.map.options import Size
from graphcrawl.map.scene import Scene, compose
from graphcrawl.map.shades import STEPS
from graphcrawl.model import Certainty, Origin
from tests.map.graphs import crawl, graph, node

Reals = NDArray[np.float64]


def grouped(
    sizes: Sequence[int], tied: int = 3, *, rng_seed: int = 1
) -> tuple[ConnectionGraph, tuple[Cluster, ...]]:
    """Make communities of these sizes: `tied` ties an account inside, and a few to the next."""
    draw = np.random.default_rng(rng_seed)
    total, start = sum(sizes), 0
    edges, clusters = set(), []
    for number, size in enumerate(sizes, start=1):
        members = range(start, start + size)
        for one in members:
            ends = start + (draw.random(tied) ** 2 * size).astype(int)
            edges |= {(one, int(end)) for end in ends if end != one}
            if draw.random() < 0.1:
                edges.add((one, (start + size + int(draw.integers(0, 20))) % total))
        clusters.append(Cluster(number, f"Cluster {number}", tuple(members)))
        start += size
    listed = tuple(
        Edge(one, other, 0, Certainty.UNKNOWN) for one, other in sorted(edges) if one != other
    )
    return ConnectionGraph(tuple(map(node, range(total))), listed, Origin.SIMULATED), tuple(
        clusters
    )


def radii_of(one: ConnectionGraph) -> list[float]:
    return [radius_of(share, labelled=False) for share in shares(one, Size.FOLLOWERS)]


def built(one: ConnectionGraph, clusters: Sequence[Cluster]) -> Reals:
    layout = build(one, radii_of(one), clusters)
    assert layout.rings == ()
    assert len(layout.points) == len(one.nodes)
    return np.array(layout.points, np.float64).reshape(-1, 2)


def room_between(
    points: Reals, radii: Sequence[float], groups: Sequence[int]
) -> tuple[float, float]:
    """Return the least room between two marks of one place, and of two places."""
    order, one, other = near_pairs(points, 2 * max(radii) + STREET + 2 * GAP)
    one, other = order[one], order[other]
    sizes, places = np.array(radii), np.array(groups)
    room = np.hypot(*(points[other] - points[one]).T) - sizes[one] - sizes[other]
    same = places[one] == places[other]
    return float(room[same].min(initial=99)), float(room[~same].min(initial=99))


def groups_of(one: ConnectionGraph, clusters: Sequence[Cluster]) -> list[int]:
    at = {member: number for number, each in enumerate(clusters) for member in each.members}
    return [at.get(index, -index - 1) for index in range(len(one.nodes))]


@pytest.mark.parametrize(
    "sizes",
    [(1,), (2,), (400,), (1, 1, 1, 1), (700, 300, 60, 40, 5, 3, 1, 1), (30,) * 40],
    ids=["1", "2", "one place", "singles", "mixed", "even"],
)
def test_all_are_placed_and_no_two_marks_or_places_overlap(sizes: Sequence[int]) -> None:
    one, clusters = grouped(sizes)
    points = built(one, clusters)
    assert np.isfinite(points).all()
    within, between = room_between(points, radii_of(one), groups_of(one, clusters))
    # Positions are rounded to a tenth.
    assert within >= GAP - 0.2
    assert between >= GAP + STREET - 0.2


@settings(max_examples=40)
@given(st.data())
def test_any_graph_finds_its_places(data: st.DataObject) -> None:
    count = data.draw(st.integers(1, 60))
    some = st.integers(0, count - 1)
    pairs = data.draw(st.lists(st.tuples(some, some), max_size=120, unique=True))
    labels = data.draw(st.lists(st.integers(-1, 5), min_size=count, max_size=count))
    one = ConnectionGraph(
        tuple(map(node, range(count))),
        tuple(Edge(a, b, 0, Certainty.UNKNOWN) for a, b in pairs),
        Origin.SIMULATED,
    )
    members = {label: [at for at, own in enumerate(labels) if own == label] for label in range(6)}
    clusters = [Cluster(label + 1, "c", tuple(m)) for label, m in members.items() if m]
    points = built(one, clusters)
    within, between = room_between(points, radii_of(one), groups_of(one, clusters))
    assert within >= GAP - 0.2
    assert between >= GAP + STREET - 0.2


def test_isolated_accounts_stand_in_rows_as_wide_as_a_screen() -> None:
    one = graph([node(at, subscribers_count=10) for at in range(400)], {})
    points = built(one, [])
    wide, tall = np.ptp(points, axis=0)
    assert 1.2 < wide / tall < 2.2
    # Without waste: a row after a row, and in it one beside the other.
    side = 2 * radii_of(one)[0] + GAP + STREET
    assert wide * tall < 1.5 * 400 * side * side


def test_what_is_tied_to_nothing_does_not_spread_the_rest() -> None:
    one, clusters = grouped((300, 200, 100))
    alone = ConnectionGraph(
        one.nodes + tuple(node(at) for at in range(600, 612)), one.edges, one.origin
    )
    before, after = np.ptp(built(one, clusters), axis=0), np.ptp(built(alone, clusters), axis=0)
    assert after[0] == pytest.approx(before[0], rel=0.1)
    assert after[1] < before[1] + 120


def test_tied_places_are_nearer_than_others() -> None:
    # A chain of communities: each is tied to the next one only.
    one, clusters = grouped((80,) * 14)
    points = built(one, clusters)
    middles = np.array([points[list(each.members)].mean(axis=0) for each in clusters])
    apart = np.hypot(*(middles[:, None] - middles[None]).transpose(2, 0, 1))
    next_ones = np.mean([apart[at, (at + 1) % 14] for at in range(14)])
    others = np.mean([apart[a, b] for a in range(14) for b in range(a) if 1 < a - b < 13])
    assert next_ones < 0.7 * others


def test_members_are_nearer_to_each_other_than_to_the_rest() -> None:
    one, clusters = grouped((300, 200, 150, 100, 60))
    points = built(one, clusters)
    groups = np.array(groups_of(one, clusters))
    apart = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))
    np.fill_diagonal(apart, np.inf)
    nearest = np.argsort(apart, axis=1)[:, :5]
    assert (groups[nearest] == groups[:, None]).mean() > 0.9


def test_the_largest_lie_in_the_middle() -> None:
    one, clusters = grouped((40, 40))
    radii = radii_of(one)
    points = built(one, clusters)
    for each in clusters:
        own = points[list(each.members)]
        away = np.hypot(*(own - own.mean(axis=0)).T)
        large = np.array([radii[at] for at in each.members])
        assert np.corrcoef(away, large)[0, 1] < -0.5


@pytest.mark.parametrize("rng_seed", [0, 2, 3])
def test_members_lean_to_the_place_they_are_tied_to(rng_seed: int) -> None:
    one, clusters = grouped((90, 90), rng_seed=rng_seed)
    points = built(one, clusters)
    groups = groups_of(one, clusters)
    abroad = {edge.source for edge in one.edges if groups[edge.source] != groups[edge.target]}
    middles = [points[list(each.members)].mean(axis=0) for each in clusters]
    for each, own, other in zip(clusters, middles, middles[::-1], strict=True):
        ahead = (points - own) @ (other - own) / np.hypot(*(other - own))
        leaning = np.mean([ahead[at] for at in each.members if at in abroad])
        others = np.mean([ahead[at] for at in each.members if at not in abroad])
        assert leaning > others + 80


@pytest.mark.parametrize("swapped", [False, True])
def test_a_place_is_turned_to_what_its_lobes_are_tied_to(swapped: bool) -> None:
    """Each half of a place is tied to another place, and looks to it, whichever of the two."""
    draw = np.random.default_rng(5)
    edges = set()
    for at in range(900):
        start, size = (at // 300 * 300, 300) if at < 600 else (at // 150 * 150, 150)
        edges |= {(at, start + int(end)) for end in draw.integers(0, size, 6)}
    edges |= {(at, at + 300) for at in range(4)}
    first, second = (750, 600) if swapped else (600, 750)
    edges |= {(at, first + at % 150) for at in range(0, 300, 4)}
    edges |= {(at, second + at % 150) for at in range(300, 600, 4)}
    one = ConnectionGraph(
        tuple(node(at, subscribers_count=100) for at in range(900)),
        tuple(Edge(a, b, 0, Certainty.UNKNOWN) for a, b in sorted(edges) if a != b),
        Origin.SIMULATED,
    )
    members = (range(600), range(600, 750), range(750, 900))
    points = built(one, [Cluster(at, "c", tuple(m)) for at, m in enumerate(members, start=1)])

    def _middle(start: int, size: int) -> Reals:
        middle: Reals = points[start : start + size].mean(axis=0)
        return middle

    looks = _middle(0, 300) - _middle(300, 300)
    lies = _middle(first, 150) - _middle(second, 150)
    assert looks @ lies > 0.5 * np.hypot(*looks) * np.hypot(*lies)


def test_one_place_is_not_a_disc_where_it_has_parts() -> None:
    """Two dense halves with few ties between them lie in two lobes, side by side."""
    draw = np.random.default_rng(3)
    edges = set()
    for at in range(600):
        half = at // 300 * 300
        edges |= {(at, half + int(end)) for end in draw.integers(0, 300, 6)}
    edges |= {(at, at + 300) for at in range(4)}
    one = ConnectionGraph(
        tuple(node(at, subscribers_count=100) for at in range(600)),
        tuple(Edge(a, b, 0, Certainty.UNKNOWN) for a, b in sorted(edges) if a != b),
        Origin.SIMULATED,
    )
    points = built(one, [Cluster(1, "c", tuple(range(600)))])
    centre = points.mean(axis=0)
    first, second = points[:300].mean(axis=0) - centre, points[300:].mean(axis=0) - centre
    assert first @ second < 0
    assert np.hypot(*(first - second)) > 0.25 * np.ptp(points, axis=0).max()


def test_the_city_is_as_wide_as_a_screen() -> None:
    for sizes in ((60,) * 30, (400, 300, 200, 150, 100, 80, 60, 40, 30), (1000, 100, 100)):
        wide, tall = np.ptp(built(*grouped(sizes)), axis=0)
        assert 1.3 < wide / tall < 1.9


def test_fifty_thousand_accounts_are_placed_soon() -> None:
    draw = np.random.default_rng(1)
    share = draw.pareto(1.2, 200) + 0.1
    sizes = (share / share.sum() * 49_000).astype(int) + 1
    one, clusters = grouped([*sizes.tolist(), 50_000 - int(sizes.sum())], 4)
    assert len(one.nodes) == 50_000
    radii = radii_of(one)
    start = time.process_time()
    layout = build(one, radii, clusters)
    # Under one second on a machine with nothing else to do; this is for one with much.
    assert time.process_time() - start < 4
    points = np.array(layout.points)
    within, _ = room_between(points, radii, groups_of(one, clusters))
    assert within >= GAP - 0.2


def test_every_process_builds_the_same_city() -> None:
    code = (
        "from tests.map.test_city import *; one, clusters = grouped((90, 60, 30, 5));"
        "print(hash(build(one, radii_of(one), clusters).points))"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "77")
    }
    assert len(said) == 1


def test_bodies_are_packed_without_overlap_and_slide_into_gaps() -> None:
    draw = np.random.default_rng(4)
    body = np.repeat(np.arange(12), 3)
    offsets = np.tile(np.array([[0.0, 0.0], [12.0, 0.0], [0.0, 12.0]]), (12, 1))
    bodies = Bodies(offsets, draw.uniform(4, 8, 36), body)
    middles = pack(bodies, np.ones((12, 12)), stretch=1.6)
    spots = middles[body] + offsets
    apart = np.hypot(*(spots[:, None] - spots[None]).transpose(2, 0, 1))
    room = apart - bodies.radii[:, None] - bodies.radii
    assert room[body[:, None] != body].min() > -0.01
    circles = pack(Bodies.discs(bodies.reach()), np.ones((12, 12)), stretch=1.6)
    assert np.ptp(middles, axis=0).prod() < np.ptp(circles, axis=0).prod()


def test_rows_hold_their_width() -> None:
    radii = np.sort(np.random.default_rng(2).uniform(3, 9, 50))[::-1]
    middles = shelve(radii, 100.0)
    assert (np.abs(middles[:, 0]) + radii).max() <= 50.01
    apart = np.hypot(*(middles[:, None] - middles[None]).transpose(2, 0, 1))
    np.fill_diagonal(apart, np.inf)
    assert (apart - radii[:, None] - radii).min() > -0.01


def scene(one: ConnectionGraph, **options: object) -> Scene:
    found = Found(communities=find_communities(one).communities)
    chosen = MapOptions(**options)  # type: ignore[arg-type]
    return compose(one, heading=Heading("t", "s"), found=found, options=chosen)


def test_rings_give_way_to_places_beyond_150_accounts() -> None:
    assert not scene(crawl(150, 9)).city
    large = scene(crawl(151, 9))
    assert large.city
    assert not large.rings
    assert scene(crawl(40, 9), layout=Arrangement.CLUSTERS).city
    assert scene(crawl(400, 9), layout=Arrangement.RINGS).rings
    # Without clusters there is nothing to build of.
    assert compose(crawl(200, 9), heading=Heading("t", "s")).rings


def test_colour_tells_clusters_where_they_say_something() -> None:
    two = graph([node(at) for at in range(10)], {0: [1, 2, 3, 4], 5: [6, 7, 8, 9]})
    assert scene(two).color == Color.CLUSTER
    one_large = graph([node(at) for at in range(9)], {0: [1, 2, 3, 4], 5: [6, 7, 8]})
    assert scene(one_large).color == Color.NETWORK
    assert scene(one_large, color=Color.CLUSTER).color == Color.CLUSTER
    assert scene(crawl(300, 9)).color == Color.CLUSTER
    assert scene(crawl(300, 9), color=Color.NETWORK).color == Color.NETWORK
    assert compose(two, heading=Heading("t", "s")).color == Color.NETWORK


def test_the_legend_counts_the_largest_clusters_and_the_others_together() -> None:
    sizes = [40 - at for at in range(COLOURED + 5)]
    one, _ = grouped(sizes)
    drawn = scene(one)
    entries = explain(drawn).clusters
    assert len(entries) == min(COLOURED, len(drawn.clusters)) + (len(drawn.clusters) > COLOURED)
    assert sum(int(entry.count) for entry in entries) == len(one.nodes)
    assert explain(compose(one, heading=Heading("t", "s"))).clusters == ()
    assert len(clusters_of(one, Found())) == 0


def _palettes() -> list[tuple[str, list[str]]]:
    """Return each theme's paper and the clusters' colours on it."""
    style = (resources.files("graphcrawl.map") / "assets" / "map.css").read_text("utf-8")
    papers = re.findall(r"--paper: (#\w{6})", style)
    colours = re.findall(r"--cluster-(\d+): (#\w{6})", style)
    assert Counter(at for at, _ in colours) == {str(at): 2 for at in range(COLOURED)}
    hues = [hue for _, hue in colours]
    return list(zip(papers, (hues[:COLOURED], hues[COLOURED:]), strict=True))


def _linear(colour: str) -> Reals:
    part = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    return np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)


_LIGHT = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
# Machado, Oliveira and Fernandes (2009), full severity: none, protan, deutan.
_SIGHTS = (
    np.eye(3),
    np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
)


def _lab(linear: Reals) -> Reals:
    light = np.clip(linear, 0, 1) @ _LIGHT.T / np.array([0.9505, 1.0, 1.089])
    f = np.where(light > 0.008856, np.cbrt(light), 7.787 * light + 16 / 116)
    parts = [116 * f[:, 1] - 16, 500 * (f[:, 0] - f[:, 1]), 200 * (f[:, 1] - f[:, 2])]
    return np.stack(parts, axis=1)


def test_clusters_colours_differ_for_every_sight_and_from_the_paper() -> None:
    for paper, hues in _palettes():
        linear = np.array([_linear(hue) for hue in hues])
        bright, dark = linear @ _LIGHT[1], float(_linear(paper) @ _LIGHT[1])
        contrast = (np.maximum(bright, dark) + 0.05) / (np.minimum(bright, dark) + 0.05)
        assert contrast.min() >= 3
        for least, sight in zip((20, 12, 12), _SIGHTS, strict=True):
            seen = _lab(linear @ sight.T)
            apart = np.sqrt(((seen[:, None] - seen[None]) ** 2).sum(axis=2))
            np.fill_diagonal(apart, np.inf)
            assert apart.min() > least


def _steps() -> list[tuple[str, str, list[str]]]:
    """Return each theme's paper, its grey, and the scale's colours."""
    style = (resources.files("graphcrawl.map") / "assets" / "map.css").read_text("utf-8")
    papers, greys = re.findall(r"--paper: (#\w{6})", style), re.findall(r"--other: (#\w{6})", style)
    hues = [hue for _, hue in re.findall(r"--step-(\d+): (#\w{6})", style)]
    assert len(hues) == 2 * STEPS
    return list(zip(papers, greys, (hues[:STEPS], hues[STEPS:]), strict=True))


def test_steps_of_the_scale_are_even_and_differ_for_every_sight_from_each_other_and_grey() -> None:
    for paper, grey, hues in _steps():
        linear = np.array([_linear(hue) for hue in hues])
        bright, dark = linear @ _LIGHT[1], float(_linear(paper) @ _LIGHT[1])
        contrast = (np.maximum(bright, dark) + 0.05) / (np.minimum(bright, dark) + 0.05)
        assert contrast.min() >= 3
        assert (np.diff(contrast) > 0).all(), "the more, the further from the paper"
        for at, sight in enumerate(_SIGHTS):
            seen = _lab(linear @ sight.T)
            apart = np.linalg.norm(np.diff(seen, axis=0), axis=1)
            assert apart.min() > 7
            if at == 0:
                assert apart.min() / apart.max() > 0.9
            unknown = _lab(_linear(grey)[None] @ sight.T)
            assert np.linalg.norm(seen - unknown, axis=1).min() > 40
