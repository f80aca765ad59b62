"""The commands, and what stands above them."""

from __future__ import annotations

import sys
from typing import Annotated, Any, Final

import typer

from graphcrawl import __version__
from graphcrawl.cli import (
    asking,
    clustering,
    comparing,
    crawling,
    diagnosing,
    exporting,
    forgetting,
    importing,
    likening,
    linking,
    listing_crawls,
    listing_creators,
    logging_in,
    mapping,
    refreshing,
    showing,
    simulating,
    tagging,
    tying,
)
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


app.command("seed")(crawling.seed)
app.command("resume")(crawling.resume)
app.command("refresh")(refreshing.refresh)
app.add_typer(listing_crawls.app, name="crawls")
app.command("map")(mapping.draw)
app.command("clusters")(clustering.clusters)
app.add_typer(listing_creators.app, name="creators")
app.command("path")(linking.path)
app.command("between")(tying.between)
app.command("show")(showing.show)
app.command("similar")(likening.similar)
app.command("diff")(comparing.diff)
app.command("query")(asking.query)
app.add_typer(exporting.app, name="export")
app.command("import")(importing.import_graph)
app.command("tag")(tagging.tag)
app.command("note")(tagging.note)
app.command("login", context_settings={"allow_extra_args": True})(logging_in.login)
app.command("doctor")(diagnosing.doctor)
app.command("forget")(forgetting.forget)
app.command("simulator")(simulating.simulator)


def command() -> Any:
    """Give the whole command line as one command."""
    return typer.main.get_command(app)
