"""Flags, environment, ``.env`` and configuration file to one frozen `Settings`.

Nobody else reads the environment. For each setting the first source that has it counts: flag,
environment, ``.env`` in the current folder, configuration file, default.
"""

from __future__ import annotations

import difflib
import io
import os
import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from ipaddress import ip_address
from pathlib import Path
from types import MappingProxyType
from typing import Final
from urllib.parse import urlsplit

import platformdirs

from graphcrawl.errors import MissingCredentials, SettingsError
from graphcrawl.model import Credentials
from graphcrawl.wording import printable

DEFAULT_URL: Final = "https://hypeauditor.com"
VENDOR_HOST: Final = "hypeauditor.com"
CONFIG_NAME: Final = "config.toml"
NOT_SET: Final = "not set"
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

STATE_DIR_VARIABLE: Final = "GRAPHCRAWL_STATE_DIR"
CONFIG_DIR_VARIABLE: Final = "GRAPHCRAWL_CONFIG_DIR"

COMPLETE_VARIABLE: Final = "_GRAPHCRAWL_COMPLETE"
"""By it a shell asks for completions."""

_SECRETS: Final = frozenset({"client_id", "token"})
_TOML_LINE: Final = re.compile(r"at line (\d+)")
_SHOWN_PATH: Final = 200
_SHOWN_KEY: Final = 40
_LARGEST_ID: Final = 10**30


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
            origin = printable(self.origins["token"], _SHOWN_PATH)
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
        config = printable(str(self.config_dir / CONFIG_NAME), _SHOWN_PATH)
        return (
            f"{variables} {'is' if len(missing) == 1 else 'are'} not set: set "
            f"{'it' if len(missing) == 1 else 'them'} in the environment, in a .env file in "
            f"this folder, or as {' and '.join(missing)} in {config} (graphcrawl login does); "
            "to try graphcrawl without credentials, add --demo"
        )


@dataclass(frozen=True, slots=True)
class _Source:
    """Some settings, and what to call the place they came from."""

    origin: str
    values: Mapping[str, str]


def current_settings(**flags: object | None) -> Settings:
    """Load the settings of this process: its environment and its current folder.

    Parameters
    ----------
    **flags : object or None
        As in `load_settings`.

    Returns
    -------
    Settings

    Raises
    ------
    SettingsError
        As `load_settings`.
    """
    return load_settings(flags=flags, environ=os.environ, cwd=current_folder())


def current_folder() -> Path:
    """Give the folder that this process runs in.

    Raises
    ------
    SettingsError
        If it is gone, or closed to this user.
    """
    try:
        return Path.cwd()
    except OSError as error:
        raise SettingsError(
            f"the current folder cannot be used: {error.strerror or error}; change to another one"
        ) from error


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
        client_id=_header_value("client_id", client_id, origin),
        token=_header_value("token", token, origin),
        origins=MappingProxyType({**settings.origins, **dict.fromkeys(given, origin)}),
    )


def wants_color() -> bool:
    """Tell whether ``NO_COLOR`` leaves colours allowed."""
    return not os.environ.get("NO_COLOR")


def bash_words() -> tuple[str, int] | None:
    """Give the words of the line that bash completes, and which one; None if none is asked for."""
    at = os.environ.get("COMP_CWORD", "")
    if os.environ.get(COMPLETE_VARIABLE) != "complete_bash" or not at.isdecimal():
        return None
    return os.environ.get("COMP_WORDS", ""), int(at)


def replace_bash_words(words: str, at: int) -> None:
    """Let other words stand for those that `bash_words` gives."""
    os.environ.update({"COMP_WORDS": words, "COMP_CWORD": str(at)})


def load_settings(
    *,
    flags: Mapping[str, object | None],
    environ: Mapping[str, str],
    cwd: Path,
    config_dir: Path | None = None,
) -> Settings:
    """Find every setting's value and where it came from.

    Parameters
    ----------
    flags : Mapping
        ``url`` and ``db``, where the command line gave them; None is not given. A secret is
        never a flag.
    environ : Mapping
        The environment; it is not changed, and an empty value counts as unset.
    cwd : Path
        Folder of ``.env`` and of the default database. Of ``.env`` only graphcrawl's own
        variables are read, to the letter: ``${NAME}`` in it is not replaced.
    config_dir : Path or None
        Folder of the configuration file; None is ``GRAPHCRAWL_CONFIG_DIR`` or the user's own.

    Returns
    -------
    Settings

    Raises
    ------
    SettingsError
        Where a file is broken or a value cannot serve; one line that never shows a value.
    """
    config_dir = config_dir or _folder(
        environ, CONFIG_DIR_VARIABLE, cwd, platformdirs.user_config_path("graphcrawl", False)
    )
    sources = [
        _Source("flag", _from_flags(flags)),
        _Source("environment", _from_variables(environ)),
        _Source(DOTENV, _from_variables(_read_dotenv(cwd / ".env"))),
        _read_config(config_dir / CONFIG_NAME),
        _Source("default", {"url": DEFAULT_URL, "db": str(cwd / "output" / "graph.db")}),
    ]
    values, origins = _choose(sources)
    return Settings(
        client_id=values.get("client_id"),
        token=values.get("token"),
        url=values["url"],
        db=os.path.expanduser(values["db"]),
        state_dir=_folder(
            environ, STATE_DIR_VARIABLE, cwd, platformdirs.user_state_path("graphcrawl", False)
        ),
        config_dir=config_dir,
        origins=MappingProxyType(origins),
    )


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


def _folder(environ: Mapping[str, str], variable: str, cwd: Path, default: Path) -> Path:
    given = environ.get(variable, "").strip()
    return cwd / os.path.expanduser(given) if given else default


def _choose(sources: Sequence[_Source]) -> tuple[dict[str, str], dict[str, str]]:
    values: dict[str, str] = {}
    origins = dict.fromkeys(VARIABLES, NOT_SET)
    for source in reversed(sources):
        values.update(source.values)
        origins.update(dict.fromkeys(source.values, source.origin))
    for name in _SECRETS & values.keys():
        values[name] = _header_value(name, values[name], origins[name])
    return values, origins


def _header_value(name: str, value: str, origin: str) -> str:
    secret = value.strip()
    where = f"{VARIABLES[name]} (from {printable(origin, _SHOWN_PATH)})"
    if any(unicodedata.category(c) in {"Cc", "Cf"} or c.isspace() for c in secret):
        raise SettingsError(f"{where} holds a space or a control character: copy it again")
    if any(ord(c) > 0xFF for c in secret):
        raise SettingsError(f"{where} holds a character that no header can carry: copy it again")
    return secret


def _from_flags(flags: Mapping[str, object | None]) -> dict[str, str]:
    given = {name: str(value) for name, value in flags.items() if value is not None}
    if stranger := given.keys() - (VARIABLES.keys() - _SECRETS):
        raise ValueError(f"no such flag: {', '.join(sorted(stranger))}")
    for name, value in given.items():
        if not value.strip():
            raise SettingsError(f"--{name} is empty")
    return given


def _from_variables(variables: Mapping[str, str | None]) -> dict[str, str]:
    found = {name: variables.get(variable) or "" for name, variable in VARIABLES.items()}
    return {name: value for name, value in found.items() if value.strip()}


def _read_text(path: Path) -> str:
    """Read a file of settings; nothing where there is none."""
    shown = printable(str(path), _SHOWN_PATH)
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise SettingsError(f"Cannot read {shown}: {error.strerror or 'it failed'}") from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        # `from None` here and below: the cause would carry the file's text, secrets and all.
        raise SettingsError(f"{shown}, line {line}: this is not UTF-8 text") from None


def _read_dotenv(path: Path) -> dict[str, str | None]:
    # A folder of this name is somebody's virtual environment, and no fault. What cannot even be
    # looked at is one, told below; Path.is_dir would raise.
    if os.path.isdir(path):
        return {}
    text = _read_text(path)
    if not text:
        return {}
    # Imported where a .env is: most runs have none, and it costs them time at the start.
    from dotenv.parser import parse_stream

    found: dict[str, str | None] = {}
    for binding in parse_stream(io.StringIO(text)):
        if binding.error:
            # A binding begins with the blank lines before it.
            original = binding.original
            blank = len(original.string) - len(original.string.lstrip())
            line = original.line + original.string.count("\n", 0, blank)
            raise SettingsError(
                f"{printable(str(path), _SHOWN_PATH)}, line {line}: this is not NAME=value"
            )
        if binding.key is not None:
            found[binding.key] = binding.value
    return found


def _read_config(path: Path) -> _Source:
    text = _read_text(path)
    shown = printable(str(path), _SHOWN_PATH)
    try:
        table = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        number = _TOML_LINE.search(str(error))
        line = number.group(1) if number else text.count("\n") + 1
        raise SettingsError(f"{shown}, line {line}: this is not TOML") from None
    values = {key: _config_value(shown, key, value) for key, value in table.items()}
    return _Source(str(path), {key: value for key, value in values.items() if value.strip()})


def _config_value(shown: str, key: str, value: object) -> str:
    if key not in VARIABLES:
        near = difflib.get_close_matches(key[:_SHOWN_KEY], VARIABLES, n=1)
        hint = f" (did you mean {near[0]}?)" if near else ""
        raise SettingsError(
            f"{shown}: there is no setting '{printable(key, _SHOWN_KEY)}'{hint}; "
            f"there are {', '.join(VARIABLES)}"
        )
    # A client ID made of digits is easily written without quotes.
    if key == "client_id" and type(value) is int and 0 <= value < _LARGEST_ID:
        return str(value)
    if not isinstance(value, str):
        raise SettingsError(f"{shown}: {key} must be a text in quotes")
    return value
