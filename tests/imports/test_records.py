"""Parquet and workbooks that others wrote, and such that nobody should have."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphcrawl.csv_files import Columns
from graphcrawl.database import Database
from graphcrawl.errors import InputError
from graphcrawl.imports import Assembly, open_graph
from tests.imports.test_foreign import bring, pairs, written

Lines = Sequence[tuple[object, ...]]

ROWS: Lines = [
    ("id", "title", "followers", "first_seen_at", "met", "score", "fine"),
    (1, "One =1+1", 1200, datetime(2026, 1, 31, 12), date(2026, 2, 1), 0.5, True),
    (2, None, None, None, None, 2, False),
    (None, None, None, None, None, None, None),
    (3, "東京 🦋", 96_809_672, None, None, None, None),
]
EDGES: Lines = [("source", "target", "position"), (1, 2, 0), (2, 1, 0), (3, 1, 0)]


def workbook(path: Path, **sheets: Lines) -> Path:
    """A workbook as another program writes it: shared texts, dates by style."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
            for cell in sheet[sheet.max_row]:
                if isinstance(cell.value, str):
                    cell.data_type = "s"
    book.save(path)
    return path


def parquet(path: Path, rows: Lines) -> Path:
    """A table as pandas writes it: whole numbers with gaps are floats."""
    header, *cells = rows
    columns = {
        str(name): pa.array(
            [float(one) if type(one) is int else one for one in column],
        )
        for name, column in zip(header, zip(*cells, strict=True), strict=True)
    }
    pq.write_table(pa.table(columns), path)
    return path


@pytest.mark.parametrize("said", ["[" * 100_000, "{", b"\xff", "9" * 5_000, "[]", '{"origin": 3}'])
def test_what_parquet_says_of_itself_may_be_anything(tmp_path: Path, said: str | bytes) -> None:
    for name, rows in (("nodes", ROWS), ("edges", EDGES)):
        path = parquet(tmp_path / f"{name}.parquet", rows)
        pq.write_table(pq.read_table(path).replace_schema_metadata({"graphcrawl": said}), path)
    assert Database(tmp_path / "g.db").import_graph(tmp_path).stored.accounts == 3


def test_tables_of_others_are_read_with_their_types(tmp_path: Path) -> None:
    books = workbook(tmp_path / "g.xlsx", Nodes=ROWS, edges=EDGES, remarks=[("mine",)])
    (tmp_path / "p").mkdir()
    nodes = parquet(tmp_path / "p" / "nodes.parquet", ROWS)
    parquet(tmp_path / "p" / "edges.parquet", EDGES)
    database = Database(tmp_path / "g.db")
    for path, both in ((books, None), (None, books), (nodes.parent, None)):
        result = database.import_graph(path, nodes=both, edges=both)
        assert (result.stored.accounts, result.stored.connections) == (3, 3)
        assert pairs(database) == {
            ("1", "2", "mutual"),
            ("2", "1", "mutual"),
            ("3", "1", "one-way"),
        }
        one, two, three = database.graph().nodes
        assert (one.title, one.subscribers_count) == ("One =1+1", 1200)
        assert (two.title, two.subscribers_count) == (None, None)
        assert (three.title, three.subscribers_count) == ("東京 🦋", 96_809_672)
        own = database.own().columns
        assert own["score"] == {1: 0.5, 2: 2.0}
        assert own["fine"] == {1: True, 2: False}
        assert str(own["met"][1]).startswith("2026-02-01")
        rows = list(database.query("SELECT first_seen_at FROM nodes WHERE social_id = '1'"))
        assert str(rows[0][0]).startswith("2026-01-31 12:00")
        database.path.unlink()
    database.import_graph(nodes=nodes, edges=written(tmp_path, "e.csv", "source,target\n1,2\n"))
    assert pairs(database) == {("1", "2", "one-way")}


def test_a_sheet_or_file_of_connections_alone(tmp_path: Path) -> None:
    for path in (
        workbook(tmp_path / "g.xlsx", anything=EDGES),
        parquet(tmp_path / "g.parquet", EDGES),
    ):
        database, result = bring(path)
        assert result.files == (path.name,)
        assert len(pairs(database)) == 3
        database.path.unlink()


def bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        _skeleton(archive)
        with archive.open("xl/worksheets/sheet1.xml", "w") as part:
            part.write(b"<worksheet><sheetData><row><c t='inlineStr'><is><t>")
            for _ in range(80):
                part.write(b"a" * (1 << 20))


def with_dtd(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        _skeleton(archive)
        archive.writestr("xl/worksheets/sheet1.xml", "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>")


def unsound(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        _skeleton(archive)
        archive.writestr("xl/worksheets/sheet1.xml", "<worksheet><row>")


def no_sheet(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")


def _skeleton(archive: zipfile.ZipFile) -> None:
    archive.writestr("xl/workbook.xml", "<workbook><sheet name='edges' id='r1'/></workbook>")
    archive.writestr(
        "xl/_rels/workbook.xml.rels",
        "<r><Relationship Id='r1' Target='worksheets/sheet1.xml'/></r>",
    )


@pytest.mark.parametrize(
    ("name", "make", "words"),
    [
        ("g.xlsx", bomb, "would unpack to"),
        ("g.xlsx", with_dtd, "it has a DTD"),
        ("g.xlsx", unsound, "no sound XML"),
        ("g.xlsx", no_sheet, "no workbook: it holds no xl/"),
        ("g.xlsx", lambda path: path.write_bytes(b"PK\x03\x04 and no more"), "no sound workbook"),
        (
            "g.xlsx",
            lambda path: workbook(path, a=EDGES, b=EDGES),
            "no sheet 'edges'; it has a, b",
        ),
        ("g.xlsx", lambda path: workbook(path, edges=[("a", "b")]), "no column 'source'; it has a"),
        (
            "g.xlsx",
            lambda path: workbook(path, nodes=[("id",), (1,), (1,)], edges=EDGES),
            "row 3: the ID '1' again",
        ),
        ("g.parquet", lambda path: path.write_bytes(b"PAR1 and no more"), "no sound Parquet"),
        (
            "g.parquet",
            lambda path: parquet(path, [("a", "b"), (1, 2)]),
            "no column 'source'; it has a, b; see --source",
        ),
        (
            "g.parquet",
            lambda path: parquet(path, [("source", "target"), (1, None)]),
            "row 1: no account has the ID '1'",
        ),
    ],
)
def test_what_is_broken_is_one_line(
    tmp_path: Path, name: str, make: Callable[[Path], object], words: str
) -> None:
    path = tmp_path / name
    make(path)
    with pytest.raises(InputError) as caught:
        bring(path)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)
    assert str(path) in str(caught.value)
    assert list(tmp_path.iterdir()) == [path]


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(["xlsx", "parquet"]), st.integers(0), st.binary(max_size=6), st.booleans())
def test_fuzzed_bytes(
    tmp_path_factory: pytest.TempPathFactory, kind: str, at: int, piece: bytes, cut: bool
) -> None:
    folder = tmp_path_factory.mktemp("fuzzed")
    path = folder / f"g.{kind}"
    if kind == "xlsx":
        workbook(path, nodes=ROWS, edges=EDGES)
    else:
        parquet(path, EDGES)
    whole = path.read_bytes()
    at = 4 + at % (len(whole) - 4)
    path.write_bytes(whole[:at] + piece + (b"" if cut else whole[at + len(piece) :]))
    said = ""
    try:
        list(Assembly(open_graph(path, Columns()), skip_broken=True).incoming())
    except InputError as error:
        said = str(error)
    assert "\n" not in said


def test_without_its_library_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = parquet(tmp_path / "g.parquet", EDGES)
    monkeypatch.setattr("graphcrawl.imports.parquet.find_spec", lambda _: None)
    with pytest.raises(InputError, match=r"pip install 'graphcrawl\[parquet\]'"):
        bring(path)
    assert list(tmp_path.iterdir()) == [path]


def test_moments_are_those_of_the_workbook(tmp_path: Path) -> None:
    rows = [("id", "first_seen_at"), ("a", datetime(2026, 3, 1, 6, 30)), ("b", "2026-03-01T06:30Z")]
    path = workbook(tmp_path / "g.xlsx", nodes=rows, edges=[("source", "target"), ("a", "b")])
    items = list(Assembly(open_graph(path, Columns())).incoming())
    moment = datetime(2026, 3, 1, 6, 30, tzinfo=UTC)
    assert [getattr(one, "first_seen_at", None) for one in items[:2]] == [moment, moment]
