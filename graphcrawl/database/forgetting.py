"""Taking an account out of a database for good."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from graphcrawl.database.file import DatabaseFile
from graphcrawl.database.given import referred
from graphcrawl.store import Forgotten, forget_account, open_store

if TYPE_CHECKING:
    from graphcrawl.model import AccountRef


class Forgetting(DatabaseFile):
    """Take accounts out for good."""

    __slots__ = ()

    def forget(self, account: str | AccountRef) -> Forgotten:
        """Delete an account's data for good, and keep it from coming back.

        Parameters
        ----------
        account : str or AccountRef
            With its network, and of a name every account that bears it there.

        Raises
        ------
        InputError
            If a text names no account.
        NothingFound
            If there is no such account.
        StoreError
            If there is no database, or it cannot be written.
        """

        with closing(open_store(self.path)) as store:
            return forget_account(store, referred(account))
