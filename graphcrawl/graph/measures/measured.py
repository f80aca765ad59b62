"""What a measure says of every account of a graph, and the order that follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from graphcrawl.graph.arrays import Flags, Whole

Floats = NDArray[np.float64]

_SAME: Final = 12
"""Decimals of the largest value beyond which two are equal: sums in another order differ there."""


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """A measure of every account.

    Attributes
    ----------
    values : array of int64 or float64, one an account
        In the order of `GraphArrays`; without meaning where it is not known.
    known : array of bool, one an account
        Whether anything is known; unknown is never the same as 0.
    exactness : str
        A sentence without its full stop about how a sampled measure was taken; empty where the
        values are exact for the graph as it is known.
    beside : mapping of str to array
        What else is worth telling of each account, by name; NaN where it is not known. Of what
        may be sampled `error`: one standard error of each value, 0 of an exact one, and not known
        where no sample touched the account.
    """

    values: Whole | Floats
    known: Flags
    exactness: str = ""
    beside: Mapping[str, Whole | Floats] = field(default_factory=dict)


def everywhere(
    values: Whole | Floats,
    *,
    exactness: str = "",
    beside: Mapping[str, Whole | Floats] | None = None,
) -> Measured:
    """Give a measure that is known of every account."""
    return Measured(values, np.ones(len(values), np.bool_), exactness, beside or {})


def ranking(measured: Measured) -> tuple[Whole, Whole]:
    """Order the accounts of whom the measure is known, the largest value first.

    Returns
    -------
    places : array of int64
        Of the accounts; equal ones by their places, that is by (network, social_id).
    ranks : array of int64
        From 1; equal values share the best of their ranks, as in sports: 1, 2, 2, 4.

    Examples
    --------
    >>> places, ranks = ranking(everywhere(np.array([5, 7, 1, 5])))
    >>> places.tolist(), ranks.tolist()
    ([1, 0, 3, 2], [1, 2, 2, 4])
    """
    places = np.flatnonzero(measured.known)
    values = _comparable(measured.values[places])
    order = np.lexsort((places, -values))
    ranked = values[order]
    is_first = np.ones(len(ranked), np.bool_)
    is_first[1:] = ranked[1:] != ranked[:-1]
    firsts = np.flatnonzero(is_first)
    return places[order], firsts[np.cumsum(is_first) - 1] + 1


def _comparable(values: Whole | Floats) -> Whole | Floats:
    if values.dtype.kind != "f" or not len(values):
        return values
    largest = float(np.abs(values).max())
    return np.round(values / largest, _SAME) if largest else values
