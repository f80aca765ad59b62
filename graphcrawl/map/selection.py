"""Choosing what is drawn: filters given in words, and the accounts that matter most.

Pure: a graph comes in, a smaller one goes out, and the sentence that says what is missing.
"""

from __future__ import annotations

import operator
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from graphcrawl.addresses import parse_network
from graphcrawl.errors import AccountTextError, InputError
from graphcrawl.graph import ConnectionGraph, Node
from graphcrawl.map.scene import Size
from graphcrawl.model import ReportState
from graphcrawl.wording import plural, printable

NAMES: Final = ("network", "state", "depth", "followers")

_SHAPE: Final = re.compile(r"\s*(\w+)\s*(<=|>=|!=|=|<|>)\s*([^\s=<>]\S*)\s*")
_NUMBER: Final = re.compile(r"(\d{1,15})([KMB]?)", re.IGNORECASE | re.ASCII)
_UNITS: Final = {"": 1, "K": 10**3, "M": 10**6, "B": 10**9}
_COMPARISONS: Final[Mapping[str, Callable[[object, object], bool]]] = {
    "=": operator.eq,
    "!=": operator.ne,
}
_ORDERS: Final[Mapping[str, Callable[[int, int], bool]]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}
_LONGEST_SHOWN: Final = 60


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition on an account; one whose value is not known does not fulfil it.

    Attributes
    ----------
    name : str
        One of `NAMES`.
    sign : str
        ``=``, ``!=``, and for numbers ``<``, ``>``, ``<=``, ``>=``.
    value : str or int
        A number for depth (hops) and followers.
    """

    name: str
    sign: str
    value: str | int

    def __str__(self) -> str:
        return f"{self.name}{self.sign}{self.value}"

    def holds(self, node: Node) -> bool:
        """Whether an account fulfils it."""
        if isinstance(self.value, int):
            known = node.depth if self.name == "depth" else node.subscribers_count
            return known is not None and _ORDERS[self.sign](known, self.value)
        text = node.network if self.name == "network" else node.state
        return text is not None and _COMPARISONS[self.sign](text, self.value)


@dataclass(frozen=True, slots=True)
class MapOptions:
    """What a map's maker may choose.

    Attributes
    ----------
    title : str or None
        In place of the one made from the seeds.
    filters : tuple of Filter
        Only accounts that fulfil all of them are drawn.
    max_nodes : int or None
        Accounts to draw at most; the seeds are always drawn.
    size : Size
        What a mark's area tells.
    """

    title: str | None = None
    filters: tuple[Filter, ...] = ()
    max_nodes: int | None = None
    size: Size = Size.FOLLOWERS

    def __post_init__(self) -> None:
        if self.max_nodes is not None and self.max_nodes < 1:
            raise InputError(f"--max-nodes {self.max_nodes}: give a number above 0")


@dataclass(frozen=True, slots=True)
class Selection:
    """What of a graph is drawn, and the sentences that say what is not."""

    graph: ConnectionGraph
    left_out: tuple[str, ...]


def select(graph: ConnectionGraph, options: MapOptions) -> Selection:
    """Choose what is drawn of a graph.

    Parameters
    ----------
    graph : ConnectionGraph
    options : MapOptions

    Returns
    -------
    Selection
        Its graph is empty where no account fulfils the filters.
    """
    filtered = chosen(graph, options.filters)
    drawn = filtered if options.max_nodes is None else foremost(filtered, options.max_nodes)
    return Selection(drawn, _left_out(graph, filtered, drawn, options.filters))


def parse_filter(text: str) -> Filter:
    """Read a condition such as ``network=instagram``, ``depth<=1`` or ``followers>=10K``.

    Parameters
    ----------
    text : str
        A name of `NAMES`, a comparison and a value; numbers may end in K, M or B.

    Returns
    -------
    Filter

    Raises
    ------
    InputError
        In one line: what is wrong, and what would be right.

    Examples
    --------
    >>> str(parse_filter("followers >= 10k"))
    'followers>=10000'
    """
    found = _SHAPE.fullmatch(text)
    name = found[1].casefold() if found else ""
    if found is None or name not in NAMES:
        raise _refused(text, "write network=instagram, state=READY, depth<=1 or followers>=1000")
    sign, value = found[2], found[3]
    if name in ("depth", "followers"):
        return Filter(name, sign, _number(text, value))
    if sign not in _COMPARISONS:
        raise _refused(text, f"{name} is compared with = or != only")
    return Filter(name, sign, _word(text, name, value))


def _number(text: str, value: str) -> int:
    found = _NUMBER.fullmatch(value)
    if found is None:
        raise _refused(text, "give a whole number after the sign, such as 1000 or 10K")
    return int(found[1]) * _UNITS[found[2].upper()]


def _word(text: str, name: str, value: str) -> str:
    if name == "network":
        try:
            return parse_network(value)
        except AccountTextError as error:
            raise _refused(text, str(error)) from error
    states = [state.value for state in ReportState]
    if value.upper() not in states:
        raise _refused(text, f"the states are {', '.join(states)}")
    return value.upper()


def _refused(text: str, reason: str) -> InputError:
    return InputError(f"--filter {printable(text, _LONGEST_SHOWN)!r}: {reason}")


def chosen(graph: ConnectionGraph, filters: Sequence[Filter]) -> ConnectionGraph:
    """Keep the accounts that fulfil every filter, and the connections between them."""
    if not filters:
        return graph
    return _kept(graph, {node.id for node in graph.nodes if all(f.holds(node) for f in filters)})


def foremost(graph: ConnectionGraph, most: int) -> ConnectionGraph:
    """Keep the seeds and the accounts that matter most, each with its way from a seed.

    Those with more connections come first, then those with more followers. An account whose
    shortest way from a seed no longer fits is passed over, so that nothing is drawn whose
    presence the page could not explain.

    Parameters
    ----------
    graph : ConnectionGraph
    most : int
        Accounts to keep; more only where there are more seeds.
    """
    if len(graph.nodes) <= most:
        return graph
    kept = {node.id for node in graph.nodes if node.depth == 0}
    before = _predecessors(graph, kept)
    for node in _ranked(graph):
        way = _way(node.id, before, kept)
        if len(kept) + len(way) <= most:
            kept.update(way)
        if len(kept) >= most:
            break
    return _kept(graph, kept)


def _ranked(graph: ConnectionGraph) -> list[Node]:
    ties = Counter(end for edge in graph.edges for end in (edge.source, edge.target))
    return sorted(graph.nodes, key=lambda node: (-ties[node.id], -(node.subscribers_count or 0)))


def _predecessors(graph: ConnectionGraph, seeds: Iterable[int]) -> dict[int, int]:
    """Return, for each account that a seed leads to, the one before it on a shortest way."""
    lists: dict[int, list[int]] = {}
    for edge in graph.edges:
        lists.setdefault(edge.source, []).append(edge.target)
    waiting = sorted(seeds)
    before = dict.fromkeys(waiting, -1)
    for source in waiting:
        for target in lists.get(source, ()):
            if target not in before:
                before[target] = source
                waiting.append(target)
    return before


def _way(node: int, before: Mapping[int, int], kept: set[int]) -> list[int]:
    way = []
    while node not in kept and node != -1:
        way.append(node)
        node = before.get(node, -1)
    return way


def _kept(graph: ConnectionGraph, ids: set[int]) -> ConnectionGraph:
    return replace(
        graph,
        nodes=tuple(node for node in graph.nodes if node.id in ids),
        edges=tuple(edge for edge in graph.edges if edge.source in ids and edge.target in ids),
    )


def _left_out(
    whole: ConnectionGraph,
    filtered: ConnectionGraph,
    drawn: ConnectionGraph,
    filters: Sequence[Filter],
) -> tuple[str, ...]:
    """Say what a page does not draw, and how to get it."""
    said = []
    if len(filtered.nodes) < len(whole.nodes):
        gone = len(whole.nodes) - len(filtered.nodes)
        words = " and ".join(map(str, filters))
        said.append(f"Only accounts with {words} are drawn; {plural(gone, 'other')} left out.")
    if len(drawn.nodes) < len(filtered.nodes):
        gone = len(filtered.nodes) - len(drawn.nodes)
        said.append(
            "Only the seeds and the accounts with the most connections are drawn;"
            f" {plural(gone, 'other')} left out (--max-nodes {len(filtered.nodes)} draws all)."
        )
    return tuple(said)
