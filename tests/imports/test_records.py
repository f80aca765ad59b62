"""Parquet and workbooks that others wrote, and such that nobody should have."""

from __future__ import annotations

import tracemalloc
import zipfile
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH

from graphcrawl.csv_files import Columns
from graphcrawl.database import Database
from graphcrawl.errors import InputError
from graphcrawl.export import ExportFormat
from graphcrawl.imports import Assembly, open_graph
from graphcrawl.incoming import Incoming, IncomingNode
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


def workbook(path: Path, epoch: datetime = WINDOWS_EPOCH, **sheets: Lines) -> Path:
    """A workbook as another program writes it: shared texts, dates by style."""
    book = openpyxl.Workbook()
    book.epoch = epoch
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


def repacked(path: Path, name: str, part: bytes, packing: int = zipfile.ZIP_DEFLATED) -> None:
    """A sound workbook in which one part is another."""
    workbook(path, edges=EDGES)
    with zipfile.ZipFile(path) as archive:
        parts = {one: archive.read(one) for one in archive.namelist()}
    with zipfile.ZipFile(path, "w", packing) as archive:
        for one, held in (parts | {name: part}).items():
            archive.writestr(one, held)


def with_sheet(xml: str) -> Callable[[Path], None]:
    """Makes a workbook whose sheet is this."""
    return lambda path: repacked(path, SHEET, xml.replace("<worksheet", WORKSHEET, 1).encode())


SHEET = "xl/worksheets/sheet1.xml"
WORKSHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
LAUGHS = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(12))
LAUGHING = f'<!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}]>{{}}'.format(
    '<worksheet><sheetData><row><c t="str"><v>&l12;</v></c></row></sheetData></worksheet>'
)
FETCHING = (
    '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    '<worksheet><sheetData><row><c t="str"><v>&f;</v></c></row></sheetData></worksheet>'
)


def bomb(path: Path) -> None:
    with_sheet(f'<worksheet><sheetData><row><c t="str"><v>{"a" * (10 << 20)}')(path)


def locked(path: Path) -> None:
    """Every part is said to be encrypted."""
    workbook(path, edges=EDGES)
    held = bytearray(path.read_bytes())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = -1
        while (place := held.find(mark, place + 1)) >= 0:
            held[place + at] |= 1
    path.write_bytes(held)


def no_workbook(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "no workbook")


def parquet_bomb(path: Path) -> None:
    text = pa.array(["a" * (1 << 20) + str(number) for number in range(80)])
    table = pa.table({"source": text, "target": text})
    pq.write_table(table, path, compression="zstd", use_dictionary=False)


@pytest.mark.parametrize(
    ("name", "make", "words"),
    [
        ("g.xlsx", bomb, f"{SHEET} would unpack to 10,485,"),
        (
            "g.xlsx",
            lambda path: repacked(path, "xl/a", b"a", zipfile.ZIP_LZMA),
            "no workbook is packed like this",
        ),
        ("g.xlsx", with_sheet(LAUGHING), "no sound workbook"),
        ("g.xlsx", with_sheet(FETCHING), "no sound workbook"),
        ("g.xlsx", with_sheet("<worksheet><row>"), "no sound workbook: no element found"),
        (
            "g.xlsx",
            with_sheet('<worksheet><sheetData><row><c t="s"><v>99</v></c></row></sheetData>'),
            "no sound workbook: list index",
        ),
        ("g.xlsx", with_sheet("<worksheet><sheetData/></worksheet>"), "no column names"),
        ("g.xlsx", lambda path: repacked(path, "xl/workbook.xml", b"<a/>"), "no sheet 'edges'"),
        ("g.xlsx", locked, "no sound workbook: File '[Content_Types].xml' is encrypted"),
        ("g.xlsx", no_workbook, "no sound workbook"),
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
        ("g.parquet", parquet_bomb, "the table would unpack to 167,77"),
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


@pytest.mark.parametrize(
    ("format", "module", "make"),
    [
        ("parquet", "pyarrow", lambda path: parquet(path, EDGES)),
        ("xlsx", "openpyxl", lambda path: workbook(path, edges=EDGES)),
    ],
)
def test_without_its_library_it_says_what_to_install(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    format: str,
    module: str,
    make: Callable[[Path], Path],
) -> None:
    path = make(tmp_path / "g")
    monkeypatch.setattr(
        "graphcrawl.imports.libraries.find_spec", lambda name: None if name == module else 1
    )
    with pytest.raises(InputError, match=rf"{module}.*pip .*install 'graphcrawl\[{format}\]'"):
        bring(path)
    assert list(tmp_path.iterdir()) == [path]


def test_entities_take_no_memory(tmp_path: Path) -> None:
    with_sheet(LAUGHING)(tmp_path / "g.xlsx")
    # What is loaded is not what is looked at.
    bring(workbook(tmp_path / "first.xlsx", edges=EDGES))
    tracemalloc.start()
    try:
        with pytest.raises(InputError):
            bring(tmp_path / "g.xlsx")
        assert tracemalloc.get_traced_memory()[1] < 128 << 20
    finally:
        tracemalloc.stop()


def items(path: Path) -> list[Incoming]:
    return list(Assembly(open_graph(path, Columns())).incoming())


@pytest.mark.parametrize("epoch", [WINDOWS_EPOCH, MAC_EPOCH])
def test_moments_are_those_of_the_workbook(tmp_path: Path, epoch: datetime) -> None:
    rows = [("id", "first_seen_at"), ("a", datetime(2026, 3, 1, 6, 30)), ("b", "2026-03-01T06:30Z")]
    path = workbook(
        tmp_path / "g.xlsx", epoch, nodes=rows, edges=[("source", "target"), ("a", "b")]
    )
    moment = datetime(2026, 3, 1, 6, 30, tzinfo=UTC)
    assert [getattr(one, "first_seen_at", None) for one in items(path)[:2]] == [moment, moment]


def test_what_a_cell_may_hold(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "g.xlsx",
        nodes=[
            (),
            ("id", "title", "score", "when", None, ""),
            ("a", "=1+1", 2.0, date(9999, 12, 31), None, None, "a remark"),
            ("b", "_x0009_tab_x000d_", "#N/A", timedelta(hours=30)),
            (),
            ("c", "", "x", None),
            ("d", True, 1e300, None),
        ],
        edges=[("source", "target"), ("a", "b")],
    )
    book = openpyxl.load_workbook(path)
    book["nodes"]["B3"].data_type = "f"
    book["nodes"]["C4"].data_type = "e"
    book["nodes"]["D6"].number_format = "yyyy-mm-dd"
    book["nodes"]["D6"].value = 10**9
    book.save(path)
    a, b, c, d = (one for one in items(path) if isinstance(one, IncomingNode))
    assert (a.title, b.title, c.title, d.title) == (None, "\ttab\r", None, "true")
    assert a.own == {"score": 2, "when": "9999-12-31T00:00:00+00:00"}
    assert b.own == {"when": "1 day, 6:00:00"}, "an error is no value"
    assert c.own == {"score": "x"}, "nor is a date beyond the calendar"
    assert d.own == {"score": 1e300}


def test_a_row_that_claims_a_number_beyond_all_sheets_is_not_waited_for(tmp_path: Path) -> None:
    cells = '<c t="str"><v>source</v></c><c t="str"><v>target</v></c>'
    ends = '<c t="str"><v>a</v></c><c t="str"><v>b</v></c>'
    with_sheet(
        f"<worksheet><dimension ref='A1'/><sheetData><row>{cells}</row><row>{ends}</row>"
        f"<row r='99999999999'>{ends}</row></sheetData></worksheet>"
    )(tmp_path / "g.xlsx")
    database, _ = bring(tmp_path / "g.xlsx")
    assert pairs(database) == {("a", "b", "one-way")}


def test_a_whole_number_in_our_column_of_numbers_stays_a_number(tmp_path: Path) -> None:
    database, _ = bring(written(tmp_path, "g.csv", "source,target\na,b\n"))
    added = written(tmp_path, "own.csv", "account,score\ninstagram:a,2.0\ninstagram:b,3.0\n")
    database.add_columns(added)
    database.export(tmp_path / "g.xlsx", ExportFormat.XLSX)
    sheet = openpyxl.load_workbook(tmp_path / "g.xlsx")["nodes"]
    assert "2" in {str(cell.value) for row in sheet for cell in row}, "as workbooks write 2.0"
    back, _ = bring(tmp_path / "g.xlsx")
    scores = back.own().columns["score"]
    assert {repr(one) for one in scores.values()} == {"2.0", "3.0"}


def test_escapes_of_what_no_database_holds(tmp_path: Path) -> None:
    nodes = [("id", "_xD800_ b", "title"), ("a", "x", "_xDFFF_"), ("c_x0000_", None, None)]
    edges = [("source", "target"), ("a", "c_x0000_")]
    database, _ = bring(workbook(tmp_path / "g.xlsx", nodes=nodes, edges=edges))
    assert pairs(database) == {("a", "c\ufffd", "one-way")}
    assert database.graph().nodes[0].title == "\ufffd"
    assert database.own().columns == {"\ufffd b": {1: "x"}}
