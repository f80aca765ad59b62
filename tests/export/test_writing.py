"""An export in its place: whole or not at all, and over nothing without force."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from graphcrawl.errors import FileRefused, InputError
from graphcrawl.export import FOLDERS, Contents, ExportFormat, stream_export, write_export
from graphcrawl.export.contents import Block, Table
from graphcrawl.export.workbook import LONGEST, MOST_ROWS, fitted
from tests.export.made import contents
from tests.map.graphs import crawl, graph, node

ALL = tuple(ExportFormat)


@pytest.fixture
def held() -> Contents:
    return contents(crawl(20, 4))


def files_of(path: Path) -> dict[str, bytes]:
    found = sorted(path.rglob("*")) if path.is_dir() else [path]
    return {one.name: one.read_bytes() for one in found if one.is_file()}


def failing(held: Contents, error: BaseException) -> Contents:
    """Contents whose edges break off in the middle."""

    def some(start: int, stop: int) -> Block:
        if start:
            raise error
        return [list(column) * (stop - start) for column in held.edges.part(0, 1)]

    return replace(held, edges=Table(held.edges.columns, 2 * 50_000, some))


@pytest.mark.parametrize("format", ALL)
def test_what_is_there_stays_but_for_force(
    held: Contents, tmp_path: Path, format: ExportFormat
) -> None:
    path = tmp_path / "new" / f"made.{format.value}"
    write_export(held, path, format)
    before = files_of(path)
    smaller = contents(crawl(5, 2))
    with pytest.raises(FileRefused, match="--force"):
        write_export(smaller, path, format)
    assert files_of(path) == before
    write_export(smaller, path, format, force=True)
    assert files_of(path).keys() == before.keys()
    assert files_of(path) != before
    write_export(held, path, format, force=True)
    assert files_of(path) == before, "the same contents give the same bytes"
    assert os.listdir(path.parent) == [path.name]


@pytest.mark.parametrize("format", ALL)
@pytest.mark.parametrize("error", [KeyboardInterrupt(), OSError(28, "No space left on device")])
def test_what_ends_early_leaves_nothing(
    held: Contents, tmp_path: Path, format: ExportFormat, error: BaseException
) -> None:
    path = tmp_path / "made"
    expected = KeyboardInterrupt if isinstance(error, KeyboardInterrupt) else FileRefused
    with pytest.raises(expected):
        write_export(failing(held, error), path, format)
    assert os.listdir(tmp_path) == []
    write_export(held, path, format)
    before = files_of(path)
    with pytest.raises(expected):
        write_export(failing(held, error), path, format, force=True)
    assert files_of(path) == before
    assert os.listdir(tmp_path) == ["made"]


def test_other_files_of_a_folder_stay(held: Contents, tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text("mine")
    write_export(held, tmp_path, ExportFormat.CSV)
    assert sorted(os.listdir(tmp_path)) == ["about.json", "edges.csv", "mine.csv", "nodes.csv"]
    assert (tmp_path / "mine.csv").read_text() == "mine"
    write_export(held, tmp_path, ExportFormat.CSV, force=True)
    assert (tmp_path / "mine.csv").read_text() == "mine"


def test_one_foreign_table_is_enough_to_refuse(held: Contents, tmp_path: Path) -> None:
    (tmp_path / "nodes.csv").write_text("mine")
    with pytest.raises(FileRefused, match="--force"):
        write_export(held, tmp_path, ExportFormat.CSV)
    assert os.listdir(tmp_path) == ["nodes.csv"]


@pytest.mark.parametrize("format", [ExportFormat.GEXF, ExportFormat.CSV])
def test_links_and_what_is_no_file_are_refused_even_by_force(
    held: Contents, tmp_path: Path, format: ExportFormat
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    (tmp_path / "file").write_text("mine")
    wrong = {"link", "file" if format in FOLDERS else "folder"}
    for name in wrong:
        with pytest.raises(FileRefused):
            write_export(held, tmp_path / name, format, force=True)
    with pytest.raises(FileRefused, match="cannot be written"):
        write_export(held, tmp_path / "file" / "below", format, force=True)
    assert (tmp_path / "file").read_text() == "mine"
    assert os.listdir(tmp_path / "folder") == []


def test_a_table_in_the_place_of_a_folder(held: Contents, tmp_path: Path) -> None:
    (tmp_path / "nodes.csv").mkdir()
    with pytest.raises(FileRefused, match="is a folder"):
        write_export(held, tmp_path, ExportFormat.CSV, force=True)


@pytest.mark.parametrize("format", sorted(FOLDERS))
def test_a_folder_is_no_stream(held: Contents, tmp_path: Path, format: ExportFormat) -> None:
    with (tmp_path / "x").open("wb") as file, pytest.raises(InputError, match="--output FOLDER"):
        stream_export(held, file, format)


@pytest.mark.parametrize("format", sorted(FOLDERS))
def test_a_folder_tells_of_itself(held: Contents, tmp_path: Path, format: ExportFormat) -> None:
    write_export(held, tmp_path / "made", format)
    assert json.loads((tmp_path / "made" / "about.json").read_text("utf-8")) == held.about


def test_a_workbook_has_an_end(held: Contents, tmp_path: Path) -> None:
    nodes = Table(held.nodes.columns, MOST_ROWS + 1, lambda start, stop: [])
    with pytest.raises(InputError, match=r"1,048,575 rows, and there are 1,048,576 accounts"):
        write_export(replace(held, nodes=nodes), tmp_path / "x.xlsx", ExportFormat.XLSX)
    assert os.listdir(tmp_path) == []


def test_a_cell_has_an_end() -> None:
    assert fitted("a" * LONGEST) == "a" * LONGEST
    assert fitted("a" * (LONGEST + 1)) == "a" * (LONGEST - 1) + "…"
    wide = fitted("🚀" * LONGEST)
    assert len(wide.encode("utf-16-le")) // 2 <= LONGEST
    assert wide.strip("🚀") in ("…", "\ufffd…")


def test_rows_are_the_same_in_blocks_of_any_size() -> None:
    held = contents(graph([node(3), node(5), node(9)], {3: [9, 5], 9: [3]}), named=True)
    for table in (held.nodes, held.edges):
        for size in (1, 2, 7):
            blocks = list(table.blocks(size))
            assert [row for block in blocks for row in zip(*block, strict=True)] == list(
                table.rows()
            )
            assert {len(column) for block in blocks for column in block} <= {
                size,
                table.count % size,
            }
    assert [row[:2] for row in held.edges.rows()] == [(3, 9), (3, 5), (9, 3)]
