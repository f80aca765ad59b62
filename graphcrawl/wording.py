"""How numbers, times and other people's text are put into words; the same everywhere."""

from __future__ import annotations

import math
import re
import shlex
import sys
import unicodedata
from importlib.util import find_spec
from typing import Final

ELLIPSIS: Final = "…"

_UNSEEN_CATEGORIES: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})

# Overrides, embeddings and isolates turn the letters that follow them around, even beyond their
# own line of text. The marks U+200E, U+200F and U+061C stay: they do no more than a right-to-left
# letter does, and honest titles are full of them.
_TURNS_AROUND: Final = frozenset(map(chr, [*range(0x202A, 0x202F), *range(0x2066, 0x2070)]))
_INVISIBLE: Final = frozenset("\ufeff\ufff9\ufffa\ufffb")

_UNFIT: Final = re.compile("[\0\ud800-\udfff]")

_COUNT_UNITS: Final = ((1_000, "K"), (1_000_000, "M"), (1_000_000_000, "B"))

_MINUTE: Final = 60
_HOUR: Final = 60 * _MINUTE
_DAY: Final = 24 * _HOUR


def printable(text: str, limit: int | None = None) -> str:
    r"""Make foreign text safe to write to a terminal or into a message.

    Control characters (C0, ESC, DEL, C1), line breaks of every kind, lone surrogates, and the
    characters that turn the direction of writing around become visible escapes. The result is
    one line and can always be encoded as UTF-8. It is not safe as HTML or as rich's markup.

    Parameters
    ----------
    text : str
        Anything at all.
    limit : int or None
        Characters that the result may have; a longer one ends in an ellipsis.

    Returns
    -------
    str

    Examples
    --------
    >>> printable("a\x1b[31mred")
    'a\\x1b[31mred'
    >>> printable("a very long title", 8)
    'a very …'
    """
    if text.isprintable() and (limit is None or len(text) <= limit):
        return text
    pieces: list[str] = []
    room = math.inf if limit is None else limit
    for character in text:
        piece = _escaped(character)
        room -= len(piece)
        pieces.append(piece)
        if room < 0:
            return _cut(pieces, limit or 0)
    return "".join(pieces)


def storable(text: str) -> str:
    """Replace what no database stores, NUL and lone surrogates, by U+FFFD."""
    if text.isascii():
        return text.replace("\0", "\ufffd") if "\0" in text else text
    return text if text.isprintable() else _UNFIT.sub("\ufffd", text)


def _escaped(character: str) -> str:
    if character.isprintable() or not is_unseen(character):
        return character
    return character.encode("unicode-escape").decode("ascii")


def is_unseen(character: str) -> bool:
    """Whether this one character acts on a terminal or breaks a line instead of showing."""
    return (
        unicodedata.category(character) in _UNSEEN_CATEGORIES
        or character in _TURNS_AROUND
        or character in _INVISIBLE
    )


def _cut(pieces: list[str], limit: int) -> str:
    length = sum(map(len, pieces))
    while pieces and length > limit - len(ELLIPSIS):
        length -= len(pieces.pop())
    return "".join(pieces) + ELLIPSIS[:limit]


def people_count(n: int | None) -> str:
    """Write a number of followers briefly.

    Parameters
    ----------
    n : int or None
        People; None where nobody knows.

    Returns
    -------
    str
        ``96.8M``, ``995.5K``, ``812``, or ``?`` for None.
    """
    if n is None:
        return "?"
    size, sign = abs(n), "-" if n < 0 else ""
    if size < _COUNT_UNITS[0][0]:
        return f"{sign}{size}"
    # 999,960 is 1M, not 1000K: a unit serves only while the rounded figure fits before it.
    fitting = (entry for entry in _COUNT_UNITS if _tenths(size, entry[0]) < 10_000)
    unit, letter = next(fitting, _COUNT_UNITS[-1])
    whole, tenth = divmod(_tenths(size, unit), 10)
    return f"{sign}{whole}{f'.{tenth}' if tenth else ''}{letter}"


def _tenths(size: int, unit: int) -> int:
    return (size * 10 + unit // 2) // unit


def duration(seconds: float) -> str:
    """Write a length of time in its two largest units.

    Parameters
    ----------
    seconds : float
        Seconds; below zero counts as zero.

    Returns
    -------
    str
        ``7 s``, ``3 min 20 s``, ``2 h 5 min``, ``3 days 4 h``; ``?`` where it has no end.
    """
    if not math.isfinite(seconds):
        return "?"
    whole = max(0, round(seconds))
    if whole < _MINUTE:
        return f"{whole} s"
    if whole < _HOUR:
        return _two_units(whole, (_MINUTE, "min"), (1, "s"))
    if whole < _DAY:
        return _two_units(whole, (_HOUR, "h"), (_MINUTE, "min"))
    return _two_units(whole, (_DAY, "day" if whole < 2 * _DAY else "days"), (_HOUR, "h"))


def _two_units(seconds: int, large: tuple[int, str], small: tuple[int, str]) -> str:
    many, rest = divmod(seconds, large[0])
    few = rest // small[0]
    first = f"{many:,} {large[1]}"
    return f"{first} {few} {small[1]}" if few else first


def plural(n: int, noun: str, *, many: str | None = None) -> str:
    """Write a number with its noun.

    Parameters
    ----------
    n : int
        How many.
    noun : str
        The noun for one.
    many : str or None
        The noun for several, where it is not `noun` with an s.

    Returns
    -------
    str
        ``1 account``, ``3,977 accounts``.
    """
    return f"{n:,} {noun if n == 1 else many or noun + 's'}"


def how_to_install(extra: str) -> str:
    """Give the command that brings what an extra needs to where this program runs.

    An environment need not have a pip of its own (``python -m venv --without-pip``); then the
    user's is told where to put it.

    Parameters
    ----------
    extra : str
        Its name, such as ``parquet``.
    """
    python = shlex.quote(sys.executable)
    pip = "pip --python " + python if find_spec("pip") is None else f"{python} -m pip"
    return f"{pip} install 'graphcrawl[{extra}]'"
