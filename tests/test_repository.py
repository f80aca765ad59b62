"""What no file of the project may hold."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

from tests.repository import ROOT, files

# One letter of each stands in brackets, so that this file does not hold what it looks for.
REGISTRIES: Final = re.compile(
    r"py[p]i\.org|python[h]osted|npm[j]s\.(?:com|org)|un[p]kg\.com|js[d]elivr|cdn[j]s|"
    r"conda\.[a]naconda|art[i]factory|proxy\.[g]olang|crates\.[i]o"
)
MACHINES: Final = re.compile(r"(?<![\w.])/(?:ro[o]t|ho[m]e/\w+|Us[e]rs/\w+|w[o]rk)/")
SECRETS: Final = re.compile(
    r"-----BEG[I]N [A-Z ]*PRIVATE KEY|AK[I]A[0-9A-Z]{16}|gh[pousr]_\w{36}|"
    r"(?i:token|secret|passw(?:or)?d|api[_-]?key)[\"']?\s*[:=]\s*[\"']?"
    r"(?=[\w-]*\d)(?=[\w-]*[a-z])[\w-]{24,}"
)
UNFINISHED: Final = re.compile(r"\b(?:TO[D]O|FIX[M]E|X[X]X)\b")


def found(pattern: re.Pattern[str]) -> list[str]:
    """File and text of each place."""
    return [
        f"{path.relative_to(ROOT)}: {place[0][:60]}"
        for path in files()
        for place in pattern.finditer(text_of(path))
    ]


def text_of(path: Path) -> str:
    return path.read_bytes().decode("utf-8", "replace")


@pytest.mark.parametrize("pattern", [REGISTRIES, MACHINES, SECRETS, UNFINISHED])
def test_no_file_holds(pattern: re.Pattern[str]) -> None:
    assert found(pattern) == []


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (REGISTRIES, "https://py" + "pi.org/simple"),
        (REGISTRIES, "https://cdn.js" + "delivr.net/npm/vis-network"),
        (MACHINES, "cd /ho" + "me/someone/graphcrawl"),
        (SECRETS, "HYPEAUDITOR_TOKEN" + "=9c4b7e2a1d3f59c4b7e2a1d3f5"),
        (SECRETS, '"x-auth-token"' + ': "9c4b7e2a1d3f59c4b7e2a1d3f5"'),
        (UNFINISHED, "TO" + "DO: later"),
    ],
)
def test_what_is_looked_for_is_seen(pattern: re.Pattern[str], text: str) -> None:
    assert pattern.search(text)


def test_maps_and_databases_stay_out() -> None:
    kept = [path.relative_to(ROOT).as_posix() for path in files("output")]
    assert [name for name in kept if name.endswith((".db", ".sqlite"))] == []
