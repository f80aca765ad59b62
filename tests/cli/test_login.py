"""``login``: from a terminal or a pipe into the user's own file, and nowhere else."""

from __future__ import annotations

import fcntl
import io
import os
import pty
import select
import signal
import stat
import subprocess
import termios
import time
from pathlib import Path
from typing import Final

import pytest

from graphcrawl.simulator import Access, FaultKind, Faults, Simulator
from tests.cli.conftest import Serve
from tests.cli.running import CLIENT_ID, COMMAND, DEADLINE, TOKEN, Cli, Ended, Tree, files_below

SEED: Final = ("seed", "instagram:a0", "-d", "1", "--rate", "0", "--no-map")


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the file will be; neither it nor its folder is there."""
    folder = tmp_path / "mine" / "graphcrawl"
    monkeypatch.setenv("GRAPHCRAWL_CONFIG_DIR", str(folder))
    return folder / "config.toml"


@pytest.fixture
def vendor(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> Simulator:
    """A server that takes one token, which nothing names yet."""
    server = serve(Tree(), access=Access(token=TOKEN))
    monkeypatch.delenv("HYPEAUDITOR_ID")
    monkeypatch.delenv("HYPEAUDITOR_TOKEN")
    return server


@pytest.fixture
def piped(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """Run ``login`` with these bytes on its standard input."""

    def run(given: bytes, *arguments: str) -> Ended:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(given), "utf-8"))
        return cli("login", *arguments)

    return run


LINES: Final = f"{CLIENT_ID}\n{TOKEN}\n".encode()


def test_what_is_stored_is_used_from_then_on(
    cli: Cli, piped: Cli, vendor: Simulator, config: Path
) -> None:
    assert cli(*SEED).code == 3
    ended = piped(LINES)
    assert ended.code == 0
    assert vendor.total == 1, "one request, for the plan"
    assert f"Client ID and token are in {config}" in ended.out
    assert "graphcrawl login --forget" in ended.out
    assert TOKEN not in ended.out + ended.err
    assert stat.S_IMODE(config.stat().st_mode) == 0o600
    assert stat.S_IMODE(config.parent.stat().st_mode) == 0o700
    assert cli(*SEED).code == 0
    told = {row["check"]: row["detail"] for row in cli("doctor", "-f", "json").rows()}
    assert f"token from {config}" in told["credentials"]
    gone = piped(b"", "--forget")
    assert gone.code == 0
    assert "no longer" in gone.out
    assert not config.exists()
    assert cli(*SEED).code == 3
    assert piped(b"", "--forget").code == 0


def test_the_environment_still_goes_first(
    cli: Cli, piped: Cli, vendor: Simulator, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert piped(LINES).code == 0
    monkeypatch.setenv("HYPEAUDITOR_TOKEN", "another")
    assert cli(*SEED).code == 3
    ended = piped(LINES)
    assert ended.code == 0, "what was given is checked and stored, not what goes before it"
    assert ended.line == (
        "graphcrawl: the environment sets HYPEAUDITOR_TOKEN, which goes before that file"
    )
    monkeypatch.delenv("HYPEAUDITOR_TOKEN")
    Path(".env").write_text("HYPEAUDITOR_TOKEN=another\n", encoding="utf-8")
    assert cli(*SEED).code == 3
    assert ".env file in this folder sets HYPEAUDITOR_TOKEN" in piped(LINES).line


@pytest.mark.parametrize(
    ("manners", "code"),
    [
        ({"access": Access(token="another")}, 3),
        ({"access": Access(token=TOKEN, granted=False)}, 3),
        ({"faults": Faults(share=1.0, kinds=(FaultKind.SERVER_ERROR,))}, 5),
        ({"faults": Faults(share=1.0, kinds=(FaultKind.TOO_MANY,))}, 5),
    ],
    ids=repr,
)
def test_what_the_api_does_not_take_is_not_stored(
    piped: Cli, serve: Serve, config: Path, manners: dict[str, object], code: int
) -> None:
    server = serve(Tree(), **manners)
    ended = piped(LINES)
    assert ended.code == code
    assert "nothing was stored" in ended.line
    assert TOKEN not in ended.out + ended.err
    assert not config.parent.exists()
    assert server.total == 1
    assert piped(LINES, "--no-check").code == 0
    assert server.total == 1, "unasked"
    assert config.exists()


@pytest.mark.parametrize(
    "given",
    [b"", b"\n\n", b"one\n", b"one\ntwo\nthree\n", b"\xff\xfe\nx\n", b"a\n" + b"x" * 20_000]
    + [b"a b\nc\n", b"id\nto\x1bken\n", "id\ntökenЖ\n".encode(), b"\x00\n\x00\n"],
    ids=range(10),
)
def test_input_that_cannot_serve(piped: Cli, config: Path, given: bytes) -> None:
    ended = piped(given, "--no-check")
    assert ended.code == 2
    assert "two lines" in ended.line or "copy it again" in ended.line
    assert not config.parent.exists()


@pytest.mark.parametrize(
    "words",
    [(TOKEN,), (CLIENT_ID, TOKEN), (f"--token={TOKEN}",), ("--token", TOKEN), ("--", TOKEN)],
)
def test_they_are_no_arguments_and_not_repeated(
    piped: Cli, config: Path, words: tuple[str, ...]
) -> None:
    ended = piped(LINES, *words)
    assert ended.code == 2
    assert TOKEN not in ended.err + ended.out
    assert not config.parent.exists()


def test_a_foreign_folder_cannot_have_them_sent_to_its_own_server(
    piped: Cli, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    Path(".env").write_text("HYPEAUDITOR_URL=https://api.example.org\n", encoding="utf-8")
    ended = piped(LINES)
    assert ended.code == 2
    assert "nothing was sent" in ended.line
    assert not config.parent.exists()


def test_a_link_in_the_files_place(piped: Cli, config: Path, vendor: Simulator) -> None:
    config.parent.mkdir(parents=True)
    config.symlink_to("elsewhere")
    ended = piped(LINES)
    assert ended.code == 2
    assert "is a link" in ended.line


class Terminal:
    """A terminal of its own with ``graphcrawl login`` in it."""

    def __init__(self, *arguments: str) -> None:
        self.ours, theirs = pty.openpty()
        self.process = subprocess.Popen(
            [*COMMAND, "login", *arguments],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
            # Its controlling terminal, or the prompt would look for another one.
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )
        os.close(theirs)
        self.seen = ""

    def wait_for(self, text: str) -> None:
        end = time.monotonic() + DEADLINE
        while text not in self.seen:
            assert time.monotonic() < end, self.seen
            if select.select([self.ours], [], [], 0.1)[0]:
                self.seen += os.read(self.ours, 4096).decode()

    def types(self, text: str) -> None:
        os.write(self.ours, text.encode())

    def ended(self) -> int:
        code = self.process.wait(DEADLINE)
        try:
            while more := os.read(self.ours, 4096):
                self.seen += more.decode()
        except OSError:
            pass
        os.close(self.ours)
        return code


def test_on_a_terminal_both_are_typed_unseen(vendor: Simulator, config: Path) -> None:
    terminal = Terminal()
    terminal.wait_for("Client ID (not shown):")
    terminal.types(f"{CLIENT_ID}\n")
    terminal.wait_for("API token (not shown):")
    terminal.types(f"{TOKEN}\n")
    assert terminal.ended() == 0
    assert TOKEN not in terminal.seen
    assert CLIENT_ID not in terminal.seen
    assert "for you alone to read" in terminal.seen
    assert TOKEN in config.read_text(encoding="utf-8")


@pytest.mark.parametrize("by", ["key", "signal"])
def test_ctrl_c_at_a_prompt_stores_nothing(
    vendor: Simulator, config: Path, folder: Path, by: str
) -> None:
    terminal = Terminal()
    terminal.wait_for("Client ID (not shown):")
    terminal.types(f"{CLIENT_ID}\n")
    terminal.wait_for("API token (not shown):")
    if by == "key":
        terminal.types("half\x03")
    else:
        terminal.process.send_signal(signal.SIGINT)
    assert terminal.ended() == 130
    assert "interrupted" in terminal.seen
    assert "Traceback" not in terminal.seen
    assert not config.parent.exists()
    assert files_below(folder) == []
    assert vendor.total == 0
