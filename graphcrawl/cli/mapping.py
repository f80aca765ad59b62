"""``map``: draw a database, or one crawl of it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from graphcrawl.cli import options as given
from graphcrawl.wording import printable

STDOUT: Final = Path("-")


def draw(
    db: given.Db = None,
    crawl: given.Crawl = None,
    output: given.Output = None,
    force: given.Force = False,
) -> None:
    """Draw the interactive map: one HTML file that works offline.

    A map of graphcrawl's own is replaced, another file only with --force.
    """
    from graphcrawl.database import Database

    database = Database.at(given.settings_for(db).db)
    if output == STDOUT:
        sys.stdout.write(database.page(crawl))
        return
    page = output or _usual_page(database.path, crawl)
    database.map(page, crawl_id=crawl, force=force)
    sys.stdout.write(f"{printable(given.shown(page))}\n")


def _usual_page(database: Path, crawl: int | None) -> Path:
    part = "" if crawl is None else f"-crawl{crawl}"
    return given.OUTPUT / f"{database.stem}{part}.html"
