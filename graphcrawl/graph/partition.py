"""Which accounts belong together, and what holds whichever engine has found it."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from graphcrawl.graph.engines import Finder, finder_of, version_of
from graphcrawl.graph.options import ClusterOptions, Method
from graphcrawl.graph.ties import Ties, Whole, components


@dataclass(frozen=True, slots=True, eq=False)
class Partition:
    """Every account in exactly one community, and every community in one piece.

    Attributes
    ----------
    labels : array of int64
        For each account the place of its community's first account.
    modularity : float or None
        At the weights and the resolution that were asked for; None where nothing is tied.
    engine : str
        What found it, with its version.
    """

    labels: Whole
    modularity: float | None
    engine: str


def divide(ties: Ties, options: ClusterOptions) -> Partition:
    """Part accounts into communities.

    Engines may leave a community in several pieces; each piece becomes one of its own, which
    never lowers modularity.

    Parameters
    ----------
    ties : Ties
        Their order decides what chance decides, so it has to be the same for the same graph.
    options : ClusterOptions
        Checked.

    Returns
    -------
    Partition
    """
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return begin_to_divide(ties, options, pool)()


def begin_to_divide(ties: Ties, options: ClusterOptions, pool: Executor) -> Callable[[], Partition]:
    """Begin what `divide` does in threads of an executor; the callable waits for it to end."""
    if options.method is Method.COMPONENTS:
        library, search = Finder("graphcrawl", _nothing)
    else:
        library, search = finder_of(options, len(ties.one))
    found = search(ties, options, pool) if len(ties.one) else _nothing(ties, options, pool)

    def divided() -> Partition:
        labels = components(ties.within(found()))
        quality = modularity(ties, labels, options.resolution)
        return Partition(labels, quality, version_of(library))

    return divided


def _nothing(ties: Ties, options: ClusterOptions, pool: Executor) -> Callable[[], Whole]:
    """Look for nothing, and leave everybody together."""
    return lambda: np.zeros(ties.size, np.int64)


def modularity(ties: Ties, labels: Whole, resolution: float = 1.0) -> float | None:
    """Say how much more is tied within communities than chance would tie.

    Parameters
    ----------
    ties : Ties
    labels : array of int64
        Each account's community, below the number of accounts.
    resolution : float
        What chance weighs.

    Returns
    -------
    float or None
        At most 1; None where nothing is tied.

    Notes
    -----
    Newman and Girvan (2004), with the resolution of Reichardt and Bornholdt (2006).
    """
    total = int(ties.weight.sum())
    if not total:
        return None
    inside = int(ties.within(labels).weight.sum())
    ends = np.bincount(labels, weights=ties.degrees(), minlength=ties.size)
    return float(inside / total - resolution * np.sum((ends / (2 * total)) ** 2))
