"""What a shell offers when Tab is pressed: accounts, crawls, networks.

Nothing is asked or written, and whatever goes wrong is silence: a shell would show it in the
middle of the user's line.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import Final, TypeVar

import typer

from graphcrawl.addresses import stored_network
from graphcrawl.model import Network
from graphcrawl.settings import bash_words, replace_bash_words
from graphcrawl.sql import NAMED
from graphcrawl.sql.words import crawl_words, ids_beginning, names_beginning, networks_held

ID: Final = "id:"

Offers = list[str] | list[tuple[str, str]]
Offer = TypeVar("Offer")


def networks(incomplete: str) -> list[str]:
    """Complete a network's name."""
    return [network.value for network in Network if network.startswith(incomplete)]


def accounts(context: typer.Context, incomplete: str) -> list[str]:
    """Complete an account of the database: ``instagram:na``, or ``na`` after ``--network``."""
    return _silently(lambda: _accounts(context, incomplete))


def known_accounts(context: typer.Context, incomplete: str) -> list[str]:
    """Complete an account likewise, and ``na`` without a network where the command takes that."""
    return _silently(lambda: _accounts(context, incomplete) or _anywhere(context, incomplete))


def crawls(context: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Complete a crawl's number."""
    return _silently(
        lambda: [
            (str(crawl.number), crawl.told)
            for crawl in crawl_words(_database(context))
            if str(crawl.number).startswith(incomplete)
        ]
    )


def named_queries(incomplete: str) -> list[tuple[str, str]]:
    """Complete a ready-made query's name."""
    return [(one.name, one.title) for one in NAMED.values() if one.name.startswith(incomplete)]


def crawls_or_accounts(context: typer.Context, incomplete: str) -> Offers:
    """Complete what may be either."""
    return crawls(context, incomplete) or accounts(context, incomplete)


def _silently(offer: Callable[[], list[Offer]]) -> list[Offer]:
    try:
        return offer()
    except Exception:
        return []


def _accounts(context: typer.Context, incomplete: str) -> list[str]:
    path, given = _database(context), _parameter(context, "network")
    head, colon, rest = incomplete.partition(":")
    if not colon:
        if isinstance(given, str):
            return names_beginning(path, stored_network(given), incomplete)
        begun = [one for one in networks_held(path) if incomplete and one.startswith(incomplete)]
        return [f"{name}:{one}" for name in begun for one in names_beginning(path, name, "")]
    network = stored_network(head)
    if rest.startswith(ID):
        ids = ids_beginning(path, network, rest.removeprefix(ID))
        return [f"{head}:{ID}{one}" for one in ids]
    return [f"{head}:{one}" for one in names_beginning(path, network, rest)]


def _anywhere(context: typer.Context, incomplete: str) -> list[str]:
    path = _database(context)
    names = (names_beginning(path, one, incomplete) for one in networks_held(path))
    return sorted({one for found in names for one in found}) if incomplete else []


def _database(context: typer.Context) -> Path:
    from graphcrawl.cli.options import settings_for

    db, demo = _parameter(context, "db"), _parameter(context, "demo")
    named = settings_for(db if isinstance(db, str) else None, demo=demo is True).db
    if "://" not in named:
        return Path(named).expanduser()
    from graphcrawl.store import database_path

    return database_path(named)


def _parameter(context: typer.Context, name: str) -> object:
    """Give an option's value from this command, or from the one above it."""
    value = context.params.get(name)
    above = context.parent
    return above.params.get(name) if value is None and above is not None else value


@contextmanager
def colons_kept_whole() -> Iterator[None]:
    """Let bash complete what holds a colon.

    It takes a colon for the end of a word: ``instagram:na`` comes as three, and only the last one
    is to be answered. They are joined before Typer reads them, and the answer is cut.
    """
    asked = bash_words()
    words = asked and joined_at_colons(*asked)
    if not asked or not words or words[0] == asked[0]:
        yield
        return
    replace_bash_words(*words)
    current = words[0].split("\n")[words[1]]
    cut, answer = current.rfind(":") + 1, io.StringIO()
    try:
        with redirect_stdout(answer):
            yield
    finally:
        sys.stdout.write("".join(f"{line[cut:]}\n" for line in answer.getvalue().splitlines()))


def joined_at_colons(words: str, at: int) -> tuple[str, int]:
    """Join the words that bash parted at a colon.

    Parameters
    ----------
    words : str
        One a line.
    at : int
        Which of them is completed, from 0.

    Returns
    -------
    (str, int)

    Examples
    --------
    >>> joined_at_colons("graphcrawl\\nforget\\ninstagram\\n:\\nna", 4)
    ('graphcrawl\\nforget\\ninstagram:na', 2)
    """
    joined: list[str] = []
    place = 0
    for number, word in enumerate(words.split("\n")):
        if joined and (word.startswith(":") or joined[-1].endswith(":")):
            joined[-1] += word
        else:
            joined.append(word)
        if number <= at:
            place = len(joined) - 1
    return "\n".join(joined), place
