"""How communities are to be found, as a value; light enough for a command line's help."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from importlib import util
from typing import Final

from graphcrawl.errors import InputError
from graphcrawl.wording import how_to_install

LARGEST_RNG_SEED: Final = 2**32 - 1


class Method(StrEnum):
    """What finds communities."""

    LEIDEN = "leiden"
    LOUVAIN = "louvain"
    COMPONENTS = "components"


class Weight(StrEnum):
    """What a tie between two accounts weighs."""

    ONE = "one"
    MUTUAL = "mutual"


class Engine(StrEnum):
    """Which library runs Leiden."""

    AUTO = "auto"
    GRASPOLOGIC = "graspologic"
    NETWORKIT = "networkit"


@dataclass(frozen=True, slots=True)
class ClusterOptions:
    """How communities are to be found.

    Attributes
    ----------
    method : Method
        `LEIDEN` and `LOUVAIN` look for the largest modularity; `COMPONENTS` are what hangs
        together at all.
    weight : Weight
        `ONE`: every tie weighs 1, whichever account lists the other. `MUTUAL`: 2 where both list
        each other. Of a tie whose other end was not asked only one listing is known.
    resolution : float
        Above 0; larger gives more and smaller communities. Components have none.
    rng_seed : int
        0 to 4,294,967,295; the same one gives the same communities. Components need none.
    engine : Engine
        For `LEIDEN`. `AUTO`: graspologic-native, and from five million ties on networkit, where
        it is installed. Each finds other communities, about equally good.
    """

    method: Method = Method.LEIDEN
    weight: Weight = Weight.ONE
    resolution: float = 1.0
    rng_seed: int = 0
    engine: Engine = Engine.AUTO

    def check(self) -> None:
        """Refuse what no method can use, and an engine that is not installed.

        Raises
        ------
        InputError
        """
        if not (math.isfinite(self.resolution) and self.resolution > 0):
            raise InputError(f"--resolution {self.resolution:g}: give a number above 0")
        if not 0 <= self.rng_seed <= LARGEST_RNG_SEED:
            raise InputError(f"--rng-seed {self.rng_seed}: give 0 to {LARGEST_RNG_SEED:,}")
        if self.engine is not Engine.AUTO and self.method is not Method.LEIDEN:
            raise InputError(f"--engine {self.engine.value}: only --method leiden has engines")
        if self.engine is Engine.NETWORKIT and not has_networkit():
            raise InputError(
                f"--engine networkit: it is not installed; {how_to_install('fast')} brings it"
            )


def has_networkit() -> bool:
    """Tell whether networkit can be imported, and import nothing."""
    return util.find_spec("networkit") is not None
