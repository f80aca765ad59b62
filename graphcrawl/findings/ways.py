"""Shortest ways between two accounts, and what it means where there is none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from graphcrawl.addresses import Named
from graphcrawl.errors import NothingFound
from graphcrawl.findings.vicinity import Scope, Subject, Vicinity, rank_of, vicinity
from graphcrawl.graph import Edge, Node
from graphcrawl.graph.ways import NoWay, Ways, find_ways
from graphcrawl.model import Origin
from graphcrawl.store import Store
from graphcrawl.wording import plural


@dataclass(frozen=True, slots=True)
class Step:
    """An account on a path.

    Attributes
    ----------
    node : Node
    link : Edge or None
        The connection that leads here, whichever of the two lists the other; None for the first.
    """

    node: Node
    link: Edge | None = None


@dataclass(frozen=True, slots=True)
class Paths:
    """All shortest paths between two accounts.

    Attributes
    ----------
    ends : tuple of Subject
    is_directed : bool
        Whether every step goes from an account to one that it lists.
    ways : Ways
        Length and number, and what they are made of.
    nodes : dict of int to Node
        All accounts on them.
    edges : dict of (int, int) to Edge
        The connections that they use, by source and target.
    origin : Origin
    """

    ends: tuple[Subject, Subject]
    is_directed: bool
    ways: Ways
    nodes: dict[int, Node]
    edges: dict[tuple[int, int], Edge]
    origin: Origin

    @property
    def length(self) -> int:
        """Steps from one end to the other."""
        return self.ways.length

    @property
    def count(self) -> int:
        """How many there are, exactly; more than anybody can list, sometimes."""
        return self.ways.count

    def __iter__(self) -> Iterator[tuple[Step, ...]]:
        """Give them one after the other: at each step the most followed account first."""
        for way in self.ways.listed(lambda key: rank_of(self.nodes[key])):
            links = (self._link(one, other) for one, other in pairwise(way))
            yield tuple(
                Step(self.nodes[key], link) for key, link in zip(way, [None, *links], strict=True)
            )

    def _link(self, one: int, other: int) -> Edge:
        return self.edges.get((one, other)) or self.edges[other, one]


def paths_of(
    store: Store, one: Named, other: Named, scope: Scope, *, directed: bool = True
) -> Paths:
    """Find all shortest paths from an account to another.

    Raises
    ------
    InputError
        If both are the same, or one of them may be one of several.
    NothingFound
        If one of them or the crawl is not there, or there is no path: the message says what is not
        known.
    StoreError
        If the database cannot be read.
    """
    with vicinity(store, scope) as around:
        start, end = around.subjects([one, other])
        found = _search(around, start, end, directed=directed)
        if isinstance(found, NoWay):
            raise NothingFound(_why_none(around, start, end, found, scope, directed=directed))
        nodes = around.nodes(key for layer in found.layers for key in layer)
        edges = _edges(around, found, directed=directed)
    return Paths((start, end), directed, found, nodes, edges, store.origin)


def _search(around: Vicinity, start: Subject, end: Subject, *, directed: bool) -> Ways | NoWay:
    forward, backward = (around.lists, around.listed_by) if directed else (around.tied, around.tied)
    return find_ways(start.node.id, end.node.id, forward, backward)


def _edges(around: Vicinity, ways: Ways, *, directed: bool) -> dict[tuple[int, int], Edge]:
    edges: dict[tuple[int, int], Edge] = {}
    for layer, after in pairwise(ways.layers):
        facts = around.around.edges(layer, after)
        if not directed:
            facts += around.around.edges(after, layer)
        edges |= {(edge.source, edge.target): Edge(*edge) for edge in facts}
    return edges


def _why_none(
    around: Vicinity, start: Subject, end: Subject, found: NoWay, scope: Scope, *, directed: bool
) -> str:
    said = [f"no {'' if directed else 'undirected '}path is known from {start.node}"]
    said[0] += f" to {end.node}{_condition(scope)}"
    said.append(_what_is_open(around, start, found, directed=directed))
    if directed:
        other_way = _search(around, start, end, directed=False)
        if isinstance(other_way, Ways):
            said.append(
                f"with --undirected there is one of {plural(other_way.length, 'step')}, over "
                "connections that lead the other way"
            )
    return "; ".join(said)


def _condition(scope: Scope) -> str:
    words = [f"in crawl {scope.crawl_id}"] if scope.crawl_id is not None else []
    if scope.filters:
        words.append(f"over accounts with {' and '.join(map(str, scope.filters))}")
    return "".join(f" {word}" for word in words)


def _what_is_open(around: Vicinity, start: Subject, found: NoWay, *, directed: bool) -> str:
    """Say whether a path may exist that is not known: a sample shows none of many."""
    reached, silent = found.reached, around.around.not_told(found.reached)
    if not directed:
        return (
            f"{plural(len(reached), 'account')} hang together with the first, itself counted, and "
            "whom accounts list that were not asked, there or elsewhere, is not known: so a path "
            "may exist all the same"
        )
    if len(reached) == 1 and silent:
        first = start.node
        return f"{first} was not asked or gave no whole answer, so a path may exist all the same"
    on_the_way = f"{plural(len(reached), 'account')} on the way, the first counted"
    if silent:
        were = "was" if len(silent) == 1 else "were"
        return (
            f"of {on_the_way}, {len(silent):,} {were} not asked or gave no whole answer, so a path "
            "may exist all the same"
        )
    return f"{on_the_way}, told whom they list: by their answers there is none"
