"""The reference of all tables: ``python -m tests.tables > docs/database.md``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Final

from graphcrawl.sql import NAMED
from graphcrawl.store import described

BROUGHT: Final = (
    "SELECT e.*, a.id AS answer, a.crawl_id, a.asked_at FROM edge_list e "
    "JOIN edges USING (source_id, target_id) JOIN answers a ON a.id = edges.answer_id"
)
"""Which answer brought each edge."""

FOUND: Final = (
    "SELECT n.network, n.username FROM account_search s JOIN nodes n ON n.id = s.rowid "
    "WHERE account_search MATCH 'artemis'"
)
"""The index, asked in SQL."""

HEAD: Final = f"""\
# The database

Written by `python -m tests.tables` from the tables themselves; a test keeps it so.

One SQLite file, `output/graph.db` unless `--db` names another. Times are UTC. It is yours to
query: `graphcrawl query SQL` reads it and can change nothing; any SQLite tool opens it too, also
while a crawl is running.

```bash
graphcrawl query "SELECT title, subscribers_count FROM nodes ORDER BY 2 DESC LIMIT 10"
graphcrawl query "SELECT * FROM edge_list WHERE source_username = :name" --param name=nasa
graphcrawl query "SELECT cause, count(*) FROM visits WHERE status = 'failed' GROUP BY 1"
```

Every edge names the answer that first brought it (`answer_id`): who was asked when, in which crawl.

```bash
graphcrawl query "{BROUGHT}"
```

`graphcrawl query --list` says what is below in the terminal, `--named` runs one of the ready-made
queries, `--file` one of yours, and a statement may come from a pipe. A million rows take no more
memory than one, in every format.

```bash
graphcrawl query --named not-asked --format csv
graphcrawl query --named new --param since=2026-01-31
graphcrawl query --file mine.sql --param name=nasa --format jsonl
```

## In a browser

[Datasette](https://datasette.io) opens a database as it is. `graphcrawl export datasette` writes
what it is to be told: a sentence for each table and column, the ready-made queries, where to search
accounts, and whether the data is simulated.

```bash
graphcrawl export datasette
datasette output/graph.db --metadata output/graph-datasette.json
```

## Search

```bash
graphcrawl search nasa
graphcrawl search artemis nasa --network instagram
graphcrawl search 東京 --limit 0 --format csv
```

`graphcrawl search` finds accounts by username, title and former names. Capitals, accents,
ornamental letters and punctuation do not count, and words may stand in any order. The column
`match` says why an account is there: `name` (it is called so), `beginning of name`, `words` (each
word begins one of its name or title), `inside`, `former name`; that is the order of the listing,
and within each the most followed come first. Where nothing of this fits, names that share enough
trigrams (three characters in a row) are offered as `similar`.

The index is the table `account_search`, which SQL may use as well:

```bash
graphcrawl query "{FOUND}"
```

It is brought up to date while a crawl waits for answers, by thousands of names in one that never
waits, and to the last name when a run ends. What is not in it yet (a few thousand names at most,
even of a crawl that was killed) `graphcrawl search` reads from `nodes`, and SQL does not.

A database is stamped with its source when it is made, `vendor`, `simulated` or `imported`; they
never mix. What is `simulated` is whatever did not come from the vendor's own host over https; what
is `imported` came from [files](importing.md).
"""


def tables() -> str:
    """Give docs/database.md as it should be."""
    return HEAD + "".join(_ready_made()) + "".join(_sections())


def _ready_made() -> Iterator[str]:
    yield "\n## Ready-made queries\n\n"
    yield "`graphcrawl query --named NAME`, with values by `--param`; all may be left out.\n\n"
    yield "| name | | values |\n|---|---|---|\n"
    for one in NAMED.values():
        yield f"| {one.name} | {one.sentence} | {', '.join(one.parameters)} |\n"


def _sections() -> Iterator[str]:
    for one in described():
        yield f"\n## {one.name}\n\n{one.sentence}\n\n"
        yield "| column | type | |\n|---|---|---|\n"
        for column in one.columns:
            yield f"| {column.name} | {column.type} | {column.sentence} |\n"


if __name__ == "__main__":
    sys.stdout.write(tables())
