"""Conditions on accounts, given in words; and the part of a graph that fulfils them."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol

from graphcrawl.addresses import stored_network
from graphcrawl.errors import InputError
from graphcrawl.graph.connections import ConnectionGraph
from graphcrawl.graph.own import TAG, Own, read_tag
from graphcrawl.model import ReportState
from graphcrawl.wording import printable

NAMES: Final = ("network", "state", "depth", "followers", TAG)

_SHAPE: Final = re.compile(r"\s*(\w+)\s*(<=|>=|!=|=|<|>)\s*([^\s=<>]\S*)\s*")
_TAGGED: Final = re.compile(r"\s*tag\s*(!?=)(.*)", re.IGNORECASE | re.DOTALL)
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


class Judged(Protocol):
    """What is looked at of an account; a `Node` is one."""

    @property
    def id(self) -> int:
        """The database's key."""

    @property
    def network(self) -> str:
        """Its network."""

    @property
    def state(self) -> str | None:
        """Its report's state."""

    @property
    def depth(self) -> int | None:
        """Hops from the nearest seed."""

    @property
    def subscribers_count(self) -> int | None:
        """Followers."""


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

    @property
    def needs_own(self) -> bool:
        """Whether it asks about what users added: then `holds` needs that."""
        return self.name == TAG

    def holds(self, node: Judged, own: Own) -> bool:
        """Whether an account fulfils it; who has no tag bears none, and that is known."""
        if self.name == TAG:
            return (self.value in own.tags.get(node.id, ())) == (self.sign == "=")
        if isinstance(self.value, int):
            known = node.depth if self.name == "depth" else node.subscribers_count
            return known is not None and _ORDERS[self.sign](known, self.value)
        text = node.network if self.name == "network" else node.state
        return text is not None and _COMPARISONS[self.sign](text, self.value)


def parse_filter(text: str) -> Filter:
    """Read a condition: ``network=instagram``, ``depth<=1``, ``followers>=10K``, ``tag=press``.

    Parameters
    ----------
    text : str
        A name of `NAMES`, a comparison and a value; numbers may end in K, M or B, and a tag may
        be of several words.

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
    tagged = _TAGGED.fullmatch(text)
    if tagged is not None:
        return Filter(TAG, tagged[1], _tag(text, tagged[2]))
    found = _SHAPE.fullmatch(text)
    name = found[1].casefold() if found else ""
    if found is None or name not in NAMES:
        raise _refused(
            text, "write network=instagram, state=READY, depth<=1, followers>=1000 or tag=press"
        )
    sign, value = found[2], found[3]
    if name in ("depth", "followers"):
        return Filter(name, sign, _number(text, value))
    if sign not in _COMPARISONS:
        raise _refused(text, f"{name} is compared with = or != only")
    return Filter(name, sign, _word(text, name, value))


def chosen(graph: ConnectionGraph, filters: Sequence[Filter], own: Own) -> ConnectionGraph:
    """Keep the accounts that fulfil every filter, and the connections between them.

    Parameters
    ----------
    graph : ConnectionGraph
    filters : sequence of Filter
    own : Own
        What users added to its accounts; read only by filters that need it.
    """
    if not filters:
        return graph
    fulfil = {node.id for node in graph.nodes if all(one.holds(node, own) for one in filters)}
    return kept_of(graph, fulfil)


def kept_of(graph: ConnectionGraph, ids: set[int]) -> ConnectionGraph:
    """Keep some accounts, by `Node.id`, and the connections between them."""
    return replace(
        graph,
        nodes=tuple(node for node in graph.nodes if node.id in ids),
        edges=tuple(edge for edge in graph.edges if edge.source in ids and edge.target in ids),
    )


def _tag(text: str, value: str) -> str:
    try:
        return read_tag(value)
    except InputError as error:
        raise _refused(text, str(error)) from error


def _number(text: str, value: str) -> int:
    found = _NUMBER.fullmatch(value)
    if found is None:
        raise _refused(text, "give a whole number after the sign, such as 1000 or 10K")
    return int(found[1]) * _UNITS[found[2].upper()]


def _word(text: str, name: str, value: str) -> str:
    if name == "network":
        return stored_network(value)
    states = [state.value for state in ReportState]
    if value.upper() not in states:
        raise _refused(text, f"the states are {', '.join(states)}")
    return value.upper()


def _refused(text: str, reason: str) -> InputError:
    return InputError(f"--filter {printable(text, _LONGEST_SHOWN)!r}: {reason}")
