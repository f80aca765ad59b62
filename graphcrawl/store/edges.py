"""Connections of an answer become rows of `edges`; what vanished or came back is kept as such."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, String, bindparam, null, select, update

from graphcrawl.store import dialects
from graphcrawl.store.schema import EdgeChangeRow, EdgeGapRow, EdgeRow, table_of

_edges: Final = table_of(EdgeRow)

_STORED: Final = dialects.Prepared(
    select(_edges.c.target_id, _edges.c.removed_at.is_not(None)).where(
        _edges.c.source_id == bindparam("source")
    )
)
_INSERT: Final = dialects.insertion(
    _edges,
    *("source_id", "target_id", "position", "first_seen_at", "last_seen_at", "answer_id"),
)
_SEE_AGAIN: Final = dialects.Prepared(
    update(_edges)
    .where(_edges.c.source_id == bindparam("source"), _edges.c.target_id == bindparam("target"))
    .values(
        position=bindparam("place"),
        last_seen_at=bindparam("seen", type_=String),
        removed_at=null(),
    )
)
_INSERT_CHANGE: Final = dialects.insertion(
    table_of(EdgeChangeRow), "source_id", "target_id", "answer_id", "present"
)
_INSERT_GAP: Final = dialects.insertion(table_of(EdgeGapRow), "source_id", "target_id", "answer_id")


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
    alone : bool
        Whether this is the crawl's only answer about the source. Two of them (a seed by name that
        turned out to be an account asked by ID) are held together, and neither removes anything.
    """

    answer_id: int
    source: int
    targets: Sequence[int]
    moment: datetime
    whole: bool
    alone: bool = True


def store_edges(connection: Connection, sighting: Sighting) -> None:
    """Insert the new edges, see the standing ones again, and remove the vanished.

    Of what a partial answer does not hold, only that is written down.
    """
    stored: dict[int, bool] = {
        target: bool(removed) for target, removed in _STORED.run(connection, source=sighting.source)
    }
    _insert_new(connection, sighting, stored)
    if stored:
        _see_again(connection, sighting, stored)
        if sighting.alone:
            _miss(connection, sighting, _missing(sighting, stored))


def _insert_new(connection: Connection, sighting: Sighting, stored: Collection[int]) -> None:
    now = dialects.stamp(connection.dialect.name, sighting.moment)
    source, answer = sighting.source, sighting.answer_id
    rows = [
        (source, target, position, now, now, answer)
        for position, target in enumerate(sighting.targets)
        if target not in stored
    ]
    _INSERT.run_tuples(connection, rows)


def _see_again(connection: Connection, sighting: Sighting, stored: Mapping[int, bool]) -> None:
    now = dialects.stamp(connection.dialect.name, sighting.moment)
    seen = [
        {"source": sighting.source, "target": target, "place": position, "seen": now}
        for position, target in enumerate(sighting.targets)
        if target in stored
    ]
    _SEE_AGAIN.run_many(connection, seen)
    came_back = [target for target in sighting.targets if stored.get(target)]
    _write_changes(connection, sighting, came_back, present=True)


def _missing(sighting: Sighting, stored: Mapping[int, bool]) -> list[int]:
    """Give the targets of standing edges that the answer does not hold."""
    listed = set(sighting.targets)
    return sorted(
        target for target, removed in stored.items() if not removed and target not in listed
    )


def _miss(connection: Connection, sighting: Sighting, missing: Sequence[int]) -> None:
    if sighting.whole:
        _remove(connection, sighting, missing)
    else:
        _write_gaps(connection, sighting, missing)


def _remove(connection: Connection, sighting: Sighting, vanished: Sequence[int]) -> None:
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
    _INSERT_CHANGE.run_many(
        connection,
        [
            {
                "source_id": sighting.source,
                "target_id": target,
                "answer_id": sighting.answer_id,
                "present": present,
            }
            for target in targets
        ],
    )


def _write_gaps(connection: Connection, sighting: Sighting, missing: Sequence[int]) -> None:
    source, answer = sighting.source, sighting.answer_id
    _INSERT_GAP.run_many(
        connection,
        [{"source_id": source, "target_id": target, "answer_id": answer} for target in missing],
    )
