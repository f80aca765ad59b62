"""Crawl HypeAuditor's reportConnections breadth-first and map who is connected to whom.

::

    import graphcrawl

    database = graphcrawl.open("output/graph.db")
    database.crawl(["instagram:nasa"])
    database.map()

The names below are loaded when they are first used: their libraries take longer to import than
most scripts want to wait for.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from graphcrawl.addresses import parse_account
    from graphcrawl.database import Database
    from graphcrawl.errors import GraphcrawlError
    from graphcrawl.filters import Filters
    from graphcrawl.graph.conditions import parse_filter
    from graphcrawl.graph.options import ClusterOptions
    from graphcrawl.map import MapOptions, MapPage
    from graphcrawl.model import Account, AccountRef, Certainty, Credentials, Origin
    from graphcrawl.runs import Access, CrawlOptions, CrawlResult

__all__ = [
    "Access",
    "Account",
    "AccountRef",
    "Certainty",
    "ClusterOptions",
    "CrawlOptions",
    "CrawlResult",
    "Credentials",
    "Database",
    "Filters",
    "GraphcrawlError",
    "MapOptions",
    "MapPage",
    "Origin",
    "__version__",
    "demo",
    "open",
    "parse_account",
    "parse_filter",
]

__version__ = "0.1.0"

_PLACES: Final = {
    "Access": "runs",
    "Account": "model",
    "AccountRef": "model",
    "Certainty": "model",
    "ClusterOptions": "graph.options",
    "CrawlOptions": "runs",
    "CrawlResult": "runs",
    "Credentials": "model",
    "Database": "database",
    "Filters": "filters",
    "GraphcrawlError": "errors",
    "MapOptions": "map",
    "MapPage": "map",
    "Origin": "model",
    "parse_account": "addresses",
    "parse_filter": "graph.conditions",
}


def __getattr__(name: str) -> object:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"graphcrawl.{_PLACES[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def open(database: str | Path) -> Database:
    """Name a graph database by its path or SQLAlchemy URL; it need not exist yet.

    Raises
    ------
    StoreError
        If the URL is none, or of a database that is not supported.

    Examples
    --------
    >>> import graphcrawl
    >>> graphcrawl.open("output/graph.db").path.name
    'graph.db'
    """
    from graphcrawl.database import Database

    return Database.at(database)


def demo(day: int = 0) -> AbstractContextManager[Access]:
    """Serve the built-in simulator for as long as the context lasts, and give the way to it.

    No credentials, no internet; its accounts are invented but for the vendor's documented five.

    Parameters
    ----------
    day : int
        Of its world, 0 or more; by day 30 accounts, connections and followers have changed.

    Raises
    ------
    SettingsError
        If the day is below 0.

    Examples
    --------
    >>> import graphcrawl
    >>> with graphcrawl.demo() as access:
    ...     access.demo
    True
    """
    from graphcrawl.services import simulated
    from graphcrawl.settings import current_settings

    return simulated(current_settings(), day=day)
