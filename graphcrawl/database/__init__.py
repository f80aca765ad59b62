"""What `graphcrawl.open` gives: a database to crawl into, ask, draw and clean."""

from __future__ import annotations

from graphcrawl.database.crawling import Crawling
from graphcrawl.database.drawing import Drawing
from graphcrawl.database.exporting import Exporting
from graphcrawl.database.finding import Finding
from graphcrawl.database.forgetting import Forgetting
from graphcrawl.database.importing import Importing
from graphcrawl.database.looking import Looking
from graphcrawl.database.own import Owning
from graphcrawl.database.own_columns import OwnColumns
from graphcrawl.database.reading import Reading
from graphcrawl.database.records import Records


class Database(
    Crawling,
    Records,
    Reading,
    Finding,
    Looking,
    Drawing,
    Exporting,
    Importing,
    Owning,
    OwnColumns,
    Forgetting,
):
    """A graph database, by its path; each method opens it for as long as it needs.

    Attributes
    ----------
    path : Path

    Examples
    --------
    >>> import graphcrawl
    >>> database = graphcrawl.open("output/graph.db")  # doctest: +SKIP
    >>> len(database.graph().nodes)  # doctest: +SKIP
    57
    """

    __slots__ = ()
