"""Taking an account out of a database for good."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from graphcrawl.database.file import DatabaseFile
from graphcrawl.database.given import Asked, named
from graphcrawl.model import AccountRef
from graphcrawl.store import open_store

if TYPE_CHECKING:
    from graphcrawl.store import Forgotten


class Forgetting(DatabaseFile):
    """Take accounts out for good."""

    __slots__ = ()

    def forget(self, account: Asked) -> Forgotten:
        """Delete an account's data for good, and keep it from coming back.

        Parameters
        ----------
        account : str, SoughtAccount or AccountRef
            Of a name every account that bears it on its network; a plain one, if only one network
            has it.

        Raises
        ------
        InputError
            If a text names no account, or a plain name is borne on several networks.
        NothingFound
            If there is no such account.
        StoreError
            If there is no database, or it cannot be written.
        """
        from graphcrawl.store import forget_account, read_held

        sought = named(account)
        with closing(open_store(self.path)) as store:
            network = sought.network or read_held(store, [sought])[0].network
            ref = AccountRef(network, sought.username, sought.social_id)
            return forget_account(store, ref)
