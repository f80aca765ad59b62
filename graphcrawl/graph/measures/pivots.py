"""Sums over all accounts, or estimated from some that are drawn by chance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from graphcrawl.graph.arrays import Flags, Whole
from graphcrawl.graph.measures.measured import Floats, Measured, everywhere
from graphcrawl.graph.measuring import MeasureOptions


@dataclass(frozen=True, slots=True, eq=False)
class Pivots:
    """The accounts that paths start from.

    Attributes
    ----------
    places : array of int64
        Ascending; all accounts, or as many as are sampled, each with the same chance.
    size : int
        How many accounts there are.
    rng_seed : int
    """

    places: Whole
    size: int
    rng_seed: int

    @property
    def are_all(self) -> bool:
        """Whether nothing is left to chance."""
        return len(self.places) == self.size


def draw(size: int, options: MeasureOptions, *, exact: int, usual: int) -> Pivots:
    """Choose where paths start.

    Parameters
    ----------
    size : int
        Accounts.
    options : MeasureOptions
    exact : int
        Up to so many accounts all are taken, unless the options name a number.
    usual : int
        How many are drawn beyond.
    """
    wanted = options.samples or (size if size <= exact else usual)
    if wanted >= size:
        return Pivots(np.arange(size), size, options.rng_seed)
    chance = np.random.Generator(np.random.PCG64(options.rng_seed))
    return Pivots(np.sort(chance.permutation(size)[:wanted]), size, options.rng_seed)


def estimated(
    sums: Floats, squares: Floats, pivots: Pivots, *, scale: float, sure: Flags
) -> Measured:
    """Make a measure of what the pivots contributed to each account.

    Parameters
    ----------
    sums, squares : array of float64, one an account
        Of the contributions of all pivots, and of their squares.
    pivots : Pivots
    scale : float
        What a sum over all accounts is multiplied by.
    sure : array of bool, one an account
        Who has 0 whatever is drawn.

    Returns
    -------
    Measured
        The mean over the pivots times the number of accounts, which is right on average; with its
        standard error for drawing without replacement (Cochran, Sampling Techniques, 1977, 2.5).
        Where every contribution was 0, the error is not known.

    Notes
    -----
    Pivots drawn uniformly: Brandes and Pich, Centrality estimation in large networks (2007).
    """
    if pivots.are_all:
        return everywhere(sums * scale, beside={"error": np.zeros(len(sums))})
    count, size = len(pivots.places), pivots.size
    mean = sums / count
    variance = np.maximum(squares / count - mean**2, 0) * count / (count - 1)
    error = scale * size * np.sqrt(variance / count * (1 - count / size))
    return everywhere(
        mean * size * scale,
        exactness=f"sampled: paths from {count:,} of {size:,} accounts, rng seed "
        f"{pivots.rng_seed}; error is one standard error",
        beside={"error": np.where(sums > 0, error, np.where(sure, 0.0, np.nan))},
    )
