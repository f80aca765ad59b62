"""Where requests may go: one scheme, host and port, and nowhere else."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import ip_address
from string import punctuation
from typing import Final
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from graphcrawl.errors import SettingsError

DEFAULT_BASE_URL: Final = "https://hypeauditor.com"

_PORTS: Final = {"http": 80, "https": 443}
_HOST: Final = re.compile(
    r"(?=.{1,253}\Z)LABEL(?:\.LABEL)*\.?".replace(
        "LABEL", r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
    )
)
_KEPT: Final = "".join(set(punctuation) - {"\\"})
_NEXT_STEP: Final = f"give scheme and host only, such as {DEFAULT_BASE_URL}"


@dataclass(frozen=True, slots=True)
class Origin:
    """A scheme, a host and a port: what a token may be sent to.

    Attributes
    ----------
    scheme : str
        ``http`` or ``https``.
    host : str
        Lower case; an IPv6 address without brackets.
    port : int
        The scheme's own where the address names none.
    """

    scheme: str
    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == _PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}"

    @property
    def is_loopback(self) -> bool:
        """Whether requests stay on this machine."""
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return self.host in ("localhost", "localhost.")


def parse_base_url(text: str) -> Origin:
    """Read the API's address.

    Parameters
    ----------
    text : str
        Scheme and host, maybe a port, maybe a closing slash; nothing else.

    Returns
    -------
    Origin
        Where every request will go.

    Raises
    ------
    SettingsError
        If it is anything else, or if the token would travel in clear. What was given is not
        repeated, since a password may stand in it.
    """
    parts = _split(text)
    if parts is None or parts.path not in ("", "/") or set(text) & set("?#"):
        raise SettingsError(f"the API's address cannot be used: {_NEXT_STEP}")
    origin = _origin(parts)
    if origin is None:
        raise SettingsError(f"the API's address names no usable host: {_NEXT_STEP}")
    if origin.scheme == "http" and not origin.is_loopback:
        raise SettingsError(
            "the API's address is http, which would send the token in clear: use https"
        )
    return origin


def origin_of(url: str) -> Origin | None:
    """Tell where an address leads; None where that cannot be told, or with user information."""
    parts = _split(url)
    return None if parts is None else _origin(parts)


def next_url(current: str, location: str) -> tuple[str, Origin | None]:
    """Resolve a redirect's target.

    Parameters
    ----------
    current : str
        The address that redirected.
    location : str
        Its ``Location`` header, as it came.

    Returns
    -------
    tuple of str and (Origin or None)
        The absolute address, and where it leads; None where that cannot be told, or where it
        holds user information, which would become a header of its own.
    """
    try:
        joined = urljoin(current, quote(location, safe=_KEPT, encoding="latin-1"))
    except ValueError:
        return "", None
    parts = _split(joined)
    return joined, _origin(parts) if parts is not None else None


def _split(text: str) -> SplitResult | None:
    """Parts of an address of printable ASCII without user information."""
    # urlsplit silently drops line ends and leading blanks, and browsers read "\" as "/".
    if not text.isascii() or not text.isprintable() or set(text) & set(" \\"):
        return None
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    return None if "@" in parts.netloc or parts.scheme not in _PORTS else parts


def _origin(parts: SplitResult) -> Origin | None:
    try:
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return None
    if port == 0 or parts.netloc.endswith(":") or not _is_host(host):
        return None
    return Origin(parts.scheme, host, _PORTS[parts.scheme] if port is None else port)


def _is_host(host: str) -> bool:
    if ":" not in host:
        return _HOST.fullmatch(host) is not None
    try:
        return ip_address(host).version == 6 and "%" not in host
    except ValueError:
        return False
