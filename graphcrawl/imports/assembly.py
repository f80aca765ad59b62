"""From what files hold to a graph: ends are found, values read, broken ones named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from graphcrawl.imports import values
from graphcrawl.imports.fields import Fields
from graphcrawl.imports.raw import RawEdge, RawNode, Source
from graphcrawl.incoming import Incoming, IncomingEdge, IncomingNode
from graphcrawl.model import NETWORKS, Certainty, Network

VISITS: Final = frozenset({"queued", "claimed", "done", "failed", "deferred", "skipped"})
CERTAINTIES: Final = frozenset(Certainty)

NOT_TOLD: Final = "import"
"""Cause of a skipped visit: the file says that it does not hold whom the account lists."""

ADVICE: Final = "; nothing was imported: mend the file, or leave such rows out with --skip-broken"

_UNDIRECTED: Final = "undirected"


class Assembly:
    """Puts a graph together from the files that tell of it.

    Parameters
    ----------
    fields : Fields
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
        What could not be used, if it is to be skipped.
    foreign : Counter of str
        Accounts on networks that the API cannot be asked about.
    """

    def __init__(
        self,
        fields: Fields,
        *,
        network: str = Network.INSTAGRAM.value,
        undirected: bool = False,
        skip_broken: bool = False,
    ) -> None:
        self._fields = fields
        self._network = network
        self._undirected = undirected
        self._skip_broken = skip_broken
        self._numbers: dict[str, int] = {}
        self._identities: set[tuple[str, str]] = set()
        self.loops = 0
        self.broken = 0
        self.foreign: Counter[str] = Counter()

    def take(self, sources: Iterable[Source]) -> Iterator[Incoming]:
        """Give what some files hold, one after the other.

        Yields
        ------
        IncomingNode or IncomingEdge
            Edges after both of their ends.

        Raises
        ------
        InputError
            If a file cannot be read, or has broken rows that are not to be skipped.
        """
        for source in sources:
            yield from self._from(source)
            self.broken += source.complaints.count
            if not self._skip_broken:
                source.complaints.settle(ADVICE)

    def _from(self, source: Source) -> Iterator[Incoming]:
        early: list[RawEdge] = []
        for item in source.items:
            if isinstance(item, RawNode):
                yield from self._node(item, source)
            elif self._knows(item):
                yield from self._edge(item, source)
            elif source.tells_accounts:
                early.append(item)
            else:
                yield from self._ends(item)
                yield from self._edge(item, source)
        for edge in early:
            yield from self._edge(edge, source)

    def _knows(self, edge: RawEdge) -> bool:
        return edge.source in self._numbers and edge.target in self._numbers

    def _ends(self, edge: RawEdge) -> Iterator[Incoming]:
        """Make accounts of the ends of a connection where no file tells of any."""
        for key in (edge.source, edge.target):
            if key and key not in self._numbers:
                yield self._accepted(key, self._read(RawNode(edge.place, key, {})))

    def _node(self, node: RawNode, source: Source) -> Iterator[Incoming]:
        try:
            incoming = self._read(node)
        except ValueError as error:
            source.complaints.add(node.place, str(error))
        else:
            yield self._accepted(node.key, incoming)

    def _accepted(self, key: str, node: IncomingNode) -> IncomingNode:
        self._numbers[key] = len(self._numbers)
        if node.social_id is not None:
            self._identities.add((node.network, node.social_id))
        if node.network not in NETWORKS:
            self.foreign[node.network] += 1
        return node

    def _read(self, node: RawNode) -> IncomingNode:
        if not node.key:
            raise ValueError("no ID")
        if node.key in self._numbers:
            raise ValueError(f"the ID {values.shown(node.key)} again")
        picked = self._fields.of_node(node.values)
        told = {field: node.values[name] for field, name in picked.items()}
        network = values.text(told.get("network")) or self._network
        social_id = values.text(told.get("social_id")) if "social_id" in told else node.key
        if social_id is not None and (network, social_id) in self._identities:
            raise ValueError(f"the account {network}:id:{values.shown(social_id)} again")
        visit, cause = _standing(told)
        return IncomingNode(
            network=network,
            social_id=social_id,
            username=values.text(told.get("username")) or (None if "social_id" in told else social_id),
            title=values.text(told.get("title")),
            avatar_url=values.text(told.get("avatar_url")),
            subscribers_count=values.count("subscribers", told.get("subscribers")),
            er=values.number("er", told.get("er")),
            state=values.text(told.get("state")),
            depth=values.count("depth", told.get("depth")),
            visit=visit,
            cause=cause,
            whole=None,
            answered_at=values.moment("expanded_at", told.get("answered_at")),
            first_seen_at=values.moment("first_seen_at", told.get("first_seen_at")),
            last_seen_at=values.moment("last_seen_at", told.get("last_seen_at")),
        )

    def _edge(self, edge: RawEdge, source: Source) -> Iterator[Incoming]:
        try:
            ends = self._number(edge.source), self._number(edge.target)
            incoming, both = self._listing(edge, *ends)
        except ValueError as error:
            source.complaints.add(edge.place, str(error))
            return
        if incoming.source == incoming.target:
            self.loops += 1
            return
        yield incoming
        if both:
            yield incoming._replace(source=ends[1], target=ends[0], position=None)

    def _number(self, key: str) -> int:
        number = self._numbers.get(key)
        if number is None:
            raise ValueError(f"no account has the ID {values.shown(key)}")
        return number

    def _listing(self, edge: RawEdge, source: int, target: int) -> tuple[IncomingEdge, bool]:
        both = edge.undirected or self._undirected
        if not edge.values:
            return IncomingEdge(source, target, None, None, None, None), both
        picked = self._fields.of_edge(edge.values)
        told = {field: edge.values[name] for field, name in picked.items()}
        certainty = values.word("certainty", told.get("certainty"), CERTAINTIES)
        kind = values.text(told.get("type"))
        incoming = IncomingEdge(
            source,
            target,
            values.count("position", told.get("position")),
            Certainty(certainty) if certainty else None,
            values.moment("first_seen_at", told.get("first_seen_at")),
            values.moment("last_seen_at", told.get("last_seen_at")),
        )
        return incoming, both or (kind or "").casefold() == _UNDIRECTED


def _standing(told: dict[str, object]) -> tuple[str, str | None]:
    """Say what is known of whom an account lists: all that the file holds, unless it says less."""
    visit = values.word("visit", told.get("visit"), VISITS)
    asked = values.flag("asked", told.get("asked"))
    cause = values.text(told.get("cause"))
    if visit is not None:
        return visit, cause
    if asked is False:
        return "skipped", cause or NOT_TOLD
    return "done", cause
