"""Accounts found by what they are called, the best match first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, bindparam, select

from graphcrawl.store import dialects, name_index
from graphcrawl.store.dialects import DATABASE_ERRORS
from graphcrawl.store.matching import ALIKE, TRIGRAM, Match, Wanted, padded
from graphcrawl.store.name_index import Named
from graphcrawl.store.opening import Store, unusable
from graphcrawl.store.schema import NodeHistoryRow, NodeRow, VisitRow, table_of

NODE_COLUMNS: Final = (
    *(NodeRow.id, NodeRow.network, NodeRow.social_id, NodeRow.username, NodeRow.title),
    *(NodeRow.subscribers_count, NodeRow.er, NodeRow.state),
)


@dataclass(frozen=True, slots=True)
class Scope:
    """Which accounts are looked at: by default all.

    Attributes
    ----------
    network : str or None
    crawl_id : int or None
    """

    network: str | None = None
    crawl_id: int | None = None


class HitFacts(NamedTuple):
    """An account that was found: its columns, how it fits, and the former names that do."""

    node: tuple[Any, ...]
    is_expanded: bool
    match: Match
    former: tuple[str, ...] = ()


def search_accounts(
    store: Store, text: str, scope: Scope = Scope(), *, limit: int | None = None
) -> list[HitFacts]:
    """Find accounts by username, title and former names; a name that is not there, by its like.

    Parameters
    ----------
    text : str
        Any text of any script; it is never read as anything else.
    scope : Scope
    limit : int or None
        Accounts to give; None: all.

    Returns
    -------
    list of HitFacts
        The name itself first, then names that begin so, accounts in whose name or title words
        begin so, those that hold it inside, those that were called so; within each the most
        followed first. Only where there is none: the most alike (`Match.SIMILAR`).

    Raises
    ------
    InputError
        If there is nothing to look for, or it is too long.
    StoreError
        If the database cannot be read.
    """
    wanted = Wanted.of(text)
    try:
        with store.engine.connect() as connection:
            found = list(name_index.candidates(connection, wanted))
            hits = _hits(connection, wanted, found, scope, limit)
            # Only words of three characters are in the index wherever they stand.
            if len(wanted.words[0]) < TRIGRAM and (limit is None or len(hits) < limit):
                inside = name_index.candidates_inside(connection, wanted)
                hits = _hits(connection, wanted, chain(found, inside), scope, limit)
            return hits or _alike(connection, wanted, scope, limit)
    except DATABASE_ERRORS as error:
        raise unusable(store.path, error) from error


def _hits(
    connection: Connection,
    wanted: Wanted,
    found: Iterable[Named],
    scope: Scope,
    limit: int | None,
) -> list[HitFacts]:
    ids: dict[Match, dict[int, None]] = {match: {} for match in Match}
    for node_id, names in found:
        match = wanted.match(names)
        if match is not None:
            ids[match][node_id] = None
    hits: list[HitFacts] = []
    for match, held in ids.items():
        if limit is None or len(hits) < limit:
            rest = None if limit is None else limit - len(hits)
            hits += _read(connection, list(held), match, scope, rest)
    return [_with_former(connection, wanted, hit) for hit in hits]


def _alike(
    connection: Connection, wanted: Wanted, scope: Scope, limit: int | None
) -> list[HitFacts]:
    likeness = {
        node_id: value
        for node_id, names in name_index.candidates_alike(connection, wanted)
        if (value := wanted.likeness(names)) >= ALIKE
    }
    hits = _read(connection, list(likeness), Match.SIMILAR, scope, None)
    return sorted(hits, key=lambda hit: -likeness[hit.node[0]])[:limit]


def _read(
    connection: Connection, ids: Sequence[int], match: Match, scope: Scope, limit: int | None
) -> Iterator[HitFacts]:
    if not ids:
        return
    query = select(*NODE_COLUMNS, NodeRow.expanded_at.is_not(None)).where(
        dialects.within(table_of(NodeRow).c.id, "ids")
    )
    if scope.network is not None:
        query = query.where(NodeRow.network == scope.network)
    if scope.crawl_id is not None:
        held = select(VisitRow.node_id).where(VisitRow.crawl_id == scope.crawl_id)
        query = query.where(NodeRow.id.in_(held))
    query = query.order_by(
        NodeRow.subscribers_count.desc().nulls_last(),
        *(NodeRow.network, NodeRow.name_key, NodeRow.social_id, NodeRow.id),
    ).limit(limit)
    for *node, is_expanded in connection.execute(query, {"ids": dialects.as_list(ids)}):
        yield HitFacts(tuple(node), is_expanded, match)


def _with_former(connection: Connection, wanted: Wanted, hit: HitFacts) -> HitFacts:
    """Add the former names that hold what was looked for."""
    if hit.match is not Match.FORMER:
        return hit
    query = (
        select(NodeHistoryRow.username, NodeHistoryRow.title)
        .where(NodeHistoryRow.node_id == bindparam("node"))
        .order_by(NodeHistoryRow.id)
    )
    former = dict.fromkeys(
        name
        for row in connection.execute(query, {"node": hit.node[0]})
        for name in row
        if name and any(word in (padded(name) or "") for word in wanted.words)
    )
    return hit._replace(former=tuple(former))
