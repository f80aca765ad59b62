"""The project's own files, as git sees them."""

from __future__ import annotations

import functools
import subprocess
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[1]


@functools.cache
def files(*patterns: str) -> tuple[Path, ...]:
    """Every file that is tracked, or new and not ignored."""
    if not (ROOT / ".git").exists():
        pytest.skip("needs a git clone", allow_module_level=True)
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *patterns],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    names = listed.stdout.decode().split("\0")
    return tuple(path for name in sorted({*names} - {""}) if (path := ROOT / name).is_file())
