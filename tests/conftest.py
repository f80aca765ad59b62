"""What every test stands on: no settings of whoever runs it, and where the real graph lies."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
from hypothesis import settings

ROOT: Final = Path(__file__).parents[1]
DATA: Final = "GRAPHCRAWL_TEST_DATA"
# Read once, before the fixtures below take every such variable away.
NAMED_DATA: Final = os.environ.get(DATA)

OURS: Final = ("HYPEAUDITOR_", "GRAPHCRAWL_")
COLOURS: Final = ("FORCE_COLOR", "CLICOLOR_FORCE", "PY_COLORS", "GITHUB_ACTIONS")
"""Variables by which rich and Typer write colour into a pipe."""

# A machine with other work on it is slow at times; that is no failure. All else stays as it was,
# with CI set too, where hypothesis repeats the same examples.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")

_numbers = itertools.count()


@dataclass(frozen=True)
class FacebookPages:
    """The files of the Facebook page graph: 22,470 pages, 170,823 mutual likes."""

    nodes: Path
    edges: Path


@pytest.fixture(scope="session")
def facebook_pages() -> FacebookPages:
    """The graph's files; a folder that was named must hold them, the usual one may."""
    base = Path(NAMED_DATA) if NAMED_DATA else ROOT.parent / "shared" / "data"
    folder = base / "facebook-pages"
    pages = FacebookPages(folder / "nodes.csv.gz", folder / "edges.csv.gz")
    if not (pages.nodes.is_file() and pages.edges.is_file()):
        if NAMED_DATA:
            pytest.fail(f"{DATA} names {base}, which does not hold the Facebook pages")
        pytest.skip(f"the Facebook pages are not there; {DATA} says where they are")
    return pages


@pytest.fixture(scope="session", autouse=True)
def _nobodys_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """No credentials, database, state or colours of whoever runs the tests."""
    folders = tmp_path_factory.mktemp("settings")
    with pytest.MonkeyPatch.context() as patch:
        for name in tuple(os.environ):
            if name.startswith(OURS) or name in COLOURS:
                patch.delenv(name)
        patch.setenv("NO_COLOR", "1")
        _point_at(folders / "session", patch)
        yield folders


@pytest.fixture(autouse=True)
def _folders_of_its_own(_nobodys_settings: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test waits for permits that another took, or reads its configuration."""
    _point_at(_nobodys_settings / str(next(_numbers)), monkeypatch)


def _point_at(folder: Path, patch: pytest.MonkeyPatch) -> None:
    # They need not exist: a new user's folders do not either.
    patch.setenv("GRAPHCRAWL_STATE_DIR", str(folder / "state"))
    patch.setenv("GRAPHCRAWL_CONFIG_DIR", str(folder / "config"))
