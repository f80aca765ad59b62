"""Asking about accounts: ways between them, what ties them, one in full, who is like it."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from graphcrawl import findings
from graphcrawl.database.file import DatabaseFile
from graphcrawl.database.given import Asked, Condition, conditions, each, named
from graphcrawl.store import open_for_reading

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from graphcrawl.findings import AccountPage, Bonds, Comparison, Paths, Similar


class Looking(DatabaseFile):
    """Ask about accounts; nothing is loaded but what the answer needs."""

    __slots__ = ()

    def paths(
        self,
        one: Asked,
        other: Asked,
        *,
        directed: bool = True,
        crawl_id: int | None = None,
        filters: Iterable[Condition] = (),
    ) -> Paths:
        """Find all shortest paths from an account to another.

        Parameters
        ----------
        one, other : str, SoughtAccount or AccountRef
        directed : bool
            Whether every step has to go from an account to one that it lists.
        crawl_id : int or None
        filters : iterable of str or Filter
            What the accounts between the two must fulfil.

        Returns
        -------
        Paths
            Their number is known, and they are listed by iterating.

        Raises
        ------
        InputError
            If both are the same, or one of them may be one of several.
        NothingFound
            If one of them or the crawl is not there, or there is no path: the message says what is
            not known.
        StoreError
            If there is no database, or it cannot be read.
        """
        scope = findings.Scope(crawl_id, conditions(filters))
        with closing(open_for_reading(self.path)) as store:
            return findings.paths_of(store, named(one), named(other), scope, directed=directed)

    def between(
        self,
        accounts: Sequence[Asked],
        *,
        crawl_id: int | None = None,
        filters: Iterable[Condition] = (),
    ) -> Bonds:
        """Find the accounts that tie two or more together.

        Those linked to at least two of them, by how many; then, for pairs that share none, the
        accounts on their shortest ways. Direction does not count.

        Raises
        ------
        InputError
            If they are fewer than two, or one is named twice or may be one of several.
        NothingFound
            If one of them or the crawl is not there.
        StoreError
            If there is no database, or it cannot be read.
        """
        scope = findings.Scope(crawl_id, conditions(filters))
        with closing(open_for_reading(self.path)) as store:
            return findings.bonds_of(store, [named(one) for one in each(accounts)], scope)

    def show(self, account: Asked, *, crawl_id: int | None = None) -> AccountPage:
        """Look up all of an account: values, history, why it is here, neighbours, creator.

        Parameters
        ----------
        account : str, SoughtAccount or AccountRef
            A name that it no longer bears will do where nobody else bears it.
        crawl_id : int or None
            Its neighbours in this crawl, and the way along which this crawl came to it.

        Raises
        ------
        InputError
            If it may be one of several.
        NothingFound
            If it or the crawl is not there.
        StoreError
            If there is no database, or it cannot be read.
        """
        with closing(open_for_reading(self.path)) as store:
            return findings.account_page_of(store, named(account), findings.Scope(crawl_id))

    def similar(
        self,
        account: Asked,
        comparison: Comparison | None = None,
        *,
        crawl_id: int | None = None,
        filters: Iterable[Condition] = (),
    ) -> Similar:
        """Find the accounts with the same neighbours, the most alike first.

        Raises
        ------
        InputError
            If the comparison cannot be, or the account may be one of several.
        NothingFound
            If it or the crawl is not there, or nothing is known of its neighbours.
        StoreError
            If there is no database, or it cannot be read.
        """
        asked = comparison or findings.Comparison()
        scope = findings.Scope(crawl_id, conditions(filters))
        with closing(open_for_reading(self.path)) as store:
            return findings.similar_to(store, named(account), asked, scope)
