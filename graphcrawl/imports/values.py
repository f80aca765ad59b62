"""Texts and numbers of foreign files as what they stand for; ValueError says what is wrong."""

from __future__ import annotations

import json
import math
import re
from datetime import datetime
from typing import Final

from graphcrawl.moments import in_utc
from graphcrawl.wording import printable, storable

_LONGEST_SHOWN: Final = 60
_MOST: Final = 2**63 - 1
_WHOLE: Final = re.compile(r"(\d{1,19})(?:\.0*)?", re.ASCII)
_YES: Final = frozenset({"true", "1", "yes"})
_NO: Final = frozenset({"false", "0", "no"})


def text(value: object) -> str | None:
    """Give a value as text; nothing, and an empty text, are None."""
    if value is None or value == "":
        return None
    if isinstance(value, list | dict):
        raise ValueError(f"{shown(value)} is no text")
    return storable(value if isinstance(value, str) else _written(value))


def _written(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def count(name: str, value: object) -> int | None:
    """Read a whole number from 0 to 2**63 - 1; ``1200.0`` is one too."""
    digits = text(value)
    if digits is None or (isinstance(value, float) and math.isnan(value)):
        return None
    found = _WHOLE.fullmatch(digits.strip())
    whole = int(found[1]) if found else -1
    if not 0 <= whole <= _MOST:
        raise ValueError(f"{name} {shown(value)} is no whole number")
    return whole


def number(name: str, value: object) -> float | None:
    """Read a finite number."""
    digits = text(value)
    if digits is None:
        return None
    try:
        read = float(digits)
    except ValueError:
        read = math.inf
    if math.isnan(read):
        return None
    if math.isinf(read):
        raise ValueError(f"{name} {shown(value)} is no number")
    return read


def flag(name: str, value: object) -> bool | None:
    """Read true or false, 1 or 0, yes or no."""
    word = (text(value) or "").strip().casefold()
    if word in _YES:
        return True
    if word in _NO:
        return False
    if word:
        raise ValueError(f"{name} {shown(value)} is neither true nor false")
    return None


def moment(name: str, value: object) -> datetime | None:
    """Read a date with or without a time; UTC unless it says so."""
    written = text(value)
    if written is None:
        return None
    try:
        return in_utc(datetime.fromisoformat(written.strip()))
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{name} {shown(value)} is no date such as 2026-01-31T12:00Z") from error


def word(name: str, value: object, known: frozenset[str]) -> str | None:
    """Read one of a few words."""
    written = text(value)
    if written is None or written in known:
        return written
    raise ValueError(f"{name} {shown(value)} is none of {', '.join(sorted(known))}")


def own(value: object) -> bool | int | float | str | None:
    """Give a value of a user's own column; what JSON nests is its text."""
    if isinstance(value, bool) or (type(value) is int and -_MOST <= value <= _MOST):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, list | dict):
        return storable(json.dumps(value, ensure_ascii=False))
    return text(value)


def shown(value: object) -> str:
    """Give a foreign value as it may stand in a message."""
    return repr(printable(str(value), _LONGEST_SHOWN))
