"""Rows read back as columns, moments included, for those who write all of them out.

`graphcrawl.store.arrays` gives keys alone, and `graphcrawl.store.reader` an object an edge.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import (
    ColumnElement,
    Select,
    SQLColumnExpression,
    bindparam,
    func,
    select,
)
from sqlalchemy import literal_column as as_written

from graphcrawl.model import Certainty
from graphcrawl.moments import in_utc
from graphcrawl.store import dialects
from graphcrawl.store.arrays import Snapshot
from graphcrawl.store.reader import edge_query, in_order, node_query, of_all_crawls
from graphcrawl.store.schema import EdgeRow, NodeRow

Whole = NDArray[np.int64]
Few = NDArray[np.int32]

_NOT_YET: Final[ColumnElement[str]] = as_written("''")
"""Joined texts leave nothing out that is known to be nothing, unless it is a text."""


class Dated(NamedTuple):
    """Moments of rows, each as its place in `known`, since few moments are those of many rows.

    Accounts have first_seen_at, last_seen_at and expanded_at, edges first_seen_at, last_seen_at
    and removed_at; see these columns of the tables.
    """

    known: Sequence[datetime | None]
    columns: tuple[Few, Few, Few]


class EdgeColumnFacts(NamedTuple):
    """Edges by (source, position, target); `certainties` are places in `Certainty`."""

    sources: Whole
    targets: Whole
    positions: Whole
    certainties: Few
    dated: Dated


def account_rows(now: Snapshot, crawl_id: int | None) -> Iterator[tuple[Any, ...]]:
    """Give accounts one by one: what `NodeFacts` hold, but plain, by (network, social_id, id)."""
    query = dialects.Prepared(in_order(node_query(crawl_id)))
    return of_all_crawls(query.driven(now.connection))


class _Words:
    """Texts of few kinds as numbers: the places of their first occurrence."""

    def __init__(self, known: Sequence[str] = ()) -> None:
        self._places = {word: place for place, word in enumerate(known)}

    def places(self, joined: str) -> Few:
        """Give the place of each text."""
        texts = joined.split(",")
        places = self._places
        for text in set(texts) - places.keys():
            places[text] = len(places)
        return np.fromiter(map(places.__getitem__, texts), np.int32, len(texts))

    def moments(self) -> list[datetime | None]:
        """Read all texts as moments, in the order of their places."""
        # Another program may have written a zone.
        return [in_utc(datetime.fromisoformat(text)) if text else None for text in self._places]


def account_moments(now: Snapshot, ids: Whole) -> Dated:
    """Read the moments of accounts, in the order of these keys."""
    query: Select[*tuple[Any, ...]] = select(
        dialects.joined(NodeRow.id),
        dialects.joined(NodeRow.first_seen_at),
        dialects.joined(NodeRow.last_seen_at),
        _joined_or_not(NodeRow.expanded_at),
    ).where(NodeRow.id.between(bindparam("first"), bindparam("last")))
    words = _Words()
    parts = [
        (_numbers(keys), *map(words.places, texts)) for keys, *texts in _in_steps(now, query, ids)
    ]
    keys, *columns = map(np.concatenate, zip(*parts, strict=True)) if parts else [ids] * 4
    order = np.argsort(keys)
    rows = order[np.searchsorted(keys, ids, sorter=order)]
    first, last, expanded = (column[rows].astype(np.int32) for column in columns)
    return Dated(words.moments(), (first, last, expanded))


def edge_columns(now: Snapshot, crawl_id: int | None, ids: Whole) -> EdgeColumnFacts:
    """Read the edges of a crawl, or those that stand, from accounts of these keys to any."""
    certainties = _Words([certainty.value for certainty in Certainty])
    words = _Words()
    rows = _in_steps(now, _edge_query(crawl_id), ids)
    parts = [_part(texts, certainties, words) for texts in rows]
    if not parts:
        none, few = np.zeros(0, np.int64), np.zeros(0, np.int32)
        return EdgeColumnFacts(none, none, none, few, Dated([], (few, few, few)))
    sources, targets, positions, sure, first, last, removed = map(
        np.concatenate, zip(*parts, strict=True)
    )
    return EdgeColumnFacts(
        sources, targets, positions, sure, Dated(words.moments(), (first, last, removed))
    )


def _in_steps(
    now: Snapshot, query: Select[*tuple[Any, ...]], ids: Whole
) -> Iterator[tuple[str, ...]]:
    texts, values = dialects.as_texts(it=query)
    return now.in_steps(texts["it"], values, ids)


def _part(texts: Sequence[str], certainties: _Words, words: _Words) -> list[NDArray[Any]]:
    """Read the edges of a range of sources, and order them."""
    sources, targets, positions = (_numbers(text) for text in texts[:3])
    columns: list[NDArray[Any]] = [sources, targets, positions, certainties.places(texts[3])]
    columns += [words.places(text) for text in texts[4:]]
    order: Whole = np.lexsort((targets, positions, sources))
    return [column[order] for column in columns]


def _edge_query(crawl_id: int | None) -> Select[*tuple[Any, ...]]:
    """Give the columns of edges as texts, for all sources of a range of keys."""
    edges = (
        edge_query(crawl_id)
        .order_by(None)
        .add_columns(EdgeRow.first_seen_at, EdgeRow.last_seen_at, EdgeRow.removed_at)
        .where(EdgeRow.source_id.between(bindparam("first"), bindparam("last")))
        .subquery()
    )
    *columns, removed = edges.columns
    return select(*map(dialects.joined, columns), _joined_or_not(removed))


def _joined_or_not(column: SQLColumnExpression[Any]) -> Any:
    return dialects.joined(func.coalesce(column, _NOT_YET))


def _numbers(joined: str) -> Whole:
    return np.fromstring(joined, np.int64, sep=",")
