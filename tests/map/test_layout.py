"""Positions: one for each account, apart, in rings by depth, the same every time."""

from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphcrawl.graph import ConnectionGraph
from graphcrawl.map.layout import arrange
from graphcrawl.map.nearness import hops, neighbours
from graphcrawl.map.spacing import STRETCH, distance_of, part, spread
from tests.map.graphs import crawl, graph, node, sample

TURN = 2 * math.pi


def lay(one: ConnectionGraph, radius: float = 5.0) -> list[tuple[float, float]]:
    return list(arrange(one, [radius] * len(one.nodes)).points)


@pytest.mark.parametrize("size", [1, 2, 5, 40, 500])
def test_discs_do_not_overlap(size: int) -> None:
    one = crawl(size, 16)
    radii = [3.0 + at % 9 for at in range(len(one.nodes))]
    points = arrange(one, radii).points
    assert len(points) == len(one.nodes)
    for (p, r), (q, s) in itertools.combinations(zip(points, radii, strict=True), 2):
        assert math.dist(p, q) > (r + s) * 0.98


def test_a_lone_seed_lies_in_the_middle() -> None:
    assert lay(sample())[0] == (0.0, 0.0)


def test_rings_hold_their_depths() -> None:
    one = crawl(300, 12)
    layout = arrange(one, [5.0] * 300)
    reach = {ring.depth: ring.height for ring in layout.rings}
    assert list(reach.values()) == sorted(reach.values())
    for account, (x, y) in zip(one.nodes, layout.points, strict=True):
        assert account.depth is not None
        distance = distance_of((x / STRETCH, y))
        assert reach.get(account.depth - 1, -1.0) - 0.2 <= distance <= reach[account.depth] + 0.2


def test_children_lie_near_their_parent() -> None:
    branches = 8
    nodes = [node(0)]
    lists: dict[int, list[int]] = {0: []}
    for branch in range(1, branches + 1):
        nodes.append(node(branch, visit="done"))
        lists[0].append(branch)
        lists[branch] = [branches * branch + twig for twig in range(1, branches + 1)]
        nodes += [node(twig, depth=2) for twig in lists[branch]]
    one = graph(sorted(nodes, key=lambda each: each.id), lists)
    points = lay(one)
    for branch in range(1, branches + 1):
        for twig in lists[branch]:
            nearest = min(
                range(1, branches + 1), key=lambda at: math.dist(points[at], points[twig])
            )
            assert abs(_angle(points[twig]) - _angle(points[branch])) % TURN < 0.9 or (
                nearest == branch
            )


def _angle(point: tuple[float, float]) -> float:
    return math.atan2(point[1], point[0] / STRETCH)


def test_no_crawl_no_depth_still_a_layout() -> None:
    nodes = [node(at, depth=None, visit=None) for at in range(6)]
    one = graph(nodes, {0: [1], 1: [2], 3: [4]})
    near = neighbours(one)
    assert hops(one, near)[1] == 0
    assert sorted(hops(one, near)) == [0, 1, 1, 1, 1, 2]
    assert len(set(lay(one))) == 6


def test_a_long_chain_needs_no_deep_stack() -> None:
    nodes = [node(at, depth=at) for at in range(3000)]
    one = graph(nodes, {at: [at + 1] for at in range(2999)})
    assert len(lay(one)) == 3000


angles = st.lists(st.floats(0, TURN, exclude_max=True), min_size=1, max_size=40).map(sorted)


@settings(max_examples=200)
@given(angles, st.floats(0.001, 2.0))
def test_spread_keeps_the_order_and_the_gaps(wanted: list[float], gap: float) -> None:
    moved = spread(wanted, [gap] * len(wanted))
    room = min(gap, TURN / len(wanted))
    ends = sorted(angle % TURN for angle in moved)
    around = [*ends[1:], ends[0] + TURN]
    assert all(b - a >= room - 1e-6 for a, b in zip(ends, around, strict=True))
    start = moved.index(min(moved))
    turned = moved[start:] + moved[:start]
    assert turned == sorted(turned)


@given(angles)
def test_spread_leaves_alone_what_is_apart(wanted: list[float]) -> None:
    moved = spread(wanted, [1e-12] * len(wanted))
    assert all(
        math.isclose(math.cos(a), math.cos(b), abs_tol=1e-6)
        for a, b in zip(wanted, moved, strict=True)
    )


def test_discs_on_one_spot_part() -> None:
    one, other = part([(0.0, 0.0), (0.0, 0.0)], [3.0, 4.0], gap=1.0)
    assert math.dist(one, other) == pytest.approx(8.0)
