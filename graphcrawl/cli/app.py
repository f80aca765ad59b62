"""The commands, and what stands above them."""

from __future__ import annotations

import sys
from typing import Annotated, Any, Final

import typer

from graphcrawl import __version__
from graphcrawl.cli.commands import Commands

WAY_IN: Final = """\
graphcrawl maps who is connected to whom around an account, through
HypeAuditor's reportConnections.

Try it, without credentials or internet (the data is simulated):
  graphcrawl seed nasa --network instagram --depth 2 --demo

For real:
  graphcrawl login
  graphcrawl doctor
  graphcrawl seed nasa --network instagram --depth 2

Every command: graphcrawl --help
"""

app = typer.Typer(
    name="graphcrawl",
    cls=Commands,
    add_completion=True,
    invoke_without_command=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit codes: 0 complete, 1 a fault of graphcrawl's, 2 bad usage or database, "
    "3 credentials or access, 4 not found, 5 incomplete (all saved), 130 interrupted. "
    "--debug shows tracebacks.",
)


def _show_version(wanted: bool) -> None:
    if wanted:
        sys.stdout.write(f"graphcrawl {__version__}\n")
        raise typer.Exit


@app.callback()
def graphcrawl(
    context: typer.Context,
    version: Annotated[
        bool,
        typer.Option("--version", help="Show the version.", callback=_show_version, is_eager=True),
    ] = False,
) -> None:
    """Map who is connected to whom around an account, through HypeAuditor's reportConnections."""
    if context.invoked_subcommand is None:
        sys.stdout.write(WAY_IN)


def command() -> Any:
    """Give the whole command line as one command."""
    return typer.main.get_command(app)
