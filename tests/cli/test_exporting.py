"""``export``: what it writes and says, and the files that it leaves alone."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import networkx as nx
import pytest

from graphcrawl.cli.exporting import FORMATS
from graphcrawl.export import ExportFormat
from graphcrawl.wording import how_to_install
from tests.cli.conftest import Serve
from tests.cli.running import Cli, Tree, files_below

USUAL = {
    "gexf": "graph.gexf",
    "graphml": "graph.graphml",
    "csv": "graph-csv",
    "json": "graph.json",
    "parquet": "graph-parquet",
    "xlsx": "graph.xlsx",
}


@pytest.fixture(autouse=True)
def _crawled(cli: Cli, serve: Serve) -> None:
    serve(Tree(size=31))
    assert cli("seed", "instagram:a0", "-d", "3", "--rate", "0", "--no-map").code == 0


def test_every_format_has_its_command() -> None:
    assert tuple(FORMATS) == tuple(ExportFormat)


@pytest.mark.parametrize(("format", "name"), USUAL.items())
def test_where_it_goes_and_what_is_said(cli: Cli, folder: Path, format: str, name: str) -> None:
    database = (folder / "output" / "graph.db").read_bytes()
    ended = cli("export", format)
    assert (ended.code, ended.out) == (0, f"output/{name}\n")
    assert ended.line.startswith("15 accounts, 14 connections, simulated data; ")
    assert (folder / "output" / name).exists()
    again = cli("export", format)
    assert again.code == 2
    assert "--force" in again.line
    assert cli("export", format, "--force", "--crawl", "1", "-o", f"output/{name}").code == 0
    assert (folder / "output" / "graph.db").read_bytes() == database


def test_datasette_is_told_of_the_database(cli: Cli, folder: Path) -> None:
    ended = cli("export", "datasette")
    assert (ended.code, ended.out) == (0, "output/graph-datasette.json\n")
    assert "datasette output/graph.db --metadata output/graph-datasette.json" in ended.line
    written = (folder / ended.out.strip()).read_text(encoding="utf-8")
    assert "Simulated data" in json.loads(written)["description"]
    assert cli("export", "datasette", "-o", "-").out == written
    assert cli("export", "datasette").code == 2
    assert cli("export", "datasette", "--force").code == 0


def test_it_may_go_to_standard_output(cli: Cli, folder: Path) -> None:
    before = files_below(folder)
    ended = cli("export", "json", "-o", "-", "--filter", "depth<=1")
    assert (ended.code, ended.err) == (0, "")
    data = json.loads(ended.out)
    assert [one["username"] for one in data["nodes"]] == ["a0", "a1", "a2"]
    assert data["graph"]["origin"] == "simulated"
    assert "12 other accounts left out" in " ".join(data["graph"]["notes"])
    graph = nx.read_gexf(io.BytesIO(cli("export", "gexf", "-o", "-").out.encode()), node_type=int)
    assert len(graph) == 15
    refused = cli("export", "csv", "-o", "-")
    assert (refused.code, refused.out) == (2, "")
    assert "--output FOLDER" in refused.line
    assert files_below(folder) == before


def test_another_process_writes_the_same_bytes(cli: Cli, folder: Path) -> None:
    for format in USUAL:
        assert cli("export", format).code == 0
    code = (
        "import graphcrawl, sys\nfrom pathlib import Path\n"
        "from graphcrawl.export import FOLDERS, ExportFormat\n"
        "database = graphcrawl.open('output/graph.db')\n"
        "for one in ExportFormat:\n"
        "    database.export(Path('other', one), one)\n"
        "    if one not in FOLDERS:\n"
        "        with open(f'other/{one}.stream', 'wb') as file:\n"
        "            database.export_to(file, one)\n"
    )
    environ = {**os.environ, "PYTHONHASHSEED": "7"}
    subprocess.run([sys.executable, "-c", code], check=True, env=environ)
    for format, name in USUAL.items():
        one, other = folder / "output" / name, folder / "other" / format
        if one.is_dir():
            for file in files_below(one):
                assert file.read_bytes() == (other / file.name).read_bytes()
        else:
            assert one.read_bytes() == other.read_bytes()
            assert one.read_bytes() == other.with_suffix(".stream").read_bytes()


def test_a_crawl_has_a_file_of_its_own(cli: Cli, folder: Path) -> None:
    assert cli("export", "csv", "--crawl", "1").out == "output/graph-crawl1-csv\n"
    with (folder / "output" / "graph-crawl1-csv" / "edges.csv").open(encoding="utf-8") as file:
        lines = list(csv.DictReader(file))
    assert {line["origin"] for line in lines} == {"simulated"}
    assert (lines[0]["source_username"], lines[0]["target_username"]) == ("a0", "a1")


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("--crawl", "7"), 4, "no crawl 7"),
        (("--filter", "network=twitch"), 4, "has network=twitch"),
        (("--db", "none.db"), 2, "none.db"),
        (("--output", "output"), 2, "is a folder"),
    ],
)
def test_what_cannot_be_exported(
    cli: Cli, folder: Path, arguments: tuple[str, ...], code: int, words: str
) -> None:
    before = files_below(folder)
    ended = cli("export", "gexf", *arguments)
    assert (ended.code, ended.out) == (code, "")
    assert words in ended.line
    assert files_below(folder) == before


@pytest.mark.parametrize(("format", "module"), [("parquet", "pyarrow"), ("xlsx", "xlsxwriter")])
def test_a_missing_library_is_one_line(
    cli: Cli, folder: Path, monkeypatch: pytest.MonkeyPatch, format: str, module: str
) -> None:
    monkeypatch.setattr(
        "graphcrawl.export.libraries.find_spec", lambda name: None if name == module else 1
    )
    ended = cli("export", format)
    assert ended.code == 2
    assert how_to_install(format) in ended.line
    assert not (folder / "output" / USUAL[format]).exists()
