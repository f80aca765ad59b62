"""Each setting's value, and where it came from: the first source that has it counts."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Final

import platformdirs

from graphcrawl.errors import SettingsError
from graphcrawl.settings.files import Source, read_config, read_dotenv
from graphcrawl.settings.values import (
    CONFIG_NAME,
    DEFAULT_URL,
    DOTENV,
    VARIABLES,
    Settings,
    header_value,
)

STATE_DIR_VARIABLE: Final = "GRAPHCRAWL_STATE_DIR"
CONFIG_DIR_VARIABLE: Final = "GRAPHCRAWL_CONFIG_DIR"

_NOT_SET: Final = "not set"
_SECRETS: Final = frozenset({"client_id", "token"})


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
        Source("flag", _from_flags(flags)),
        Source("environment", _from_variables(environ)),
        Source(DOTENV, _from_variables(read_dotenv(cwd / DOTENV))),
        read_config(config_dir / CONFIG_NAME),
        Source("default", {"url": DEFAULT_URL, "db": str(cwd / "output" / "graph.db")}),
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


def _folder(environ: Mapping[str, str], variable: str, cwd: Path, default: Path) -> Path:
    given = environ.get(variable, "").strip()
    return cwd / os.path.expanduser(given) if given else default


def _choose(sources: Sequence[Source]) -> tuple[dict[str, str], dict[str, str]]:
    values: dict[str, str] = {}
    origins = dict.fromkeys(VARIABLES, _NOT_SET)
    for source in reversed(sources):
        values.update(source.values)
        origins.update(dict.fromkeys(source.values, source.origin))
    for name in _SECRETS & values.keys():
        values[name] = header_value(name, values[name], origins[name])
    return values, origins


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
