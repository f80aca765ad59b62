"""Taking an account out of a database for good."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from graphcrawl.database.file import DatabaseFile
from graphcrawl.store import open_store

if TYPE_CHECKING:
    from graphcrawl.model import AccountRef
    from graphcrawl.store import Forgotten


class Forgetting(DatabaseFile):
    """Take accounts out for good."""

    __slots__ = ()

    def forget(self, ref: AccountRef) -> Forgotten:
        """Delete an account's data for good, and keep it from coming back.

        Raises
        ------
        NothingFound
            If there is no such account.
        StoreError
            If there is no database, or it cannot be written.
        """
        from graphcrawl.store import forget_account

        with closing(open_store(self.path)) as store:
            return forget_account(store, ref)
