"""``tag`` and ``note``: words of one's own on accounts."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Annotated, Final

import typer

from graphcrawl.addresses import parse_sought, read_seed_file
from graphcrawl.cli import completing
from graphcrawl.cli import options as given
from graphcrawl.cli.listing import Format
from graphcrawl.cli.sources import of_origin
from graphcrawl.cli.subjects import tags_cell
from graphcrawl.cli.writing import write_listing
from graphcrawl.errors import InputError, NothingFound
from graphcrawl.wording import plural, printable

if TYPE_CHECKING:
    from graphcrawl.addresses import Named
    from graphcrawl.database import Database
    from graphcrawl.graph.own import Own
    from graphcrawl.store import Held, Marked

ACCOUNTS: Final = ("network", "username", "social_id", "title", "followers", "tags", "note")
BRIEF: Final = ("account", "title", "followers", "tags", "note")
"""What fits a terminal; the other formats give everything."""


Account = Annotated[
    str | None,
    typer.Argument(
        metavar="ACCOUNT",
        autocompletion=completing.known_accounts,
        help="As seed takes it; a plain name will do where one network alone has it.",
        show_default=False,
    ),
]
From = Annotated[
    str | None,
    typer.Option(
        "--from",
        metavar="FILE",
        help="Accounts from a file: one a line, or a CSV with columns network, username, id; "
        "-: standard input. Then every argument is a tag.",
    ),
]


def tag(
    account: Account = None,
    tags: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="TAG", help="In small letters; quote several words.", show_default=False
        ),
    ] = None,
    remove: Annotated[bool, typer.Option("--remove", help="Take the tags off.")] = False,
    listing: Annotated[
        bool,
        typer.Option(
            "--list", help="List the accounts that bear every TAG; without one, all tags."
        ),
    ] = False,
    source: From = None,
    network: given.NetworkName = None,
    by_id: given.ById = False,
    db: given.Db = None,
    form: given.Form = Format.TABLE,
) -> None:
    """Put tags on accounts, take them off, list them.

    Such as: graphcrawl tag nasa press "to ask"

    graphcrawl tag lists all tags, graphcrawl tag nasa those of one account, graphcrawl tag --list
    press the accounts of a tag; --filter tag=press chooses them elsewhere. Tags stay through every
    crawl and refresh, until they are removed or the account is forgotten.
    """
    from graphcrawl.database import Database

    database = Database.at(given.settings_for(db).db)
    words = [*([account] if account is not None else []), *(tags or [])]
    if listing or not (words or source):
        _refuse_with_list(remove=remove, source=source)
        _list(database, words, form)
        return
    accounts = _accounts(words, source, network, by_id=by_id)
    if not words:
        _show(database, accounts, form, remove=remove)
        return
    marked = database.untag(accounts, words) if remove else database.tag(accounts, words)
    _say(_outcome(marked, database.own(), remove=remove))


def note(
    account: Account = None,
    text: Annotated[
        str | None,
        typer.Argument(
            metavar="TEXT",
            help="The note, in place of the one that is there; -: from standard input.",
            show_default=False,
        ),
    ] = None,
    remove: Annotated[bool, typer.Option("--remove", help="Take the note away.")] = False,
    network: given.NetworkName = None,
    by_id: given.ById = False,
    db: given.Db = None,
    form: given.Form = Format.TABLE,
) -> None:
    """Write a note about an account, show it, or list all notes.

    Such as: graphcrawl note nasa "press office answers on Mondays"

    graphcrawl note nasa shows it, graphcrawl note lists every account that has one. A note stays
    through every crawl and refresh, until it is removed or the account is forgotten.
    """
    from graphcrawl.database import Database

    database = Database.at(given.settings_for(db).db)
    if account is None:
        if remove:
            raise InputError("whose note? graphcrawl note ACCOUNT --remove takes one away")
        _list_notes(database, form)
        return
    if remove and text is not None:
        raise InputError("--remove takes a note away: leave out the text")
    sought = parse_sought(account, network=network, by_id=by_id)
    if text is None and not remove:
        _show_note(database, sought)
        return
    written = sys.stdin.read() if text == "-" else text
    held, before = database.write_note(sought, None if remove else written)
    _say_note(held, before, remove=remove)


def _refuse_with_list(*, remove: bool, source: str | None) -> None:
    if remove or source:
        raise InputError("--list only lists: leave out --remove and --from")


def _accounts(
    words: list[str], source: str | None, network: str | None, *, by_id: bool
) -> list[Named]:
    """Give the accounts that are meant, and leave the tags in `words`."""
    if source is None:
        return [parse_sought(words.pop(0), network=network, by_id=by_id)]
    refs = read_seed_file(source, network=network, by_id=by_id, stored=True)
    if not refs:
        raise NothingFound(f"{source} names no account")
    if not words:
        raise InputError("which tag? give it after --from FILE")
    return list(refs)


def _list(database: Database, tags: Sequence[str], form: Format) -> None:
    from graphcrawl.graph.own import read_tag, tag_counts, tagged_with

    own = database.own()
    if not tags:
        _write(database, ("tag", "accounts"), tag_counts(own), form)
        return
    _write_accounts(database, own, tagged_with(own, map(read_tag, tags)), form)


def _show(database: Database, accounts: Sequence[Named], form: Format, *, remove: bool) -> None:
    if remove:
        raise InputError("which tag? graphcrawl tag ACCOUNT lists those that are there")
    held = database.held(accounts)
    own = database.own()
    rows = [(word, str(one)) for one in held for word in own.tags.get(one.id, ())]
    _write(database, ("tag", "account"), rows, form)


def _list_notes(database: Database, form: Format) -> None:
    own = database.own()
    _write_accounts(database, own, list(own.notes), form)


def _write_accounts(database: Database, own: Own, ids: Sequence[int], form: Format) -> None:
    held = database.held_by_key(ids)
    if form is Format.TABLE:
        _write(database, BRIEF, (_brief(one, own) for one in held), form)
    else:
        _write(database, ACCOUNTS, (_row(one, own, form) for one in held), form)


def _row(one: Held, own: Own, form: Format) -> tuple[object, ...]:
    return (
        one.network,
        one.username,
        one.social_id,
        one.title,
        one.subscribers_count,
        tags_cell(own.tags.get(one.id, ()), form),
        own.notes.get(one.id),
    )


def _brief(one: Held, own: Own) -> tuple[object, ...]:
    note = own.notes.get(one.id)
    return (
        str(one),
        one.title,
        one.subscribers_count,
        tags_cell(own.tags.get(one.id, ()), Format.TABLE),
        None if note is None else note.replace("\n", " "),
    )


def _write(
    database: Database, columns: Sequence[str], rows: Iterable[tuple[object, ...]], form: Format
) -> None:
    origin = database.origin
    names = columns if form is Format.TABLE else (*columns, "source")
    whole = rows if form is Format.TABLE else ((*row, origin.value) for row in rows)
    write_listing(names, whole, form, caption=of_origin(origin))


def _outcome(marked: Marked, own: Own, *, remove: bool) -> str:
    if len(marked.accounts) == 1:
        (one,) = marked.accounts
        return f"{one}: {', '.join(own.tags.get(one.id, ())) or 'no tags'}"
    done = "taken off" if remove else "put on"
    return f"{plural(marked.tags, 'tag')} {done} {plural(len(marked.accounts), 'account')}"


def _show_note(database: Database, sought: Named) -> None:
    (held,) = database.held([sought])
    text = database.own().notes.get(held.id)
    if text is None:
        raise NothingFound(f"{held} has no note; graphcrawl note ACCOUNT TEXT writes one")
    for line in text.split("\n"):
        sys.stdout.write(f"{printable(line)}\n")


def _say_note(held: Held, before: str | None, *, remove: bool) -> None:
    if remove and before is None:
        _say(f"{held} has no note")
        return
    _say(f"{held}: the note is {'gone' if remove else 'written'}")
    if before is not None:
        # It is nowhere else any more.
        sys.stderr.write("It was:\n")
        for line in before.split("\n"):
            sys.stderr.write(f"{printable(line)}\n")


def _say(line: str) -> None:
    sys.stdout.write(f"{printable(line)}\n")
