"""How alike two accounts are called; a name alone never says whose an account is."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from graphcrawl.graph.connections import Node
from graphcrawl.model import Network

NEAR_ENOUGH: Final = 0.85
"""Share of letters in common, from 0 to 1, from which two usernames are near."""

SHORTEST_NEAR: Final = 5
"""Letters that a username needs to be near another one that it does not equal."""

SHORTEST_STEM: Final = 4
"""Letters that a username needs for a longer one to be built on it."""

LONGEST_COMPARED: Final = 64
"""Characters: comparing takes time by their square, and no network allows as many."""

_NETWORKS: Final = tuple(network.value for network in Network)
_WORDS: Final = frozenset({*_NETWORKS, "insta", "official", "real", "the", "tv", "yt"})
"""What people add to a username that another has taken, or to say where they are."""

_ENDS: Final = "|".join((*_NETWORKS, "official", "real", "tv"))
_CORE: Final = re.compile(rf"(?:{_ENDS})?(.{{3,}}?)(?:{_ENDS})?")
_WORD: Final = re.compile(r"[^\W_]+")
_DIGITS: Final = re.compile(r"\d")


class SameName(IntEnum):
    """How alike two usernames are."""

    NO = 0
    NEAR = 1
    SAME = 2


@dataclass(frozen=True, slots=True)
class Names:
    """An account's names as they are compared; an empty one is like no other.

    Attributes
    ----------
    username : str
        Case-folded.
    core : str
        The username without separators and words that say nothing; empty if it is too long.
    title : str
        NFKC, case-folded, with single spaces and nothing invisible; empty without a letter.
    """

    username: str
    core: str
    title: str

    @classmethod
    def of(cls, node: Node) -> Names:
        """Prepare an account's names."""
        username = (node.username or "").casefold()
        return cls(username, core_of(username), _plain_title(node.title or ""))


class NamesOf(dict[int, Names]):
    """The names of accounts by `Node.id`, each prepared when it is first compared."""

    def __init__(self, nodes: Mapping[int, Node]) -> None:
        super().__init__()
        self._nodes = nodes

    def __missing__(self, key: int) -> Names:
        """Prepare an account's names."""
        names = self[key] = Names.of(self._nodes[key])
        return names


@dataclass(frozen=True, slots=True, order=True)
class Alike:
    """How alike two accounts are called, the more the greater.

    Attributes
    ----------
    title : bool
        Whether both have the same title.
    username : SameName
    """

    title: bool
    username: SameName

    def __bool__(self) -> bool:
        return self.title or self.username is not SameName.NO


def core_of(username: str) -> str:
    """Give what is left of a username that says something.

    Examples
    --------
    >>> core_of("NASA_Official"), core_of("nasa.tv"), core_of("Twitch")
    ('nasa', 'nasa', 'twitch')
    """
    if len(username) > LONGEST_COMPARED:
        return ""
    words = _WORD.findall(unicodedata.normalize("NFKC", username).casefold())
    glued = "".join([word for word in words if word not in _WORDS] or words)
    found = _CORE.fullmatch(glued)
    return found[1] if found else glued


def alike(one: Names, other: Names) -> Alike:
    """Compare two accounts' names; the order does not matter."""
    return Alike(bool(one.title) and one.title == other.title, _same_name(one, other))


def is_kin(one: Names, other: Names) -> bool:
    """Tell whether two accounts are called alike, or one is called after the other."""
    short, long = sorted((one.core, other.core), key=len)
    return bool(alike(one, other)) or (len(short) >= SHORTEST_STEM and long.startswith(short))


def _same_name(one: Names, other: Names) -> SameName:
    if one.username and one.username == other.username:
        return SameName.SAME
    return SameName.NEAR if one.core and _are_near(one.core, other.core) else SameName.NO


def _are_near(one: str, other: str) -> bool:
    if one == other:
        return True
    # channel4 and channel5 are two channels.
    short, long = sorted((len(one), len(other)))
    if short < SHORTEST_NEAR or 2 * short / (short + long) < NEAR_ENOUGH:
        return False
    if _digits(one) != _digits(other):
        return False
    # The ratio depends on which of the two comes first.
    matcher = difflib.SequenceMatcher(a=min(one, other), b=max(one, other), autojunk=False)
    return matcher.quick_ratio() >= NEAR_ENOUGH and matcher.ratio() >= NEAR_ENOUGH


def _digits(text: str) -> list[str]:
    return _DIGITS.findall(text)


def _plain_title(title: str) -> str:
    seen = (c for c in unicodedata.normalize("NFKC", title) if unicodedata.category(c) != "Cf")
    plain = " ".join("".join(seen).casefold().split())
    return plain if any(map(str.isalnum, plain)) else ""
