"""Finding accounts by what they are called."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from graphcrawl import findings
from graphcrawl.addresses import stored_network
from graphcrawl.database.file import DatabaseFile
from graphcrawl.store import open_for_reading

if TYPE_CHECKING:
    from graphcrawl.findings import Hit


class Searching(DatabaseFile):
    """Find accounts by name and title."""

    __slots__ = ()

    def search(
        self,
        text: str,
        *,
        network: str | None = None,
        crawl_id: int | None = None,
        limit: int = 20,
    ) -> tuple[Hit, ...]:
        """Find accounts by username, title or former name, in any script.

        Capitals, accents and punctuation do not count; several words may stand in any order.

        Parameters
        ----------
        text : str
        network : str or None
            Only accounts on this one.
        crawl_id : int or None
            Only accounts of one crawl.
        limit : int
            0: all.

        Returns
        -------
        tuple of Hit
            The name itself first, then names that begin so, words that begin so, parts of words,
            former names; within each the most followed first. Only where there is none of
            these: names that are like it, as `Match.SIMILAR`.

        Raises
        ------
        InputError
            If there is nothing to look for, or the network or the limit is none.
        NothingFound
            If there is no such crawl.
        StoreError
            If there is no database, or it cannot be read.
        """
        chosen = None if network is None else stored_network(network)
        with closing(open_for_reading(self.path)) as store:
            return findings.search(store, text, network=chosen, crawl_id=crawl_id, limit=limit)
