"""Connections of an answer become rows of `edges`; what vanished or came back is kept as such."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, select, update

from graphcrawl.store import dialects
from graphcrawl.store.schema import EdgeChangeRow, EdgeRow, table_of

_insert_edges: Final = dialects.BulkInsert(
    table_of(EdgeRow),
    ("source_id", "target_id", "position", "first_seen_at", "last_seen_at", "answer_id"),
)
_insert_changes: Final = dialects.BulkInsert(
    table_of(EdgeChangeRow), ("source_id", "target_id", "answer_id", "present")
)
_SEE_AGAIN: Final = (
    update(table_of(EdgeRow))
    .where(EdgeRow.source_id == bindparam("source"), EdgeRow.target_id == bindparam("target"))
    .values(position=bindparam("place"), last_seen_at=bindparam("seen"), removed_at=None)
)


@dataclass(frozen=True, slots=True)
class Sighting:
    """An answer as the edges see it.

    Attributes
    ----------
    answer_id : int
    source : int
        The asked account.
    targets : sequence of int
        The listed accounts, each once, in the answer's order.
    moment : datetime
    whole : bool
        Only a whole answer can show that an edge has vanished.
    """

    answer_id: int
    source: int
    targets: Sequence[int]
    moment: datetime
    whole: bool


def store_edges(connection: Connection, sighting: Sighting) -> None:
    """Insert the new edges, see the standing ones again, and remove the vanished."""
    stored: dict[int, bool] = {
        target: removed_at is not None
        for target, removed_at in connection.execute(
            select(EdgeRow.target_id, EdgeRow.removed_at).where(
                EdgeRow.source_id == sighting.source
            )
        )
    }
    _insert_new(connection, sighting, stored)
    if stored:
        _see_again(connection, sighting, stored)
        if sighting.whole:
            _remove_vanished(connection, sighting, stored)


def _insert_new(connection: Connection, sighting: Sighting, stored: Collection[int]) -> None:
    now = dialects.stamp(connection.dialect.name, sighting.moment)
    _insert_edges.run(
        connection,
        [
            (sighting.source, target, position, now, now, sighting.answer_id)
            for position, target in enumerate(sighting.targets)
            if target not in stored
        ],
    )


def _see_again(connection: Connection, sighting: Sighting, stored: Mapping[int, bool]) -> None:
    seen = [
        {
            "source": sighting.source,
            "target": target,
            "place": position,
            "seen": sighting.moment,
        }
        for position, target in enumerate(sighting.targets)
        if target in stored
    ]
    if seen:
        connection.execute(_SEE_AGAIN, seen)
    came_back = [target for target in sighting.targets if stored.get(target)]
    _write_changes(connection, sighting, came_back, present=True)


def _remove_vanished(
    connection: Connection, sighting: Sighting, stored: Mapping[int, bool]
) -> None:
    listed = set(sighting.targets)
    vanished = sorted(
        target for target, removed in stored.items() if not removed and target not in listed
    )
    for part in dialects.in_parts(vanished):
        connection.execute(
            update(EdgeRow)
            .where(EdgeRow.source_id == sighting.source, EdgeRow.target_id.in_(part))
            .values(removed_at=sighting.moment)
        )
    _write_changes(connection, sighting, vanished, present=False)


def _write_changes(
    connection: Connection, sighting: Sighting, targets: Sequence[int], *, present: bool
) -> None:
    _insert_changes.run(
        connection,
        [(sighting.source, target, sighting.answer_id, present) for target in targets],
    )
