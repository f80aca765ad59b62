"""What people decided about accounts' owners: it outlives every later run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, delete, func, insert, select, update

from graphcrawl.addresses import Named
from graphcrawl.errors import InputError
from graphcrawl.store import dialects
from graphcrawl.store.opening import Store
from graphcrawl.store.schema import CreatorDecisionRow
from graphcrawl.store.sought import find_held


class DecisionFacts(NamedTuple):
    """All decisions, its values in the order of `graphcrawl.graph.Decisions`."""

    parties: tuple[frozenset[int], ...]
    alone: frozenset[int]


def read_decisions(store: Store) -> DecisionFacts:
    """Read what was decided.

    Raises
    ------
    StoreError
        If the database cannot be read.
    """
    query = select(CreatorDecisionRow.node_id, CreatorDecisionRow.party)
    parties: dict[int, set[int]] = {}
    alone: set[int] = set()
    with store.reading() as connection:
        for node_id, party in connection.execute(query):
            members = alone if party is None else parties.setdefault(party, set())
            members.add(node_id)
    return DecisionFacts(
        tuple(frozenset(parties[number]) for number in sorted(parties)), frozenset(alone)
    )


def merge_accounts(store: Store, refs: Sequence[Named]) -> None:
    """Decide that accounts have one owner, together with those they were merged with before.

    Raises
    ------
    InputError
        If they are fewer than two, or one of them is not clear.
    NothingFound
        If the database does not hold one of them.
    StoreError
        If it cannot be written.
    """
    with store.writing() as connection:
        nodes = _nodes_of(connection, store, refs)
        if len(nodes) < 2:
            raise InputError("a merge takes two accounts or more")
        party = _party_of(connection, nodes)
        for node_id in nodes:
            _decide(connection, node_id, party)


def split_accounts(store: Store, refs: Sequence[Named]) -> None:
    """Decide that each of some accounts stands alone.

    Raises
    ------
    InputError
        If there is none, or one of them is not clear.
    NothingFound
        If the database does not hold one of them.
    StoreError
        If it cannot be written.
    """
    if not refs:
        raise InputError("a split takes an account or more")
    with store.writing() as connection:
        for node_id in _nodes_of(connection, store, refs):
            _decide(connection, node_id, None)


def repoint_decision(connection: Connection, provisional: int, real: int) -> None:
    """Let a decision about a node stand for the one that it turned out to be."""
    decided = select(CreatorDecisionRow.node_id).where(CreatorDecisionRow.node_id == real)
    if connection.execute(decided).first() is None:
        connection.execute(
            update(CreatorDecisionRow)
            .where(CreatorDecisionRow.node_id == provisional)
            .values(node_id=real)
        )


def _nodes_of(connection: Connection, store: Store, refs: Iterable[Named]) -> list[int]:
    return list(dict.fromkeys(find_held(connection, store, ref).id for ref in refs))


def _party_of(connection: Connection, nodes: Iterable[int]) -> int:
    """Give the number of the parties that the accounts are in, made one, or a new number."""
    number = CreatorDecisionRow.party
    query = select(number).where(CreatorDecisionRow.node_id.in_(nodes), number.is_not(None))
    held = sorted({one for one in connection.execute(query).scalars() if one is not None})
    if not held:
        newest = connection.execute(select(func.max(number))).scalar_one()
        return (newest or 0) + 1
    connection.execute(update(CreatorDecisionRow).where(number.in_(held)).values(party=held[0]))
    return held[0]


def _decide(connection: Connection, node_id: int, party: int | None) -> None:
    connection.execute(delete(CreatorDecisionRow).where(CreatorDecisionRow.node_id == node_id))
    connection.execute(
        insert(CreatorDecisionRow).values(node_id=node_id, party=party, decided_at=dialects.now())
    )
