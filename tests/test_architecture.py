"""The house is as it is drawn: every room, on its floor, with the libraries that are its own."""

from __future__ import annotations

import re
import sys
import tomllib
from collections import defaultdict
from importlib import metadata
from pathlib import Path
from typing import Final

from packaging.utils import canonicalize_name

from tests.repository import ROOT, files
from tests.test_package import third_party

DRAWING: Final = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
ROW: Final = re.compile(r"^\| `(\w+)` \|.*\| ?([^|]*?) ?\|$", re.MULTILINE)
FLOORS: Final = re.compile(r"^```text\n(.*?)^```", re.MULTILINE | re.DOTALL)
BESIDE: Final = re.compile(r"\s*\|\s*")
DOORS: Final = {"__init__", "__main__"}


def room_of(path: Path) -> str:
    return path.relative_to(ROOT / "graphcrawl").parts[0].removesuffix(".py")


ROOMS: Final = {room_of(path) for path in files("graphcrawl/*.py")} - DOORS


def test_the_table_has_every_room_once_and_no_other() -> None:
    assert sorted(room for room, _ in ROW.findall(DRAWING)) == sorted(ROOMS)


def test_the_rooms_are_drawn_on_the_floors_of_the_contract() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (contract, *_) = project["tool"]["importlinter"]["contracts"]
    floors = [set(BESIDE.split(layer)) for layer in contract["layers"]]
    (drawn,) = FLOORS.findall(DRAWING)
    left = [re.split(r"\s{2,}", line.strip()) for line in drawn.splitlines()]
    rooms = [word for line in left for word in line if word in ROOMS]
    assert sorted(rooms) == sorted(ROOMS)
    floor_of = {room: number for number, floor in enumerate(floors) for room in floor}
    assert [floor_of[room] for room in rooms] == sorted(floor_of[room] for room in rooms)


def test_a_library_of_a_rooms_own_is_used_there_alone() -> None:
    sources, users = metadata.packages_distributions(), defaultdict[str, set[str]](set)
    for path in files("graphcrawl/*.py"):
        for module in third_party(path):
            if module not in sys.stdlib_module_names | {"graphcrawl"}:
                (library, *_) = sources.get(module, (module,))
                users[canonicalize_name(library)].add(room_of(path))
    own = {
        room: {canonicalize_name(name) for name in names.split(", ") if name}
        for room, names in ROW.findall(DRAWING)
    }
    used = {room: {one for one, by in users.items() if by == {room}} for room in ROOMS}
    assert own == used
