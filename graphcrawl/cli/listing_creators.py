"""``creators``: accounts of one owner across networks, and what people decide about them."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

import typer

from graphcrawl.addresses import parse_account
from graphcrawl.cli import options as given
from graphcrawl.cli.listing import Format
from graphcrawl.cli.subjects import sought
from graphcrawl.cli.writing import write_listing
from graphcrawl.errors import AccountTextError, InputError
from graphcrawl.model import AccountRef, Origin
from graphcrawl.wording import plural, printable

if TYPE_CHECKING:
    from graphcrawl.database import Database
    from graphcrawl.graph import Creator, CreatorAccount, Node
    from graphcrawl.store import Held

app = typer.Typer(invoke_without_command=True, rich_markup_mode=None)

FOLLOWERS: Final = "sum_of_followers_audiences_overlap"
COLUMNS: Final = (
    *("id", "creator", "networks", "accounts", "confidence", "evidence", FOLLOWERS),
    *("related", "confirm", "source", "details"),
)
BRIEF: Final = ("id", "creator", "accounts", "confidence", "evidence", FOLLOWERS)
"""What fits a terminal; the other formats give everything."""

OVERLAP: Final = "followers: sum of followers, audiences overlap"

SHOWN_LINES: Final = 10


@app.callback()
def creators(
    context: typer.Context,
    db: given.Db = None,
    crawl: given.Crawl = None,
    limit: given.Limit = 0,
    form: given.Form = Format.TABLE,
) -> None:
    """Find accounts of one owner across networks, or decide so.

    Found anew each time, and kept in the tables creators and creator_accounts. Two connected
    accounts on different networks are compared: same or near username, same title, listed both
    ways or not yet known. Accounts on one network are related at most, until they are merged.
    """
    context.obj = db
    if context.invoked_subcommand is not None:
        return
    database = _database(db)
    found = database.creators(crawl)
    if not found:
        sys.stderr.write("no accounts of one owner were found\n")
    columns = BRIEF if form is Format.TABLE else COLUMNS
    kept = [COLUMNS.index(name) for name in columns]
    listed = found[: limit or None]
    rows = [_row(creator, database) for creator in listed]
    shown = ["followers" if name == FOLLOWERS and columns is BRIEF else name for name in columns]
    caption = given.caption(database.origin, OVERLAP, shown=len(listed), of=len(found))
    write_listing(shown, [[row[at] for at in kept] for row in rows], form, caption=caption)
    if form is Format.TABLE:
        _say_all(_related(found), "more related accounts")
        _say_all(_offers(found, database), "more to confirm")


@app.command("merge")
def merge(
    context: typer.Context,
    accounts: given.AccountNames,
    network: given.NetworkName = None,
    by_id: given.ById = False,
    db: given.Db = None,
) -> None:
    """Decide that accounts have one owner; later runs keep to it.

    Such as: graphcrawl creators merge instagram:nasa instagram:nasaartemis

    It takes those along that they were merged with before, and undoes a split of theirs.
    """
    database = _database(context.obj if db is None else db)
    held = database.held(sought(accounts, network, by_id=by_id))
    if len(held) < 2:
        raise InputError("a merge takes two accounts or more")
    meant = {one.id for one in held}
    for creator in database.merge_creators(_refs(held)):
        if any(account.node.id in meant for account in creator.accounts):
            names = ", ".join(str(account.node) for account in creator.accounts)
            _say(f"creator {creator.id}, {creator.name}: {names}")


@app.command("split")
def split(
    context: typer.Context,
    accounts: given.AccountNames,
    network: given.NetworkName = None,
    by_id: given.ById = False,
    db: given.Db = None,
) -> None:
    """Decide that accounts stand alone; later runs keep to it.

    Each of them is joined with no other account, until it is merged with one.
    """
    database = _database(context.obj if db is None else db)
    held = database.held(sought(accounts, network, by_id=by_id))
    database.split_creators(_refs(held))
    for one in held:
        _say(f"{one} stands alone")


def _database(db: str | None) -> Database:
    from graphcrawl.database import Database

    return Database.at(given.settings_for(db).db)


def _refs(held: Iterable[Held]) -> list[AccountRef]:
    return [AccountRef(one.network, one.username, one.social_id) for one in held]


def _say(line: str) -> None:
    sys.stdout.write(f"{printable(line)}\n")


def _row(creator: Creator, database: Database) -> tuple[object, ...]:
    nodes = [account.node for account in creator.accounts]
    return (
        creator.id,
        creator.name,
        len({node.network for node in nodes}),
        " ".join(map(str, nodes)),
        creator.confidence.value,
        ", ".join(_reasons(creator)),
        creator.followers,
        " ".join(map(str, creator.related)),
        _command(creator.to_ask, database),
        database.origin.value,
        [_details(account) for account in creator.accounts],
    )


def _reasons(creator: Creator) -> list[str]:
    """Give what speaks for the accounts, each reason once."""
    said = [
        reason
        for account in creator.accounts
        for evidence in account.evidence
        for reason in evidence.reasons
    ]
    return list(dict.fromkeys(said))


def _details(account: CreatorAccount) -> dict[str, object]:
    node = account.node
    return {
        "account": str(node),
        "network": node.network,
        "social_id": node.social_id,
        "username": node.username,
        "title": node.title,
        "followers": node.subscribers_count,
        "confidence": account.confidence.value,
        "evidence": [
            {
                "account": str(one.account),
                "confidence": one.confidence.value,
                "reasons": list(one.reasons),
            }
            for one in account.evidence
        ],
    }


def _related(creators: Iterable[Creator]) -> list[str]:
    return [
        f"related to creator {one.id}, on its networks: {' '.join(map(str, one.related))}"
        for one in creators
        if one.related
    ]


def _offers(creators: Iterable[Creator], database: Database) -> list[str]:
    """Give the requests that would confirm what is not sure yet."""
    return [
        f"{plural(len(one.to_ask), 'request')} may confirm creator {one.id}, {one.confidence}: "
        f"{command}"
        for one in creators
        if (command := _command(one.to_ask, database)) is not None
    ]


def _say_all(lines: Sequence[str], what: str) -> None:
    for line in lines[:SHOWN_LINES]:
        _say(line)
    if len(lines) > SHOWN_LINES:
        _say(f"{len(lines) - SHOWN_LINES:,} {what}: see --format json")


def _command(nodes: Iterable[Node], database: Database) -> str | None:
    """Give the command that asks accounts; None if there is nobody to ask."""
    accounts = [text for node in nodes if (text := _argument(node)) is not None]
    if not accounts:
        return None
    path = given.shown(database.path)
    flags = ["--depth", "1"]
    if database.origin is Origin.SIMULATED and path == str(given.DEMO_DATABASE):
        flags.append("--demo")
    else:
        flags += ["--db", path]
    return " ".join(["graphcrawl seed", *map(given.quoted, [*accounts, *flags])])


def _argument(node: Node) -> str | None:
    """Give what names an account for sure, or None where no command can."""
    name = f"id:{node.social_id}" if node.social_id else node.username or ""
    try:
        parse_account(f"{node.network}:{name}")
    except AccountTextError:
        return None
    return f"{node.network}:{name}"
