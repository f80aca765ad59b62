"""What the documents say is so: commands and options exist, links lead somewhere, examples run."""

from __future__ import annotations

import doctest
import importlib
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from graphcrawl.cli.main import DEBUG
from tests.reference import commands, reference
from tests.repository import ROOT, files

GENERATED: Final = ROOT / "docs" / "cli.md"
DOCUMENTS: Final = tuple(path for path in files("*.md") if path != GENERATED)
WITH_EXAMPLES: Final = tuple(
    path for path in files("graphcrawl/*.py") if ">>> " in path.read_text(encoding="utf-8")
)

SHELL: Final = re.compile(r"^```(?:bash|sh|console)\n(.*?)^```", re.MULTILINE | re.DOTALL)
FENCED: Final = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
INLINE: Final = re.compile(r"`((?:\S*/)?graphcrawl [^`]+)`")
LINK: Final = re.compile(
    r"\]\(<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\)|^\[[^\]]+\]:\s*(\S+)", re.MULTILINE
)
HEADING: Final = re.compile(r"^#+\s+(.+?)\s*#*$", re.MULTILINE)
NAMED_TEST: Final = re.compile(r"(tests/[\w/]+\.py)::(test_\w+)")
OUTSIDE: Final = ("http://", "https://", "mailto:")


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def command_lines(text: str) -> Iterator[list[str]]:
    """Every call of graphcrawl in shell blocks and in code spans, as words after its name."""
    blocks = SHELL.findall(text)
    spans = INLINE.findall(FENCED.sub("", text))
    for line in "\n".join(blocks).replace("\\\n", " ").splitlines() + spans:
        lexer = shlex.shlex(line.removeprefix("$ "), posix=True, punctuation_chars=True)
        lexer.whitespace_split = True
        words: list[str] | None = None
        for word in [*lexer, ";"]:
            if word.strip("();<>|&") == "":
                if words is not None:
                    yield words
                words = None
            elif words is not None:
                words.append(word.strip("[]"))
            elif word.split("/")[-1] == "graphcrawl":
                words = []


def faults(words: list[str]) -> list[str]:
    """What of a command line the command line itself would not know."""
    known = {name: found for name, found, _ in commands()}
    name = "graphcrawl"
    for word in words:
        if f"{name} {word}" not in known:
            break
        name = f"{name} {word}"
    options = {DEBUG, "--help", "-h"}.union(*(option.opts for option in known[name].params))
    missing = [word for word in words if word.startswith("-") and word.split("=")[0] not in options]
    first = words[0] if words else ""
    if name == "graphcrawl" and first[:1].isalpha() and first.islower():
        missing.append(first)
    return [f"{name}: {word}" for word in missing if word.strip("-")]


def test_command_lines_are_found_wherever_they_stand() -> None:
    text = """Say `graphcrawl top --limit 3`, not `--plain`.
```bash
python3 -m venv x && x/bin/graphcrawl seed nasa --demo | head  # graphcrawl no --such
$ graphcrawl map \\
    --force
```
```python
from graphcrawl import --nothing
```
"""
    assert list(command_lines(text)) == [
        ["seed", "nasa", "--demo"],
        ["map", "--force"],
        ["top", "--limit", "3"],
    ]


def test_faults_are_told_from_what_exists() -> None:
    assert faults(["seed", "nasa", "--network", "instagram", "--demo", DEBUG]) == []
    assert faults(["crawls", "show", "3", "--format=json"]) == []
    assert faults(["--version"]) == []
    assert faults(["seed", "nasa", "--netwrk=x"]) == ["graphcrawl seed: --netwrk=x"]
    assert faults(["sead", "nasa"]) == ["graphcrawl: sead"]


@pytest.mark.parametrize("path", DOCUMENTS, ids=named)
def test_documents_name_commands_and_options_that_exist(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert [fault for words in command_lines(text) for fault in faults(words)] == []


def test_the_readme_has_its_two_commands() -> None:
    blocks = SHELL.findall((ROOT / "README.md").read_text(encoding="utf-8"))
    one_line = [block.rstrip("\n") for block in blocks if block.count("\n") == 1]
    demo = "graphcrawl seed nasa --network instagram --depth 2 --demo"
    installing = [line for line in one_line if " install " in line]
    assert [line.split(" && ")[-1] for line in installing] == [
        f".venv/bin/{demo}",
        ".venv/bin/pytest",
    ]


def anchors(path: Path) -> set[str]:
    """The anchors of a document's headings, as the usual renderers name them."""
    headings = HEADING.findall(FENCED.sub("", path.read_text(encoding="utf-8")))
    plain = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings)
    return {heading.replace(" ", "-") for heading in plain}


def leads_nowhere(path: Path, link: str) -> bool:
    target, _, anchor = link.partition("#")
    aimed = path.parent / target if target else path
    if not aimed.exists():
        return True
    return bool(anchor) and aimed.suffix == ".md" and anchor not in anchors(aimed)


@pytest.mark.parametrize("path", [*DOCUMENTS, GENERATED], ids=named)
def test_links_lead_somewhere(path: Path) -> None:
    text = FENCED.sub("", path.read_text(encoding="utf-8"))
    links = [inline or reference for inline, reference in LINK.findall(text)]
    inside = [link for link in links if not link.startswith(OUTSIDE)]
    assert [link for link in inside if leads_nowhere(path, link)] == []


def test_links_that_lead_nowhere_are_seen(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# A heading, and `more`\n", encoding="utf-8")
    assert not leads_nowhere(page, "#a-heading-and-more")
    assert not leads_nowhere(page, "page.md")
    assert leads_nowhere(page, "#a-heading")
    assert leads_nowhere(page, "other.md")


def missing_tests(text: str) -> list[str]:
    """Which of the tests that a text names do not exist."""
    missing = []
    for file, name in NAMED_TEST.findall(text):
        path = ROOT / file
        source = path.read_text(encoding="utf-8") if path.exists() else ""
        if f"\ndef {name}(" not in source:
            missing.append(f"{file}::{name}")
    return missing


@pytest.mark.parametrize("path", DOCUMENTS, ids=named)
def test_tests_that_documents_name_exist(path: Path) -> None:
    assert missing_tests(path.read_text(encoding="utf-8")) == []


def test_tests_that_do_not_exist_are_seen() -> None:
    here = "tests/test_docs.py"
    text = f"`{here}::test_links_lead_somewhere`, `{here}::test_none`, `tests/test_no.py::test_it`"
    assert missing_tests(text) == [f"{here}::test_none", "tests/test_no.py::test_it"]


def test_the_readme_leads_to_every_document() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    led = {link.partition("#")[0] for link, _ in LINK.findall(readme)}
    assert {named(path) for path in (*DOCUMENTS, GENERATED)} - led == {"README.md"}


def test_the_reference_of_commands_is_up_to_date() -> None:
    written = GENERATED.read_text(encoding="utf-8")
    assert written == reference(), "python -m tests.reference > docs/cli.md"


@pytest.mark.parametrize("path", WITH_EXAMPLES, ids=named)
def test_examples_in_docstrings_run(path: Path) -> None:
    parts = path.relative_to(ROOT).with_suffix("").parts
    name = ".".join(part for part in parts if part != "__init__")
    ran = doctest.testmod(importlib.import_module(name))
    assert ran.attempted > 0
    assert ran.failed == 0
