"""The reference of all commands: ``python -m tests.reference > docs/cli.md``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any, Final

import typer

from graphcrawl.cli.app import command

HEAD: Final = """\
# Commands

Written by `python -m tests.reference` from the commands themselves; a test keeps it so.
"""
WIDTH: Final = 90


def commands() -> Iterator[tuple[str, Any, typer.Context]]:
    """Walk all commands with their full names, groups before their members."""
    yield from _walk("graphcrawl", command(), None)


def _walk(
    name: str, found: Any, parent: typer.Context | None
) -> Iterator[tuple[str, Any, typer.Context]]:
    context = typer.Context(
        found, info_name=name, parent=parent, terminal_width=WIDTH, **found.context_settings
    )
    yield context.command_path, found, context
    for member, inner in getattr(found, "commands", {}).items():
        if not inner.hidden:
            yield from _walk(member, inner, context)


def reference() -> str:
    """Give docs/cli.md as it should be."""
    sections = (
        f"\n## {name}\n\n```text\n{found.get_help(context).rstrip()}\n```\n"
        for name, found, context in commands()
    )
    return HEAD + "".join(sections)


if __name__ == "__main__":
    sys.stdout.write(reference())
