"""Creators as they were last found: written anew, each under the number it had before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from graphcrawl.store import dialects
from graphcrawl.store.opening import Store
from graphcrawl.store.schema import CreatorAccountRow, CreatorRow, NodeRow, table_of


class AccountFacts(NamedTuple):
    """A row of `creator_accounts`, but for its creator's number."""

    node_id: int
    confidence: str
    evidence: list[dict[str, Any]]


class CreatorFacts(NamedTuple):
    """A creator and its accounts."""

    name: str
    accounts: tuple[AccountFacts, ...]


Stored = dict[int, CreatorFacts]
"""Creators by their numbers."""


_FIRST_NAME: Final = (
    select(func.coalesce(NodeRow.title, NodeRow.username, NodeRow.social_id, ""))
    .join(CreatorAccountRow, CreatorAccountRow.node_id == NodeRow.id)
    .where(CreatorAccountRow.creator_id == bindparam("number"))
    .order_by(func.coalesce(NodeRow.subscribers_count, 0).desc(), NodeRow.id)
    .limit(1)
)
"""What a creator is called until it is found anew."""


def numbers_of(store: Store, found: Sequence[CreatorFacts]) -> list[int] | None:
    """Give the creators' numbers if the database holds these and no others; else None.

    Raises
    ------
    StoreError
        If the database cannot be read.
    """
    with store.reading() as connection:
        stored = _stored(connection)
    numbers = _numbered(stored, found)
    known = [number for number in numbers if number is not None]
    return known if stored == dict(zip(numbers, found, strict=True)) else None


def store_creators(store: Store, found: Sequence[CreatorFacts]) -> list[int | None]:
    """Write creators in place of those that were found before.

    A creator keeps its number as long as it shares accounts with the one that bore it; where
    several share some, the one that shares most.

    Returns
    -------
    list of int or None
        The creators' numbers. None where accounts were forgotten meanwhile, so that fewer than
        two are left: such a one is not written.

    Raises
    ------
    StoreError
        If the database cannot be written.
    """
    with store.writing() as connection:
        left = map(_gone(connection, found).taken_from, found)
        kept = {at: one for at, one in enumerate(left) if one is not None}
        numbers = _written(connection, list(kept.values()))
    given = dict(zip(kept, numbers, strict=True))
    return [given.get(at) for at in range(len(found))]


def forget_in_creators(connection: Connection, nodes: Iterable[int]) -> None:
    """Take accounts that were just deleted out of creators' names and evidence.

    Their own rows are gone with them. A creator that is left with one account is none.
    """
    gone = _Gone(frozenset(nodes))
    for number, held in _stored(connection).items():
        left = gone.taken_from(held)
        if left is None:
            connection.execute(delete(CreatorRow).where(CreatorRow.id == number))
        elif left != held:
            _rewrite(connection, number, held, left)


def _rewrite(connection: Connection, number: int, held: CreatorFacts, left: CreatorFacts) -> None:
    gone = {one.node_id for one in held.accounts} - {one.node_id for one in left.accounts}
    rows = delete(CreatorAccountRow).where(CreatorAccountRow.node_id.in_(gone))
    connection.execute(rows)
    for account in left.accounts:
        connection.execute(
            update(CreatorAccountRow)
            .where(CreatorAccountRow.node_id == account.node_id)
            .values(evidence=account.evidence)
        )
    name = connection.execute(_FIRST_NAME, {"number": number}).scalar_one()
    connection.execute(update(CreatorRow).where(CreatorRow.id == number).values(name=name))


def _stored(connection: Connection) -> Stored:
    accounts: dict[int, list[AccountFacts]] = {}
    query = select(
        CreatorAccountRow.creator_id,
        CreatorAccountRow.node_id,
        CreatorAccountRow.confidence,
        CreatorAccountRow.evidence,
    ).order_by(CreatorAccountRow.node_id)
    for creator_id, *account in connection.execute(query):
        accounts.setdefault(creator_id, []).append(AccountFacts(*account))
    return {
        creator_id: CreatorFacts(name, tuple(accounts.get(creator_id, ())))
        for creator_id, name in connection.execute(select(CreatorRow.id, CreatorRow.name))
    }


def _numbered(
    stored: Mapping[int, CreatorFacts], found: Sequence[CreatorFacts]
) -> list[int | None]:
    """Give each creator the number of the one that it shares most accounts with."""
    before = {one.node_id: number for number, held in stored.items() for one in held.accounts}
    shared: dict[tuple[int, int], int] = {}
    for at, creator in enumerate(found):
        for account in creator.accounts:
            if account.node_id in before:
                pair = (before[account.node_id], at)
                shared[pair] = shared.get(pair, 0) + 1
    numbers: dict[int, int] = {}
    given: set[int] = set()
    for number, at in sorted(shared, key=lambda pair: (-shared[pair], pair)):
        if at not in numbers and number not in given:
            numbers[at] = number
            given.add(number)
    return [numbers.get(at) for at in range(len(found))]


@dataclass(frozen=True, slots=True)
class _Gone:
    """Accounts that are not there any more."""

    nodes: frozenset[int]

    def taken_from(self, creator: CreatorFacts) -> CreatorFacts | None:
        """Leave out what is gone, and what has no evidence without it; None: too few are left."""
        left = [
            account._replace(evidence=evidence)
            for account in creator.accounts
            if account.node_id not in self.nodes
            and (evidence := [one for one in account.evidence if one["node_id"] not in self.nodes])
        ]
        if len(left) < 2:
            return None
        return creator._replace(accounts=tuple(left))


def _gone(connection: Connection, found: Iterable[CreatorFacts]) -> _Gone:
    wanted = {one.node_id for creator in found for one in creator.accounts}
    there: set[int] = set()
    for part in dialects.in_parts(sorted(wanted)):
        there.update(connection.execute(select(NodeRow.id).where(NodeRow.id.in_(part))).scalars())
    return _Gone(frozenset(wanted - there))


def _written(connection: Connection, creators: Sequence[CreatorFacts]) -> list[int]:
    held = _numbered(_stored(connection), creators)
    fresh = iter(dialects.next_keys(connection, table_of(CreatorRow).name, held.count(None)))
    numbers = [next(fresh) if number is None else number for number in held]
    connection.execute(delete(CreatorAccountRow))
    connection.execute(delete(CreatorRow))
    if creators:
        connection.execute(
            insert(CreatorRow),
            [
                {"id": number, "name": one.name}
                for number, one in zip(numbers, creators, strict=True)
            ],
        )
        connection.execute(
            insert(CreatorAccountRow),
            [
                {"creator_id": number, **account._asdict()}
                for number, one in zip(numbers, creators, strict=True)
                for account in one.accounts
            ],
        )
    return numbers
