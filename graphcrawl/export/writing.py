"""An export in its place: whole or not at all, and over nothing that --force does not replace."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import BinaryIO, Final

from graphcrawl.cells import as_json
from graphcrawl.errors import FileRefused, InputError
from graphcrawl.export.contents import Contents
from graphcrawl.export.delimited import write_csv
from graphcrawl.export.formats import FOLDERS, ExportFormat
from graphcrawl.export.gexf import gexf
from graphcrawl.export.graphml import graphml
from graphcrawl.export.node_link import node_link
from graphcrawl.export.parquet import write_parquet
from graphcrawl.export.workbook import write_workbook
from graphcrawl.whole_files import filling, is_taken, replacing, told_of_writing
from graphcrawl.wording import printable

ABOUT: Final = "about.json"

_TEXTS: Final[Mapping[ExportFormat, Callable[[Contents], Iterator[str]]]] = {
    ExportFormat.GEXF: gexf,
    ExportFormat.GRAPHML: graphml,
    ExportFormat.JSON: node_link,
}


def check_output(output: Path, format: ExportFormat, *, force: bool) -> None:
    """Refuse a path that an export may not be written to.

    Raises
    ------
    FileRefused
        If something is there that only --force replaces, or nothing replaces.
    """
    with told_of_writing(output):
        taken = _files_taken(output, format) if format in FOLDERS else is_taken(output)
    if taken and not force:
        there = "holds an export" if format in FOLDERS else "is there"
        raise FileRefused(
            f"{printable(str(output))} {there}; name another with --output, or replace it with "
            "--force"
        )


def _files_taken(folder: Path, format: ExportFormat) -> bool:
    if not folder.exists() and not folder.is_symlink():
        return False
    if not folder.is_dir():
        raise FileRefused(
            f"{printable(str(folder))}: is a file, and {format.value} needs a folder for its files"
        )
    return any([is_taken(folder / name) for name in _names(format)])


def _names(format: ExportFormat) -> tuple[str, ...]:
    return (f"nodes.{format.value}", f"edges.{format.value}", ABOUT)


def write_export(
    contents: Contents, output: Path, format: ExportFormat, *, force: bool = False
) -> None:
    """Write an export in one step.

    Parameters
    ----------
    contents : Contents
    output : Path
        A file, or the folder of a format of several files; the folders above it are made.
    format : ExportFormat
    force : bool
        Replace files that are there.

    Raises
    ------
    FileRefused
        As `check_output`, and if it cannot be written.
    InputError
        If the format cannot hold so much, or needs a library that is not there.
    """
    check_output(output, format, force=force)
    with told_of_writing(output):
        output.parent.mkdir(parents=True, exist_ok=True)
        if format in FOLDERS:
            with filling(output, seal=ABOUT) as folder:
                _fill(contents, folder, format)
            return
        with replacing(output) as beside, beside.open("xb") as file:
            stream_export(contents, file, format)


def stream_export(contents: Contents, out: BinaryIO, format: ExportFormat) -> None:
    """Write an export piece by piece.

    Raises
    ------
    InputError
        If the format is several files, cannot hold so much, or needs a library that is not there.
    """
    if format in FOLDERS:
        raise InputError(
            f"{format.value} is several files in a folder: give --output FOLDER instead of -"
        )
    if format is ExportFormat.XLSX:
        write_workbook(contents, out)
        return
    out.writelines(piece.encode("utf-8") for piece in _TEXTS[format](contents))


def _fill(contents: Contents, folder: Path, format: ExportFormat) -> None:
    for name, table in (("nodes", contents.nodes), ("edges", contents.edges)):
        path = folder / f"{name}.{format.value}"
        if format is ExportFormat.PARQUET:
            write_parquet(table, contents, path)
            continue
        with path.open("w", encoding="utf-8", newline="") as file:
            write_csv(table, str(contents.about["origin"]), file)
    (folder / ABOUT).write_text(as_json(dict(contents.about), indent=2) + "\n", encoding="utf-8")
