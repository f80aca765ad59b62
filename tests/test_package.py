"""What is shipped: version, names, the error tree, what an import costs, what a wheel holds."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any, Final

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import graphcrawl
from graphcrawl import errors
from tests.repository import ROOT, files

PROJECT: Final[dict[str, Any]] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
SLOW_TO_IMPORT: Final = frozenset(
    {"alembic", "IPython", "networkx", "numpy", "pydantic", "pyvis", "requests", "sqlalchemy"}
)
EXTRAS: Final = ("avatars", "fast", "parquet", "xlsx")
BRANCH: Final = re.compile(r"^ {4}(?P<indent>[│├└─ ]*)(?P<name>[A-Z]\w+)(?P<words>.*)$")
EXIT: Final = re.compile(r"exit (\d+)$")


def test_the_version_has_one_place() -> None:
    assert PROJECT["project"]["dynamic"] == ["version"]
    assert PROJECT["tool"]["hatch"]["version"]["path"] == "graphcrawl/__init__.py"
    assert metadata.version("graphcrawl") == graphcrawl.__version__
    newest = re.search(r"^## \[([^\]]+)\]", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.M)
    assert newest is not None
    assert newest[1] == graphcrawl.__version__


def test_the_public_names() -> None:
    assert {"__version__", "open", "demo", "Database"} <= set(graphcrawl.__all__)
    assert all(hasattr(graphcrawl, name) for name in graphcrawl.__all__)


def test_types_are_shipped() -> None:
    assert Path(graphcrawl.__file__).with_name("py.typed").read_bytes() == b""


def loaded_by(*words: str) -> set[str]:
    """Modules that a fresh interpreter holds after it ran this."""
    script = f"{'; '.join(words)}; import sys; print(*sys.modules, file=sys.stderr)"
    ran = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return set(ran.stderr.split())


def imported_by(*words: str) -> set[str]:
    """Top-level modules that it holds then."""
    return {name.split(".")[0] for name in loaded_by(*words)}


def test_importing_graphcrawl_imports_little() -> None:
    assert imported_by("import graphcrawl") & (SLOW_TO_IMPORT | {"typer", "rich"}) == set()


def test_help_imports_no_heavy_library() -> None:
    helped = imported_by("from graphcrawl.cli.main import main", "main(['--help'])")
    assert "typer" in helped
    assert helped & SLOW_TO_IMPORT == set()


def test_opening_a_database_loads_only_what_every_command_needs() -> None:
    loaded = loaded_by("import graphcrawl.database")
    assert "graphcrawl.database.file" in loaded
    others = {"recorder", "crawls", "reader", "clusterings", "creators", "name_index", "lock"}
    assert loaded & {f"graphcrawl.store.{theme}" for theme in others} == set()
    assert loaded & {"graphcrawl.findings.vicinity", "filelock", "numpy", "requests"} == set()


def test_nothing_loads_the_orm(tmp_path: Path) -> None:
    """With mapping the tables' classes it was 64 ms of every command's start."""
    database = str(tmp_path / "g.db")
    commands = (
        ["seed", "instagram:nasa", "--demo", "--depth", "1", "--no-map", "--db", database],
        ["show", "instagram:nasa", "--db", database],
        ["clusters", "--db", database],
    )
    loaded = loaded_by(
        "from graphcrawl.cli.main import main",
        *(f"assert main({words!r}) == 0" for words in commands),
        "from graphcrawl.store import *",
    )
    assert "graphcrawl.store.permits" in loaded
    assert {name for name in loaded if name.startswith("sqlalchemy.orm")} == set()


def drawn_tree() -> Iterator[tuple[str, str | None, int | None]]:
    """Each class that the docstring of errors.py draws: name, parent, exit code if it says one."""
    above: dict[int, str] = {}
    for line in (errors.__doc__ or "").splitlines():
        if found := BRANCH.match(line):
            depth = len(found["indent"]) // 4
            above[depth] = found["name"]
            code = EXIT.search(found["words"])
            yield found["name"], above[depth - 1] if depth else None, code and int(code[1])


def test_the_error_tree_is_drawn_as_it_is() -> None:
    classes = {
        name: found
        for name, found in vars(errors).items()
        if isinstance(found, type) and issubclass(found, errors.GraphcrawlError)
    }
    drawn = {name: parent for name, parent, _ in drawn_tree()}
    real = {name: found.__base__.__name__ for name, found in classes.items() if found.__base__}
    assert drawn == {**real, "GraphcrawlError": None}
    codes = {name: code for name, _, code in drawn_tree() if code is not None}
    assert {name: classes[name].exit_code for name in codes} == codes


def third_party(path: Path) -> Iterator[str]:
    """Top-level modules that a file imports from elsewhere, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0]


@pytest.mark.parametrize(
    ("pattern", "extras"), [("graphcrawl/*.py", EXTRAS), ("tests/*.py", (*EXTRAS, "test"))]
)
def test_what_is_imported_is_declared(pattern: str, extras: tuple[str, ...]) -> None:
    lines = [*PROJECT["project"]["dependencies"]]
    for extra in extras:
        lines += PROJECT["project"]["optional-dependencies"][extra]
    declared = {canonicalize_name(Requirement(line).name) for line in lines}
    sources = metadata.packages_distributions()
    # The library of an extra may not be here: then its module's name stands for it.
    foreign = {
        module
        for path in files(pattern)
        for module in third_party(path)
        if module not in sys.stdlib_module_names | {"graphcrawl", "tests"}
    }
    assert [
        module
        for module in sorted(foreign)
        if not declared & {canonicalize_name(name) for name in sources.get(module, (module,))}
    ] == []


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[zipfile.ZipFile]:
    """A wheel, built as pip builds it, with nothing fetched and nothing left in the tree."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (built,) = folder.glob("*.whl")
    with zipfile.ZipFile(built) as opened:
        yield opened


def test_the_wheel_holds_the_whole_package(wheel: zipfile.ZipFile) -> None:
    held = {name for name in wheel.namelist() if name.startswith("graphcrawl/")}
    assert held == {path.relative_to(ROOT).as_posix() for path in files("graphcrawl")}
    for needed in ("map/assets/page.html", "store/migrations/env.py", "py.typed"):
        assert f"graphcrawl/{needed}" in held


def test_the_wheel_names_its_command_and_its_licence(wheel: zipfile.ZipFile) -> None:
    about = f"graphcrawl-{graphcrawl.__version__}.dist-info"
    points = wheel.read(f"{about}/entry_points.txt").decode()
    assert points.split() == ["[console_scripts]", "graphcrawl", "=", "graphcrawl.cli:run"]
    assert wheel.read(f"{about}/licenses/LICENSE").startswith(b"MIT License")
    fields = wheel.read(f"{about}/METADATA").decode().split("\n\n")[0].splitlines()
    assert f"Version: {graphcrawl.__version__}" in fields
    assert "License-Expression: MIT" in fields
