"""The map that lies in output/: ``python -m tests.example > output/example-nasa.html``."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Final

from graphcrawl.database import Database
from graphcrawl.model import AccountRef, Credentials
from graphcrawl.runs import Access, CrawlOptions
from graphcrawl.simulator import Simulator, open_world

SEED: Final = AccountRef("instagram", "nasa")
DEPTH: Final = 3


def example() -> str:
    """Crawl the simulator's small world, and give the page of that crawl."""
    with tempfile.TemporaryDirectory() as folder, Simulator(open_world()) as server:
        database = Database.at(Path(folder) / "example.db")
        access = Access(server.url, Credentials("demo", "demo"), None)
        # One worker: the order of answers decides the keys of the accounts.
        result = database.crawl([SEED], access, CrawlOptions(depth=DEPTH, rate=0, workers=1))
        return database.map(crawl_id=result.record.id).html


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")  # type: ignore[union-attr]
    sys.stdout.write(example())
