"""``-`` where a file is read: it is piped in, whatever its format."""

from __future__ import annotations

import gzip
import io
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.running import COMMAND, DEADLINE, Cli, files_below
from tests.cli.test_processes import on_terminal

Pipe = Callable[[bytes], None]

EDGES = b"source,target\na,b\nb,a\nb,c\n"
LISTED = "SELECT source_id, target_id, position, certainty FROM edge_list ORDER BY 1, 2"


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for temporary files."""
    here = tmp_path / "temporary"
    here.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(here))
    return here


@pytest.fixture
def pipe(monkeypatch: pytest.MonkeyPatch, temporary: Path) -> Pipe:
    """Gives a command something to read, once."""

    def give(content: bytes) -> None:
        assert files_below(temporary) == []
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BufferedReader(Once(content))))

    return give


class Once(io.RawIOBase):
    """A stream that no one can go back in."""

    def __init__(self, content: bytes) -> None:
        self._rest = io.BytesIO(content)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        return self._rest.readinto(buffer)


@pytest.mark.parametrize("form", ["json", "gexf", "graphml", "xlsx"])
def test_a_graph_of_any_format(cli: Cli, pipe: Pipe, temporary: Path, form: str) -> None:
    Path("edges.csv").write_bytes(EDGES)
    assert cli("import", "edges.csv", "--db", "first.db").code == 0
    assert cli("export", form, "--db", "first.db", "-o", "graph").code == 0
    pipe(Path("graph").read_bytes())
    ended = cli("import", "-", "--db", "second.db")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith("3 accounts and 3 connections imported from standard input\n")
    told = [cli("query", LISTED, "--db", db, "-f", "csv").out for db in ("first.db", "second.db")]
    assert told[0] == told[1]
    assert files_below(temporary) == []


@pytest.mark.parametrize("packed", [False, True])
def test_one_table_beside_a_file(cli: Cli, pipe: Pipe, packed: bool) -> None:
    nodes = b"id,title\na,Anna\nb,Bert\nc,Cleo\n"
    Path("nodes.csv").write_bytes(nodes)
    Path("edges.csv").write_bytes(EDGES)
    pipe(gzip.compress(EDGES) if packed else EDGES)
    ended = cli("import", "--nodes", "nodes.csv", "--edges", "-", "--db", "one.db")
    assert ended.out.splitlines()[0].endswith("imported from nodes.csv and standard input")
    pipe(gzip.compress(nodes) if packed else nodes)
    ended = cli("import", "--nodes", "-", "--edges", "edges.csv", "--db", "two.db")
    assert ended.out.splitlines()[0].endswith("imported from standard input and edges.csv")
    told = [cli("query", LISTED, "--db", db, "-f", "csv").out for db in ("one.db", "two.db")]
    assert told[0] == told[1] != ""


def test_a_table_that_is_read_from_its_end(cli: Cli, pipe: Pipe) -> None:
    Path("edges.csv").write_bytes(EDGES)
    assert cli("import", "edges.csv", "--db", "first.db").code == 0
    assert cli("export", "parquet", "--db", "first.db", "-o", "graph").code == 0
    pipe(Path("graph/edges.parquet").read_bytes())
    ended = cli("import", "--nodes", "graph/nodes.parquet", "--edges", "-", "--db", "second.db")
    told = [cli("query", LISTED, "--db", db, "-f", "csv").out for db in ("first.db", "second.db")]
    assert (ended.code, told[0]) == (0, told[1])


def test_a_process_reads_its_pipe() -> None:
    ended = subprocess.run(
        [*COMMAND, "import", "--edges", "-", "--db", "g.db"],
        input=EDGES,
        capture_output=True,
        timeout=DEADLINE,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert ended.stdout.startswith(b"3 accounts and 3 connections imported from standard input\n")


def test_columns_of_ones_own(cli: Cli, pipe: Pipe) -> None:
    pipe(EDGES)
    assert cli("import", "--edges", "-", "--db", "g.db").code == 0
    pipe(b"network,id,topic\ninstagram,a,space\n")
    ended = cli("import", "--attributes", "-", "--db", "g.db")
    assert (ended.code, ended.out.splitlines()[0]) == (0, "1 of 1 row joined to accounts")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (EDGES + b"c\n", "standard input: line 5: 1 fields, not 2; nothing was imported"),
        (EDGES + b"\xff,a\n", "standard input: line 5: not UTF-8"),
        (b"PK\x03\x04", "standard input: no sound workbook"),
        (b"", "standard input: line 1: no column names"),
    ],
)
def test_what_is_broken_in_it_is_named(
    cli: Cli, pipe: Pipe, temporary: Path, content: bytes, said: str
) -> None:
    pipe(content)
    ended = cli("import", "--edges", "-", "--db", "g.db")
    assert ended.code == 2
    assert said in ended.line
    assert str(temporary) not in ended.line
    assert files_below(temporary) == []
    assert not Path("g.db").exists()


def test_csv_is_named_as_such(cli: Cli, pipe: Pipe) -> None:
    pipe(EDGES)
    ended = cli("import", "-", "--db", "g.db")
    assert ended.code == 2
    assert "standard input: unknown format" in ended.line
    assert "CSV by --nodes and --edges" in ended.line


def test_there_is_one_standard_input(cli: Cli, pipe: Pipe) -> None:
    pipe(EDGES)
    for command in ("import", "simulator"):
        ended = cli(command, "--nodes", "-", "--edges", "-")
        assert (ended.code, "only one file can be -" in ended.line) == (2, True)


def test_nothing_is_waited_for(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    ended = on_terminal("import", "--edges", "-", "--db", "g.db")
    assert ended.code == 2
    assert "- reads a file from standard input: pipe one in" in ended.line
    monkeypatch.setattr("sys.stdin", None)
    assert "pipe one in" in cli("import", "--edges", "-", "--db", "g.db").line


def test_where_it_cannot_be_kept(cli: Cli, pipe: Pipe, temporary: Path) -> None:
    pipe(EDGES)
    temporary.rmdir()
    ended = cli("import", "--edges", "-", "--db", "g.db")
    assert ended.code == 2
    assert "standard input cannot be kept as a file: No such file or directory" in ended.line
    temporary.mkdir()


def test_a_file_of_this_name(cli: Cli) -> None:
    Path("-").write_bytes(EDGES)
    assert (
        "imported from -\n" in cli("import", "--edges", str(Path.cwd() / "-"), "--db", "g.db").out
    )
