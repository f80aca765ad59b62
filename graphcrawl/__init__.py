"""Crawl HypeAuditor's reportConnections breadth-first and map who is connected to whom."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from graphcrawl.database import Database

__all__ = ["__version__", "open"]

__version__ = "0.1.0"


def open(database: str | Path) -> Database:
    """Name a graph database by its path or SQLAlchemy URL; it need not exist yet.

    Examples
    --------
    >>> import graphcrawl
    >>> graphcrawl.open("output/graph.db").path.name
    'graph.db'
    """
    # The database's libraries take longer to import than most scripts want to wait for.
    from graphcrawl.database import Database

    return Database.at(database)
