"""Rooms that are loaded by theme offer what they say, from where they say."""

from __future__ import annotations

import ast
import subprocess
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest

from graphcrawl.doors import door
from tests.repository import ROOT, files

TYPED = "TYPE_CHECKING"

ROOMS = sorted(
    ".".join(path.relative_to(ROOT).parent.parts)
    for path in files("graphcrawl/*__init__.py")
    if "= door(" in path.read_text(encoding="utf-8")
)


def typed(room: str) -> dict[str, str]:
    """What type checkers are told: each name and the module that it is of."""
    spec = find_spec(room)
    assert spec is not None
    assert spec.origin is not None
    tree = ast.parse(Path(spec.origin).read_text(encoding="utf-8"))
    (block,) = (
        one for one in tree.body if isinstance(one, ast.If) and ast.unparse(one.test) == TYPED
    )
    return {
        alias.name: f"{node.module}"
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def test_some_rooms_have_doors() -> None:
    assert {"graphcrawl.store", "graphcrawl.findings"} <= set(ROOMS)


@pytest.mark.parametrize("room", ROOMS)
def test_a_door_gives_what_type_checkers_are_told(room: str) -> None:
    opened = import_module(room)
    told = typed(room)
    assert set(told) <= set(opened.__all__)
    for name in opened.__all__:
        found = getattr(opened, name)
        if name in told:
            assert found is getattr(import_module(told[name]), name)


@pytest.mark.parametrize("room", ROOMS)
def test_a_door_loads_no_theme_by_itself(room: str) -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", f"import {room}, sys; print(*sys.modules)"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
    assert not set(typed(room).values()) & set(loaded)


def test_an_unknown_name_is_an_attribute_that_is_missing() -> None:
    with pytest.raises(AttributeError, match="'graphcrawl' has no attribute 'plurals'"):
        door("graphcrawl", {"wording": "plural"})("plurals")
