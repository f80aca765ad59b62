"""What a column of texts holds: whole numbers, numbers, yes and no, or texts."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final

from graphcrawl.model import OwnValue

Truths = Mapping[str, bool]
"""Words for yes and no, in small letters."""

WRITTEN: Final[Truths] = {"true": True, "false": False}
"""As programs write them."""

SPOKEN: Final[Truths] = {**WRITTEN, "yes": True, "no": False}
"""As people write them, too."""

# More digits than 18 would not fit a database's whole numbers; ``007`` is no number to anybody.
_WHOLE: Final = re.compile("-?(?:0|[1-9][0-9]{0,17})")
_NUMBER: Final = re.compile(
    r"-?(?:0|[1-9][0-9]{0,39})(?:\.[0-9]{0,40}(?:[eE][+-]?[0-9]{1,3})?|[eE][+-]?[0-9]{1,3})"
)


class Kind(StrEnum):
    """What all values of a column are."""

    INTEGER = "integer"
    NUMBER = "number"
    YES_NO = "yes-no"
    TEXT = "text"


def kind_of(texts: Iterable[str], truths: Truths = SPOKEN) -> Kind:
    """Give the narrowest kind that all texts are of; of no text at all, text.

    Examples
    --------
    >>> kind_of(["1", "2.5"]), kind_of(["yes", "No"]), kind_of(["007"])
    (<Kind.NUMBER: 'number'>, <Kind.YES_NO: 'yes-no'>, <Kind.TEXT: 'text'>)
    """
    left: list[Kind] = [Kind.INTEGER, Kind.NUMBER, Kind.YES_NO]
    nothing = True
    for text in texts:
        nothing = False
        left = [kind for kind in left if _is(kind, text, truths)]
        if not left:
            break
    return Kind.TEXT if nothing or not left else left[0]


def value_of(kind: Kind, text: str, truths: Truths = SPOKEN) -> OwnValue:
    """Read a text of a kind that `kind_of` gave."""
    if kind is Kind.INTEGER:
        return int(text)
    if kind is Kind.NUMBER:
        return float(text)
    return truths[text.casefold()] if kind is Kind.YES_NO else text


def kind_held(values: Iterable[OwnValue]) -> Kind:
    """Give the kind of values that are all of one; of none at all, text."""
    first = next(iter(values), "")
    if isinstance(first, bool):
        return Kind.YES_NO
    if isinstance(first, str):
        return Kind.TEXT
    return Kind.INTEGER if isinstance(first, int) else Kind.NUMBER


def _is(kind: Kind, text: str, truths: Truths) -> bool:
    if kind is Kind.YES_NO:
        return text.casefold() in truths
    if _WHOLE.fullmatch(text):
        return True
    return kind is Kind.NUMBER and bool(_NUMBER.fullmatch(text)) and math.isfinite(float(text))
