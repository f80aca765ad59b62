"""Rows read back as arrays of keys: no object an edge, so that millions of them take seconds.

`graphcrawl.store.reader` gives the same selections as values, with what people are shown of them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, zip_longest
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from graphcrawl.store import sqlite_file
from graphcrawl.store.faults import unusable
from graphcrawl.store.selections import WHOLE, Selection

if TYPE_CHECKING:
    from graphcrawl.store.opening import Store

Whole = NDArray[np.int64]

_MOST_COLUMNS: Final = 3

_STEP: Final = 2_048
"""Accounts whose edges come in one row: some hundred thousand numbers, far below any limit."""


class AccountFacts(NamedTuple):
    """What decides whether an account is chosen; names as in `graphcrawl.graph.Node`."""

    id: int
    network: str
    state: str | None
    depth: int | None
    subscribers_count: int | None


class ArrayFacts(NamedTuple):
    """What a selection holds, by keys.

    `ids` are the accounts', by (network, social_id, id), and `followers` theirs; `asked` those
    that answered. `edges` has the rows source, target and, unless it was left out, position;
    `ways_back` has source and target of edges that the crawl did not see, but that tell of the
    other way. Of both, some ends may be in no account here.
    """

    ids: Whole
    followers: Whole
    asked: Whole
    edges: Whole
    ways_back: Whole


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A database as it stands at one moment, whoever writes to it meanwhile."""

    connection: sqlite3.Connection

    def arrays(
        self,
        crawl_id: int | None = None,
        *,
        holds: Callable[[AccountFacts], bool] | None = None,
        positions: bool = True,
    ) -> ArrayFacts:
        """Read one crawl, or the whole database; as `read_graph`, without its objects.

        Parameters
        ----------
        crawl_id : int or None
        holds : callable or None
            Chooses accounts.
        positions : bool
            Whether the edges' positions are read too; they take a third of the time.
        """
        chosen = _selection(crawl_id)
        ids, followers = self._accounts(chosen, holds)
        return ArrayFacts(
            ids=ids,
            followers=followers,
            asked=_numbers(self.connection.execute(chosen.asked, chosen.values).fetchone()[0]),
            edges=self._rows(chosen.edges, chosen, ids) if positions else self._ends(chosen, ids),
            ways_back=self._rows(chosen.ways_back, chosen, ids)
            if chosen.ways_back
            else np.zeros((2, 0), np.int64),
        )

    def unnamed(self) -> list[tuple[int, str, str | None]]:
        """Give key, network and username of the accounts that no answer has named yet."""
        rows = self.connection.execute(
            "SELECT id, network, username FROM nodes WHERE coalesce(social_id, '') = ''"
        )
        return [(key, network, name) for key, network, name in rows]

    def titles(self, ids: Whole, crawl_id: int | None = None) -> list[str | None]:
        """Read the titles of accounts by their keys, in this order."""
        chosen = _selection(crawl_id)
        titles = dict(self.connection.execute(chosen.titles, chosen.values))
        return [titles[key] for key in ids.tolist()]

    def _accounts(
        self, chosen: Selection, holds: Callable[[AccountFacts], bool] | None
    ) -> tuple[Whole, Whole]:
        # Keys alone come from an index in their order; with values beside them, each account's
        # row would be looked up on its own, in twice the time.
        keys: Iterator[tuple[int, ...]] = self.connection.execute(chosen.keys, chosen.values)
        ids = np.fromiter(chain.from_iterable(keys), np.int64)
        by_key, followers, *_ = self._rows(chosen.followers, chosen, ids)
        order = np.argsort(by_key)
        followers = followers[order[np.searchsorted(by_key, ids, sorter=order)]]
        if holds is None:
            return ids, followers
        rows = self.connection.execute(chosen.facts, chosen.values)
        kept = np.array([row[0] for row in rows if holds(AccountFacts(*row))], np.int64)
        is_kept = np.isin(ids, kept)
        return ids[is_kept], followers[is_kept]

    def _ends(self, chosen: Selection, ids: Whole) -> Whole:
        ends = self._rows(chosen.ends, chosen, ids)
        if chosen.removed is None:
            return ends
        texts = self.connection.execute(chosen.removed).fetchone()
        removed = np.stack([_numbers(text) for text in texts])
        return ends[:, ~_among(ends, removed, ids)] if removed.size else ends

    def _rows(self, sql: str, chosen: Selection, ids: Whole) -> Whole:
        parts = [
            np.stack([_numbers(text) for text in texts])
            for texts in self.in_steps(sql, chosen.values, ids)
        ]
        return np.concatenate(parts, axis=1) if parts else np.zeros((_MOST_COLUMNS, 0), np.int64)

    def in_steps(
        self, sql: str, values: Mapping[str, object], ids: Whole
    ) -> Iterator[tuple[str, ...]]:
        """Run a query that joins columns as texts, for each step of keys that has rows.

        Parameters
        ----------
        sql : str
            It gives one row of texts, for the keys from ``:first`` to ``:last``.
        values : mapping of str to object
            What is bound beside these two.
        ids : array of int64
            All keys, in any order.
        """
        steps = np.sort(ids)[::_STEP].tolist()
        for first, after in zip_longest(steps, steps[1:]):
            last = sqlite_file.LARGEST_KEY if after is None else after - 1
            bound = {**values, "first": first, "last": last}
            texts = self.connection.execute(sql, bound).fetchone()
            if texts[0] is not None:
                yield texts


def _numbers(joined: str | None) -> Whole:
    return np.fromstring(joined or "", np.int64, sep=",")


def _among(pairs: Whole, others: Whole, ids: Whole) -> NDArray[np.bool_]:
    """Say of each pair of keys whether it is among others."""
    ordered = np.sort(ids)

    def as_numbers(both: Whole) -> Whole:
        # By ranks: keys themselves may be so large that no number holds two.
        one, other = np.searchsorted(ordered, both)
        numbers: Whole = one * len(ordered) + other
        return numbers

    whole = np.isin(others, ordered).all(axis=0)
    return np.isin(as_numbers(pairs), as_numbers(others[:, whole]))


def _selection(crawl_id: int | None) -> Selection:
    if crawl_id is None:
        return WHOLE
    from graphcrawl.store.crawl_selection import selection_of

    return selection_of(crawl_id)


@contextmanager
def snapshot(store: Store, *, lean: bool = False) -> Iterator[Snapshot]:
    """Give a database as it stands now.

    Parameters
    ----------
    store : Store
    lean : bool
        Keep few of its pages, for those who need the memory themselves: 45 MB less, and a million
        edges with their certainty take as long.

    Raises
    ------
    StoreError
        If it cannot be read.
    """
    try:
        with sqlite_file.reading(store.path) as connection:
            if lean:
                sqlite_file.cache_little(connection)
            yield Snapshot(connection)
    except sqlite3.Error as error:
        raise unusable(store.path, error) from error
