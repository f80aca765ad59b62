"""Where answers come from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from graphcrawl.api import parse_base_url
from graphcrawl.model import Credentials, Origin
from graphcrawl.settings import VENDOR_HOST


@dataclass(frozen=True, slots=True)
class Access:
    """Where answers come from.

    Attributes
    ----------
    base_url : str
        Scheme and host.
    credentials : Credentials
    permits_path : Path or None
        The file of permits that all crawls of one user share; None: this crawl keeps no rate.
    demo : bool
        Whether it is the built-in simulator, whose address means nothing to anyone else.
    """

    base_url: str
    credentials: Credentials
    permits_path: Path | None
    demo: bool = False

    @property
    def origin(self) -> Origin:
        """The vendor's own host gives vendor data; whatever answers elsewhere stands in for it.

        Raises
        ------
        SettingsError
            If the address cannot be used.
        """
        return origin_at(self.base_url)


def origin_at(base_url: str) -> Origin:
    """Say whose data an address gives; see `Access.origin`."""
    address = parse_base_url(base_url)
    host = address.host.rstrip(".")
    ours = host == VENDOR_HOST or host.endswith("." + VENDOR_HOST)
    return Origin.VENDOR if ours and address.scheme == "https" else Origin.SIMULATED


def server_of(base_url: str) -> str:
    """Give host and port, the same however the address is written.

    Raises
    ------
    SettingsError
        If the address cannot be used.
    """
    address = parse_base_url(base_url)
    return str(address).partition("://")[2].rstrip(".")
