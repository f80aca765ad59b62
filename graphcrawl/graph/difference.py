"""What differs between two graphs, as far as both sides asked: silence is no loss.

A connection is gained or lost only if its source was asked, and answered whole, on the side that
does not show it. An account is gained if somebody lists it now and nobody did before, though all
who list it now had been asked then; lost is the same the other way round. All else that only one
side holds is not known on the other one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import Final

from graphcrawl.graph.connections import ConnectionGraph, Edge, Node
from graphcrawl.model import Certainty, Origin
from graphcrawl.wording import plural

Value = str | int | None
Pair = tuple[int, int]


class Kind(StrEnum):
    """What has changed."""

    ACCOUNT = "account"
    CONNECTION = "connection"
    USERNAME = "username"
    TITLE = "title"
    STATE = "state"
    FOLLOWERS = "followers"


class Change(StrEnum):
    """How it has changed; the last two are no changes, but limits of what can be said."""

    GAINED = "gained"
    LOST = "lost"
    CHANGED = "changed"
    UNKNOWN_BEFORE = "not known before"
    UNKNOWN_AFTER = "not known after"


UNKNOWN: Final = (Change.UNKNOWN_BEFORE, Change.UNKNOWN_AFTER)

_VALUES: Final[Mapping[Kind, str]] = {
    Kind.USERNAME: "username",
    Kind.TITLE: "title",
    Kind.STATE: "state",
    Kind.FOLLOWERS: "subscribers_count",
}
_LISTED: Final[Mapping[Change, tuple[str, str]]] = {
    Change.GAINED: ("not listed", "listed"),
    Change.LOST: ("listed", "not listed"),
    Change.UNKNOWN_BEFORE: ("not known", "listed"),
    Change.UNKNOWN_AFTER: ("listed", "not known"),
}


@dataclass(frozen=True)
class Side:
    """One of two graphs of the same database.

    Attributes
    ----------
    graph : ConnectionGraph
    asked : frozenset of int
        Keys of the accounts whose connections it knows whole.
    name : str
        What it is called: ``crawl 3``, ``2026-01-31``.
    """

    graph: ConnectionGraph
    asked: frozenset[int]
    name: str = ""

    @cached_property
    def nodes(self) -> Mapping[int, Node]:
        """The accounts by their keys."""
        return {node.id: node for node in self.graph.nodes}

    @cached_property
    def edges(self) -> Mapping[Pair, Edge]:
        """The connections by their ends."""
        return {(edge.source, edge.target): edge for edge in self.graph.edges}

    @cached_property
    def listers(self) -> Mapping[int, frozenset[int]]:
        """Who lists an account, for all that are listed."""
        listers: dict[int, set[int]] = {}
        for source, target in self.edges:
            listers.setdefault(target, set()).add(source)
        return {target: frozenset(sources) for target, sources in listers.items()}


@dataclass(frozen=True, slots=True)
class Alteration:
    """One difference.

    Attributes
    ----------
    kind : Kind
    change : Change
    account : Node
        As the later side has it, where it does; of a connection the listing account.
    target : Node or None
        Of a connection: the listed account.
    before, after : str, int or None
        Followers are numbers; of accounts and connections, whether they are listed.
    """

    kind: Kind
    change: Change
    account: Node
    target: Node | None
    before: Value
    after: Value


@dataclass(frozen=True)
class Difference:
    """What differs from one side to the other.

    Attributes
    ----------
    before, after : Side
    alterations : tuple of Alteration
        By kind and change; within these by network, ID and key.
    """

    before: Side
    after: Side
    alterations: tuple[Alteration, ...]

    @property
    def origin(self) -> Origin:
        """Whom the answers of both sides came from."""
        return self.after.graph.origin

    @cached_property
    def counts(self) -> Mapping[tuple[Kind, Change], int]:
        """How many there are of a kind and change."""
        return Counter((one.kind, one.change) for one in self.alterations)


def compare(before: Side, after: Side) -> Difference:
    """Find what two graphs of one database differ in.

    Parameters
    ----------
    before, after : Side
        Their accounts are the same where their keys are.

    Returns
    -------
    Difference
        With the sides exchanged, it is the same but for before and after.
    """
    found = [
        *_accounts(before, after),
        *_connections(before, after),
        *_values(before, after),
    ]
    return Difference(before, after, tuple(sorted(found, key=_place)))


def _accounts(before: Side, after: Side) -> Iterator[Alteration]:
    both = {**before.nodes, **after.nodes}
    for key, node in both.items():
        change = _account_change(key, before, after)
        if change is not None:
            yield Alteration(Kind.ACCOUNT, change, node, None, *_LISTED[change])


def _account_change(key: int, before: Side, after: Side) -> Change | None:
    then, now = before.listers.get(key), after.listers.get(key)
    # A seed is there because it was asked for, whoever lists it.
    if (then is None) != (now is None) and not _is_seed(key, before, after):
        if now is not None and now <= before.asked:
            return Change.GAINED
        if then is not None and then <= after.asked:
            return Change.LOST
    if key not in before.nodes:
        return Change.UNKNOWN_BEFORE
    return None if key in after.nodes else Change.UNKNOWN_AFTER


def _is_seed(key: int, *sides: Side) -> bool:
    return any(key in side.nodes and side.nodes[key].depth == 0 for side in sides)


def _connections(before: Side, after: Side) -> Iterator[Alteration]:
    nodes = {**before.nodes, **after.nodes}
    for pair in before.edges.keys() ^ after.edges.keys():
        change = _connection_change(pair, before, after)
        source, target = (nodes[key] for key in pair)
        yield Alteration(Kind.CONNECTION, change, source, target, *_LISTED[change])


def _connection_change(pair: Pair, before: Side, after: Side) -> Change:
    if pair in after.edges:
        return Change.GAINED if pair[0] in before.asked else Change.UNKNOWN_BEFORE
    return Change.LOST if pair[0] in after.asked else Change.UNKNOWN_AFTER


def _values(before: Side, after: Side) -> Iterator[Alteration]:
    """Give what both sides know of an account, and know otherwise."""
    for key in before.nodes.keys() & after.nodes.keys():
        then, now = before.nodes[key], after.nodes[key]
        for kind, name in _VALUES.items():
            old, new = getattr(then, name), getattr(now, name)
            if old != new and old is not None and new is not None:
                yield Alteration(kind, Change.CHANGED, now, None, old, new)


def _place(one: Alteration) -> tuple[object, ...]:
    ends = (one.account,) if one.target is None else (one.account, one.target)
    return (
        _KINDS.index(one.kind),
        _CHANGES.index(one.change),
        *((node.network, node.social_id or "", node.id) for node in ends),
    )


_KINDS: Final = tuple(Kind)
_CHANGES: Final = tuple(Change)


def united(difference: Difference) -> ConnectionGraph:
    """Give one graph that holds the accounts and connections of both sides.

    Accounts and the certainty of connections are as the later side has them. Of a pair that was
    mutual and is one-way now, the connection that stands is there alone.

    Returns
    -------
    ConnectionGraph
        Ordered as graphs are.
    """
    before, after = difference.before, difference.after
    nodes = {**before.nodes, **after.nodes}
    # Where the later side has no depth of it, an account still hangs on its earlier one.
    kept = (
        replace(node, depth=before.nodes[key].depth)
        if node.depth is None and key in before.nodes
        else node
        for key, node in nodes.items()
    )
    edges = [*after.graph.edges, *_only_before(before, after)]
    return ConnectionGraph(
        nodes=tuple(sorted(kept, key=lambda node: (node.network, node.social_id or "", node.id))),
        edges=tuple(sorted(edges, key=lambda edge: (edge.source, edge.position, edge.target))),
        origin=difference.origin,
    )


def _only_before(before: Side, after: Side) -> Iterable[Edge]:
    for (source, target), edge in before.edges.items():
        if (source, target) not in after.edges and (target, source) not in after.edges:
            yield edge


def pair_changes(difference: Difference) -> Mapping[Pair, Change | None]:
    """Say how each connection of `united` has changed; the two of a mutual pair as one.

    One that became mutual, or is mutual no longer, has changed. None: it is as it was.
    """
    single = {
        (one.account.id, one.target.id): one.change
        for one in difference.alterations
        if one.target is not None
    }
    told: dict[Pair, Change | None] = {}
    for edge in united(difference).edges:
        pair = edge.source, edge.target
        way_back = edge.target, edge.source
        if edge.certainty is Certainty.MUTUAL or way_back in single:
            told[pair] = _of_both(single.get(pair), single.get(way_back))
        else:
            told[pair] = single.get(pair)
    return told


def _of_both(one: Change | None, other: Change | None) -> Change | None:
    if one == other:
        return one
    known = {one, other} - {None, *UNKNOWN}
    return Change.CHANGED if known else next(change for change in (one, other) if change)


def told(difference: Difference) -> tuple[str, ...]:
    """Say in a few lines what differs, and of what nothing can be said.

    Returns
    -------
    tuple of str
        The first names the sides.
    """
    counts = difference.counts
    moved = [
        f"{plural(counts[kind, Change.GAINED], noun)} gained, {counts[kind, Change.LOST]:,} lost"
        for kind, noun in _COUNTED.items()
    ]
    changed = [
        plural(counts[kind, Change.CHANGED], f"{kind.value} changed", many=f"{kind.value}s changed")
        for kind in (Kind.USERNAME, Kind.TITLE, Kind.STATE)
        if counts[kind, Change.CHANGED]
    ]
    if moved_followers := counts[Kind.FOLLOWERS, Change.CHANGED]:
        changed.append(f"followers of {plural(moved_followers, 'account')} changed")
    unknown = {
        kind: counts[kind, Change.UNKNOWN_BEFORE] + counts[kind, Change.UNKNOWN_AFTER]
        for kind in _COUNTED
    }
    not_known = [plural(number, _COUNTED[kind]) for kind, number in unknown.items() if number]
    lines = [f"from {difference.before.name} to {difference.after.name}", "; ".join(moved)]
    lines += [", ".join(changed)] if changed else []
    if not_known:
        one = sum(unknown.values()) == 1
        lines.append(
            f"{' and '.join(not_known)} {'is' if one else 'are'} not compared: "
            "only one side asked about them"
        )
    return tuple(lines)


_COUNTED: Final = {Kind.ACCOUNT: "account", Kind.CONNECTION: "connection"}
