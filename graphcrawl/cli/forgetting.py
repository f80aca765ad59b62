"""``forget``: delete an account's data, and keep it from coming back."""

from __future__ import annotations

import sys

from graphcrawl.addresses import parse_account
from graphcrawl.cli import options as given
from graphcrawl.wording import plural, printable


def forget(
    account: given.AccountName,
    network: given.NetworkName = None,
    by_id: given.ById = False,
    db: given.Db = None,
    yes: given.Yes = False,
) -> None:
    """Delete an account's data, and keep it from coming back.

    It is deleted for good, and no later answer brings it back into this database. Maps and
    exports that were made before still hold it: they are files of yours.
    """
    ref = parse_account(account, network=network, by_id=by_id)

    from graphcrawl.database import Database

    database = Database.at(given.settings_for(db).db)
    if sys.stdin.isatty() and not yes:
        given.confirm(f"Delete all about {ref} from {given.shown(database.path)} for good?")
    gone = database.forget(ref)
    said = (
        f"{ref} is forgotten: {plural(gone.accounts, 'account')} and "
        f"{plural(gone.connections, 'connection')} deleted from {given.shown(database.path)}. "
        "Maps and exports made before still hold it."
    )
    sys.stdout.write(f"{printable(said)}\n")
