"""What a condition asks of a user's own column: whether it can be asked, and who fulfils it."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from functools import lru_cache
from typing import Final

from graphcrawl.graph.kinds import SPOKEN, Kind, kind_held
from graphcrawl.graph.own import Own, named_column
from graphcrawl.model import OwnValue
from graphcrawl.wording import printable

_ZEROS: Final = {"": 0, "K": 3, "M": 6, "B": 9}
UNITS: Final[Mapping[str, int]] = {unit: 10**zeros for unit, zeros in _ZEROS.items()}
EQUALITIES: Final[Mapping[str, Callable[[object, object], bool]]] = {
    "=": operator.eq,
    "!=": operator.ne,
}
ORDERS: Final[Mapping[str, Callable[[float, float], bool]]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}

_NUMBER: Final = re.compile(
    r"([+-]?\d{1,18})(\.\d{1,18})?(e[+-]?\d{1,2})?([KMB]?)", re.IGNORECASE | re.ASCII
)
_LONGEST_NAME: Final = 60
_MOST_SHOWN: Final = 10


@lru_cache(maxsize=64)
def number_of(text: str) -> int | float | None:
    """Read a number as conditions write it: ``-3``, ``1.5``, ``2e6``, ``10K``; None: it is none."""
    found = _NUMBER.fullmatch(text)
    if found is None:
        return None
    whole, fraction, exponent, unit = found.groups()
    if fraction or exponent:
        # Not times the unit: 32.3 times 1000 is less than 32300.
        zeros = int((exponent or "e0")[1:]) + _ZEROS[unit.upper()]
        return float(f"{whole}{fraction or ''}e{zeros}")
    return int(whole) * UNITS[unit.upper()]


def fulfils(held: OwnValue, sign: str, wanted: str) -> bool:
    """Whether a column's value is as wanted, in any case of letters."""
    if isinstance(held, str):
        return EQUALITIES[sign](held.casefold(), wanted.casefold())
    if isinstance(held, bool):
        return EQUALITIES[sign](held, SPOKEN.get(wanted.casefold()))
    number = number_of(wanted)
    return number is not None and ORDERS[sign](held, number)


def unfit(own: Own, column: str, sign: str, wanted: str, *, others: tuple[str, ...]) -> str | None:
    """Say why a column cannot be asked so; None: it can.

    Parameters
    ----------
    own : Own
    column, sign, wanted : str
        Parts of the condition.
    others : tuple of str
        What else conditions ask about.
    """
    name = named_column(own.columns, column)
    if name is None:
        return _unknown(own, column, others)
    shown = printable(name, _LONGEST_NAME)
    kind = kind_held(own.columns[name].values())
    if kind is Kind.TEXT:
        fits = sign in EQUALITIES
        return None if fits else f"{shown} holds texts, which are compared with = or != only"
    if kind is Kind.YES_NO:
        fits = sign in EQUALITIES and wanted.casefold() in SPOKEN
        return None if fits else f"{shown} holds yes and no: write {shown}=yes or {shown}=no"
    if number_of(wanted) is None:
        return f"{shown} holds numbers: give one after the sign, such as 1000, 1.5 or 10K"
    return None


def _unknown(own: Own, column: str, others: tuple[str, ...]) -> str:
    names = [printable(name, _LONGEST_NAME) for name in own.columns]
    near = get_close_matches(column[:_LONGEST_NAME].casefold(), [*others, *names], n=1)
    hint = f"did you mean {near[0]}? " if near else ""
    more = [f"{len(names) - _MOST_SHOWN:,} more"] if len(names) > _MOST_SHOWN else []
    mine = ", ".join([*names[:_MOST_SHOWN], *more]) or "none (import --attributes brings some)"
    return (
        f"there is no column {printable(column, _LONGEST_NAME)}: {hint}there are "
        f"{', '.join(others)}; of your own: {mine}"
    )
