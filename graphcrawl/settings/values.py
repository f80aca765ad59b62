"""One frozen value of all settings, and what of them can serve."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from ipaddress import ip_address
from pathlib import Path
from types import MappingProxyType
from typing import Final
from urllib.parse import urlsplit

from graphcrawl.errors import MissingCredentials, SettingsError
from graphcrawl.model import Credentials
from graphcrawl.wording import printable

DEFAULT_URL: Final = "https://hypeauditor.com"
VENDOR_HOST: Final = "hypeauditor.com"
CONFIG_NAME: Final = "config.toml"
DOTENV: Final = ".env"

VARIABLES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "client_id": "HYPEAUDITOR_ID",
        "token": "HYPEAUDITOR_TOKEN",
        "url": "HYPEAUDITOR_URL",
        "db": "GRAPHCRAWL_DB",
    }
)
"""Each setting (a key of the configuration file) and its environment variable."""

SHOWN_PATH: Final = 200
"""Characters of a path in a message."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What graphcrawl is to work with.

    A repr shows neither the credentials nor the addresses: the database's may hold a password.

    Attributes
    ----------
    client_id, token : str or None
        The vendor's; both can go into a header.
    url : str
        Scheme and host of the API, as it was given.
    db : str
        A file's path, or a SQLAlchemy URL.
    state_dir : Path
        Folder of what one user's crawls share, such as the permits.
    config_dir : Path
        Folder of ``config.toml``.
    origins : Mapping
        Where client_id, token, url and db came from: ``flag``, ``environment``, ``.env``, the
        configuration file's path, ``default``, or ``not set``.
    """

    client_id: str | None = field(repr=False)
    token: str | None = field(repr=False)
    url: str = field(repr=False)
    db: str = field(repr=False)
    state_dir: Path
    config_dir: Path
    origins: Mapping[str, str] = field(hash=False)

    @property
    def credentials(self) -> Credentials | None:
        """Client ID and token, where both are set."""
        if self.client_id is None or self.token is None:
            return None
        return Credentials(client_id=self.client_id, token=self.token)

    def require_credentials(self) -> Credentials:
        """Give client ID and token.

        Returns
        -------
        Credentials

        Raises
        ------
        MissingCredentials
            With what is missing and where it can be set.
        SettingsError
            If the folder's ``.env`` would have a token from elsewhere sent to a strange server:
            whoever unpacks a foreign folder and works in it has not chosen that.
        """
        found = self.credentials
        if found is None:
            raise MissingCredentials(self._what_is_missing())
        if self._is_led_astray():
            origin = printable(self.origins["token"], SHOWN_PATH)
            raise SettingsError(
                f"the .env file in this folder sets {VARIABLES['url']} to another server, and "
                f"the token (from {origin}) is not for it: nothing was sent; set "
                f"{VARIABLES['url']} in the environment if you mean it"
            )
        return found

    def _is_led_astray(self) -> bool:
        of_this_folder = self.origins["url"] == DOTENV and self.origins["token"] != DOTENV
        return of_this_folder and not _is_usual_server(self.url)

    def _what_is_missing(self) -> str:
        missing = [name for name in ("client_id", "token") if getattr(self, name) is None]
        variables = " and ".join(VARIABLES[name] for name in missing)
        config = printable(str(self.config_dir / CONFIG_NAME), SHOWN_PATH)
        return (
            f"{variables} {'is' if len(missing) == 1 else 'are'} not set: set "
            f"{'it' if len(missing) == 1 else 'them'} in the environment, in a .env file in "
            f"this folder, or as {' and '.join(missing)} in {config} (graphcrawl login does); "
            "to try graphcrawl without credentials, add --demo"
        )


def with_credentials(settings: Settings, client_id: str, token: str, *, origin: str) -> Settings:
    """Give the same settings with other credentials.

    Parameters
    ----------
    client_id, token : str
        Space around them does not count.
    origin : str
        What to call the place they came from.

    Raises
    ------
    SettingsError
        Where one is empty or cannot go into a header; one line that never shows a value.
    """
    given = {"client_id": client_id, "token": token}
    for name, value in given.items():
        if not value.strip():
            raise SettingsError(f"{VARIABLES[name]} (from {origin}) is empty")
    return replace(
        settings,
        client_id=header_value("client_id", client_id, origin),
        token=header_value("token", token, origin),
        origins=MappingProxyType({**settings.origins, **dict.fromkeys(given, origin)}),
    )


def header_value(name: str, value: str, origin: str) -> str:
    """Give a secret without the space around it.

    Raises
    ------
    SettingsError
        If it cannot go into a header; one line that never shows it.
    """
    secret = value.strip()
    where = f"{VARIABLES[name]} (from {printable(origin, SHOWN_PATH)})"
    if any(unicodedata.category(c) in {"Cc", "Cf"} or c.isspace() for c in secret):
        raise SettingsError(f"{where} holds a space or a control character: copy it again")
    if any(ord(c) > 0xFF for c in secret):
        raise SettingsError(f"{where} holds a character that no header can carry: copy it again")
    return secret


def _is_usual_server(url: str) -> bool:
    """Tell whether an address is the vendor's, or on this machine."""
    try:
        host = (urlsplit(url.strip()).hostname or "").rstrip(".")
    except ValueError:
        return False
    if host == VENDOR_HOST or host.endswith(f".{VENDOR_HOST}") or host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
