"""What a value looks like in a listing: as JSON, in a spreadsheet's cell."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from numbers import Integral, Real
from typing import Final

from graphcrawl.wording import is_unseen

Plain = None | bool | int | float | str | list["Plain"] | dict[str, "Plain"]

# What spreadsheets take for a formula, full-width forms included; some drop blanks before it.
_FORMULA: Final = re.compile(r"[\s\u200b\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")

_BREAKS: Final = re.compile(r"\r\n?")


def plain(value: object) -> Plain:
    """Give a value as JSON has it; what JSON cannot hold becomes None or text."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return str(value)
    # By kind and not by type: numpy's numbers come too.
    if isinstance(value, Integral):
        return int(value)
    if isinstance(value, Real):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).hex()
    return _from_object(value)


def _from_object(value: object) -> Plain:
    if isinstance(value, datetime):
        return _moment(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return _number(value)
    if isinstance(value, dict):
        return {str(key): plain(held) for key, held in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(held) for held in value]
    return str(value)


def _moment(value: datetime) -> str:
    aware = value if value.tzinfo else value.replace(tzinfo=UTC)
    return aware.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _number(value: Decimal) -> Plain:
    if not value.is_finite():
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def in_cell(value: object, guard: Callable[[str], str]) -> str:
    """Give a value as csv and tsv have it; `guard` sees text alone."""
    simple = plain(value)
    if simple is None:
        return ""
    if isinstance(simple, bool):
        return "true" if simple else "false"
    if isinstance(simple, int | float):
        return repr(simple)
    if isinstance(simple, str):
        return guard(simple)
    return guard(json.dumps(simple, ensure_ascii=False))


def guarded(text: str) -> str:
    """Make foreign text safe in a cell of a CSV file that a spreadsheet opens.

    Parameters
    ----------
    text : str
        Anything at all.

    Returns
    -------
    str
        The text, with an apostrophe before what looks like a formula, line breaks as ``\\n``,
        and escapes in place of other control characters.

    Examples
    --------
    >>> guarded("=1+1")
    "'=1+1"
    """
    marked = f"'{text}" if _FORMULA.match(text) else text
    if marked.isprintable():
        return marked
    return "".join(map(_visible, _BREAKS.sub("\n", marked)))


def _visible(character: str) -> str:
    if character in "\t\n" or not is_unseen(character):
        return character
    return character.encode("unicode-escape").decode("ascii")


def on_one_line(text: str) -> str:
    """Make foreign text safe in a cell of a TSV file, with spaces for tabs and line breaks."""
    return guarded(text).translate({ord("\t"): " ", ord("\n"): " "})
