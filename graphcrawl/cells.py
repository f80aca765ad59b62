"""What a value looks like in a listing or an export: as JSON, in a spreadsheet's cell.

Text comes back as it was: `unguarded` undoes `guarded`, and `unescaped` undoes `escaped`.
"""

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

ACTING: Final = (
    "\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff"
)
"""For a class of characters: those beyond U+001F that act where they are shown."""

# JSON's own escapes stop at U+001F.
_JSON_LEAVES: Final = re.compile(f"[{ACTING}]")

# What spreadsheets take for a formula, full-width forms included; some drop blanks before it. One
# that has the guard already gets another, or it could not be told from one that we put there.
_FORMULA: Final = re.compile(r"'*(?:[\s\u200b\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n])")

_ESCAPE: Final = re.compile(r"\\(?:x([0-9a-f]{2})|u([0-9a-f]{4}))")
_LIKE_ESCAPE: Final = re.compile(r"\\(?=x[0-9a-f]{2}|u[0-9a-f]{4})")


def _encoder(indent: int | None) -> json.JSONEncoder:
    return json.JSONEncoder(ensure_ascii=False, allow_nan=False, indent=indent)


# Made once: to make one takes longer than to write a short text.
_ENCODER: Final = _encoder(None)

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


def as_json(value: Plain, *, indent: int | None = None) -> str:
    """Write a value as JSON that acts on no terminal; on one line, unless it is indented."""
    text = (_ENCODER if indent is None else _encoder(indent)).encode(value)
    return _JSON_LEAVES.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


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
    r"""Make foreign text safe in a cell of a CSV file that a spreadsheet opens.

    Parameters
    ----------
    text : str
        Anything at all.

    Returns
    -------
    str
        The text, with an apostrophe before what looks like a formula (and before one that stands
        there already), and escapes (``\x1b``, ``\u202e``) in place of control characters other
        than tabs and line feeds. `unguarded` gives the text back.

    Examples
    --------
    >>> guarded("=1+1")
    "'=1+1"
    """
    return escaped(f"'{text}" if _FORMULA.match(text) else text, _acts)


def unguarded(cell: str) -> str:
    """Give the text that `guarded` made a cell of.

    Examples
    --------
    >>> unguarded("'=1+1")
    '=1+1'
    """
    text = unescaped(cell)
    return text[1:] if text.startswith("'") and _FORMULA.match(text, 1) else text


def _acts(character: str) -> bool:
    return character not in "\t\n" and is_unseen(character)


def escaped(text: str, unfit: Callable[[str], bool]) -> str:
    r"""Write what a file cannot hold as ``\xHH`` or ``\uHHHH``, so that `unescaped` undoes it.

    Parameters
    ----------
    text : str
    unfit : callable
        Tells of one character, never above U+FFFF, whether it has to go.

    Returns
    -------
    str
        A backslash that began such an escape in the text itself stands as ``\x5c``.
    """
    plainer = _LIKE_ESCAPE.sub(r"\\x5c", text) if "\\" in text else text
    if plainer.isprintable():
        return plainer
    return "".join(_as_escape(sign) if unfit(sign) else sign for sign in plainer)


def _as_escape(character: str) -> str:
    # Python has names of its own for some, such as \r.
    number = ord(character)
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}"


def unescaped(text: str) -> str:
    """Give the text that `escaped` was given."""
    return _ESCAPE.sub(lambda found: chr(int(found[1] or found[2], 16)), text)


def on_one_line(text: str) -> str:
    """Make foreign text safe in a cell of a TSV file, with spaces for tabs and line breaks."""
    return guarded(_BREAKS.sub("\n", text)).translate({ord("\t"): " ", ord("\n"): " "})
