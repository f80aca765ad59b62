"""What users add to a database's accounts by hand: tags and notes."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from graphcrawl import findings
from graphcrawl.database.file import DatabaseFile
from graphcrawl.database.given import Asked, named
from graphcrawl.graph.own import Own, read_note, read_tag
from graphcrawl.store import (
    Held,
    Marked,
    add_tags,
    held_by_key,
    open_for_reading,
    open_store,
    read_held,
    remove_tags,
    write_note,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


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
        with closing(open_for_reading(self.path)) as store:
            return findings.own_of(store)

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

        with closing(open_for_reading(self.path)) as store:
            return read_held(store, [named(one) for one in accounts])

    def held_by_key(self, node_ids: Sequence[int]) -> list[Held]:
        """Give accounts by `Node.id`, the most followed first.

        Raises
        ------
        StoreError
            If there is no database, or it cannot be read.
        """

        with closing(open_for_reading(self.path)) as store:
            return held_by_key(store, node_ids)

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

        words = [read_tag(tag) for tag in tags]
        with closing(open_store(self.path)) as store:
            return add_tags(store, [named(one) for one in accounts], words)

    def untag(self, accounts: Sequence[Asked], tags: Iterable[str]) -> Marked:
        """Take tags off accounts; what is given and raised is as for `tag`."""

        words = [read_tag(tag) for tag in tags]
        with closing(open_store(self.path)) as store:
            return remove_tags(store, [named(one) for one in accounts], words)

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
        with closing(open_store(self.path)) as store:
            return write_note(store, named(account), note)
