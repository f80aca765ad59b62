"""Names of communities: their most followed accounts, and words that set their titles apart."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Final

from graphcrawl.graph.connections import Node
from graphcrawl.wording import ELLIPSIS

Words = frozenset[str]

LEADERS: Final = 3
NAMED_LEADERS: Final = 2
"""One name may well be both: an owner has accounts on several networks."""
NAMED_WORDS: Final = 3

LONGEST_TITLE: Final = 40
LONGEST_WORD: Final = 24
SHORTEST_WORD: Final = 3
"""Letters of an alphabet; a word of another script may be a single sign."""

READ_OF_A_TITLE: Final = 200
FEWEST_BEARERS: Final = 2
"""A word that one title alone bears is a name."""

WIDEST_SPREAD: Final = 0.25
"""The share of communities beyond which a word tells nothing of one of them."""


class _Gaps(dict[int, str]):
    """Blanks for whatever is no letter, digit or mark; marks are half of many scripts' vowels."""

    def __missing__(self, code: int) -> str:
        sign = chr(code)
        self[code] = sign if unicodedata.category(sign)[0] in "LMN" else " "
        return self[code]


_GAPS: Final = _Gaps()

_PLAIN_WORDS: Final = re.compile(
    rf"(?<![a-z0-9])(?![0-9]+(?![a-z0-9]))[a-z0-9]{{{SHORTEST_WORD},{LONGEST_WORD}}}(?![a-z0-9])"
)
"""The words of a small ASCII title, by one search: in half the time."""


def names(communities: Sequence[Sequence[Words]], leaders: Sequence[Sequence[Node]]) -> list[str]:
    """Name communities, such as ``NASA, NASA Artemis: space, flight``.

    A word's score is how many titles of the community hold it, times the logarithm of how much
    oftener that is than in all titles, times the logarithm of how few communities share it. So
    the words that stand everywhere fall out in every language, and no list of them is needed.

    Parameters
    ----------
    communities : sequence of sequences of Words
        The words of all accounts' titles, by community.
    leaders : sequence of sequences of Node
        Each community's most followed accounts.

    Returns
    -------
    list of str
        Foreign text: on one line and cut short, but neither escaped nor unique.
    """
    # An owner's accounts bear one title on several networks; that is one voice for its words.
    titles = [set(members) for members in communities]
    held = [Counter(chain.from_iterable(of_one)) for of_one in titles]
    usual = Usual.of(held, sum(map(len, titles)))
    return [
        _name(first, usual.distinctive(counts, len(of_one)))
        for first, counts, of_one in zip(leaders, held, titles, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class Usual:
    """What is usual in all titles of a graph.

    Attributes
    ----------
    titles : Counter
        By word, the titles that hold it.
    spread : Counter
        By word, the communities that hold it more than once.
    total, communities : int
        Titles and communities in all.
    """

    titles: Counter[str]
    spread: Counter[str]
    total: int
    communities: int

    @classmethod
    def of(cls, held: Sequence[Counter[str]], total: int) -> Usual:
        """Sum up the words of all communities."""
        titles: Counter[str] = Counter()
        spread: Counter[str] = Counter()
        for counts in held:
            titles.update(counts)
            spread.update(word for word, count in counts.items() if count >= FEWEST_BEARERS)
        return cls(titles, spread, total, len(held))

    def distinctive(self, counts: Counter[str], of_one: int) -> list[str]:
        """Sort the words of a community with so many titles, the most distinctive one first."""
        widest = max(1, self.communities * WIDEST_SPREAD)
        scores = {
            word: count * math.log(lift) * math.log((1 + self.communities) / self.spread[word])
            for word, count in counts.items()
            if count >= FEWEST_BEARERS
            and self.spread[word] <= widest
            and (lift := count * self.total / (self.titles[word] * of_one)) > 1
        }
        return sorted(scores, key=lambda word: (-scores[word], word))


def words(title: str | None) -> Words:
    """Give the words of a title, folded so that case and width do not matter."""
    text = (title or "")[:READ_OF_A_TITLE]
    if text.isascii():
        return frozenset(_PLAIN_WORDS.findall(text.lower()))
    return frozenset(filter(_is_word, _folded(text).split()))


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().translate(_GAPS)


def _is_word(text: str) -> bool:
    is_long = len(text) >= SHORTEST_WORD or not text.isascii()
    return is_long and len(text) <= LONGEST_WORD and not text.isdigit()


def _name(leaders: Sequence[Node], distinctive: Iterable[str]) -> str:
    first = list(dict.fromkeys(map(called, leaders)))[:NAMED_LEADERS]
    said = {word for node in leaders if called(node) in first for word in words(node.title)}
    added = list(islice((word for word in distinctive if word not in said), NAMED_WORDS))
    return ": ".join(", ".join(some) for some in (first, added) if some)


def called(node: Node) -> str:
    """Give what people call an account: its title, else its username, else its ID."""
    texts = (" ".join((text or "").split()) for text in (node.title, node.username, node.social_id))
    text = next(filter(None, texts), "?")
    return text if len(text) <= LONGEST_TITLE else f"{text[: LONGEST_TITLE - 1]}{ELLIPSIS}"
