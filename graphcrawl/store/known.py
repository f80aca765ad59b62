"""What a database holds of accounts before they are asked for: nodes, answers, whom they list."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select

from graphcrawl.filters import Filters, Sieve
from graphcrawl.model import AccountRef
from graphcrawl.store import dialects
from graphcrawl.store.accounts import name_key
from graphcrawl.store.opening import Store
from graphcrawl.store.schema import AnswerRow, EdgeRow, NodeRow


class KnownSeed(NamedTuple):
    """What is stored of an account that was named.

    `node_ids` are several where its name was borne by several, the one asked last first;
    `answered_at` is when the newest answer to asking for it came, None: never.
    """

    ref: AccountRef
    node_ids: tuple[int, ...]
    answered_at: datetime | None


class KnownLevel(NamedTuple):
    """The accounts of one depth, by the connections that are stored.

    `asked` of them would be asked; of those, `unknown` have no stored answer, so whom they list
    is not known.
    """

    accounts: int
    asked: int
    unknown: int


def read_known_seeds(store: Store, seeds: Sequence[AccountRef]) -> list[KnownSeed]:
    """Find what is stored of each seed.

    Raises
    ------
    StoreError
        If the database cannot be read.
    """
    with store.reading() as connection:
        return [_known_seed(connection, seed) for seed in seeds]


def _known_seed(connection: Connection, seed: AccountRef) -> KnownSeed:
    if seed.social_id is not None:
        same = NodeRow.social_id == seed.social_id
    else:
        same = NodeRow.name_key == name_key(seed.username)
    query = (
        select(NodeRow.id)
        .where(NodeRow.network == seed.network, same)
        .order_by(NodeRow.expanded_at.desc().nulls_last(), NodeRow.id)
    )
    ids = tuple(connection.execute(query).scalars())
    newest = select(func.max(AnswerRow.asked_at)).where(AnswerRow.node_id.in_(ids))
    return KnownSeed(seed, ids, connection.execute(newest).scalar_one())


def read_known_levels(
    store: Store, node_ids: Collection[int], depth_limit: int | None, filters: Filters
) -> list[KnownLevel]:
    """Search breadth-first along the stored connections, as a crawl from these accounts would.

    Parameters
    ----------
    node_ids : collection of int
        The seeds that are known.
    depth_limit : int or None
        Accounts nearer than this are asked; None: all.
    filters : Filters
        Who is not asked: whom they list is not looked up.

    Returns
    -------
    list of KnownLevel
        One for each depth, from 0, as deep as connections are known.

    Raises
    ------
    StoreError
        If the database cannot be read.
    """
    levels: list[KnownLevel] = []
    seen, wave = set(node_ids), sorted(node_ids)
    sieve = filters.sieve()
    with store.reading() as connection:
        while wave:
            depth = len(levels)
            inner = depth_limit is None or depth < depth_limit
            asked = _asked(connection, wave, depth, sieve) if inner else {}
            levels.append(KnownLevel(len(wave), len(asked), _unknown(asked)))
            wave = sorted(_listed(connection, list(asked)) - seen)
            seen.update(wave)
    return levels


def _asked(
    connection: Connection, wave: Sequence[int], depth: int, sieve: Sieve | None
) -> dict[int, datetime | None]:
    """Give those of a level that are asked, with when their newest whole answer came."""
    asked: dict[int, datetime | None] = {}
    columns: tuple[Any, ...] = (
        *(NodeRow.network, NodeRow.social_id, NodeRow.username),
        *(NodeRow.subscribers_count, NodeRow.state),
    )
    for part in dialects.in_parts(list(wave)):
        query = select(NodeRow.id, NodeRow.expanded_at, *columns).where(NodeRow.id.in_(part))
        for node_id, expanded_at, *told in connection.execute(query):
            if sieve is None or sieve.refuses(*told, depth=depth) is None:
                asked[node_id] = expanded_at
    return asked


def _unknown(asked: dict[int, datetime | None]) -> int:
    return sum(expanded_at is None for expanded_at in asked.values())


def _listed(connection: Connection, sources: Sequence[int]) -> set[int]:
    listed: set[int] = set()
    for part in dialects.in_parts(list(sources)):
        query = select(EdgeRow.target_id).where(
            EdgeRow.source_id.in_(part), EdgeRow.removed_at.is_(None)
        )
        listed.update(connection.execute(query).scalars())
    return listed
