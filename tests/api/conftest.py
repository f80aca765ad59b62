"""A server on loopback that plays what a test wrote for it, byte for byte."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import ssl
import struct
import subprocess
import threading
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pytest

from graphcrawl.api import Client, Timeouts
from graphcrawl.model import Credentials

TOKEN = "tok-MARKER-5f2c9a"
CREDENTIALS = Credentials(client_id="client-7", token=TOKEN)
QUICK = Timeouts(connect=2.0, read=5.0, whole=10.0)

After = Literal["keep", "close", "reset", "hang", "drip"]


@dataclass(frozen=True)
class Play:
    """Bytes to send for one request, and what to do with the connection then."""

    raw: bytes
    after: After = "keep"


@dataclass(frozen=True)
class Seen:
    """A request as it came."""

    target: str
    headers: dict[str, str]
    connection: int


@dataclass
class Player:
    """Plays one `Play` for each request, in order, over real sockets."""

    tls: ssl.SSLContext | None = None
    plays: deque[Play] = field(default_factory=deque)
    seen: list[Seen] = field(default_factory=list)
    connections: int = 0

    def __post_init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._ending = threading.Event()
        self._threads: list[threading.Thread] = []
        self._open: set[socket.socket] = set()
        self._start(self._accept)

    @property
    def url(self) -> str:
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self.port}"

    def will(self, *plays: Play) -> None:
        self.plays.extend(plays)

    def end(self) -> None:
        self._ending.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in tuple(self._open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in tuple(self._threads):
            thread.join(5)
            assert not thread.is_alive()

    def _start(self, target: Callable[..., None], *args: object) -> None:
        thread = threading.Thread(target=target, args=args, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._ending.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._start(self._serve, connection, self.connections)

    def _serve(self, connection: socket.socket, number: int) -> None:
        with contextlib.suppress(OSError), connection:
            connection.settimeout(20)
            if self.tls:
                connection = self.tls.wrap_socket(connection, server_side=True)
            with connection:
                self._open.add(connection)
                try:
                    while self._one(connection, number):
                        pass
                finally:
                    self._open.discard(connection)

    def _one(self, connection: socket.socket, number: int) -> bool:
        head = b""
        while b"\r\n\r\n" not in head:
            if not (more := connection.recv(65_536)):
                return False
            head += more
        line, *fields = head.decode("latin-1").split("\r\n\r\n")[0].split("\r\n")
        pairs = (item.split(":", 1) for item in fields)
        headers = {name.lower(): value.strip() for name, value in pairs}
        self.seen.append(Seen(line.split(" ")[1], headers, number))
        play = self.plays.popleft()
        connection.sendall(play.raw)
        return self._after(connection, play.after)

    def _after(self, connection: socket.socket, after: After) -> bool:
        if after == "reset":
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        elif after == "hang":
            self._ending.wait(20)
        elif after == "drip":
            # For long, yet not for ever: a client that never gives up shall fail, not hang.
            for _ in range(300):
                if not self._ending.wait(0.01):
                    connection.sendall(b" ")
        return after == "keep"


def wire(status: int, body: bytes = b"", *headers: str, length: int | None = None) -> bytes:
    """An answer with its Content-Length, or with a false one."""
    size = len(body) if length is None else length
    lines = [f"HTTP/1.1 {status} Any", f"Content-Length: {size}", *headers, "", ""]
    return "\r\n".join(lines).encode("latin-1") + body


def answer(document: object, status: int = 200, *headers: str) -> Play:
    return Play(wire(status, json.dumps(document).encode(), *headers))


def error(status: int, code: object, description: object = "Words", *headers: str) -> Play:
    document = {"error": {"code": code, "description": description}}
    return answer(document, status, *headers)


def chunked(*chunks: bytes, ends: bool = True) -> bytes:
    body = b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks)
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    return head + body + (b"0\r\n\r\n" if ends else b"")


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxy or CA bundle of whoever runs the tests."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def player() -> Iterator[Player]:
    playing = Player()
    yield playing
    playing.end()


@pytest.fixture
def other() -> Iterator[Player]:
    """A second server, which is another origin."""
    playing = Player()
    yield playing
    playing.end()


@pytest.fixture
def client(player: Player) -> Iterator[Client]:
    with Client(CREDENTIALS, base_url=player.url, timeout=QUICK) as asking:
        yield asking


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 that only its own file vouches for, with its key."""
    if not (openssl := shutil.which("openssl")):
        if os.environ.get("CI"):
            pytest.fail("CI needs the openssl command")
        pytest.skip("makes its certificate with the openssl command")
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    key = path.with_name("key.pem")
    subprocess.run(
        [openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
        + ["-nodes", "-keyout", str(key), "-out", str(path), "-days", "2"]
        + ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"],
        check=True,
        capture_output=True,
    )
    return path


@pytest.fixture
def secure(certificate: Path) -> Iterator[Player]:
    """A server that speaks TLS with that certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, certificate.with_name("key.pem"))
    playing = Player(tls=context)
    yield playing
    playing.end()
