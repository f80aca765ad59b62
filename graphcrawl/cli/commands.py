"""The group of all commands: in the order of their use, and honest about how they ended."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from typer.core import TyperGroup

ORDER: Final = (
    *("seed", "resume", "refresh", "crawls", "map", "clusters", "creators"),
    *("path", "between", "show", "similar", "diff", "query"),
    *("export", "import", "tag", "note", "login", "doctor", "forget", "simulator"),
)


class Carried(Exception):
    """What Typer would have turned into an exit code of its own.

    Parameters
    ----------
    error : BaseException
        A Ctrl-C, a closed pipe, or an input that ended.
    """

    def __init__(self, error: BaseException) -> None:
        super().__init__(str(error))
        self.error = error


@contextmanager
def _carried() -> Iterator[None]:
    try:
        yield
    except (KeyboardInterrupt, OSError, EOFError) as error:
        raise Carried(error) from error


class Commands(TyperGroup):
    """All commands."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Give their names, those that are used first before the others."""
        names = super().list_commands(ctx)
        return sorted(names, key=lambda name: ORDER.index(name) if name in ORDER else len(ORDER))

    def make_context(self, *args: Any, **named: Any) -> Any:
        """Read the arguments; this is where help is written."""
        with _carried():
            return super().make_context(*args, **named)

    def invoke(self, ctx: Any) -> Any:
        """Run the command."""
        with _carried():
            return super().invoke(ctx)
