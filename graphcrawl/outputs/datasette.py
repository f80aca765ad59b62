"""What Datasette is told of a database: titles, sentences, ready-made queries, where to search.

`datasette output/graph.db --metadata FILE` reads it; a database opens without it as well.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from graphcrawl import __version__
from graphcrawl.cells import Plain, as_json
from graphcrawl.errors import FileRefused
from graphcrawl.map import MEANINGS, NOTICES
from graphcrawl.model import Origin
from graphcrawl.sql import NAMED
from graphcrawl.store import Described, Store, described
from graphcrawl.whole_files import is_taken, replacing, told_of_writing
from graphcrawl.wording import printable

MEANING: Final = (
    "Whom an account lists is known only where it was asked: a missing edge is not known to be "
    "absent."
)

_LABELS: Final = {"nodes": "username", "creators": "name", "clusters": "name"}
_ORDERS: Final = {"nodes": "subscribers_count", "crawls": "id", "answers": "asked_at"}
_HIDDEN: Final = ("alembic_version", "search_waiting", "forgotten", "database_source")


def metadata_of(store: Store) -> str:
    """Give a database's metadata for Datasette, as JSON; the same database gives the same bytes."""
    notices = [f"{NOTICES[store.origin]}."] if store.origin in NOTICES else []
    description = " ".join((*notices, MEANINGS[store.origin], MEANING))
    whose = "" if store.origin is Origin.VENDOR else f" ({store.origin} data)"
    tables: dict[str, Plain] = {one.name: _table(one) for one in described()}
    tables |= {name: {"hidden": True} | _as_object(tables.get(name)) for name in _HIDDEN}
    queries: dict[str, Plain] = {
        one.name: {
            "title": one.title,
            "description": " ".join(
                (one.sentence, *(f"{name}: {words}" for name, words in one.parameters.items()))
            ),
            "sql": one.sql.strip(),
            "params": list(one.parameters),
        }
        for one in NAMED.values()
    }
    return as_json(
        {
            "title": f"graphcrawl: {store.path.stem}{whose}",
            "description": description,
            "source": f"graphcrawl {__version__}",
            "databases": {
                store.path.stem: {
                    "description": description,
                    "tables": tables,
                    "queries": queries,
                }
            },
        },
        indent=2,
    )


def _table(one: Described) -> dict[str, Plain]:
    told: dict[str, Plain] = {
        "description": one.sentence,
        "columns": {column.name: column.sentence for column in one.columns},
    }
    if one.name in _LABELS:
        told["label_column"] = _LABELS[one.name]
    if one.name in _ORDERS:
        told["sort_desc"] = _ORDERS[one.name]
    if one.name == "nodes":
        told |= {"fts_table": "account_search", "fts_pk": "id"}
    return told


def _as_object(value: Plain) -> dict[str, Plain]:
    return value if isinstance(value, dict) else {}


def write_metadata(store: Store, output: Path, *, force: bool = False) -> None:
    """Write a database's metadata in one step.

    Raises
    ------
    FileRefused
        If something is there that only --force replaces, or it cannot be written.
    """
    with told_of_writing(output):
        if is_taken(output) and not force:
            raise FileRefused(
                f"{printable(str(output))} is there; name another with --output, or replace it "
                "with --force"
            )
        output.parent.mkdir(parents=True, exist_ok=True)
        with replacing(output) as beside:
            beside.write_text(metadata_of(store) + "\n", encoding="utf-8")
