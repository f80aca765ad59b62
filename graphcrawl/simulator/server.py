"""A world behind real HTTP: one thread a connection, kept alive, closed at once when it stops."""

from __future__ import annotations

import socket
import struct
import time
from collections import Counter
from collections.abc import Callable
from socketserver import BaseRequestHandler, TCPServer
from threading import Event, Thread
from types import TracebackType
from typing import Final, Self

from graphcrawl.errors import SettingsError
from graphcrawl.simulator.desk import Desk
from graphcrawl.simulator.exchange import (
    BadRequest,
    Delivery,
    Request,
    Response,
    error_response,
    parse_request,
    to_bytes,
)
from graphcrawl.simulator.faults import Faults, Limit
from graphcrawl.simulator.ledger import RequestRecord
from graphcrawl.simulator.manners import Access, Manners, OwnRow
from graphcrawl.simulator.world import World

LOOPBACK: Final = "127.0.0.1"

_HEAD_END: Final = b"\r\n\r\n"
_LARGEST_HEAD: Final = 65_536
_LARGEST_BODY: Final = 1_048_576
_CHUNK: Final = 65_536
_POLL_SECONDS: Final = 0.02
_NO_LINGER: Final = struct.pack("ii", 1, 0)


class Simulator:
    """Serve a world as the vendor serves its own, on the loopback interface.

    Parameters
    ----------
    world : World
        Whom the API knows.
    host : str
        Address to listen on; any but the default lets others in.
    port : int
        0 takes a free one.
    latency : float
        Seconds that every answer takes at least.
    faults : Faults or None
        What goes wrong on purpose; by default nothing.
    limit : Limit or None
        How many requests may come; by default any number.
    own_row : OwnRow
        Where the asked account's own row stands in its answer.
    access : Access or None
        Who is let in; by default everyone who sends an ID and a token.
    pictures : bool
        Serve avatars of invented accounts too; requests for them are not remembered.
    log_size : int
        How many requests are remembered.

    Raises
    ------
    SettingsError
        When the latency is negative, or (on start) the address cannot be listened on.

    Examples
    --------
    >>> from graphcrawl.simulator import SmallWorld
    >>> with Simulator(SmallWorld()) as server:
    ...     server.url.startswith("http://127.0.0.1:")
    True
    """

    def __init__(
        self,
        world: World,
        *,
        host: str = LOOPBACK,
        port: int = 0,
        latency: float = 0.0,
        faults: Faults | None = None,
        limit: Limit | None = None,
        own_row: OwnRow = OwnRow.FIRST,
        access: Access | None = None,
        pictures: bool = False,
        log_size: int = 200_000,
    ) -> None:
        if latency < 0:
            raise SettingsError("the latency must be 0 seconds or more")
        self.world = world
        self._address = (host, port)
        self._latency = latency
        self._faults = faults or Faults()
        manners = Manners(
            access=access or Access(),
            limit=limit,
            faults=self._faults,
            own_row=own_row,
            pictures=pictures,
            log_size=log_size,
        )
        self._desk = Desk(world, manners)
        self._stopped = Event()
        self._server: _Server | None = None
        self._thread: Thread | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """Scheme, host and port, for ``HYPEAUDITOR_URL``."""
        if self._server is None:
            raise RuntimeError("the simulator has not been started")
        host, port = self._server.server_address[:2]
        name = str(host)
        return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"

    @property
    def log(self) -> tuple[RequestRecord, ...]:
        """The remembered requests, in the order of their answers."""
        return self._desk.ledger.records

    @property
    def total(self) -> int:
        """How many requests there were."""
        return self._desk.ledger.total

    def counts(self) -> Counter[tuple[str, str]]:
        """Count remembered requests by network and by the username or ID asked for."""
        return self._desk.ledger.counts()

    def start(self) -> None:
        """Listen, and answer from a thread of its own; nothing when that is so already."""
        if self._server is not None:
            return
        try:
            self._server = _Server(self._address, self._desk, self._latency, self._faults)
        except (OSError, OverflowError) as error:
            host, port = self._address
            raise SettingsError(f"cannot listen on {host} port {port}: {error}") from error
        self._stopped.clear()
        self._thread = Thread(
            target=self._server.serve_forever,
            args=(_POLL_SECONDS,),
            name="graphcrawl-simulator",
            daemon=True,
        )
        self._thread.start()

    def stop(self) -> None:
        """Close every connection, also one that waits or hangs, and end every thread."""
        if self._server is None or self._thread is None:
            return
        self._server.shutdown()
        self._thread.join()
        self._server.close()
        self._server = self._thread = None
        self._stopped.set()

    def wait(self) -> None:
        """Block until `stop` is called elsewhere, or the user presses Ctrl-C."""
        self._stopped.wait()

    def serve_forever(self, *, started: Callable[[], None] | None = None) -> None:
        """Start, block until `stop` is called elsewhere or Ctrl-C, and stop.

        Parameters
        ----------
        started : callable or None
            Called once `url` is known and answers.
        """
        with self:
            if started:
                started()
            self.wait()


class _Server(TCPServer):
    """Accept connections, and give each a thread that `close` can end."""

    allow_reuse_address = True
    request_queue_size = 128

    def __init__(
        self, address: tuple[str, int], desk: Desk, latency: float, faults: Faults
    ) -> None:
        self.desk = desk
        self.latency = latency
        self.faults = faults
        self.closing = Event()
        self._open: dict[socket.socket, Thread] = {}
        self.address_family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        super().__init__(address, _Connection)

    def process_request(self, request: object, client_address: object) -> None:
        assert isinstance(request, socket.socket)
        # A daemon, so that a program that forgets to stop the simulator can still end.
        thread = Thread(target=self._serve, args=(request, client_address), daemon=True)
        thread.start()
        # A connection's own thread must not leave this list, or `close` could miss its last steps.
        self._open = {s: t for s, t in self._open.items() if t.is_alive()} | {request: thread}

    def _serve(self, request: socket.socket, client_address: object) -> None:
        try:
            self.finish_request(request, client_address)
        except OSError:
            # The client has gone, or the server is closing: nobody is left to tell.
            pass
        finally:
            self.shutdown_request(request)

    def close(self) -> None:
        """End all connections and their threads; only after `shutdown`."""
        self.closing.set()
        for connection in self._open:
            _wake(connection)
        for thread in self._open.values():
            thread.join()
        self.server_close()


class _Connection(BaseRequestHandler):
    """Answer one client's requests, one after the other."""

    server: _Server
    request: socket.socket

    def setup(self) -> None:
        self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._buffer = b""

    def handle(self) -> None:
        while not self.server.closing.is_set():
            try:
                request = self._next_request()
            except BadRequest as error:
                response = error_response(400, 8, f"Invalid request: {error}")
                self.request.sendall(to_bytes(response, keep_alive=False))
                return
            if request is None or not self._serve(request):
                return

    def _next_request(self) -> Request | None:
        """Read a request, and pass over its body; None when the client has closed."""
        while (end := self._buffer.find(_HEAD_END)) < 0:
            if len(self._buffer) > _LARGEST_HEAD:
                raise BadRequest("headers too long")
            if not self._receive():
                return None
        request = parse_request(self._buffer[:end])
        if request.body_length > _LARGEST_BODY:
            raise BadRequest("a body too long")
        whole = end + len(_HEAD_END) + request.body_length
        while len(self._buffer) < whole:
            if not self._receive():
                return None
        self._buffer = self._buffer[whole:]
        return request

    def _receive(self) -> bool:
        chunk = self.request.recv(_CHUNK)
        self._buffer += chunk
        return bool(chunk)

    def _serve(self, request: Request) -> bool:
        """Answer, and tell whether the connection goes on."""
        response = self.server.desk.answer(request, time.monotonic())
        if self.server.latency:
            self.server.closing.wait(self.server.latency)
        return self._deliver(request, response)

    def _deliver(self, request: Request, response: Response) -> bool:
        match response.delivery:
            case Delivery.HANG:
                self._hang()
                return False
            case Delivery.RESET:
                self.request.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
                self.request.close()
                return False
            case Delivery.CUT:
                data = to_bytes(response, keep_alive=request.keep_alive)
                self.request.sendall(data[: len(data) - len(response.body) // 2 - 1])
                return False
            case Delivery.WHOLE:
                with_body = request.method != "HEAD"
                data = to_bytes(response, keep_alive=request.keep_alive, with_body=with_body)
                self.request.sendall(data)
                return request.keep_alive

    def _hang(self) -> None:
        # Reading ends when the client gives up or `close` wakes it, whichever is first.
        self.request.settimeout(self.server.faults.hang_seconds)
        self.request.recv(1)


def _wake(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        # It has just ended by itself, which is as good.
        return
