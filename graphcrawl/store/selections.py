"""What reads the whole database as arrays: plain SQL, that nothing has to be loaded for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from graphcrawl.store.sqlite_file import joined

UNKNOWN: Final = -1
"""Stands for followers that are not known."""


class Selection(NamedTuple):
    """Statements that read a part of a database.

    Those of followers and of edges give one row, of texts with a number an account or an edge, for
    the accounts with keys from ``:first`` to ``:last``, or the edges of which one end, always the
    same one, is one of these.

    Attributes
    ----------
    keys : str
        The accounts', by (network, social_id, id).
    followers : str
        Keys of accounts, and their followers.
    titles : str
        Keys of accounts, and their titles: a row an account.
    facts : str
        By account what `AccountFacts` hold.
    asked : str
        Keys of the accounts that were asked and answered, as one text.
    edges, ends : str
        Source, target and position of edges; source and target.
    removed : str or None
        Source and target of all edges that `ends` tells of though they no longer stand, as two
        texts; None: of none.
    ways_back : str or None
        Source and target of edges that are known beside these.
    values : mapping of str to object
        What is bound, beside the bounds of keys.
    """

    keys: str
    followers: str
    titles: str
    facts: str
    asked: str
    edges: str
    ends: str
    removed: str | None
    ways_back: str | None
    values: Mapping[str, object]


WHOLE: Final = Selection(
    keys="SELECT id FROM nodes ORDER BY network, social_id, id",
    followers=(
        f"SELECT {joined('id')}, {joined(f'coalesce(subscribers_count, {UNKNOWN})')} FROM nodes "  # noqa: S608
        "WHERE id >= :first AND id <= :last"
    ),
    titles="SELECT id, title FROM nodes",
    facts="""
        SELECT id, network, state, depth, subscribers_count FROM nodes
        LEFT JOIN (SELECT node_id, min(depth) AS depth FROM visits GROUP BY node_id)
        ON node_id = id
    """,
    asked=f"SELECT {joined('node_id')} FROM visits WHERE status = 'done'",  # noqa: S608
    edges=(
        f"SELECT {joined('source_id')}, {joined('target_id')}, {joined('position')} FROM edges "  # noqa: S608
        "WHERE removed_at IS NULL AND source_id >= :first AND source_id <= :last"
    ),
    # By targets, and without a look at which of them stand, an index alone tells of them.
    ends=(
        f"SELECT {joined('source_id')}, {joined('target_id')} FROM edges "  # noqa: S608
        "WHERE target_id >= :first AND target_id <= :last"
    ),
    removed=(
        f"SELECT {joined('source_id')}, {joined('target_id')} FROM edges "  # noqa: S608
        "WHERE removed_at IS NOT NULL"
    ),
    ways_back=None,
    values={},
)
"""All accounts, and the edges that stand."""
