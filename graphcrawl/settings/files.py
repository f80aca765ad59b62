"""Settings in files: ``.env`` in a folder, TOML in the user's own."""

from __future__ import annotations

import difflib
import io
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from graphcrawl.errors import SettingsError
from graphcrawl.settings.values import SHOWN_PATH, VARIABLES
from graphcrawl.wording import printable

_TOML_LINE: Final = re.compile(r"at line (\d+)")
_SHOWN_KEY: Final = 40
_LARGEST_ID: Final = 10**30


@dataclass(frozen=True, slots=True)
class Source:
    """Some settings, and what to call the place they came from."""

    origin: str
    values: Mapping[str, str]


def read_dotenv(path: Path) -> dict[str, str | None]:
    """Read every variable of a ``.env``, to the letter; none where there is no such file.

    Raises
    ------
    SettingsError
        Where it is broken or cannot be read; one line that never shows a value.
    """
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
                f"{printable(str(path), SHOWN_PATH)}, line {line}: this is not NAME=value"
            )
        if binding.key is not None:
            found[binding.key] = binding.value
    return found


def read_config(path: Path) -> Source:
    """Read the configuration file; nothing where there is none.

    Raises
    ------
    SettingsError
        Where it is broken, cannot be read, or sets what is no setting; one line that never shows
        a value.
    """
    text = _read_text(path)
    shown = printable(str(path), SHOWN_PATH)
    try:
        table = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        number = _TOML_LINE.search(str(error))
        line = number.group(1) if number else text.count("\n") + 1
        raise SettingsError(f"{shown}, line {line}: this is not TOML") from None
    values = {key: _config_value(shown, key, value) for key, value in table.items()}
    return Source(str(path), {key: value for key, value in values.items() if value.strip()})


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


def _read_text(path: Path) -> str:
    """Read a file of settings; nothing where there is none."""
    shown = printable(str(path), SHOWN_PATH)
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
