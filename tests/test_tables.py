"""The reference of the tables is the tables'."""

from __future__ import annotations

from graphcrawl.store.schema import Base, table_of
from tests.repository import ROOT
from tests.tables import tables


def test_the_reference_of_tables_is_up_to_date() -> None:
    written = (ROOT / "docs" / "database.md").read_text(encoding="utf-8")

    assert written == tables(), "python -m tests.tables > docs/database.md"


def test_every_column_has_its_sentence_or_its_reference() -> None:
    silent = [
        f"{table_of(row).name}.{column.name}"
        for row in Base.__subclasses__()
        for column in table_of(row).columns
        if not column.doc and not column.foreign_keys
    ]

    assert silent == []
