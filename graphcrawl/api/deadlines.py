"""An answer that ends in time from its first byte on, its head included.

A socket's timeout is for one arrival of data: a server that sends a byte now and then, or interim
answers (100 Continue) without end, would hold a worker for ever. So every read of the socket looks
at the clock, beneath all that http.client and urllib3 do with what arrives.
"""

from __future__ import annotations

import io
import socket
import time
from http.client import HTTPResponse
from typing import Any, Final

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool

Pools = dict[str, type[HTTPConnectionPool]]

TOO_SLOW: Final = "the answer came too slowly"


class TimedAdapter(HTTPAdapter):
    """Requests' adapter, with a time for every answer.

    Parameters
    ----------
    seconds : float
        From the moment that a request is sent until nothing more is read.
    **named
        As HTTPAdapter's own.
    """

    def __init__(self, seconds: float, **named: Any) -> None:
        self._pools = _pools(seconds)
        super().__init__(**named)

    def init_poolmanager(self, *given: Any, **named: Any) -> None:
        """Make the pools of direct connections."""
        super().init_poolmanager(*given, **named)
        self.poolmanager.pool_classes_by_scheme = self._pools

    def proxy_manager_for(self, proxy: str, **named: Any) -> Any:
        """Make the pools of connections through a proxy."""
        manager = super().proxy_manager_for(proxy, **named)
        if not proxy.lower().startswith("socks"):
            # A SOCKS proxy's connections are a package's own, and keep the socket's timeout.
            manager.pool_classes_by_scheme = self._pools
        return manager


class _TimedStream(io.RawIOBase):
    """A socket's bytes, until a moment of the monotonic clock."""

    def __init__(self, stream: io.RawIOBase, until: float) -> None:
        self._stream = stream
        self._until = until

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        if time.monotonic() > self._until:
            raise TimeoutError(TOO_SLOW)
        return self._stream.readinto(buffer)

    def close(self) -> None:
        self._stream.close()
        super().close()


def _pools(seconds: float) -> Pools:
    class Response(HTTPResponse):
        def __init__(self, sock: socket.socket, *given: Any, **named: Any) -> None:
            super().__init__(sock, *given, **named)
            stream = _TimedStream(self.fp.detach(), time.monotonic() + seconds)
            self.fp = io.BufferedReader(stream)

    # Each connection is told, and no class of connections replaced: what records and replays
    # answers in tests puts its own there.
    class Pool(HTTPConnectionPool):
        def _new_conn(self) -> Any:
            return _told(super()._new_conn(), Response)

    class SecurePool(HTTPSConnectionPool):
        def _new_conn(self) -> Any:
            return _told(super()._new_conn(), Response)

    return {"http": Pool, "https": SecurePool}


def _told(connection: Any, response: type[HTTPResponse]) -> Any:
    connection.response_class = response
    return connection
