"""Colours by a column of a user's own: one a category, or steps of a scale for numbers."""

from __future__ import annotations

import math
import sys
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from graphcrawl.errors import InputError
from graphcrawl.graph.own import TAG, Own, named_column
from graphcrawl.map.added import Number, number_of, value_text
from graphcrawl.map.groups import COLOURED
from graphcrawl.map.options import Color
from graphcrawl.map.words import readable
from graphcrawl.wording import plural, printable

STEPS: Final = 7
"""Steps that a scale has colours for; more could not be told apart."""

_WIDE: Final = 1_000
"""How many times the least the largest number is, for steps that multiply instead of adding."""

_ROUND: Final = (1.0, 2.0, 2.5, 5.0, 10.0, 20.0)
_LONGEST_NAME: Final = 60


@dataclass(frozen=True, slots=True)
class Shade:
    """A colour and what it means.

    Attributes
    ----------
    text : str
        Foreign text, made one line and bounded; still markup.
    hue : str
        A colour of the style sheet: ``cluster-0`` or ``step-0``; empty for grey.
    """

    text: str
    hue: str


@dataclass(frozen=True, slots=True)
class Scale:
    """Steps from where each begins, and what they are called."""

    starts: tuple[Number, ...]
    texts: tuple[str, ...]

    def step(self, value: Number) -> int:
        """Give the step that a number lies in."""
        return max(0, bisect_right(self.starts, value) - 1)

    def hue(self, step: int) -> int:
        """Give the colour, so that few steps lie as far apart as many."""
        last = len(self.starts) - 1
        return round(step * (STEPS - 1) / last) if last else STEPS // 2


@dataclass(frozen=True, slots=True)
class Shading:
    """What accounts' colours tell of a column.

    Attributes
    ----------
    column : str
        Its name, made readable.
    told : str
        The column and what there is of it: its range, or how many values.
    shades : tuple of Shade
        The most frequent first, or the smallest numbers first; the last may be all rarer ones.
    of : mapping of int to int
        Each account's shade, by `Node.id`; those whose value is not given are not in it.
    none : str
        What the others are called.
    order : tuple of str
        Every category, the one of the first colour first.
    scale : Scale or None
        The steps of numbers.
    """

    column: str
    told: str
    shades: tuple[Shade, ...]
    of: Mapping[int, int]
    none: str
    order: tuple[str, ...] = ()
    scale: Scale | None = None


def shade(own: Own, column: str, drawn: Iterable[int], *, like: Shading | None = None) -> Shading:
    """Decide what the colour of each account tells of a column.

    Parameters
    ----------
    own : Own
    column : str
        One of its columns, in any case of letters, or ``tag``.
    drawn : iterable of int
        Accounts, by `Node.id`; what is counted.
    like : Shading or None
        Of the same column, whose colours mean the same here.

    Raises
    ------
    InputError
        If there is no such column; the message names those that there are.
    """
    there = list(drawn)
    if column.casefold() == TAG:
        if not own.tags:
            raise InputError("--color tag: no account has a tag; graphcrawl tag puts some")
        sets = {one: ", ".join(own.tags[one]) for one in there if one in own.tags}
        return _categories("tag", sets, like, none="no tag")
    name = _found(own, column)
    values = {one: own.columns[name][one] for one in there if one in own.columns[name]}
    label = readable(name, _LONGEST_NAME)
    found = ((one, number_of(value)) for one, value in values.items())
    numbers = {one: number for one, number in found if number is not None}
    if len(numbers) == len(values):
        return _steps(label, numbers, like)
    words = {one: value_text(value) for one, value in values.items()}
    return _categories(label, words, like)


def _found(own: Own, column: str) -> str:
    name = named_column(own.columns, column)
    if name is not None:
        return name
    usual = (color.value for color in Color if color is not Color.OWN)
    names = ", ".join(printable(name, _LONGEST_NAME) for name in (*usual, TAG, *own.columns))
    raise InputError(
        f"--color {printable(column, _LONGEST_NAME)}: there is no such column; there are {names}"
    )


def _ordered(words: Mapping[int, str], like: Shading | None) -> list[str]:
    counts = Counter(words.values())
    frequent = sorted(counts, key=lambda word: (-counts[word], word))
    return list(dict.fromkeys((*(like.order if like else ()), *frequent)))


def _categories(
    column: str, words: Mapping[int, str], like: Shading | None, *, none: str = "not given"
) -> Shading:
    order = _ordered(words, like)
    place = {word: min(at, COLOURED) for at, word in enumerate(order)}
    rarer = len(order) - COLOURED
    shades = [Shade(readable(word, _LONGEST_NAME), f"cluster-{at}") for word, at in place.items()]
    shades[COLOURED:] = [Shade(plural(rarer, "rarer value"), "")] if rarer > 0 else []
    of = {one: place[word] for one, word in words.items()}
    told = f"{column}: {plural(len(set(words.values())), 'value')}"
    return Shading(column, told, tuple(shades), of, none, order=tuple(order))


def _steps(column: str, values: Mapping[int, Number], like: Shading | None) -> Shading:
    if not values:
        return Shading(column, f"{column}: no value here", (), {}, "not given")
    distinct = sorted(set(values.values()))
    scale = (like and like.scale) or _scale(distinct)
    steps = {one: scale.step(value) for one, value in values.items()}
    held = sorted(set(steps.values()))
    place = {step: at for at, step in enumerate(held)}
    told = f"{column}: {value_text(distinct[0])} to {value_text(distinct[-1])}"
    shades = tuple(Shade(scale.texts[step], f"step-{scale.hue(step)}") for step in held)
    of = {one: place[step] for one, step in steps.items()}
    return Shading(column, told, shades, of, "not given", scale=scale)


def _scale(distinct: Sequence[Number]) -> Scale:
    """Cut a range at round numbers; a few values are a step each."""
    if len(distinct) <= STEPS:
        return Scale(tuple(distinct), tuple(map(value_text, distinct)))
    least, most = distinct[0], distinct[-1]
    whole = all(isinstance(value, int) for value in distinct)
    wide = least > 0 and most / least >= _WIDE
    edges = _powers(least, most, whole) if wide else _sums(least, most, whole)
    texts = tuple(
        f"{value_text(start)} to {value_text(end - 1) if whole else f'under {value_text(end)}'}"
        for start, end in pairwise(edges)
    )
    return Scale(tuple(edges[:-1]), texts)


def _powers(least: Number, most: Number, whole: bool) -> list[Number]:
    first, last = math.floor(math.log10(least)), math.floor(math.log10(most)) + 1
    every = math.ceil((last - first) / STEPS)
    powers = range(first, last + every, every)
    return [10**power if whole else float(f"1e{power}") for power in powers]


def _sums(least: Number, most: Number, whole: bool) -> list[Number]:
    # Each divided by itself: the difference of two numbers may be beyond all numbers.
    narrowest = max(most / STEPS - least / STEPS, sys.float_info.min)
    unit = 10.0 ** math.floor(math.log10(narrowest))
    for factor in _ROUND:
        step: Number = factor * unit
        if step < narrowest or (whole and step != int(step)):
            continue
        step = int(step) if whole else step
        first, last = math.floor(least / step), math.floor(most / step)
        if last - first < STEPS:
            return [at * step for at in range(first, last + 2)]
    raise AssertionError("twenty times the unit is more than twice the narrowest step")
