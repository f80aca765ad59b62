"""What users add to accounts themselves: tags, a note, columns of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

OwnValue = bool | int | float | str


@dataclass(frozen=True, slots=True)
class Own:
    """What was added to the accounts of a database, by `Node.id`.

    Attributes
    ----------
    tags : mapping of int to tuple of str
        In alphabetical order.
    notes : mapping of int to str
    columns : mapping of str to mapping of int to value
        By the column's name, then by account. All values of a column are of one type.
    """

    tags: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    notes: Mapping[int, str] = field(default_factory=dict)
    columns: Mapping[str, Mapping[int, OwnValue]] = field(default_factory=dict)
