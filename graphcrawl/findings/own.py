"""What users added to accounts, as one value for those who draw or write it."""

from __future__ import annotations

from graphcrawl.graph.own import Own
from graphcrawl.store import Store, read_own


def own_of(store: Store) -> Own:
    """Read all tags, notes and own columns of a database.

    Raises
    ------
    StoreError
        If the database cannot be read.
    """
    return Own(*read_own(store))
