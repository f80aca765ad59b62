"""Conditions on accounts, given in words; and the part of a graph that fulfils them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol

from graphcrawl.addresses import stored_network
from graphcrawl.errors import InputError
from graphcrawl.graph.connections import ConnectionGraph
from graphcrawl.graph.measuring import COLUMN
from graphcrawl.graph.own import TAG, Own, named_column, read_tag
from graphcrawl.graph.own_conditions import EQUALITIES, ORDERS, UNITS, fulfils, number_of, unfit
from graphcrawl.model import ReportState
from graphcrawl.wording import is_unseen, printable

NAMES: Final = ("network", "state", "depth", "followers", TAG)

# A column's name may be of several words; the first sign in the text ends it.
_SHAPE: Final = re.compile(r"\s*([^<>=]*?[^\s<>=!])\s*(<=|>=|!=|=|<|>)\s*(.*?)\s*", re.DOTALL)
_NUMBER: Final = re.compile(r"(\d{1,15})([KMB]?)", re.IGNORECASE | re.ASCII)
_LONGEST_SHOWN: Final = 60
_RIGHT: Final = (
    "write network=instagram, state=READY, depth<=1, followers>=1000, tag=press, or a column of "
    "your own such as topic=space"
)


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
        One of `NAMES`, or a user's own column: its name, after ``column:`` where it is one of them.
    sign : str
        ``=``, ``!=``, and for numbers ``<``, ``>``, ``<=``, ``>=``.
    value : str or int
        A number for depth (hops) and followers; of a column, what was written.
    """

    name: str
    sign: str
    value: str | int

    def __str__(self) -> str:
        return f"{self.name}{self.sign}{self.value}"

    @property
    def column(self) -> str | None:
        """The user's own column that it asks about."""
        return None if self.name in NAMES else self.name.removeprefix(COLUMN)

    @property
    def needs_own(self) -> bool:
        """Whether it asks about what users added: then `holds` needs that."""
        return self.name == TAG or self.column is not None

    def holds(self, node: Judged, own: Own) -> bool:
        """Whether an account fulfils it; who has no tag bears none, and that is known."""
        if self.column is not None:
            return self._holds_own(self.column, node, own)
        if self.name == TAG:
            return (self.value in own.tags.get(node.id, ())) == (self.sign == "=")
        if isinstance(self.value, int):
            known = node.depth if self.name == "depth" else node.subscribers_count
            return known is not None and ORDERS[self.sign](known, self.value)
        text = node.network if self.name == "network" else node.state
        return text is not None and EQUALITIES[self.sign](text, self.value)

    def _holds_own(self, column: str, node: Judged, own: Own) -> bool:
        name = named_column(own.columns, column)
        held = None if name is None else own.columns[name].get(node.id)
        return held is not None and fulfils(held, self.sign, str(self.value))


def refuse_unfit(filters: Sequence[Filter], own: Own) -> None:
    """Refuse conditions on a user's own columns that are not there, or hold something else.

    Parameters
    ----------
    filters : sequence of Filter
    own : Own
        What users added to the accounts of the database.

    Raises
    ------
    InputError
        In one line: what is wrong, and which columns there are.
    """
    for one in filters:
        if one.column is not None:
            reason = unfit(own, one.column, one.sign, str(one.value), others=NAMES)
            if reason is not None:
                raise _refused(str(one), reason)


def parse_filter(text: str) -> Filter:
    """Read a condition: ``network=instagram``, ``depth<=1``, ``followers>=10K``, ``tag=press``.

    Parameters
    ----------
    text : str
        A name of `NAMES` or a user's own column, a comparison and a value; numbers may end in K,
        M or B, and a tag or a column's text may be of several words. ``column:NAME`` is always a
        column; whether there is one, `refuse_unfit` says.

    Returns
    -------
    Filter

    Raises
    ------
    InputError
        In one line: what is wrong, and what would be right.

    Examples
    --------
    >>> str(parse_filter("followers >= 10k")), str(parse_filter("column:topic = space"))
    ('followers>=10000', 'topic=space')
    """
    found = _SHAPE.fullmatch(text)
    if found is None:
        raise _refused(text, _RIGHT)
    name, sign, value = found[1], found[2], found[3]
    known = name.casefold()
    if known not in NAMES:
        return Filter(_column(text, name), sign, _wanted(text, sign, value))
    if known in ("depth", "followers"):
        return Filter(known, sign, _number(text, value))
    if sign not in EQUALITIES:
        raise _refused(text, f"{known} is compared with = or != only")
    return Filter(known, sign, _tag(text, value) if known == TAG else _word(text, known, value))


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


def _column(text: str, name: str) -> str:
    column = name.removeprefix(COLUMN).strip()
    if not column or any(map(is_unseen, column)):
        raise _refused(text, _RIGHT)
    is_plain = column.casefold() not in NAMES and not column.startswith(COLUMN)
    return column if is_plain else COLUMN + column


def _wanted(text: str, sign: str, value: str) -> str:
    if not value or any(map(is_unseen, value)):
        raise _refused(text, _RIGHT)
    if sign not in EQUALITIES and number_of(value) is None:
        raise _refused(text, f"give a number after {sign}, such as 1000, 1.5 or 10K")
    return value


def _tag(text: str, value: str) -> str:
    try:
        return read_tag(value)
    except InputError as error:
        raise _refused(text, str(error)) from error


def _number(text: str, value: str) -> int:
    found = _NUMBER.fullmatch(value)
    if found is None:
        raise _refused(text, "give a whole number after the sign, such as 1000 or 10K")
    return int(found[1]) * UNITS[found[2].upper()]


def _word(text: str, name: str, value: str) -> str:
    if name == "network":
        return stored_network(value)
    states = [state.value for state in ReportState]
    if value.upper() not in states:
        raise _refused(text, f"the states are {', '.join(states)}")
    return value.upper()


def _refused(text: str, reason: str) -> InputError:
    return InputError(f"--filter {printable(text, _LONGEST_SHOWN)!r}: {reason}")
