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
    ways_back: str | None
    values: Mapping[str, object]


def _of_edges(*columns: str, within: str) -> str:
    """Select columns of the standing edges one of whose ends is in a range."""
    texts = ", ".join(map(joined, columns))
    return (
        f"SELECT {texts} FROM edges "  # noqa: S608
        f"WHERE removed_at IS NULL AND {within} >= :first AND {within} <= :last"
    )


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
    edges=_of_edges("source_id", "target_id", "position", within="source_id"),
    # By targets, an index alone tells of them.
    ends=_of_edges("source_id", "target_id", within="target_id"),
    ways_back=None,
    values={},
)
"""All accounts, and the edges that stand."""
