"""Finding clusters and owners in a database, and keeping them."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

from graphcrawl import findings
from graphcrawl.database.file import DatabaseFile
from graphcrawl.database.given import Asked, each, named
from graphcrawl.graph.options import ClusterOptions
from graphcrawl.store import open_for_reading, open_store

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphcrawl.findings import Clustering
    from graphcrawl.graph import Creator


class Finding(DatabaseFile):
    """Find clusters and owners, and keep them."""

    __slots__ = ()

    def clusters(
        self, options: ClusterOptions | None = None, *, crawl_id: int | None = None
    ) -> Clustering:
        """Find clusters in one crawl, or in the whole database, and store them.

        Numbers stay as the graph grows: those of the newest clustering of the same options are
        given again to the clusters that they overlap with most. Nothing is written where nothing
        has changed since, not even the options.

        Parameters
        ----------
        options : ClusterOptions or None
        crawl_id : int or None

        Returns
        -------
        Clustering

        Raises
        ------
        InputError
            If the options cannot be used.
        NothingFound
            If there is no such crawl, or no account.
        StoreError
            If there is no database, or it cannot be written.
        """
        with closing(open_store(self.path)) as store:
            return findings.cluster(store, options or ClusterOptions(), crawl_id)

    def creators(self, crawl_id: int | None = None) -> tuple[Creator, ...]:
        """Find the accounts of one owner across networks, and keep them in the tables.

        Parameters
        ----------
        crawl_id : int or None
            Give only those of whom one crawl holds an account. Whose an account is does not
            depend on it: that is found, and kept, for the whole database.

        Returns
        -------
        tuple of Creator
            The most followed first. A creator keeps its number from run to run.

        Raises
        ------
        NothingFound
            If there is no such crawl.
        StoreError
            If there is no database, or it cannot be read, or has to be written and cannot be.
        """
        with closing(open_for_reading(self.path)) as store:
            known = findings.known_creators(store)
            held = None if crawl_id is None else findings.held_by(store, crawl_id)
        if known.numbers is None:
            with closing(open_store(self.path)) as store:
                known = findings.keep_creators(store, known)
        numbers = known.numbers or ()
        stored = [replace(one, id=at) for one, at in zip(known.found, numbers, strict=True) if at]
        return tuple(one for one in stored if held is None or one.node_ids & held)

    def merge_creators(self, accounts: Sequence[Asked]) -> tuple[Creator, ...]:
        """Decide that accounts have one owner, whatever the evidence; later runs keep to it.

        Returns
        -------
        tuple of Creator
            All creators, found anew.

        Raises
        ------
        InputError
            If they are fewer than two, or a name is borne by several.
        NothingFound
            If there is no such account.
        StoreError
            If there is no database, or it cannot be written.
        """

        from graphcrawl.store import merge_accounts

        with closing(open_store(self.path)) as store:
            merge_accounts(store, [named(one) for one in each(accounts)])
        return self.creators()

    def split_creators(self, accounts: Sequence[Asked]) -> tuple[Creator, ...]:
        """Decide that each of some accounts stands alone, whatever the evidence.

        Later runs keep to it, until it is merged with another one. What is returned and raised is
        as for `merge_creators`; one account is enough.
        """

        from graphcrawl.store import split_accounts

        with closing(open_store(self.path)) as store:
            split_accounts(store, [named(one) for one in each(accounts)])
        return self.creators()
