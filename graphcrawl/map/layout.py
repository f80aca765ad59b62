"""Where accounts lie: rings by depth around the seeds, each account near what it is tied to.

Pure and deterministic: the order of the nodes decides every tie, and nothing is drawn by lot.
"""

from __future__ import annotations

import heapq
import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from graphcrawl.graph import ConnectionGraph

TURN: Final = 2 * math.pi
STRETCH: Final = 1.6
"""Width to height of a ring: labels are wider than tall, and so are most screens."""

SWEEPS: Final = 8
ROOT: Final = -1

Point = tuple[float, float]
Neighbours = Sequence[Sequence[int]]


@dataclass(frozen=True, slots=True)
class Ring:
    """The ellipse around everything up to `depth`, in map units from the centre."""

    depth: int
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Layout:
    """Positions in the order of the graph's nodes, and the rings they lie in."""

    points: tuple[Point, ...]
    rings: tuple[Ring, ...]


def arrange(graph: ConnectionGraph, radii: Sequence[float], *, pitch: float) -> Layout:
    """Lay a graph out in rings by depth.

    Within a ring the order follows the breadth-first tree, whose branches are sorted by the mean
    direction of what they are tied to (the barycentre method of layered drawings: Sugiyama,
    Tagawa and Toda, 1981, here on circles).

    Parameters
    ----------
    graph : ConnectionGraph
    radii : sequence of float
        Each node's radius, in map units.
    pitch : float
        Room each account wants beside its own disc, in map units.

    Returns
    -------
    Layout
        One point for each node; no two discs overlap but where a crowd leaves no other way.
    """
    near = neighbours(graph)
    depths = hops(graph, near)
    angles = directions(depths, near)
    footprints = [2 * radius + pitch for radius in radii]
    points: list[Point] = [(0.0, 0.0)] * len(depths)
    rings = []
    reach = 0.0
    for depth, members in _by_depth(depths):
        members.sort(key=lambda node: (angles[node], node))
        placed, reach = _ring(members, angles, footprints, reach)
        for node, point in zip(members, placed, strict=True):
            points[node] = point
        rings.append(Ring(depth, round(reach * STRETCH, 1), round(reach, 1)))
    stretched = part([(x * STRETCH, y) for x, y in points], radii, gap=min(pitch, 6.0))
    return Layout(tuple((round(x, 1), round(y, 1)) for x, y in stretched), tuple(rings))


def neighbours(graph: ConnectionGraph) -> list[list[int]]:
    """Return, for each node by its index, the indices it is tied to in either direction."""
    index = {node.id: at for at, node in enumerate(graph.nodes)}
    tied: list[set[int]] = [set() for _ in graph.nodes]
    for edge in graph.edges:
        source, target = index[edge.source], index[edge.target]
        if source != target:
            tied[source].add(target)
            tied[target].add(source)
    return [sorted(ends) for ends in tied]


def hops(graph: ConnectionGraph, near: Neighbours) -> list[int]:
    """Return each node's depth; one outside any crawl gets its distance from what is known."""
    depths = {at: node.depth for at, node in enumerate(graph.nodes) if node.depth is not None}
    _reach(depths, near, list(depths))
    start = 1 if depths else 0
    for node in sorted(range(len(near)), key=lambda at: (-len(near[at]), at)):
        if node not in depths:
            depths[node] = start
            start = 1
            _reach(depths, near, [node])
    return [depths[at] for at in range(len(near))]


def _reach(depths: dict[int, int], near: Neighbours, starts: Iterable[int]) -> None:
    waiting = [(depths[node], node) for node in starts]
    heapq.heapify(waiting)
    while waiting:
        depth, node = heapq.heappop(waiting)
        for other in near[node]:
            if other not in depths:
                depths[other] = depth + 1
                heapq.heappush(waiting, (depth + 1, other))


def directions(depths: Sequence[int], near: Neighbours) -> list[float]:
    """Return each node's angle, in radians: its branch's place among its siblings.

    Parameters
    ----------
    depths : sequence of int
    near : sequence of sequence of int
        As `neighbours` returns them.
    """
    inward = [
        [other for other in near[at] if depths[other] < depth] for at, depth in enumerate(depths)
    ]
    parents = [max(ends, key=lambda end: (depths[end], -end), default=ROOT) for ends in inward]
    lone = depths.count(0) == 1
    outward = sorted(range(len(depths)), key=lambda node: (depths[node], node))
    angles = _wedges(outward, parents, [float(node) for node in range(len(depths))])
    for _ in range(SWEEPS):
        pull = _pulls(depths, near, angles, lone=lone)
        parents = [_closest(ends, angles, pull[at]) for at, ends in enumerate(inward)]
        keys = [
            pull[at] if parent == ROOT else _turned(pull[at] - angles[parent])
            for at, parent in enumerate(parents)
        ]
        angles = _wedges(outward, parents, keys)
    return angles


def _wedges(outward: Sequence[int], parents: Sequence[int], keys: Sequence[float]) -> list[float]:
    """Share the circle out along the tree, each branch as wide as it has leaves."""
    children: dict[int, list[int]] = defaultdict(list)
    for node in outward:
        children[parents[node]].append(node)
    weight = [0] * len(parents)
    for node in reversed(outward):
        weight[node] = max(1, sum(weight[child] for child in children[node]))
    starts = [0.0] * len(parents)
    unit = TURN / max(1, sum(weight[node] for node in children[ROOT]))
    for parent in (ROOT, *outward):
        cursor = 0.0 if parent == ROOT else starts[parent]
        for child in sorted(children[parent], key=lambda node: (keys[node], node)):
            starts[child] = cursor
            cursor += weight[child] * unit
    return [start + weight[at] * unit / 2 for at, start in enumerate(starts)]


def _pulls(
    depths: Sequence[int], near: Neighbours, angles: Sequence[float], *, lone: bool
) -> list[float]:
    """Return the mean direction of each node's neighbours; a lone seed in the centre has none."""
    sines = [math.sin(angle) for angle in angles]
    cosines = [math.cos(angle) for angle in angles]
    pulls = []
    for at, ends in enumerate(near):
        felt = [end for end in ends if depths[end] or not lone]
        x, y = sum(cosines[end] for end in felt), sum(sines[end] for end in felt)
        pulls.append(math.atan2(y, x) % TURN if abs(x) + abs(y) > 1e-9 else angles[at])
    return pulls


def _closest(ends: Sequence[int], angles: Sequence[float], wanted: float) -> int:
    return min(ends, key=lambda end: (abs(_turned(angles[end] - wanted)), end), default=ROOT)


def _turned(angle: float) -> float:
    """Return the same direction between -pi and pi."""
    return (angle + math.pi) % TURN - math.pi


def _by_depth(depths: Sequence[int]) -> list[tuple[int, list[int]]]:
    groups: dict[int, list[int]] = defaultdict(list)
    for node, depth in enumerate(depths):
        groups[depth].append(node)
    return sorted(groups.items())


def _ring(
    members: Sequence[int], angles: Sequence[float], footprints: Sequence[float], reach: float
) -> tuple[list[Point], float]:
    """Place one depth outside `reach`; return its points and how far it reaches now."""
    sizes = [footprints[node] for node in members]
    typical = sum(sizes) / len(sizes)
    if reach == 0.0 and len(members) == 1:
        return [(0.0, 0.0)], typical * 0.75
    inner = reach + typical * 0.5
    wanted = [angles[node] for node in members]
    if sum(sizes) <= TURN * inner:
        radii = [inner] * len(members)
        gaps = [size / inner for size in sizes]
    else:
        radii, gaps = _band(sizes, inner, typical)
    turned = spread(wanted, gaps)
    points = [(r * math.cos(a), r * math.sin(a)) for r, a in zip(radii, turned, strict=True)]
    return points, max(radii) + typical * 0.4


def _band(sizes: Sequence[float], inner: float, typical: float) -> tuple[list[float], list[float]]:
    """Stagger a crowd over several rows, evenly by area, and say what angle each one takes.

    Taken in the order of their angle, the rows follow multiples of the golden ratio, so that
    neighbours in angle are far apart in radius, as the seeds of a sunflower are.
    """
    area = sum(size * size for size in sizes)
    width = math.sqrt(inner * inner + 1.15 * area / math.pi) - inner
    rows = max(2, round(width / typical))
    if rows <= 3:
        radii = [inner + typical * 0.9 * (at % rows) for at in range(len(sizes))]
        return radii, [0.95 * TURN * size / sum(sizes) for size in sizes]
    golden = (math.sqrt(5) - 1) / 2
    outer = inner + width
    radii = [
        math.sqrt(inner * inner + (at * golden % 1.0) * (outer * outer - inner * inner))
        for at in range(len(sizes))
    ]
    return radii, [0.9 * TURN * size * size / area for size in sizes]


def spread(wanted: Sequence[float], gaps: Sequence[float]) -> list[float]:
    """Move angles apart as little as possible, in the sense of least squares.

    Isotonic regression by pooling neighbours (Barlow and others, 1972), on a circle cut where
    it is emptiest.

    Parameters
    ----------
    wanted : sequence of float
        Angles in radians, ascending, within one turn.
    gaps : sequence of float
        The angle that each one needs, half on either side.

    Returns
    -------
    list of float
        Angles in the same order; each pair of neighbours is at least half its two gaps apart,
        where the circle has room, otherwise all are squeezed alike.
    """
    count = len(wanted)
    squeeze = min(1.0, TURN / sum(gaps))
    cut = max(range(count), key=lambda at: ((wanted[at] - wanted[at - 1]) % TURN, -at))
    order = [(cut + step) % count for step in range(count)]
    offsets, total = [], 0.0
    for at in order:
        offsets.append(total + gaps[at] * squeeze / 2)
        total += gaps[at] * squeeze
    first = wanted[cut]
    free = [(wanted[at] - first) % TURN - o for at, o in zip(order, offsets, strict=True)]
    pooled = _ascending(free)
    middle, slack = (pooled[0] + pooled[-1]) / 2, (TURN - total) / 2
    result = [0.0] * count
    for at, offset, value in zip(order, offsets, pooled, strict=True):
        result[at] = first + offset + min(max(value, middle - slack), middle + slack)
    return result


def _ascending(values: Sequence[float]) -> list[float]:
    pools: list[tuple[float, int]] = []
    for value in values:
        total, count = value, 1
        while pools and pools[-1][0] / pools[-1][1] > total / count:
            last_total, last_count = pools.pop()
            total, count = total + last_total, count + last_count
        pools.append((total, count))
    return [total / count for total, count in pools for _ in range(count)]


def part(points: Sequence[Point], radii: Sequence[float], *, gap: float) -> list[Point]:
    """Push overlapping discs apart, a few rounds at most.

    Parameters
    ----------
    points : sequence of (float, float)
    radii : sequence of float
    gap : float
        Least distance between two discs, in map units.
    """
    moved = list(points)
    cell = 2 * max(radii, default=0.0) + gap
    for _ in range(12):
        if not _push(moved, radii, gap, cell):
            break
    return moved


def _push(points: list[Point], radii: Sequence[float], gap: float, cell: float) -> bool:
    grid: dict[tuple[int, int], list[int]] = defaultdict(list)
    for node, (x, y) in enumerate(points):
        grid[math.floor(x / cell), math.floor(y / cell)].append(node)
    pushed = False
    for (column, row), members in grid.items():
        for c, r in ((0, 0), (1, 0), (-1, 1), (0, 1), (1, 1)):
            others = grid.get((column + c, row + r), ())
            for one in members:
                for other in others:
                    if one < other or (c, r) != (0, 0):
                        pushed |= _push_pair(points, radii, gap, one, other)
    return pushed


def _push_pair(
    points: list[Point], radii: Sequence[float], gap: float, one: int, other: int
) -> bool:
    (x, y), (u, v) = points[one], points[other]
    need = radii[one] + radii[other] + gap
    dx, dy = u - x, v - y
    apart = dx * dx + dy * dy
    if apart >= need * need * 0.999:
        return False
    distance = math.sqrt(apart)
    # Two discs on one spot have no direction to part in: sideways will do.
    dx, dy, distance = (dx, dy, distance) if distance > 1e-6 else (1.0, 0.0, 1.0)
    shift = (need - math.sqrt(apart)) / 2 / distance
    points[one] = (x - dx * shift, y - dy * shift)
    points[other] = (u + dx * shift, v + dy * shift)
    return True
