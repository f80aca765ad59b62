"""One request to an image host, bounded in bytes and time.

Not the API's `Exchange`, which is made for one origin, undoes content encodings and sends
credentials: here there are many hosts, an image is compressed by itself (an encoding around it
could only be a bomb), and nothing is sent that says who we are.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import closing
from http import HTTPStatus
from typing import Final

import requests
from requests.adapters import HTTPAdapter

from graphcrawl.api.exchange import AnswerTooLarge, Reply, Route, Timeouts

_CHUNK: Final = 65_536
_HOSTS: Final = 16


class ImageExchange:
    """Pools of connections to image hosts; any number of threads may use it.

    Parameters
    ----------
    headers : Mapping
        Sent with every request.
    timeouts : Timeouts
        In seconds.
    pool_size : int
        Connections kept open to one host.
    max_bytes : int
        Of a body.
    monotonic : Callable
        Seconds of a clock that never goes back.
    """

    def __init__(
        self,
        *,
        headers: Mapping[str, str],
        timeouts: Timeouts,
        pool_size: int,
        max_bytes: int,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._timeouts = timeouts
        self._max_bytes = max_bytes
        self._monotonic = monotonic
        self._adapter = HTTPAdapter(pool_connections=_HOSTS, pool_maxsize=pool_size, max_retries=0)
        self._blank = requests.PreparedRequest()
        self._blank.prepare(method="GET", url="http://localhost/", headers=dict(headers))

    def get(self, url: str, route: Route) -> Reply:
        """Send one request, and read its body if it is a 200.

        Raises
        ------
        AnswerTooLarge
            If the body is longer than `max_bytes`, whatever its Content-Length says.
        requests.RequestException, urllib3.exceptions.HTTPError, OSError
            As they come: `faults.FOREIGN` names them all.
        """
        deadline = self._monotonic() + self._timeouts.whole
        request = self._blank.copy()
        request.url = url
        response = self._adapter.send(
            request,
            stream=True,
            timeout=(self._timeouts.connect, self._timeouts.read),
            verify=route.verify,
            proxies=dict(route.proxies),
        )
        with closing(response):
            found = response.status_code == HTTPStatus.OK
            body = self._read(response, deadline) if found else b""
        return Reply(response.status_code, response.headers, body)

    def close(self) -> None:
        """Close every connection that is not under way."""
        self._adapter.close()

    def _read(self, response: requests.Response, deadline: float) -> bytes:
        body = bytearray()
        # read1 gives what has arrived; read would wait for a whole chunk, however long it drips.
        while chunk := response.raw.read1(_CHUNK, decode_content=False):
            body += chunk
            if len(body) > self._max_bytes:
                raise AnswerTooLarge
            if self._monotonic() > deadline:
                raise TimeoutError("the image came too slowly")
        return bytes(body)
