"""Measures of accounts by name, and how they are taken, as values; light enough for help texts."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from typing import Final

from graphcrawl.errors import InputError
from graphcrawl.wording import printable

COLUMN: Final = "column:"
"""What stands before the name of a user's own column, where it could be a measure's."""

LIMIT: Final = 20
"""Accounts that are listed unless somebody asks for more."""

LARGEST_RNG_SEED: Final = 2**63 - 1
MOST_SAMPLES: Final = 10**9
FEWEST_SAMPLES: Final = 2
"""One alone would say nothing of the error."""

_LONGEST_SHOWN: Final = 60
_MOST_SHOWN: Final = 10


class Measure(StrEnum):
    """What accounts are measured by; docs/measures.md says what each tells and when it misleads."""

    SUBSCRIBERS = "subscribers"
    IN_DEGREE = "in-degree"
    OUT_DEGREE = "out-degree"
    DEGREE = "degree"
    PAGERANK = "pagerank"
    BETWEENNESS = "betweenness"
    CORE = "core"
    HARMONIC = "harmonic"
    BRIDGE = "bridge"


OF_PATHS: Final = (Measure.BETWEENNESS, Measure.HARMONIC)

_ALSO: Final[dict[str, Measure]] = {
    "followers": Measure.SUBSCRIBERS,
    "indegree": Measure.IN_DEGREE,
    "outdegree": Measure.OUT_DEGREE,
    "k-core": Measure.CORE,
    "kcore": Measure.CORE,
    "harmonic-closeness": Measure.HARMONIC,
    "bridges": Measure.BRIDGE,
}
"""What people also call them."""


@dataclass(frozen=True, slots=True)
class MeasureOptions:
    """How a measure is taken.

    Attributes
    ----------
    samples : int or None
        Accounts that the shortest paths of betweenness and harmonic start from, drawn by chance;
        all, and so exact, where there are no more. None: all in a small graph, else a number that
        takes some seconds.
    rng_seed : int
        The same one draws the same accounts.
    directed : bool
        Whether paths follow connections from the account that lists to the one listed. Otherwise
        two accounts are tied when either lists the other: of an account that was not asked, only
        those who list it are known.
    """

    samples: int | None = None
    rng_seed: int = 0
    directed: bool = False

    def check(self, name: str) -> None:
        """Refuse what cannot be used for a measure, by its name of `measure_name`.

        Raises
        ------
        InputError
        """
        if self.samples is not None and not FEWEST_SAMPLES <= self.samples <= MOST_SAMPLES:
            raise InputError(f"--samples {self.samples}: give {FEWEST_SAMPLES} to {MOST_SAMPLES:,}")
        if not 0 <= self.rng_seed <= LARGEST_RNG_SEED:
            raise InputError(f"--rng-seed {self.rng_seed}: give 0 to {LARGEST_RNG_SEED:,}")
        if name not in OF_PATHS and (self.samples is not None or self.directed):
            option = "--directed" if self.directed else "--samples"
            raise InputError(
                f"{option} is for measures that follow paths: {' and '.join(OF_PATHS)}"
            )


def measure_name(text: str, columns: Collection[str] = ()) -> str:
    """Find what a name means: a measure, or else a column of the user's own.

    Parameters
    ----------
    text : str
        Such as ``pagerank`` or ``In_Degree``; ``column:NAME`` is always a column.
    columns : collection of str
        The user's own, by their exact names.

    Returns
    -------
    str
        A value of `Measure`, or ``column:NAME``.

    Raises
    ------
    InputError
        In one line: which measures and columns there are, and which one is near.

    Examples
    --------
    >>> measure_name("In_Degree"), measure_name("reach", ["reach"])
    ('in-degree', 'column:reach')
    """
    if text.startswith(COLUMN):
        if text.removeprefix(COLUMN) in columns:
            return text
        raise _unknown(text, columns)
    plain = text.strip().casefold().replace("_", "-")
    known = {one.value: one for one in Measure} | _ALSO
    if plain in known:
        return known[plain].value
    if text in columns:
        return COLUMN + text
    raise _unknown(text, columns)


def _unknown(text: str, columns: Collection[str]) -> InputError:
    own = [COLUMN + printable(name, _LONGEST_SHOWN) for name in sorted(columns)]
    names = {one.value: one.value for one in Measure} | {
        name: one.value for name, one in _ALSO.items()
    }
    names |= {name.removeprefix(COLUMN): name for name in own}
    wanted = text[:_LONGEST_SHOWN].strip().removeprefix(COLUMN).casefold().replace("_", "-")
    near = get_close_matches(wanted, names, n=1)
    hint = f"did you mean {names[near[0]]}? " if near else ""
    more = [f"{len(own) - _MOST_SHOWN:,} more columns"] if len(own) > _MOST_SHOWN else []
    known = [*(one.value for one in Measure), *own[:_MOST_SHOWN], *more]
    return InputError(
        f"--by {printable(text, _LONGEST_SHOWN)!r} is no measure: {hint}there are "
        f"{', '.join(known)}"
    )
