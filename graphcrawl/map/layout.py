"""Where accounts lie: each island in rings by depth around its seeds, and islands side by side.

Pure and deterministic: the order of the nodes decides every tie, and nothing is drawn by lot.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from graphcrawl.graph import ConnectionGraph
from graphcrawl.map.items import Hull, Item, items_of
from graphcrawl.map.nearness import Neighbours, hops, islands, neighbours
from graphcrawl.map.packing import pack
from graphcrawl.map.rings import BOXED_AT_MOST, Ring, lay_rings
from graphcrawl.map.spacing import Point, part

ISLAND_GAP: Final = 30.0


@dataclass(frozen=True, slots=True)
class Layout:
    """Positions in the order of the graph's nodes, and the rings they lie in."""

    points: tuple[Point, ...]
    rings: tuple[Ring, ...]


@dataclass(frozen=True, slots=True)
class _Island:
    """A part that hangs together, around an origin of its own, and the box that it fills."""

    points: dict[int, Point]
    rings: tuple[Ring, ...]
    left: float
    top: float
    width: float
    height: float


def arrange(
    graph: ConnectionGraph,
    radii: Sequence[float],
    labels: Sequence[Point] | None = None,
    *,
    hulls: Sequence[Hull] = (),
) -> Layout:
    """Lay a graph out: rings by depth, an owner's accounts together, islands side by side.

    Parameters
    ----------
    graph : ConnectionGraph
    radii : sequence of float
        Each node's radius, in map units.
    labels : sequence of (float, float) or None
        Width and height of each node's label in map units, where all have room.
    hulls : sequence of Hull

    Returns
    -------
    Layout
        One point for each node. No two discs overlap, nor two labels.
    """
    near = neighbours(graph)
    depths = hops(graph, near)
    sizes = [(5.0, 5.0)] * len(radii) if labels is None else labels
    parts = [
        _island(members, depths, near, radii, sizes, hulls) for members in islands(near, depths)
    ]
    return _side_by_side(parts, len(depths))


def _side_by_side(parts: Sequence[_Island], many: int) -> Layout:
    corners = pack([(one.width + ISLAND_GAP, one.height + ISLAND_GAP) for one in parts])
    points: list[Point] = [(0.0, 0.0)] * many
    rings: list[Ring] = []
    for one, (left, top) in zip(parts, corners, strict=True):
        x = y = 0.0
        if len(parts) > 1:
            x, y = left + ISLAND_GAP / 2 - one.left, top + ISLAND_GAP / 2 - one.top
        for node, point in one.points.items():
            points[node] = (round(point[0] + x, 1), round(point[1] + y, 1))
        rings += [replace(ring, x=round(x, 1), y=round(y, 1)) for ring in one.rings]
    return Layout(tuple(points), tuple(rings))


def _island(
    members: Sequence[int],
    depths: Sequence[int],
    near: Neighbours,
    radii: Sequence[float],
    labels: Sequence[Point],
    hulls: Sequence[Hull],
) -> _Island:
    items = items_of({node: depths[node] for node in members}, radii, labels, hulls)
    place = {node: at for at, item in enumerate(items) for node in item.members}
    middles, rings = lay_rings(
        items,
        [depths[item.members[0]] for item in items],
        _joined(items, place, near),
        _kin(len(items), place, hulls),
    )
    points = {
        node: (x + dx, y + dy)
        for item, (x, y) in zip(items, middles, strict=True)
        for node, (dx, dy) in zip(item.members, item.offsets, strict=True)
    }
    if len(items) > BOXED_AT_MOST:
        moved = part([points[node] for node in members], [radii[at] for at in members], gap=5.0)
        points = dict(zip(members, moved, strict=True))
    return _bounded(points, items, middles, rings if len(members) > 1 else [])


def _joined(items: Sequence[Item], place: dict[int, int], near: Neighbours) -> list[list[int]]:
    tied = [{place[other] for node in item.members for other in near[node]} for item in items]
    return [sorted(ends - {at}) for at, ends in enumerate(tied)]


def _kin(many: int, place: dict[int, int], hulls: Sequence[Hull]) -> list[list[int]]:
    kin: list[list[int]] = [[] for _ in range(many)]
    for hull in hulls:
        own = sorted({place[node] for node in hull.members if node in place})
        for at in own:
            kin[at] += [other for other in own if other != at]
    return kin


def _bounded(
    points: dict[int, Point], items: Sequence[Item], middles: Sequence[Point], rings: list[Ring]
) -> _Island:
    left = min(x - item.half[0] for item, (x, _) in zip(items, middles, strict=True))
    right = max(x + item.half[0] for item, (x, _) in zip(items, middles, strict=True))
    top = min(y - item.half[1] for item, (_, y) in zip(items, middles, strict=True))
    bottom = max(y + item.half[1] for item, (_, y) in zip(items, middles, strict=True))
    for ring in rings:
        left, right = min(left, -ring.width), max(right, ring.width)
        top, bottom = min(top, -ring.height), max(bottom, ring.height)
    return _Island(points, tuple(rings), left, top, right - left, bottom - top)
