"""What users add to accounts themselves: tags, a note, columns of their own."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from graphcrawl.errors import InputError
from graphcrawl.model import NETWORKS, OwnValue
from graphcrawl.wording import is_unseen, printable

LONGEST_TAG: Final = 60
LONGEST_NOTE: Final = 20_000
LONGEST_COLUMN: Final = 60
"""Characters."""

TAG: Final = "tag"
"""What colours and conditions call the tags of an account."""

_LONGEST_SHOWN: Final = 60
_ADDRESSES: Final = ("@", "http:", "https:", *(f"{network}:" for network in sorted(NETWORKS)))


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


def read_tag(text: str) -> str:
    """Give a tag as it is kept: in small letters, with single spaces within.

    Raises
    ------
    InputError
        Where it is empty, too long, holds what cannot be seen or a comma, or reads like an
        account: then it is one of two accounts, given where tags are expected.

    Examples
    --------
    >>> read_tag("  To  Ask ")
    'to ask'
    """
    tag = " ".join(unicodedata.normalize("NFC", text.lower()).split())
    shown = f"tag {printable(text, _LONGEST_SHOWN)!r}"
    if not tag:
        raise InputError("a tag is empty: give a word, such as press")
    if any(map(is_unseen, tag)):
        raise InputError(f"{shown}: it holds characters that cannot be seen")
    if "," in tag:
        raise InputError(f"{shown}: a tag holds no comma; give several tags one after another")
    if tag.startswith(_ADDRESSES):
        raise InputError(f"{shown} reads like an account; give several accounts with --from FILE")
    if len(tag) > LONGEST_TAG:
        raise InputError(f"{shown}: it is longer than {LONGEST_TAG} characters; write a note")
    return tag


def read_note(text: str) -> str:
    r"""Give a note as it is kept: lines ended by ``\n``, without space at the ends.

    Raises
    ------
    InputError
        Where it is empty, too long, or holds characters that cannot be seen.

    Examples
    --------
    >>> read_note("met in Graz\r\nask again \n")
    'met in Graz\nask again'
    """
    note = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not note:
        raise InputError("the note is empty; --remove takes a note away")
    if len(note) > LONGEST_NOTE:
        raise InputError(f"the note has {len(note):,} characters; {LONGEST_NOTE:,} are the most")
    if any(is_unseen(sign) for sign in note if sign not in "\n\t"):
        raise InputError("the note holds characters that cannot be seen (controls, or no text)")
    return note


def named_column(columns: Iterable[str], name: str) -> str | None:
    """Find a column by its name, in any case of letters where that can only mean one."""
    there = list(columns)
    if name in there:
        return name
    same = [one for one in there if one.casefold() == name.casefold()]
    return same[0] if len(same) == 1 else None


def tag_counts(own: Own) -> list[tuple[str, int]]:
    """Give every tag with the number of its accounts, the most used first."""
    counts: dict[str, int] = {}
    for tags in own.tags.values():
        for tag in tags:
            counts[tag] = counts.get(tag, 0) + 1
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def tagged_with(own: Own, tags: Iterable[str]) -> list[int]:
    """Give the accounts that bear every one of some tags."""
    wanted = set(tags)
    return [node_id for node_id, held in own.tags.items() if wanted <= set(held)]
