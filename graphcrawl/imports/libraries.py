"""Libraries that only some formats need."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from graphcrawl.errors import InputError
from graphcrawl.wording import how_to_install


def check_library(path: Path, *, format: str, module: str) -> None:
    """Refuse a file whose library is not installed; the format's name is the extra's.

    Raises
    ------
    InputError
    """
    if find_spec(module) is None:
        raise InputError(
            f"{path}: {format} needs {module}, which is not installed: {how_to_install(format)}"
        )
