"""What users add to a database's accounts by hand: tags and notes."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from graphcrawl import findings, store
from graphcrawl.database.file import DatabaseFile
from graphcrawl.database.given import Asked, each, named
from graphcrawl.graph.own import Own, read_note, read_tag

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from graphcrawl.store import Held, Marked


class Owning(DatabaseFile):
    """Tag accounts, write notes about them, read both and own columns."""

    __slots__ = ()

    def own(self) -> Own:
        """Read all tags, notes and own columns.

        Raises
        ------
        StoreError
            If there is no database, or it cannot be read.
        """
        with closing(store.open_for_reading(self.path)) as opened:
            return findings.own_of(opened)

    def held(self, accounts: Sequence[Asked]) -> list[Held]:
        """Find accounts, each once; a name may do without its network where it is borne on one.

        Raises
        ------
        InputError
            If one of them may be one of several; the message names these.
        NothingFound
            If the database does not hold one of them.
        StoreError
            If there is no database, or it cannot be read.
        """

        with closing(store.open_for_reading(self.path)) as opened:
            return store.read_held(opened, [named(one) for one in each(accounts)])

    def held_by_key(self, node_ids: Sequence[int]) -> list[Held]:
        """Give accounts by `Node.id`, the most followed first.

        Raises
        ------
        StoreError
            If there is no database, or it cannot be read.
        """

        with closing(store.open_for_reading(self.path)) as opened:
            return store.held_by_key(opened, node_ids)

    def tag(self, accounts: Sequence[Asked], tags: Iterable[str]) -> Marked:
        """Put tags on accounts: on all of them or, if one cannot be found, on none.

        Parameters
        ----------
        accounts : sequence of str, SoughtAccount or AccountRef
        tags : iterable of str
            As `graphcrawl.graph.own.read_tag` takes them.

        Raises
        ------
        InputError
            If a tag cannot be one, or an account may be one of several.
        NothingFound
            If the database does not hold one of the accounts.
        StoreError
            If there is no database, or it cannot be written.
        """

        words = [read_tag(tag) for tag in each(tags)]
        with closing(store.open_store(self.path)) as opened:
            return store.add_tags(opened, [named(one) for one in each(accounts)], words)

    def untag(self, accounts: Sequence[Asked], tags: Iterable[str]) -> Marked:
        """Take tags off accounts; what is given and raised is as for `tag`."""

        words = [read_tag(tag) for tag in each(tags)]
        with closing(store.open_store(self.path)) as opened:
            return store.remove_tags(opened, [named(one) for one in each(accounts)], words)

    def write_note(self, account: Asked, text: str | None) -> tuple[Held, str | None]:
        """Write a note about an account in place of the one it has; None takes it away.

        Returns
        -------
        Held
            The account.
        str or None
            The note that it had.

        Raises
        ------
        InputError
            If the text cannot be a note, or the account may be one of several.
        NothingFound
            If the database does not hold the account.
        StoreError
            If there is no database, or it cannot be written.
        """

        note = None if text is None else read_note(text)
        with closing(store.open_store(self.path)) as opened:
            return store.write_note(opened, named(account), note)
