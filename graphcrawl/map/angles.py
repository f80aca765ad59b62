"""In which direction from the middle each thing lies: near what it is tied to."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from graphcrawl.map.nearness import Neighbours

TURN: Final = 2 * math.pi
SWEEPS: Final = 8
ROOT: Final = -1


def directions(
    depths: Sequence[int], near: Neighbours, *, kin: Sequence[Sequence[int]] | None = None
) -> list[float]:
    """Return each node's angle, in radians: its branch's place among its siblings.

    Along the breadth-first tree, whose branches are sorted by the mean direction of what they are
    tied to (the barycentre method of layered drawings: Sugiyama, Tagawa and Toda, 1981, here on
    circles).

    Parameters
    ----------
    depths : sequence of int
    near : sequence of sequence of int
        As `neighbours` returns them.
    kin : sequence of sequence of int or None
        For each node those it is to lie beside, if they lie further in, whatever it is tied to.
    """
    inward = [
        [other for other in near[at] if depths[other] < depth] for at, depth in enumerate(depths)
    ]
    for at, own in enumerate(kin or ()):
        closest = [other for other in own if depths[other] < depths[at]]
        inward[at] = closest or inward[at]
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
    return _upright(angles, parents)


def _upright(angles: list[float], parents: Sequence[int]) -> list[float]:
    """Turn an odd number of branches so that one points down, where a label takes the least room.

    As they are, one of them would point straight to the left.
    """
    trunk = ROOT
    branches = [at for at, parent in enumerate(parents) if parent == trunk]
    while len(branches) == 1:
        trunk = branches[0]
        branches = [at for at, parent in enumerate(parents) if parent == trunk]
    return [angle - TURN / 4 for angle in angles] if len(branches) % 2 or not branches else angles


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
