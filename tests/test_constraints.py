"""constraints.txt: every library has one exact version for each Python, and no address."""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator
from importlib import metadata
from typing import Any, Final

import pytest
from packaging.requirements import Requirement
from packaging.utils import NormalizedName, canonicalize_name
from packaging.version import Version

from tests.repository import ROOT

TEXT: Final = (ROOT / "constraints.txt").read_text(encoding="utf-8")
PINS: Final = tuple(Requirement(line) for line in TEXT.splitlines() if not line.startswith("#"))
PROJECT: Final[dict[str, Any]] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
PYTHONS: Final = ("3.11", "3.12", "3.13", "3.14")


def declared() -> Iterator[Requirement]:
    """What pyproject.toml names, extras and all."""
    project = PROJECT["project"]
    lists = [project["dependencies"], *project["optional-dependencies"].values()]
    for line in (line for lines in lists for line in lines):
        if canonicalize_name((named := Requirement(line)).name) != project["name"]:
            yield named


def pins(name: str, python: str) -> list[Version]:
    """The versions that hold for a library under a Python."""
    under = {"python_version": python, "python_full_version": f"{python}.0"}
    return [
        Version(next(iter(pin.specifier)).version)
        for pin in PINS
        if canonicalize_name(pin.name) == canonicalize_name(name)
        and (pin.marker is None or pin.marker.evaluate(under))
    ]


def test_every_line_is_one_exact_version() -> None:
    assert len(PINS) > 50
    for pin in PINS:
        assert re.fullmatch(r"==[\w.]+", str(pin.specifier)), pin
        assert pin.url is None
        assert not pin.extras


def test_no_address_no_hash_no_option() -> None:
    commands = [line for line in TEXT.splitlines() if not line.startswith("#")]
    assert not [line for line in commands if line.startswith("-")]
    assert not re.search(r"://|@|sha256|index-url|find-links|trusted-host", TEXT)


@pytest.mark.parametrize("python", PYTHONS)
def test_every_named_library_is_pinned_within_its_range(python: str) -> None:
    for named in declared():
        found = pins(named.name, python)
        assert len(found) == 1, named
        assert found[0] in named.specifier, named


def test_what_the_libraries_need_is_pinned_too() -> None:
    pinned = {canonicalize_name(pin.name) for pin in PINS}
    project = PROJECT["project"]
    waiting = [(named.name, named.extras) for named in declared()]
    seen: set[NormalizedName] = set()
    while waiting:
        name, extras = waiting.pop()
        seen.add(canonicalize_name(name))
        if not is_as_pinned(name):
            continue
        waiting += [
            (needed.name, needed.extras)
            for needed in needs(name, extras)
            if canonicalize_name(needed.name) not in {*seen, project["name"]}
        ]
    assert len(seen) > len(project["dependencies"])
    assert seen <= pinned


def is_as_pinned(name: str) -> bool:
    """Extras beyond the tests' own may not be here, and another version may need others."""
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    try:
        return Version(metadata.version(name)) in pins(name, python)
    except metadata.PackageNotFoundError:
        return False


def needs(name: str, extras: set[str]) -> Iterator[Requirement]:
    """What an installed library requires on this machine."""
    for line in metadata.requires(name) or ():
        needed = Requirement(line)
        if needed.marker is None or any(
            needed.marker.evaluate({"extra": extra}) for extra in {"", *extras}
        ):
            yield needed
