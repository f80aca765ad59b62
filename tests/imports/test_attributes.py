"""Columns of a user's own, from files whose cells have types."""

from __future__ import annotations

from pathlib import Path

import pytest

from graphcrawl.database import Database
from graphcrawl.errors import InputError
from graphcrawl.export import ExportFormat
from tests.imports.test_foreign import bring, written
from tests.imports.test_records import Lines, parquet, workbook

ROWS: Lines = [
    ("ID", "code", "score", "fine", "visits", "title"),
    (7, "70", 2.0, True, 3, "passed over"),
    (8, "12", 0.5, False, None, None),
    (None, "13", None, None, None, None),
]


def pages(folder: Path) -> Database:
    return bring(written(folder, "g.csv", "source,target\n7,8\n"))[0]


def held(database: Database) -> dict[str, list[str]]:
    """Each column's values, as Python writes them."""
    columns = database.own().columns
    return {name: [repr(one) for one in values.values()] for name, values in columns.items()}


@pytest.mark.parametrize("kind", ["parquet", "xlsx", "xlsx with one other sheet"])
def test_cells_keep_their_types(tmp_path: Path, kind: str) -> None:
    database = pages(tmp_path)
    path = tmp_path / "mine"
    if kind == "parquet":
        parquet(path, ROWS)
    elif kind == "xlsx":
        workbook(path, others=[("ID",)], nodes=ROWS)
    else:
        workbook(path, mine=ROWS)
    with pytest.raises(InputError, match=r"mine: row \d: it names no account; --skip-broken"):
        database.add_columns(path)
    added = database.add_columns(path, skip_broken=True)
    assert (added.accounts, added.broken, added.passed_over) == (2, 1, ("title",))
    whole = "3.0" if kind == "parquet" else "3"
    assert held(database) == {
        "code": ["'70'", "'12'"],
        "fine": ["True", "False"],
        "score": ["2.0", "0.5"],
        "visits": [whole],
    }


@pytest.mark.parametrize("format", [ExportFormat.XLSX, ExportFormat.PARQUET])
def test_what_an_export_holds_of_ones_own_joins_another_database(
    tmp_path: Path, format: ExportFormat
) -> None:
    database = pages(tmp_path)
    mine = written(tmp_path, "o.csv", "account,'=x,own_title\ninstagram:7,'=a\\x1b,5\n")
    database.add_columns(mine)
    database.export(tmp_path / "out", format)
    other = bring(written(tmp_path, "other.csv", "source,target\n8,7\n"))[0]
    out = tmp_path / "out"
    added = other.add_columns(out / "nodes.parquet" if out.is_dir() else out)
    assert added.passed_over == ()
    assert held(other) == held(database) == {"'=x": [repr(r"'=a\x1b")], "own_title": ["5"]}


def test_a_text_that_no_database_holds_names_nobody(tmp_path: Path) -> None:
    database = pages(tmp_path)
    rows = [("username", "topic"), ("_xD800_", "a"), ("7", "b_xDFFF_")]
    added = database.add_columns(workbook(tmp_path / "mine", nodes=rows))
    assert (added.accounts, len(added.unmatched)) == (1, 1)
    assert held(database) == {"topic": [repr("b\ufffd")]}
