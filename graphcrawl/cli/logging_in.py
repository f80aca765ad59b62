"""``login``: keep client ID and token where only the user can read them."""

from __future__ import annotations

import sys
from getpass import getpass
from typing import Annotated, Final

import typer

from graphcrawl.cli import options as given
from graphcrawl.errors import ApiError, InputError
from graphcrawl.settings import DOTENV, VARIABLES, Settings, with_credentials
from graphcrawl.wording import printable

PLACE: Final = "standard input"
FORGETTING: Final = "graphcrawl login --forget"

_MOST_BYTES: Final = 10_000


def login(
    context: typer.Context,
    no_check: Annotated[
        bool, typer.Option("--no-check", help="Store them without asking the API whether they fit.")
    ] = False,
    forget: Annotated[
        bool, typer.Option("--forget", help="Take them out of the configuration file again.")
    ] = False,
) -> None:
    """Store client ID and token, for this user alone.

    They are checked with the API first, by one request that takes no credits. On a terminal they
    are typed unseen; elsewhere two lines are read from standard input: client ID, token. They are
    never arguments, which stay in the shell's history for others to see.
    """
    if context.args:
        # Not quoted: it may well be a token.
        raise InputError(
            "login takes no arguments: client ID and token are asked for, or read from standard "
            "input; what was typed may be in your shell's history now"
        )
    settings = given.settings_for(None)
    if forget:
        _forget(settings)
        return
    found = with_credentials(settings, *_read(), origin=PLACE)
    if not no_check:
        _check(found)

    from graphcrawl.credentials import store_credentials

    path = store_credentials(settings.config_dir, found.require_credentials())
    _say(f"Client ID and token are in {path}, for you alone to read. {FORGETTING} removes them.")
    _say_what_goes_before(settings)


def _forget(settings: Settings) -> None:
    from graphcrawl.credentials import forget_credentials

    path = forget_credentials(settings.config_dir)
    if path is None:
        _say(f"There are no credentials in {settings.config_dir}.")
    else:
        _say(f"Client ID and token are no longer in {path}.")
    _say_what_goes_before(settings)


def _say_what_goes_before(settings: Settings) -> None:
    places = {
        settings.origins[name]: VARIABLES[name]
        for name in ("client_id", "token")
        if settings.origins[name] in ("environment", DOTENV)
    }
    for place, variable in places.items():
        where = "the .env file in this folder" if place == DOTENV else "the environment"
        sys.stderr.write(f"graphcrawl: {where} sets {variable}, which goes before that file\n")


def _say(line: str) -> None:
    sys.stdout.write(f"{printable(line)}\n")


def _read() -> tuple[str, str]:
    if sys.stdin.isatty():
        return _prompted("Client ID"), _prompted("API token")
    content = sys.stdin.buffer.read(_MOST_BYTES + 1)
    try:
        lines = content.decode("utf-8-sig").strip().splitlines()
    except UnicodeDecodeError:
        lines = []
    if len(lines) != 2 or len(content) > _MOST_BYTES:
        raise InputError("standard input must hold two lines: the client ID, then the token")
    return lines[0], lines[1]


def _prompted(what: str) -> str:
    # Not typer.prompt, which writes the question before it hides what is typed.
    try:
        return getpass(f"{what} (not shown): ")
    except EOFError as error:
        raise InputError("nothing was given, and nothing stored") from error


def _check(settings: Settings) -> None:
    """Ask the API once whether credentials fit.

    Raises
    ------
    ApiError
        If they do not, or nobody could say; nothing is stored.
    """
    from graphcrawl.diagnosis import plan_of
    from graphcrawl.services import PERMITS

    try:
        _say(f"Checked: {plan_of(settings, settings.state_dir / PERMITS)}.")
    except ApiError as error:
        raise type(error)(f"{error}; nothing was stored (--no-check stores unasked)") from error
