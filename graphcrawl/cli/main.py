"""From arguments to an exit code: the one place where errors become a line."""

from __future__ import annotations

import errno
import os
import re
import sys
import traceback
from collections.abc import Sequence
from typing import Final

import typer

from graphcrawl.cli.app import command
from graphcrawl.cli.commands import Carried
from graphcrawl.cli.completing import colons_kept_whole
from graphcrawl.cli.signals import is_interrupt
from graphcrawl.cli.writing import complain
from graphcrawl.errors import GraphcrawlError

USAGE: Final = 2
FAULT: Final = 1
INTERRUPTED: Final = 130
DEBUG: Final = "--debug"

NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EFBIG, errno.EDQUOT})
"""Files are named where they cannot be written; what is left is the standard output."""

PLAINER: Final = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        (r"Input should be a valid integer.*", "give a whole number"),
        (r"Input should be a valid number.*", "give a number"),
        (r"Input should be ", "it should be "),
        (r"Value error, ", ""),
    )
)
"""What a newer Typer says of a value of the wrong type, and what a person would say."""

# Typer keeps its copy of click private; what its own BadParameter derives from is public enough.
UsageFault: Final = typer.BadParameter.__mro__[2]


def main(arguments: Sequence[str]) -> int:
    """Run one command.

    Parameters
    ----------
    arguments : sequence of str
        Without the program's name. ``--debug``, anywhere, shows tracebacks.

    Returns
    -------
    int
        The exit code.
    """
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            # It was closed before we came (``>&-``), and the next file would get its number.
            setattr(sys, name, open(os.devnull, "w"))  # noqa: SIM115
        # Titles are of any script, and a terminal's own encoding may know few of them.
        getattr(sys, name).reconfigure(encoding="utf-8", errors="backslashreplace")
    given = [word for word in arguments if word != DEBUG]
    try:
        with colons_kept_whole():
            ended = command().main(args=given, prog_name="graphcrawl", standalone_mode=False)
        sys.stdout.flush()
    except BaseException as error:
        if DEBUG in arguments and not isinstance(error, SystemExit):
            traceback.print_exc()
        return _code(error.error if isinstance(error, Carried) else error)
    return ended if isinstance(ended, int) else 0


def _code(error: BaseException) -> int:
    if isinstance(error, SystemExit):
        return error.code if isinstance(error.code, int) else FAULT
    if isinstance(error, BrokenPipeError):
        # The reader of our output has had enough; nothing must be flushed into it at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    if isinstance(error, typer.Abort) or is_interrupt(error):
        if sys.stderr.isatty():
            sys.stderr.write("\n")
        complain("interrupted")
        return INTERRUPTED
    if isinstance(error, UsageFault):
        complain(_usage_line(error))
        return USAGE
    if isinstance(error, GraphcrawlError):
        complain(str(error))
        return error.exit_code
    if isinstance(error, OSError) and error.errno in NO_ROOM and error.filename is None:
        complain(
            f"standard output cannot be written: {error.strerror}; make room, or write elsewhere"
        )
        return USAGE
    kind = type(error).__name__
    complain(f"a fault of graphcrawl's own ({kind}: {error}); --debug shows where")
    return FAULT


def _usage_line(error: BaseException) -> str:
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "graphcrawl"
    words = _usage_words(error)
    return f"{words} See {path} --help" if words.endswith("?") else f"{words}; see {path} --help"


def _usage_words(error: BaseException) -> str:
    near: Sequence[str] = getattr(error, "possibilities", None) or ()
    if near:
        # Typer lists them by the alphabet; as they come, the nearest is the first.
        return f"no such option: {error.option_name}; did you mean {near[0]}?"  # type: ignore[attr-defined]
    words: str = error.format_message()  # type: ignore[attr-defined]
    for pattern, plainer in PLAINER:
        words = pattern.sub(plainer, words)
    return words.strip().rstrip(".")
