"""``forget``: delete an account's data, and keep it from coming back."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from graphcrawl.addresses import parse_sought
from graphcrawl.cli import options as given
from graphcrawl.model import AccountRef
from graphcrawl.wording import plural, printable

if TYPE_CHECKING:
    from graphcrawl.addresses import SoughtAccount
    from graphcrawl.database import Database


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
    from graphcrawl.database import Database

    database = Database.at(given.settings_for(db).db)
    ref = _meant(database, parse_sought(account, network=network, by_id=by_id))
    if sys.stdin.isatty() and not yes:
        given.confirm(f"Delete all about {ref} from {given.shown(database.path)} for good?")
    gone = database.forget(ref)
    said = (
        f"{ref} is forgotten: {plural(gone.accounts, 'account')} and "
        f"{plural(gone.connections, 'connection')} deleted from {given.shown(database.path)}. "
        "Maps and exports made before still hold it."
    )
    sys.stdout.write(f"{printable(said)}\n")


def _meant(database: Database, sought: SoughtAccount) -> AccountRef:
    """Find out on which network a plain name is.

    Else it is not looked for: to forget what is gone already cleans the file once more.
    """
    network = sought.network
    if network is None:
        (held,) = database.held([sought])
        network = held.network
    return AccountRef(network, sought.username, sought.social_id)
