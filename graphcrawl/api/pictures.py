"""Fetching avatars: from the networks' own image hosts and the vendor's, and from nowhere else.

An avatar's address is text from the network. Whoever could choose it could make us ask any server
for anything, so it is checked here and once more at a redirect, and what we send tells nothing: no
credentials, no cookies. That a listed name really is that host is what its certificate proves.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from types import TracebackType
from typing import Final, Self

from graphcrawl.api.address import Origin, next_url, origin_of
from graphcrawl.api.exchange import Reply, Route, Timeouts
from graphcrawl.api.faults import FOREIGN
from graphcrawl.api.image_exchange import ImageExchange
from graphcrawl.api.thumbnails import make_thumbnail
from graphcrawl.errors import GraphcrawlError
from graphcrawl.model import Thumbnail

IMAGE_HOSTS: Final = (
    "hypeauditor.com",
    # Instagram
    "cdninstagram.com",
    "fbcdn.net",
    # YouTube
    "ytimg.com",
    "ggpht.com",
    "googleusercontent.com",
    # Twitter
    "twimg.com",
    # TikTok
    "tiktokcdn.com",
    "tiktokcdn-us.com",
    "tiktokcdn-eu.com",
    # Twitch
    "jtvnw.net",
    # Snapchat
    "sc-cdn.net",
    "snapchat.com",
)
"""Domains whose hosts are asked for pictures, over https alone."""

MAX_PICTURE_BYTES: Final = 524_288
"""Read of one image; the vendor's have some ten thousand."""

PICTURE_TIMEOUTS: Final = Timeouts(connect=5.0, read=5.0, whole=10.0)

MAX_PICTURE_REDIRECTS: Final = 1

_HTTPS_PORT: Final = 443
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_HEADERS: Final = {
    "accept": "image/webp,image/png,image/jpeg,image/gif",
    "accept-encoding": "identity",
}


@dataclass(frozen=True, slots=True)
class PictureHosts:
    """Which addresses are asked for pictures.

    Attributes
    ----------
    domains : tuple of str
        These and what is below them, over https on its own port.
    origin : Origin or None
        One scheme, host and port besides: a simulator's.
    """

    domains: tuple[str, ...] = IMAGE_HOSTS
    origin: Origin | None = None

    @classmethod
    def of_simulator(cls, origin: Origin) -> PictureHosts:
        """Allow what stands in for the vendor, if it is on this machine, and nothing else."""
        return cls((), origin if origin.is_loopback else None)

    def allows(self, url: str) -> bool:
        """Tell whether an address is one of them."""
        return self.includes(origin_of(url))

    def includes(self, origin: Origin | None) -> bool:
        """Tell whether an origin is one of them."""
        if origin is None:
            return False
        if origin == self.origin:
            return True
        return (
            origin.scheme == "https"
            and origin.port == _HTTPS_PORT
            and any(
                origin.host == domain or origin.host.endswith(f".{domain}")
                for domain in self.domains
            )
        )


class PictureClient:
    """Fetches avatars as thumbnails; any number of threads may share one.

    Parameters
    ----------
    hosts : PictureHosts
    timeouts : Timeouts
        In seconds.
    pool_size : int
        Connections kept open to one host: as many as there are threads that fetch.
    user_agent : str
        How we introduce ourselves.

    Notes
    -----
    Proxies (with NO_PROXY) and the CA bundle are the environment's; netrc is never read.
    """

    def __init__(
        self,
        hosts: PictureHosts,
        *,
        timeouts: Timeouts = PICTURE_TIMEOUTS,
        pool_size: int = 4,
        user_agent: str = "graphcrawl",
    ) -> None:
        self._hosts = hosts
        self._route_to = lru_cache(maxsize=256)(Route.from_environment)
        self._exchange = ImageExchange(
            headers={**_HEADERS, "user-agent": user_agent},
            timeouts=timeouts,
            pool_size=pool_size,
            max_bytes=MAX_PICTURE_BYTES,
        )

    def allows(self, url: str) -> bool:
        """Tell whether an address is asked at all."""
        return self._hosts.allows(url)

    def fetch(self, url: str) -> Thumbnail | None:
        """Fetch an image and make it small.

        Parameters
        ----------
        url : str
            Nothing is sent to one that is not allowed.

        Returns
        -------
        Thumbnail or None
            None whatever went wrong: a picture is never worth more than that.
        """
        try:
            reply = self._reply(url)
        except (*FOREIGN, GraphcrawlError, ValueError):
            return None
        # The body of anything but a 200 is not read.
        return None if reply is None else make_thumbnail(reply.body)

    def close(self) -> None:
        """Close the connections that are not under way."""
        self._exchange.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _reply(self, url: str) -> Reply | None:
        """Return the answer at the end of redirects; None where one leads out of the list."""
        origin = origin_of(url)
        for _ in range(MAX_PICTURE_REDIRECTS + 1):
            if origin is None or not self._hosts.includes(origin):
                return None
            reply = self._exchange.get(url, self._route_to(origin))
            location = reply.headers.get("Location")
            if reply.status not in _REDIRECTS or location is None:
                return reply
            url, origin = next_url(url, location)
        return None
