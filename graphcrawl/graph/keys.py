"""Where accounts stand in an order, by the keys that a database gave them."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int64]

NOWHERE: Final = -1

_SPARSE: Final = 8
"""How much larger than the number of accounts a key may be for a table of all keys to be made."""


class Places:
    """Where accounts stand, by their keys."""

    def __init__(self, ids: Whole) -> None:
        self._order = np.argsort(ids)
        self._keys = ids[self._order]
        self._table: Whole | None = None
        # Keys count up from 1 in a database of ours, and then a table is the fastest; in a file
        # that somebody has edited they may be anything.
        if len(ids) and self._keys[0] >= 0 and self._keys[-1] < _SPARSE * len(ids) + _SPARSE:
            self._table = np.full(self._keys[-1] + 1, NOWHERE, np.int64)
            self._table[ids] = np.arange(len(ids))

    def of(self, keys: Whole) -> Whole:
        """Give the places of keys; `NOWHERE` for those of no account here."""
        if self._table is not None:
            if keys.min(initial=0) >= 0 and keys.max(initial=0) < len(self._table):
                return self._table[keys]
            there = (keys >= 0) & (keys < len(self._table))
            at: Whole = np.where(there, self._table[np.where(there, keys, 0)], NOWHERE)
            return at
        if not len(self._keys):
            return np.full(len(keys), NOWHERE, np.int64)
        at = np.minimum(np.searchsorted(self._keys, keys), len(self._keys) - 1)
        found: Whole = np.where(self._keys[at] == keys, self._order[at], NOWHERE)
        return found
