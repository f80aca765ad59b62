"""Boxes side by side in rows, the first ones first, in the shape of a screen."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from graphcrawl.map.spacing import STRETCH, Point

_WIDTHS: Final = tuple(1.0 + step * 0.1 for step in range(9))


def pack(boxes: Sequence[Point]) -> list[Point]:
    """Set boxes in rows from left to right, each row in the middle, around the origin.

    Parameters
    ----------
    boxes : sequence of (float, float)
        Width and height.

    Returns
    -------
    list of (float, float)
        Each box's left and upper edge; the shape of the whole is near `STRETCH`.
    """
    if not boxes:
        return []
    widest = max(width for width, _ in boxes)
    ideal = math.sqrt(sum(width * height for width, height in boxes) * STRETCH)
    tried = [_rows(boxes, max(widest, ideal * factor)) for factor in _WIDTHS]
    return _placed(boxes, min(tried, key=lambda rows: _cost(boxes, rows)))


def _rows(boxes: Sequence[Point], most: float) -> list[list[int]]:
    rows: list[list[int]] = [[]]
    used = 0.0
    for at, (width, _) in enumerate(boxes):
        if rows[-1] and used + width > most:
            rows.append([])
            used = 0.0
        rows[-1].append(at)
        used += width
    return rows


def _extent(boxes: Sequence[Point], row: Sequence[int]) -> Point:
    return sum(boxes[at][0] for at in row), max(boxes[at][1] for at in row)


def _cost(boxes: Sequence[Point], rows: Sequence[Sequence[int]]) -> float:
    extents = [_extent(boxes, row) for row in rows]
    return max(max(width for width, _ in extents) / STRETCH, sum(height for _, height in extents))


def _placed(boxes: Sequence[Point], rows: Sequence[Sequence[int]]) -> list[Point]:
    corners: list[Point] = [(0.0, 0.0)] * len(boxes)
    extents = [_extent(boxes, row) for row in rows]
    top = -sum(height for _, height in extents) / 2
    for row, (width, height) in zip(rows, extents, strict=True):
        left = -width / 2
        for at in row:
            corners[at] = (left, top + (height - boxes[at][1]) / 2)
            left += boxes[at][0]
        top += height
    return corners
