"""What speaks for two accounts on different networks having one owner."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from graphcrawl.graph.connections import ConnectionGraph, Edge, Node
from graphcrawl.graph.likeness import Alike, Names, SameName, alike
from graphcrawl.model import Certainty

SAME_USERNAME: Final = "same username"
NEAR_USERNAME: Final = "near username"
SAME_TITLE: Final = "same title"
BOTH_WAYS: Final = "listed both ways"
NOT_YET_KNOWN: Final = "listed one way, the other not yet known"
BY_HAND: Final = "merged by hand"


class Confidence(StrEnum):
    """How sure it is that an account is its creator's."""

    LOW = "low"
    LIKELY = "likely"
    STRONG = "strong"

    @property
    def rank(self) -> int:
        """From 0, the more the surer."""
        return _RANKS[self]


_RANKS: Final = {confidence: rank for rank, confidence in enumerate(Confidence)}


@dataclass(frozen=True, slots=True)
class Link:
    """Two accounts on different networks that one owner may have.

    Attributes
    ----------
    ends : tuple of int
        `Node.id` of both, the smaller first.
    alike : Alike
    confidence : Confidence
    to_ask : tuple of int
        `Node.id` of those whose answer would tell whether both list each other.
    """

    ends: tuple[int, int]
    alike: Alike
    confidence: Confidence
    to_ask: tuple[int, ...] = ()

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why, in words."""
        username = {SameName.SAME: (SAME_USERNAME,), SameName.NEAR: (NEAR_USERNAME,)}
        return (
            *username.get(self.alike.username, ()),
            *((SAME_TITLE,) if self.alike.title else ()),
            NOT_YET_KNOWN if self.to_ask else BOTH_WAYS,
        )

    @property
    def rank(self) -> tuple[int, Alike]:
        """How much it says, the more the greater."""
        return self.confidence.rank, self.alike

    def other(self, end: int) -> int:
        """Give the other end."""
        return self.ends[1] if end == self.ends[0] else self.ends[0]


@dataclass(slots=True)
class _Ways:
    """What is known of two accounts listing each other."""

    certainties: set[Certainty] = field(default_factory=set)
    unknown: set[int] = field(default_factory=set)


def find_links(
    graph: ConnectionGraph,
    names: Mapping[int, Names],
    *,
    alone: Iterable[int] = (),
    parties: Mapping[int, int] | None = None,
) -> tuple[Link, ...]:
    """Find the connected accounts on different networks that one owner may have.

    Where one was asked and does not list the other, nothing is found. Where two accounts of one
    network fit a third one equally well, neither is found: to choose would be to guess.

    Parameters
    ----------
    graph : ConnectionGraph
    names : mapping of int to Names
        By `Node.id`.
    alone : iterable of int
        `Node.id` of accounts that were split off by hand.
    parties : mapping of int to int or None
        By `Node.id`, a positive number that accounts merged by hand have in common.

    Returns
    -------
    tuple of Link
        What says most comes first; the order of the graph's rows does not matter.
    """
    nodes = {node.id: node for node in graph.nodes}
    for split in alone:
        nodes.pop(split, None)
    links = [
        link
        for ends, ways in _pairs(graph.edges, nodes, names).items()
        if (link := _judged(ends, ways, names)) is not None
    ]
    links = _without_ties(links, nodes, parties or {})
    links.sort(key=lambda link: sorted(place(nodes[end]) for end in link.ends))
    links.sort(key=lambda link: link.rank, reverse=True)
    return tuple(links)


def place(node: Node) -> tuple[str, str, int]:
    """Give what nodes are ordered by."""
    return node.network, node.social_id or "", node.id


def _pairs(
    edges: Iterable[Edge], nodes: Mapping[int, Node], names: Mapping[int, Names]
) -> dict[tuple[int, int], _Ways]:
    """Give the connected accounts on different networks that are called alike: few of many."""
    pairs: dict[tuple[int, int], _Ways] = {}
    for edge in edges:
        one, other = nodes.get(edge.source), nodes.get(edge.target)
        if one is None or other is None or one.network == other.network:
            continue
        if not alike(names[one.id], names[other.id]):
            continue
        ways = pairs.setdefault((min(one.id, other.id), max(one.id, other.id)), _Ways())
        ways.certainties.add(edge.certainty)
        if edge.certainty is Certainty.UNKNOWN:
            ways.unknown.add(other.id)
    return pairs


def _judged(ends: tuple[int, int], ways: _Ways, names: Mapping[int, Names]) -> Link | None:
    both_ways = Certainty.MUTUAL in ways.certainties
    if not both_ways and Certainty.ONE_WAY in ways.certainties:
        return None
    found = alike(names[ends[0]], names[ends[1]])
    confidence = _confidence(found, both_ways=both_ways)
    if confidence is None:
        return None
    return Link(ends, found, confidence, () if both_ways else tuple(sorted(ways.unknown)))


def _confidence(found: Alike, *, both_ways: bool) -> Confidence | None:
    if found.title and found.username is not SameName.NO:
        return Confidence.STRONG if both_ways else Confidence.LIKELY
    if found.title or found.username is SameName.SAME:
        return Confidence.LIKELY if both_ways else Confidence.LOW
    return Confidence.LOW if both_ways and found.username is SameName.NEAR else None


def _without_ties(
    links: Sequence[Link], nodes: Mapping[int, Node], parties: Mapping[int, int]
) -> list[Link]:
    """Leave out an account's links to a network of which two accounts fit it equally well."""
    best: dict[tuple[int, str], list[Link]] = {}
    for link in links:
        for end in link.ends:
            rivals = best.setdefault((end, nodes[link.other(end)].network), [])
            if rivals and link.rank > rivals[0].rank:
                rivals.clear()
            if not rivals or link.rank == rivals[0].rank:
                rivals.append(link)
    tied = {at for at, rivals in best.items() if _are_rivals(at[0], rivals, parties)}
    return [
        link
        for link in links
        if not any((end, nodes[link.other(end)].network) in tied for end in link.ends)
    ]


def _are_rivals(end: int, links: Iterable[Link], parties: Mapping[int, int]) -> bool:
    # Those that were merged by hand count as one; keys are positive, so the two never meet.
    return len({parties.get(link.other(end), -link.other(end)) for link in links}) > 1
