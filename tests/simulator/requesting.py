"""Ask the simulator over HTTP, with nothing of graphcrawl's own client."""

from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from graphcrawl.simulator import Simulator
from graphcrawl.simulator.desk import CONNECTIONS_PATH

CREDENTIALS = {"x-auth-id": "tester", "x-auth-token": "secret"}


@dataclass(frozen=True)
class Got:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def rows(self) -> list[dict[str, Any]]:
        result = self.json["result"]
        assert isinstance(result, list)
        return result

    @property
    def error(self) -> tuple[int, int, str]:
        error = self.json["error"]
        return self.status, error["code"], error["description"]


def target(**parameters: str) -> str:
    return f"{CONNECTIONS_PATH}?{urlencode(parameters)}"


@contextmanager
def connection(server: Simulator) -> Iterator[http.client.HTTPConnection]:
    opened = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=10)
    try:
        yield opened
    finally:
        opened.close()


def get(
    server: Simulator,
    path: str,
    *,
    headers: Mapping[str, str] = CREDENTIALS,
    method: str = "GET",
    over: http.client.HTTPConnection | None = None,
) -> Got:
    if over is None:
        with connection(server) as own:
            return get(server, path, headers=headers, method=method, over=own)
    over.request(method, path, headers=dict(headers))
    response = over.getresponse()
    return Got(response.status, dict(response.headers), response.read())


def ask(server: Simulator, **parameters: str) -> Got:
    return get(server, target(**parameters))


def raw(server: Simulator) -> socket.socket:
    parts = urlsplit(server.url)
    return socket.create_connection((parts.hostname or "", parts.port or 0), timeout=10)


def read_all(connected: socket.socket) -> bytes:
    data = b""
    while chunk := connected.recv(65536):
        data += chunk
    return data


def request_bytes(path: str) -> bytes:
    lines = [f"GET {path} HTTP/1.1", "Host: x", *(f"{k}: {v}" for k, v in CREDENTIALS.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()
