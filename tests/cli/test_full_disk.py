"""A disk that fills up, or cannot be written, ends a crawl in order and spoils nothing."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Final

import pytest

from graphcrawl.simulator import Simulator
from tests.cli.conftest import Serve
from tests.cli.running import COMMAND, DEADLINE, Cli, Ended, Tree
from tests.nobody import as_nobody

SIZE: Final = 255
WORKERS: Final = 4
SEED: Final = ("seed", "instagram:a0", "--depth", "9", "--workers", str(WORKERS))
MOUNTING: Final = ("unshare", "--user", "--map-root-user", "--mount")
"""A root of its own may mount what it likes, and nothing of it is left when it has ended."""


def limited(kilobytes: int, *arguments: str) -> Ended:
    """Run a command that may write no file larger than so; a write beyond it fails."""
    shell = ["sh", "-c", f'ulimit -f {2 * kilobytes}; exec "$@"', "sh"]
    return _ended([*shell, *COMMAND, *arguments])


def in_small_file_system(folder: Path, kilobytes: int, *arguments: str) -> Ended:
    """Run a command while a folder is a file system of its own; what is in it stays."""
    folder.mkdir(exist_ok=True)
    script = f"""
        mount -t tmpfs -o size={kilobytes}k tmpfs '{folder}' && cd . || exit 99
        "$@"; code=$?
        cp -r '{folder}/.' '{folder}.kept' && exit $code
    """
    ended = _ended([*MOUNTING, "sh", "-c", script, "sh", *COMMAND, *arguments])
    folder.rmdir()
    Path(f"{folder}.kept").rename(folder)
    return ended


def _ended(command: Sequence[str]) -> Ended:
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=DEADLINE)
    return Ended(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def mounts() -> None:
    """Needs to mount; the limit of a file's size stands in everywhere else."""
    if shutil.which("unshare") is None:
        pytest.skip("there is no unshare")
    probe = [*MOUNTING, "mount", "-t", "tmpfs", "tmpfs", tempfile.gettempdir()]
    if subprocess.run(probe, capture_output=True).returncode != 0:
        pytest.skip("nothing may be mounted here")


def assert_sound(database: Path) -> None:
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def assert_resumed(cli: Cli, server: Simulator, database: Path, *, repeated: int) -> None:
    """The crawl goes on where there is space again, and ends as if nothing had been."""
    assert cli("crawls", "--db", str(database)).code == 0
    ended = cli("resume", "1", "--db", str(database), "--rate", "0")
    assert ended.code == 0
    assert f"  {SIZE} accounts, {SIZE - 1} connections, " in ended.out
    assert len(server.counts()) == SIZE
    assert server.total - SIZE <= repeated
    assert_sound(database)


@pytest.fixture
def server(serve: Serve) -> Simulator:
    return serve(Tree(size=SIZE))


FULL = "the disk is full; free some space"
REFUSED = "the disk refused; check its space and health"


@pytest.mark.parametrize("kilobytes", [100, 260, 400, 700])
def test_a_file_that_may_not_grow(
    cli: Cli, server: Simulator, folder: Path, kilobytes: int
) -> None:
    ended = limited(kilobytes, *SEED, "--rate", "0", "--db", "g.db")
    assert ended.code == 2
    assert REFUSED in ended.line
    sent = server.total
    assert (sent > 0) == (kilobytes > 200)
    if sent:
        assert "; graphcrawl resume 1 --db g.db goes on" in ended.line
        assert_resumed(cli, server, folder / "g.db", repeated=WORKERS)
    else:
        assert cli(*SEED, "--rate", "0", "--db", "g.db").code == 0


@pytest.mark.usefixtures("mounts")
@pytest.mark.parametrize("kilobytes", [60, 240, 500, 900])
def test_a_full_disk_under_the_database(
    cli: Cli, server: Simulator, folder: Path, kilobytes: int
) -> None:
    database = folder / "small" / "g.db"
    ended = in_small_file_system(
        database.parent, kilobytes, *SEED, "--rate", "0", "--db", "small/g.db"
    )
    assert ended.code == 2
    assert FULL in ended.line
    if server.total:
        assert "; graphcrawl resume 1 --db small/g.db goes on" in ended.line
        assert_resumed(cli, server, database, repeated=WORKERS)
    else:
        assert cli(*SEED, "--rate", "0", "--db", "small/g.db").code == 0


@pytest.mark.usefixtures("mounts")
@pytest.mark.parametrize("kilobytes", [8, 200])
def test_a_full_disk_under_the_permits(
    cli: Cli, server: Simulator, folder: Path, kilobytes: int
) -> None:
    state = Path(os.environ["GRAPHCRAWL_STATE_DIR"])
    state.parent.mkdir(exist_ok=True)
    ended = in_small_file_system(state, kilobytes, *SEED, "--rate", "999", "--db", "g.db")
    assert ended.code == 2
    assert "cannot keep permits in " in ended.line
    assert FULL in ended.line or REFUSED in ended.line
    if kilobytes > 8:
        assert 0 < server.total < SIZE
        assert_resumed(cli, server, folder / "g.db", repeated=0)
    else:
        assert server.total == 0, "nothing is sent without a permit"


@pytest.mark.usefixtures("mounts")
def test_a_full_disk_under_the_map(cli: Cli, server: Simulator, folder: Path) -> None:
    ended = in_small_file_system(folder / "output", 300, *SEED, "--rate", "0", "--db", "g.db")
    assert ended.code == 2
    assert "the crawl is saved, but output/instagram-a0.html: cannot be written: " in ended.line
    assert "graphcrawl map --crawl 1 " in ended.line
    assert list((folder / "output").iterdir()) == [], "nothing half written is left"
    assert_resumed(cli, server, folder / "g.db", repeated=0)
    assert (folder / "output" / "instagram-a0.html").exists()


@pytest.fixture
def public(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that others can reach, in the current one."""
    with tempfile.TemporaryDirectory() as name, monkeypatch.context() as here:
        place = Path(name) / "place"
        place.mkdir()
        for one in (place, place.parent):
            one.chmod(0o777)
        here.chdir(name)
        for variable in ("GRAPHCRAWL_STATE_DIR", "GRAPHCRAWL_CONFIG_DIR"):
            here.setenv(variable, name)
        yield place


@pytest.mark.parametrize(
    ("file", "place"), [(0o444, 0o555), (0o666, 0o555), (0o444, 0o777)], ids=oct
)
def test_a_database_that_cannot_be_written(
    cli: Cli, server: Simulator, public: Path, file: int, place: int
) -> None:
    database = public / "g.db"
    started = cli(*SEED, "--rate", "0", "--db", str(database), "--max-requests", "20", "--no-map")
    assert started.code == 5
    database.chmod(file)
    public.chmod(place)
    before = database.read_bytes()
    with as_nobody():
        ended = cli("resume", "1", "--db", str(database), "--rate", "0", "--no-map")
        assert cli("crawls", "--db", str(database)).code == 0
    assert ended.code == 2
    assert "cannot" in ended.line
    assert "permissions" in ended.line or "ermission denied" in ended.line
    assert server.total == 20, "nothing is asked whose answer cannot be kept"
    assert database.read_bytes() == before
    database.chmod(0o666)
    public.chmod(0o777)
    assert_resumed(cli, server, database, repeated=0)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
@pytest.mark.parametrize(
    "words", [("crawls",), ("export", "json", "--output", "-"), ("map", "-o", "-")]
)
def test_a_full_disk_under_the_standard_output(cli: Cli, words: tuple[str, ...]) -> None:
    assert cli("seed", "instagram:nasa", "--demo", "--depth", "0", "--no-map").code == 0
    shell = ["sh", "-c", '"$@" > /dev/full', "sh"]
    ended = _ended([*shell, *COMMAND, *words, "--db", "output/demo.db"])
    assert ended.code == 2
    assert ended.line.startswith("graphcrawl: standard output cannot be written: No space left")


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
def test_a_closed_output_is_no_fault(cli: Cli, closed: str) -> None:
    assert cli("seed", "instagram:nasa", "--demo", "--depth", "0", "--no-map").code == 0
    ended = _ended(
        ["sh", "-c", f'"$@" {closed}', "sh", *COMMAND, "crawls", "--db", "output/demo.db"]
    )
    assert (ended.code, ended.err) == (0, "")
    assert bool(ended.out) is (closed == "2>&-")
