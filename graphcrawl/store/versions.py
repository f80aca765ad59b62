"""What worked on a crawl: versions to cite, and to install again."""

from __future__ import annotations

import platform
import sqlite3
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from typing import Final

from graphcrawl import __version__

LIBRARIES: Final = (
    *("SQLAlchemy", "alembic", "requests", "urllib3", "tenacity"),
    *("networkx", "numpy", "graspologic-native", "pyvis"),
)
"""Those that what is stored, found or drawn depends on."""


@lru_cache(maxsize=1)
def versions() -> dict[str, str]:
    """Give the versions of graphcrawl, Python, SQLite and the libraries, and the system.

    The machine's name is not among them.
    """
    return {
        "graphcrawl": __version__,
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        **{name: found for name in LIBRARIES if (found := _version(name))},
        "system": f"{platform.system()} {platform.machine()}".strip(),
    }


def _version(library: str) -> str | None:
    try:
        return version(library)
    except PackageNotFoundError:
        return None
