"""A measure by its name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

import numpy as np

from graphcrawl.errors import InputError
from graphcrawl.graph.arrays import GraphArrays, Whole
from graphcrawl.graph.kinds import Kind, kind_held
from graphcrawl.graph.measures.betweenness import betweenness
from graphcrawl.graph.measures.bridging import bridge, clusters_of
from graphcrawl.graph.measures.cores import core_numbers
from graphcrawl.graph.measures.degrees import degree, in_degree, out_degree, subscribers
from graphcrawl.graph.measures.harmonic import harmonic
from graphcrawl.graph.measures.lists import listed, tied
from graphcrawl.graph.measures.measured import Floats, Measured, everywhere
from graphcrawl.graph.measures.pagerank import pagerank
from graphcrawl.graph.measuring import COLUMN, Measure, MeasureOptions, measure_name
from graphcrawl.graph.own import Own
from graphcrawl.model import OwnValue
from graphcrawl.wording import printable


def measure(
    arrays: GraphArrays,
    name: str,
    *,
    options: MeasureOptions | None = None,
    clusters: Whole | None = None,
    own: Own | None = None,
) -> Measured:
    """Measure every account of a graph.

    Pure: the same arrays and options give the same values in every process.

    Parameters
    ----------
    arrays : GraphArrays
    name : str
        A `Measure`, or ``column:NAME``, a user's own column; see `measure_name`.
    options : MeasureOptions or None
    clusters : array of int64 or None
        For `bridge`: a label for each account, the same for those of one cluster. None: they are
        found in these arrays, as `graphcrawl.graph.communities` finds them by default.
    own : Own or None
        What the user added to accounts.

    Returns
    -------
    Measured

    Raises
    ------
    InputError
        If there is no such measure, a column does not hold numbers, or the options cannot be used.

    Examples
    --------
    >>> from graphcrawl.graph.arrays import arrays_of
    >>> from graphcrawl.graph import ConnectionGraph
    >>> from graphcrawl.model import Origin
    >>> nobody = arrays_of(ConnectionGraph((), (), Origin.SIMULATED))
    >>> len(measure(nobody, "pagerank").values)
    0
    """
    options = options or MeasureOptions()
    own = own or Own()
    name = measure_name(name, own.columns)
    options.check(name)
    if name.startswith(COLUMN):
        return _own_column(arrays, own, name.removeprefix(COLUMN))
    if name == Measure.BRIDGE:
        return bridge(tied(arrays), clusters_in(arrays) if clusters is None else clusters)
    return _TAKEN[Measure(name)](arrays, options)


def clusters_in(arrays: GraphArrays) -> Whole:
    """Find the clusters of a graph as they are found by default, one label for each account."""
    return clusters_of(tied(arrays))


def _betweenness(arrays: GraphArrays, options: MeasureOptions) -> Measured:
    if not options.directed:
        return betweenness(tied(arrays), options)
    # A path may lead on through an account that was not asked; nobody knows.
    return replace(betweenness(listed(arrays), options), known=arrays.asked)


def _harmonic(arrays: GraphArrays, options: MeasureOptions) -> Measured:
    return harmonic(listed(arrays) if options.directed else tied(arrays), options)


_MOST_SHOWN: Final = 10
_TAKEN: Final[Mapping[Measure, Callable[[GraphArrays, MeasureOptions], Measured]]] = {
    Measure.SUBSCRIBERS: lambda arrays, _: subscribers(arrays),
    Measure.IN_DEGREE: lambda arrays, _: in_degree(arrays),
    Measure.OUT_DEGREE: lambda arrays, _: out_degree(arrays),
    Measure.DEGREE: lambda arrays, _: degree(arrays),
    Measure.PAGERANK: lambda arrays, _: everywhere(pagerank(arrays)),
    Measure.BETWEENNESS: _betweenness,
    Measure.CORE: lambda arrays, _: everywhere(core_numbers(tied(arrays))),
    Measure.HARMONIC: _harmonic,
}


def _own_column(arrays: GraphArrays, own: Own, name: str) -> Measured:
    column = own.columns[name]
    if not all(map(_is_number, column.values())):
        kind = "yes and no" if kind_held(column.values()) is Kind.YES_NO else "text"
        raise InputError(
            f"--by {printable(COLUMN + name, 60)}: this column holds no numbers, but {kind}; what "
            f"can be ranked: {_rankable(own)}"
        )
    keys = arrays.ids.tolist()
    held = [column.get(key, 0) for key in keys]
    values: Whole | Floats = np.array(held, np.float64)
    if all(map(_is_whole, column.values())):
        values = np.array(held, np.int64)
    known = np.array([key in column for key in keys], np.bool_)
    return Measured(values, known & np.isfinite(values))


def _rankable(own: Own) -> str:
    numbers = [
        COLUMN + printable(name, 60)
        for name, values in own.columns.items()
        if kind_held(values.values()) in (Kind.INTEGER, Kind.NUMBER)
    ]
    shown = numbers[:_MOST_SHOWN]
    more = [f"{len(numbers) - len(shown):,} more columns"] if len(numbers) > len(shown) else []
    return ", ".join([*Measure, *shown, *more])


def _is_whole(value: OwnValue) -> bool:
    return isinstance(value, int) and abs(value) < 2**63


def _is_number(value: OwnValue) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
