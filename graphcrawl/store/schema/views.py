"""Views: the tables, joined for reading."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Connection, MetaData, event, text

from graphcrawl.store.schema.base import Base
from graphcrawl.store.schema.search import create_search_table, create_triggers

EDGE_LIST: Final = """
CREATE VIEW edge_list AS
SELECT s.network AS source_network, s.username AS source_username,
       t.network AS target_network, t.username AS target_username,
       CASE WHEN b.source_id IS NOT NULL THEN 'mutual'
            WHEN t.expanded_at IS NOT NULL THEN 'one-way'
            WHEN EXISTS (
                SELECT 1 FROM visits r
                JOIN answers a ON a.id = r.answer_id AND a.skipped_rows = 0
                JOIN visits w ON w.crawl_id = r.crawl_id AND w.node_id = e.source_id
                WHERE r.node_id = e.target_id AND r.cause = 'ring'
            ) THEN 'one-way'
            ELSE 'unknown' END AS certainty,
       e.position, e.first_seen_at, e.last_seen_at, e.source_id, e.target_id
FROM edges e
JOIN nodes s ON s.id = e.source_id
JOIN nodes t ON t.id = e.target_id
LEFT JOIN edges b ON b.source_id = e.target_id AND b.target_id = e.source_id
                 AND b.removed_at IS NULL
WHERE e.removed_at IS NULL
"""
"""Both ends of every standing connection by name, with its certainty.

An account of a ring answers for the accounts of its crawl alone.
"""

EDGE_LIST_SENTENCE: Final = (
    "Both ends of every standing connection by network and username, with its certainty."
)
EDGE_LIST_COLUMNS: Final = {
    "source_network": ("text", "The asked account's."),
    "source_username": ("text", "The asked account's."),
    "target_network": ("text", "The listed account's."),
    "target_username": ("text", "The listed account's."),
    "certainty": (
        "text",
        "mutual, one-way (the target was asked, and does not list the source) or unknown (the "
        "target was not asked, or gave no whole answer).",
    ),
    "position": ("number", "From 0 in the newest answer's order."),
    "first_seen_at": ("time", "When an answer first held it."),
    "last_seen_at": ("time", "When an answer last held it."),
    "source_id": ("number", "→ nodes.id"),
    "target_id": ("number", "→ nodes.id"),
}


@event.listens_for(Base.metadata, "after_create")
def _after_create(target: MetaData, connection: Connection, **_: Any) -> None:
    create_views(connection)
    create_search_table(connection)
    create_triggers(connection)


def create_views(connection: Connection) -> None:
    """Create the views as they are today."""
    connection.execute(text(EDGE_LIST))


def drop_views(connection: Connection) -> None:
    """Drop the views: they hold no data, and SQLite rebuilds no table that a view reads."""
    connection.execute(text("DROP VIEW IF EXISTS edge_list"))
