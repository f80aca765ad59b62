"""Client ID and token in the user's configuration file: stored for the user alone, taken out."""

from __future__ import annotations

import json
import os
import re
import stat
import tempfile
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from graphcrawl.errors import FileRefused
from graphcrawl.model import Credentials
from graphcrawl.settings import CONFIG_NAME
from graphcrawl.wording import printable

FOR_US_ALONE: Final = 0o600
FOLDER_FOR_US_ALONE: Final = 0o700

_KEYS: Final = ("client_id", "token")
_LINE: Final = re.compile(r"""\s*["']?(client_id|token)["']?\s*=""")
_SHOWN_PATH: Final = 200


def store_credentials(config_dir: Path, credentials: Credentials) -> Path:
    """Write credentials into the configuration file, which only its owner may read from then on.

    Other settings in it stay, and so do comments. The file is replaced in one step: whatever
    happens, it holds either all of the old or all of the new.

    Parameters
    ----------
    config_dir : Path
        Made, for the user alone, where it is absent.
    credentials : Credentials

    Returns
    -------
    Path
        The file.

    Raises
    ------
    FileRefused
        If file or folder is a link or belongs to someone else, if others may write into the
        folder, or if it cannot be written.
    """
    path = config_dir / CONFIG_NAME
    values = {"client_id": credentials.client_id, "token": credentials.token}
    try:
        _make_folder(config_dir)
        _replace(path, _edited(_read(path), values))
    except OSError as error:
        raise _failed(path, error) from error
    return path


def forget_credentials(config_dir: Path) -> Path | None:
    """Take credentials out of the configuration file; a file without anything else goes too.

    Returns
    -------
    Path or None
        The file that held some; None: it held none.

    Raises
    ------
    FileRefused
        As `store_credentials` does.
    """
    path = config_dir / CONFIG_NAME
    try:
        if not path.is_symlink() and not path.exists():
            return None
        text = _read(path)
        if not tomllib.loads(text).keys() & set(_KEYS):
            return None
        rest = _edited(text, {})
        if rest.strip():
            _replace(path, rest)
        else:
            path.unlink()
    except OSError as error:
        raise _failed(path, error) from error
    return path


def _make_folder(folder: Path) -> None:
    if not folder.is_symlink() and not folder.exists():
        folder.mkdir(parents=True)
        # Said outright: the mode of mkdir is what the umask leaves of it.
        folder.chmod(FOLDER_FOR_US_ALONE)


def _failed(path: Path, error: OSError) -> FileRefused:
    return FileRefused(f"{_shown(path)} cannot be written: {error.strerror or 'it failed'}")


def _shown(path: Path) -> str:
    return printable(str(path), _SHOWN_PATH)


def _read(path: Path) -> str:
    """Read the file, if it and its folder are ours alone to change."""
    _refuse_folder(path.parent)
    try:
        about = path.lstat()
    except FileNotFoundError:
        return ""
    if stat.S_ISLNK(about.st_mode):
        raise FileRefused(f"{_shown(path)} is a link; write into the file that it leads to")
    if not stat.S_ISREG(about.st_mode) or _is_of_others(about):
        raise FileRefused(f"{_shown(path)} is no file of yours; move it away")
    # As bytes: the ends of lines stay what they are.
    return path.read_bytes().decode("utf-8-sig")


def _refuse_folder(folder: Path) -> None:
    about = folder.lstat()
    if stat.S_ISLNK(about.st_mode) or _is_of_others(about):
        raise FileRefused(
            f"the folder {_shown(folder)} is a link or not yours; name another one in "
            "GRAPHCRAWL_CONFIG_DIR"
        )
    if os.name == "posix" and about.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise FileRefused(
            f"others may write into the folder {_shown(folder)}: take that right away (chmod go-w)"
        )


def _is_of_others(about: os.stat_result) -> bool:
    # Windows has no such numbers; there a user's folder is the user's.
    user = getattr(os, "geteuid", None)
    return user is not None and about.st_uid != user()


def _edited(text: str, values: Mapping[str, str]) -> str:
    """Give a configuration with other credentials; line by line where that keeps its meaning."""
    before = tomllib.loads(text)
    wanted: dict[str, Any] = {key: held for key, held in before.items() if key not in _KEYS}
    wanted |= values
    kept = [line for line in text.splitlines(keepends=True) if not _LINE.match(line)]
    if kept and not kept[-1].endswith("\n"):
        kept[-1] += "\n"
    edited = "".join(kept) + _assignments(values)
    if _meaning(edited) == wanted:
        return edited
    # A text of several lines was among them, or a line that only looked like one of ours.
    return _assignments(wanted)


def _assignments(values: Mapping[str, object]) -> str:
    return "".join(f"{key} = {_quoted(str(value))}\n" for key, value in values.items())


def _quoted(text: str) -> str:
    """Write a text as TOML: as JSON, but for DEL, which TOML wants escaped."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _meaning(text: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None


def _replace(path: Path, text: str) -> None:
    # mkstemp makes its file for us alone, whatever the umask allows or forbids.
    number, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with open(number, "wb") as file:
            file.write(text.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, FOR_US_ALONE)
        os.replace(name, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(name)
        raise
