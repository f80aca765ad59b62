"""What users added to accounts, as the page tells it: tags, notes, columns of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from graphcrawl.graph.contraction import Owned
from graphcrawl.graph.own import Own
from graphcrawl.map.words import readable
from graphcrawl.model import OwnValue
from graphcrawl.wording import ELLIPSIS

Number = int | float

_LONGEST_NAME: Final = 100
_LONGEST_NOTE: Final = 2_000


@dataclass(frozen=True, slots=True)
class Added:
    """What was added to one account.

    Attributes
    ----------
    tags : tuple of str
    note : str or None
        Of several lines.
    values : tuple of (int, str, float), the number only where there is one
        The index of a column of `columns_of`, its value as people read it, and as a number.
    """

    tags: tuple[str, ...]
    note: str | None
    values: tuple[tuple[int, str] | tuple[int, str, Number], ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a user's own; of numbers, or of text."""

    name: str
    number: bool


def columns_of(own: Own) -> tuple[Column, ...]:
    """Give the columns in their order, names made readable."""
    return tuple(
        Column(readable(name, _LONGEST_NAME), None not in map(number_of, values.values()))
        for name, values in own.columns.items()
    )


def added_to(own: Own, node_id: int) -> Added | None:
    """Give what was added to an account; None: nothing."""
    values = tuple(
        _told(at, column[node_id])
        for at, column in enumerate(own.columns.values())
        if node_id in column
    )
    tags, note = own.tags.get(node_id, ()), own.notes.get(node_id)
    if not (tags or note or values):
        return None
    words = tuple(readable(tag, _LONGEST_NAME) for tag in tags)
    return Added(words, None if note is None else _lines(note), values)


def value_text(value: OwnValue) -> str:
    """Put a value into words: yes or no, grouped digits, one line."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:,.12g}" if isinstance(value, float) else readable(value)


def by_creator(own: Own, owned: Sequence[Owned]) -> Own:
    """Give what was added to the accounts of a contracted graph.

    A creator has the tags of all its accounts, and of the columns the values in which all of its
    accounts that have one agree. Notes are of its accounts alone.
    """
    groups = {one.node.id: [account.id for account in one.accounts] for one in owned}
    inside = {account for accounts in groups.values() for account in accounts}
    tags = {one: held for one, held in own.tags.items() if one not in inside}
    columns = {
        name: {one: value for one, value in values.items() if one not in inside}
        for name, values in own.columns.items()
    }
    for one, accounts in groups.items():
        if held := {tag for account in accounts for tag in own.tags.get(account, ())}:
            tags[one] = tuple(sorted(held))
        for name, values in own.columns.items():
            agreed = {values[account] for account in accounts if account in values}
            if len(agreed) == 1:
                columns[name][one] = agreed.pop()
    notes = {one: note for one, note in own.notes.items() if one not in inside}
    return Own(tags, notes, columns)


def number_of(value: OwnValue) -> Number | None:
    """Give a value if it is a number; a yes or no is none."""
    return None if isinstance(value, bool | str) else value


def _told(at: int, value: OwnValue) -> tuple[int, str] | tuple[int, str, Number]:
    text, number = value_text(value), number_of(value)
    return (at, text) if number is None else (at, text, number)


def _lines(note: str) -> str:
    lines = note[: 2 * _LONGEST_NOTE].split("\n")
    text = "\n".join(readable(line, _LONGEST_NOTE) for line in lines)
    return text if len(text) <= _LONGEST_NOTE else text[: _LONGEST_NOTE - 1].rstrip() + ELLIPSIS
