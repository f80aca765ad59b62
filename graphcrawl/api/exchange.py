"""One request and the whole of its answer, or the foreign exception that it ended in.

Requests makes the pool of connections, with its proxies and certificates, and its Session is not
used: a Session's cookies are not made for many threads, and it would also read netrc (which adds
a header), ask the environment anew for every request, keep cookies, and read a redirect's body
without a limit. Requests then go to the pool itself: there is one origin, so nothing of what the
adapter finds out anew for each of them can change. To ask and read an answer of fifteen rows takes
0.20 ms of CPU so, and 0.26 through the adapter.
"""

from __future__ import annotations

import os
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, cast

import requests
from requests.adapters import HTTPAdapter
from requests.utils import get_environ_proxies, select_proxy
from urllib3 import BaseHTTPResponse, HTTPConnectionPool, Retry, Timeout
from urllib3.exceptions import HTTPError, ProtocolError

from graphcrawl.api.address import Origin
from graphcrawl.api.deadlines import TOO_SLOW, TimedAdapter
from graphcrawl.api.messages import one_line
from graphcrawl.errors import SettingsError

MAX_FAULT_BYTES: Final = 65_536
"""Bytes read of an answer that is no 200; the documented ones take a hundred."""

_CHUNK: Final = 65_536
_ONE_ATTEMPT: Final = Retry(total=False, redirect=False)
_CA_VARIABLES: Final = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long one request may take, in seconds.

    Attributes
    ----------
    connect : float
        Until a connection stands, for each address of the host.
    read : float
        Between two arrivals of data.
    whole : float
        From sending to the end of the body: a server that drips would hold a worker for ever.
        It is looked at whenever a part of the answer arrives, its head included.
    """

    connect: float = 10.0
    read: float = 30.0
    whole: float = 60.0


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer as it came.

    Attributes
    ----------
    status : int
        HTTP status.
    headers : Mapping
        Whatever the case of their names.
    body : bytes
        Decoded of its content encoding; cut at `MAX_FAULT_BYTES` unless the status is 200.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Route:
    """How to reach the API, read from the environment once.

    Attributes
    ----------
    proxies : Mapping
        Requests' mapping of schemes to proxies; empty for a direct way.
    verify : bool or str
        True for the CA certificates that come with requests, or the path of others.
    """

    proxies: Mapping[str, str]
    verify: bool | str

    @classmethod
    def from_environment(cls, origin: Origin) -> Route:
        """Take proxy, NO_PROXY and CA bundle as requests itself would.

        A plain http origin is on this machine and takes no proxy, which would see the token.
        """
        if origin.scheme == "http":
            return cls(proxies={}, verify=True)
        proxy = select_proxy(str(origin), get_environ_proxies(str(origin)))
        proxies = {origin.scheme: proxy} if proxy else {}
        return cls(proxies=proxies, verify=_ca_bundle() or True)

    @property
    def proxy_host(self) -> str | None:
        """The proxy's host and port without its password, for messages."""
        for proxy in self.proxies.values():
            # No parser: it would refuse what has to be named in a message.
            return one_line(proxy.rpartition("://")[2].rpartition("@")[2].split("/")[0])
        return None


class AnswerTooLarge(Exception):
    """A body of more bytes than we are willing to hold."""


class Exchange:
    """A pool of connections to one origin; any number of threads may use it.

    Parameters
    ----------
    origin : Origin
        Whom every request goes to.
    route : Route
        Proxy and certificates.
    headers : Mapping
        Sent with every request, and never anywhere else.
    timeouts : Timeouts
        In seconds.
    pool_size : int
        Connections kept open; more threads than that open and close their own.
    max_bytes : int
        Of a 200's body, after decompression.
    monotonic : Callable
        Seconds of a clock that never goes back.

    Raises
    ------
    SettingsError
        If the environment's proxy cannot be used.
    """

    def __init__(
        self,
        origin: Origin,
        route: Route,
        *,
        headers: Mapping[str, str],
        timeouts: Timeouts,
        pool_size: int,
        max_bytes: int,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._headers = dict(headers)
        self._whole = timeouts.whole
        self._timeout = Timeout(connect=timeouts.connect, read=timeouts.read)
        self._max_bytes = max_bytes
        self._monotonic = monotonic
        self._adapter = TimedAdapter(
            timeouts.whole, pool_connections=1, pool_maxsize=pool_size, max_retries=0
        )
        self._pool = _pool(self._adapter, origin, route)

    def get(self, path: str) -> Reply:
        """Send one request and read its answer to the end.

        Parameters
        ----------
        path : str
            At the origin, with its query.

        Raises
        ------
        AnswerTooLarge
            If a 200 holds more than `max_bytes`.
        requests.RequestException, urllib3.exceptions.HTTPError, OSError
            As they come: `faults.translate` knows them all.
        """
        deadline = self._monotonic() + self._whole
        response = self._send(path)
        try:
            body = self._body(response, deadline)
        finally:
            # A connection that has been read to the end is back in the pool already.
            response.close()
            response.release_conn()
        return Reply(response.status, response.headers, body)

    def close(self) -> None:
        """Close every connection that is not under way."""
        self._adapter.close()

    def _send(self, path: str) -> BaseHTTPResponse:
        """Send the request, and read the answer's head."""
        try:
            return self._pool.urlopen(
                "GET",
                path,
                headers=self._headers,
                retries=_ONE_ATTEMPT,
                redirect=False,
                assert_same_host=False,
                timeout=self._timeout,
                preload_content=False,
                decode_content=False,
            )
        except (ProtocolError, OSError) as error:
            # As requests says it, to tell a connection that broke from a body that was cut.
            raise requests.ConnectionError(error) from error

    def _body(self, response: BaseHTTPResponse, deadline: float) -> bytes:
        if response.status == 200:
            body = self._read(response, self._max_bytes, deadline)
            if len(body) > self._max_bytes:
                raise AnswerTooLarge
            return body
        try:
            return self._read(response, MAX_FAULT_BYTES, deadline)[:MAX_FAULT_BYTES]
        except (HTTPError, OSError):
            # The status has said enough; statuses that need their body take none as "not ours".
            return b""

    def _read(self, response: BaseHTTPResponse, limit: int, deadline: float) -> bytes:
        """Read until the end, or until more than `limit` bytes are there.

        urllib3 compares with Content-Length and raises where a body or a chunk is cut.
        """
        chunks: list[bytes] = []
        size = 0
        # read1 gives what has arrived; read would wait for a whole chunk, however long it drips.
        while size <= limit and (chunk := response.read1(_CHUNK, decode_content=True)):
            chunks.append(chunk)
            size += len(chunk)
            if self._monotonic() > deadline:
                raise TimeoutError(TOO_SLOW)
        return b"".join(chunks)


def _ca_bundle() -> str | None:
    """Return the environment's CA certificates, tried so that a bad path is told at the start."""
    for variable in _CA_VARIABLES:
        if path := os.environ.get(variable):
            _check_ca_bundle(variable, path)
            return path
    return None


def _check_ca_bundle(variable: str, path: str) -> None:
    try:
        if not os.path.isdir(path):
            ssl.create_default_context(cafile=path)
    except OSError as error:
        raise SettingsError(
            f"{variable} names no file of CA certificates: {one_line(path)}; correct or unset it"
        ) from error


def _pool(adapter: HTTPAdapter, origin: Origin, route: Route) -> HTTPConnectionPool:
    """Make the origin's pool as requests would; a bad proxy is told at the start."""
    request = requests.PreparedRequest()
    # Not prepared: requests would look at a host's name more narrowly than `parse_base_url`.
    request.url = f"{origin}/"
    try:
        pool = cast(
            HTTPConnectionPool,
            adapter.get_connection_with_tls_context(request, route.verify, dict(route.proxies)),
        )
    except (requests.RequestException, HTTPError, ValueError):
        # Not chained: some of these quote the proxy's address with its password.
        raise SettingsError(
            f"the proxy {route.proxy_host} of the environment cannot be used: correct or "
            "unset HTTPS_PROXY (a SOCKS proxy needs the package PySocks)"
        ) from None
    adapter.cert_verify(pool, request.url, route.verify, None)  # type: ignore[no-untyped-call]
    return pool
