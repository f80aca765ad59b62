"""The bytes of an answer to plain values, within bounds that no honest answer meets."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Final

MAX_DEPTH: Final = 32
"""Lists and objects within one another; the documented answers have three."""

_LONGEST_INTEGER: Final = 400
_CONTAINERS: Final = frozenset({dict, list})


class TooDeep(Exception):
    """A document with more lists and objects within one another than `MAX_DEPTH`."""


def decoded(body: bytes) -> object:
    """Decode JSON, as Python's own module reads it: of a key that repeats, the last one counts.

    NaN and infinities come as floats, and so does an integer of hundreds of digits: what has no
    place for them drops them.

    Raises
    ------
    TooDeep
        If it is nested deeper than `MAX_DEPTH`.
    ValueError
        If it is no JSON.
    """
    try:
        document = _loaded(body)
    except RecursionError as error:
        raise TooDeep from error
    if _is_deeper(document, MAX_DEPTH):
        raise TooDeep
    return document


def _loaded(body: bytes) -> object:
    try:
        return json.loads(body)
    except (json.JSONDecodeError, UnicodeDecodeError):
        raise
    except ValueError:
        # Valid JSON with an integer of more digits than Python converts (4,300 by default).
        return json.loads(body, parse_int=_integer)


def _integer(digits: str) -> int | float:
    return int(digits) if len(digits) < _LONGEST_INTEGER else float(digits)


def _is_deeper(document: object, depth: int) -> bool:
    """Look level by level, so that no depth is too deep for the look itself."""
    level = [document]
    for _ in range(depth):
        level = [held for each in level for held in _held(each)]
        if not level:
            return False
    return True


def _held(value: object) -> list[object]:
    """Give the lists and objects right within a value."""
    if isinstance(value, dict):
        within: Collection[object] = value.values()
    elif isinstance(value, list):
        within = value
    else:
        return []
    # By exact type, json makes no other: nearly every object is a row without any, and is passed
    # over at the speed of C.
    if _CONTAINERS.isdisjoint(map(type, within)):
        return []
    return [held for held in within if type(held) in _CONTAINERS]
