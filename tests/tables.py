"""The reference of all tables: ``python -m tests.tables > docs/database.md``."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator
from typing import Final

from graphcrawl.store.schema import Base

BROUGHT: Final = (
    "SELECT e.*, a.id AS answer, a.crawl_id, a.asked_at FROM edge_list e "
    "JOIN edges USING (source_id, target_id) JOIN answers a ON a.id = edges.answer_id"
)
"""Which answer brought each edge."""

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

The view `edge_list` gives both ends of every standing connection by network and username, with its
certainty: `mutual`, `one-way` (the target was asked, and does not list the source) or `unknown`
(the target was not asked, or gave no whole answer).

A database is stamped with its source when it is made, `vendor`, `simulated` or `imported`; they
never mix. What is `simulated` is whatever did not come from the vendor's own host over https; what
is `imported` came from [files](importing.md).
"""


def tables() -> str:
    """Give docs/database.md as it should be."""
    return HEAD + "".join(_sections())


def _sections() -> Iterator[str]:
    for mapper in sorted(Base.registry.mappers, key=lambda one: one.local_table.description):
        table = mapper.local_table
        yield f"\n## {table.description}\n\n{inspect.getdoc(mapper.class_)}\n\n"
        yield "| column | type | |\n|---|---|---|\n"
        for column in table.columns:
            words = column.doc or _reference(column)
            yield f"| {column.name} | {_kind(column)} | {words} |\n"


def _kind(column: object) -> str:
    kind = type(column.type).__name__  # type: ignore[attr-defined]
    return {
        "UtcDateTime": "time",
        "String": "text",
        "Text": "text",
        "JSON": "json",
        "LargeBinary": "bytes",
    }.get(kind, "number" if kind in ("Integer", "BigInteger", "Float") else kind.casefold())


def _reference(column: object) -> str:
    keys = list(column.foreign_keys)  # type: ignore[attr-defined]
    return f"→ {keys[0].target_fullname}" if keys else ""


if __name__ == "__main__":
    sys.stdout.write(tables())
