"""How well an account's names fit what was looked for; pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from graphcrawl.errors import InputError
from graphcrawl.wording import printable

LONGEST: Final = 200
"""Characters that are looked for at most."""

ALIKE: Final = 0.4
"""How like a name has to be, from 0 to 1, to be offered in place of what is not there."""

TRIGRAM: Final = 3

# What no decomposition takes apart, and people type without.
_PLAIN: Final = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)

# Accents, Hebrew points, Arabic vowel signs and stretching, selectors of an emoji's look. Not every
# combining mark: in the scripts of India and Thailand they are vowels, in Japanese consonants.
_MARKS: Final = re.compile(
    "[\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\ufe00-\ufe0f]"
)

_ASCII: Final = {
    code: character.lower() if character.isalnum() else " "
    for code, character in enumerate(map(chr, range(128)))
}
_NO_LETTER: Final = re.compile(r"[\W_]")

_SHOWN: Final = 60


class Match(StrEnum):
    """What of an account fits, the best first."""

    NAME = "name"
    BEGINNING = "beginning of name"
    WORDS = "words"
    INSIDE = "inside"
    FORMER = "former name"
    SIMILAR = "similar"


def folded(text: str) -> str:
    """Give a text as it is compared: no capitals, accents, ornamental letters or punctuation.

    Words are parted by one space; emoji and the like stay. Compatibility decomposition (Unicode's
    NFKD) makes plain letters of full-width and mathematical ones.

    Examples
    --------
    >>> folded("Café_São.Paulo 🚀 𝓝𝓐𝓢𝓐")
    'cafe sao paulo 🚀 nasa'
    """
    if text.isascii():
        return " ".join(text.translate(_ASCII).split())
    plain = _MARKS.sub("", unicodedata.normalize("NFKD", text.casefold())).casefold()
    joined = unicodedata.normalize("NFC", plain.translate(_PLAIN))
    return " ".join(_NO_LETTER.sub(_or_space, joined).split())


def _or_space(found: re.Match[str]) -> str:
    character = found[0]
    shows = unicodedata.category(character) in ("So", "Sc", "Sm", "Mn", "Mc")
    return character if shows and not character.isascii() else " "


def padded(text: str | None) -> str | None:
    """Give a text as the index holds it: a word then begins behind a space, wherever it stands."""
    return None if text is None else f" {folded(text)} "


@dataclass(frozen=True, slots=True)
class Names:
    """What an account is found by, each as `padded` gives it."""

    username: str | None
    title: str | None
    former: str | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for.

    Attributes
    ----------
    text : str
        As `folded` gives it, not empty.
    words : tuple of str
    """

    text: str
    words: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> Wanted:
        """Read what a person typed; it is never anything but text.

        Raises
        ------
        InputError
            If nothing that could be found is in it, or it is too long.
        """
        if len(text) > LONGEST:
            raise InputError(f"search: this has {len(text):,} characters; give {LONGEST} at most")
        plain = folded(text.strip().removeprefix("@"))
        if not plain:
            shown = printable(text, _SHOWN)
            raise InputError(f"search: {shown!r} holds nothing to look for; give letters or digits")
        return cls(plain, tuple(dict.fromkeys(plain.split())))

    def match(self, names: Names) -> Match | None:
        """Say what of an account fits; None if nothing does."""
        username, both = names.username or "", f"{names.username or ''}{names.title or ''}"
        if username == f" {self.text} ":
            return Match.NAME
        if username.startswith(f" {self.text}"):
            return Match.BEGINNING
        if all(f" {word}" in both for word in self.words):
            return Match.WORDS
        if all(word in both for word in self.words):
            return Match.INSIDE
        if names.former and all(word in names.former for word in self.words):
            return Match.FORMER
        return None

    def trigrams(self) -> frozenset[str]:
        """Give the trigrams of its words, one space around each of them."""
        return trigrams(f" {word} " for word in self.words)

    def likeness(self, names: Names) -> float:
        """Say how like an account's username, title, or a word of these is.

        Returns
        -------
        float
            From 0 to 1: shared trigrams against those of both (Dice's coefficient).
        """
        wanted = self.trigrams()
        whole = [text for text in (names.username, names.title) if text]
        parts = [*whole, *(f" {word} " for text in whole for word in text.split())]
        return max((_dice(wanted, trigrams([part])) for part in parts), default=0.0)


def trigrams(texts: Iterable[str]) -> frozenset[str]:
    """Give every three characters that follow one another."""
    return frozenset(
        text[at : at + TRIGRAM] for text in texts for at in range(len(text) - TRIGRAM + 1)
    )


def _dice(one: frozenset[str], other: frozenset[str]) -> float:
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0
