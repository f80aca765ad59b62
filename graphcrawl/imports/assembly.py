"""From what files hold to a graph: ends are found, values read, broken ones named."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from graphcrawl.csv_files import Columns
from graphcrawl.errors import InputError
from graphcrawl.imports import values
from graphcrawl.imports.accounts import account_of
from graphcrawl.imports.fields import Fields, Picked
from graphcrawl.imports.raw import Ends, RawEdge, RawGraph, RawNode, Source
from graphcrawl.incoming import Incoming, IncomingEdge, IncomingNode
from graphcrawl.model import NETWORKS, Certainty, Network, Origin
from graphcrawl.wording import printable

ADVICE: Final = "; nothing was imported: mend the file, or leave such rows out with --skip-broken"

_MOST_NAMES: Final = 1_000
_CERTAINTIES: Final = frozenset(Certainty)
_UNDIRECTED: Final = "undirected"
_KEY: Final = re.compile("[1-9][0-9]{0,14}")


class Assembly:
    """Puts a graph together from the files that tell of it.

    Parameters
    ----------
    graph : RawGraph
    columns : Columns
        Attributes that were chosen.
    network : str
        What accounts are on where nothing says it.
    undirected : bool
        List each connection from both ends, whatever the file says.
    skip_broken : bool
        Count what is broken, and go on.

    Attributes
    ----------
    loops : int
        Connections from an account to itself: left out.
    broken : int
        What could not be used.
    foreign : Counter of str
        Accounts on networks that the API cannot be asked about.
    unkept : Counter of str
        By name, the attributes that connections had and the database has no place for.
    """

    def __init__(
        self,
        graph: RawGraph,
        *,
        columns: Columns | None = None,
        network: str = Network.INSTAGRAM.value,
        undirected: bool = False,
        skip_broken: bool = False,
    ) -> None:
        self._graph = graph
        self._about = graph.about
        self._fields = Fields(columns or Columns())
        self._network = network
        self._undirected = undirected
        self._skip_broken = skip_broken
        self._keys: dict[str, int] = {}
        self._identities: set[tuple[str, str]] = set()
        self.loops = 0
        self.broken = 0
        self.foreign: Counter[str] = Counter()
        self.unkept: Counter[str] = Counter()

    def incoming(self) -> Iterator[Incoming]:
        """Give what the files hold, one after the other.

        Yields
        ------
        IncomingNode or IncomingEdge
            Edges after both of their ends.

        Raises
        ------
        InputError
            If a file cannot be read, has broken rows that are not to be skipped, or no account.
        """
        for source in self._graph.sources:
            yield from self._from(source)
            self.broken += source.complaints.count
            if not self._skip_broken:
                source.complaints.settle(ADVICE)
        if not self._keys:
            raise InputError(f"{self._graph.path}: no accounts")
        self._fields.require_chosen(self._graph.path)

    @property
    def origin(self) -> Origin:
        """Whom the data comes from, as the files say; known when all was read.

        Raises
        ------
        InputError
            If they name several.
        """
        known = [origin for origin in Origin if origin.value in self._about.origins]
        if len(known) > 1:
            raise InputError(f"{self._graph.path}: {' and '.join(known)} data never mix")
        return known[0] if known else Origin.IMPORTED

    def _from(self, source: Source) -> Iterator[Incoming]:
        early: list[RawEdge] = []
        for item in source.items:
            if isinstance(item, RawNode):
                yield from self._node(item, source)
                continue
            if not (item.source in self._keys and item.target in self._keys):
                if source.ends is Ends.LATER:
                    early.append(item)
                    continue
                if source.ends is Ends.NEW:
                    yield from self._ends(item, source)
            yield from self._edge(item, source)
        for edge in early:
            yield from self._edge(edge, source)

    def _ends(self, edge: RawEdge, source: Source) -> Iterator[Incoming]:
        """Make accounts of the ends of a connection where no file tells of any."""
        for end in (edge.source, edge.target):
            if edge.source and edge.target and end not in self._keys:
                yield from self._node(RawNode(edge.place, end, {}), source)

    def _node(self, node: RawNode, source: Source) -> tuple[Incoming, ...]:
        try:
            incoming = self._account(node)
        except ValueError as error:
            source.complaints.add(node.place, str(error))
            return ()
        self._keys[node.key] = incoming.key
        if incoming.social_id is not None:
            self._identities.add((incoming.network, incoming.social_id))
        if incoming.network not in NETWORKS:
            self.foreign[incoming.network] += 1
        return (incoming,)

    def _account(self, node: RawNode) -> IncomingNode:
        if not node.key:
            raise ValueError("no ID")
        if node.key in self._keys:
            raise ValueError(f"the ID {values.shown(node.key)} again")
        ours = self._about.ours
        picked = self._fields.of_node(node.values, ours=ours)
        incoming = account_of(
            _our_key(node.key) if ours else len(self._keys) + 1,
            values.text(node.key) or "",
            node.values,
            picked,
            self._fields.own(node.values, picked, ours=ours),
            network=self._network,
            ours=ours,
        )
        social_id = incoming.social_id
        if social_id is not None and (incoming.network, social_id) in self._identities:
            named = printable(f"{incoming.network}:id:{social_id}")
            raise ValueError(f"the account {named} again")
        return incoming

    def _edge(self, edge: RawEdge, source: Source) -> tuple[Incoming, ...]:
        try:
            incoming, both = self._listing(edge, self._key(edge.source), self._key(edge.target))
        except ValueError as error:
            source.complaints.add(edge.place, str(error))
            return ()
        if incoming.source == incoming.target:
            self.loops += 1
            return ()
        if not both:
            return (incoming,)
        back = incoming._replace(source=incoming.target, target=incoming.source, position=None)
        return (incoming, back)

    def _key(self, end: str) -> int:
        key = self._keys.get(end)
        if key is None:
            raise ValueError(f"no account has the ID {values.shown(end)}")
        return key

    def _listing(self, edge: RawEdge, source: int, target: int) -> tuple[IncomingEdge, bool]:
        both = edge.undirected or self._undirected
        if not edge.values:
            return IncomingEdge(source, target), both
        picked = self._fields.of_edge(edge.values)
        self._count_unkept(edge, picked)
        told = {field: edge.values[name] for field, name in picked.items()}
        certainty = values.word("certainty", told.get("certainty"), _CERTAINTIES)
        incoming = IncomingEdge(
            source,
            target,
            values.count("position", told.get("position")),
            Certainty(certainty) if certainty else None,
            *(
                values.moment(name, told.get(name))
                for name in ("first_seen_at", "last_seen_at", "removed_at")
            ),
        )
        kind = values.text(told.get("type")) or ""
        return incoming, both or kind.casefold() == _UNDIRECTED

    def _count_unkept(self, edge: RawEdge, picked: Picked) -> None:
        for name in self._fields.rest_of_edge(edge.values, picked, ours=self._about.ours):
            is_told = edge.values[name] not in (None, "")
            if is_told and (name in self.unkept or len(self.unkept) < _MOST_NAMES):
                self.unkept[name] += 1


def _our_key(key: str) -> int:
    """Give the key that an account had in the database that was exported."""
    if not _KEY.fullmatch(key):
        raise ValueError(f"the ID {values.shown(key)} is no key of graphcrawl's")
    return int(key)
