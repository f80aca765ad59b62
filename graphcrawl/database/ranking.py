"""Asking a database who matters."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from graphcrawl import findings
from graphcrawl.database.file import DatabaseFile
from graphcrawl.database.given import Condition, conditions
from graphcrawl.graph.measuring import LIMIT
from graphcrawl.store import open_for_reading

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graphcrawl.findings import Top
    from graphcrawl.graph.measuring import MeasureOptions


class Ranking(DatabaseFile):
    """Rank accounts."""

    __slots__ = ()

    def top(
        self,
        by: str = "in-degree",
        *,
        crawl_id: int | None = None,
        filters: Iterable[Condition] = (),
        limit: int = LIMIT,
        options: MeasureOptions | None = None,
    ) -> Top:
        """Rank accounts by a measure, and write nothing.

        Parameters
        ----------
        by : str
            A `graphcrawl.graph.measuring.Measure`, or a column of the user's own: its name, or
            ``column:NAME`` where that is a measure's too.
        crawl_id : int or None
            One crawl's accounts and connections; None: all.
        filters : iterable of str or Filter
            Only accounts that fulfil all, and the connections between them; but clusters are
            those of the whole.
        limit : int
            How many accounts; 0: all.
        options : MeasureOptions or None

        Returns
        -------
        Top

        Raises
        ------
        InputError
            If there is no such measure, or options or limit cannot be used.
        NothingFound
            If there is no such crawl, no account, or none that fulfils the filters.
        StoreError
            If there is no database, or it cannot be read.
        """
        with closing(open_for_reading(self.path)) as store:
            return findings.top_of(
                store,
                by,
                crawl_id=crawl_id,
                filters=conditions(filters),
                limit=limit,
                options=options,
            )
