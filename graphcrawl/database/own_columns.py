"""Bringing a user's own columns into a database, from a file whose rows name accounts."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from graphcrawl.database.file import DatabaseFile
from graphcrawl.database.given import each
from graphcrawl.errors import NothingFound
from graphcrawl.graph.kinds import kind_held
from graphcrawl.store import open_store
from graphcrawl.wording import printable

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from graphcrawl.csv_files import Columns
    from graphcrawl.graph.kinds import Kind
    from graphcrawl.imports import AttributeFile, AttributeRow
    from graphcrawl.store import (
        Held,
    )


@dataclass(frozen=True, slots=True)
class ColumnsAdded:
    """What a file of a user's own columns brought, and what it left out.

    Attributes
    ----------
    columns : mapping of str to int
        How many accounts have a value now, by the column's name.
    kinds : mapping of str to Kind
        What the values of each are.
    accounts : int
        That the file names and the database holds.
    unmatched : tuple of (int, str)
        Lines that name an account which the database does not hold.
    passed_over : tuple of str
        Columns that bear a name of graphcrawl's own.
    broken : int
        Rows that could not be used: left out, as was wished.
    """

    columns: Mapping[str, int]
    kinds: Mapping[str, Kind]
    accounts: int
    unmatched: tuple[tuple[int, str], ...]
    passed_over: tuple[str, ...]
    broken: int


class OwnColumns(DatabaseFile):
    """Add columns of one's own, and delete them."""

    __slots__ = ()

    def add_columns(
        self,
        path: str | Path,
        *,
        columns: Columns | None = None,
        texts: Collection[str] = (),
        skip_broken: bool = False,
    ) -> ColumnsAdded:
        """Add columns from a file, each in place of the one that bears its name.

        Parameters
        ----------
        path : str or Path
            As `graphcrawl.imports.read_attributes` takes it.
        columns : Columns or None
            Which columns name the accounts, instead of the usual ones.
        texts : collection of str
            Columns that are texts although all their values look like numbers.
        skip_broken : bool
            Leave broken rows out, and count them.

        Returns
        -------
        ColumnsAdded

        Raises
        ------
        InputError
            If the file cannot be read, holds something broken, or no column of one's own; nothing
            is written then.
        NothingFound
            If no row of it names an account of the database.
        StoreError
            If there is no database, or it cannot be written.
        """
        from graphcrawl.imports import read_attributes, typed_columns
        from graphcrawl.store import match_accounts, store_columns

        file = read_attributes(Path(path), columns)
        with closing(open_store(self.path)) as store:
            found = match_accounts(store, [row.account for row in file.rows])
            matched, unmatched = _matched(file, found)
            broken = file.settle(skip_broken=skip_broken)
            if not matched:
                raise NothingFound(
                    f"{printable(str(path))} names no account that {self.path} holds"
                )
            rows = [(node_id, row.cells) for node_id, row in matched.items()]
            typed = typed_columns(rows, file.names, [*texts, *file.texts])
            store_columns(store, typed)
        return ColumnsAdded(
            columns={name: len(values) for name, values in typed.items()},
            kinds={name: kind_held(values.values()) for name, values in typed.items()},
            accounts=len(matched),
            unmatched=tuple(unmatched),
            passed_over=file.passed_over,
            broken=broken,
        )

    def remove_columns(self, names: Sequence[str]) -> int:
        """Delete columns with all their values, and give how many there were.

        Raises
        ------
        StoreError
            If there is no database, or it cannot be written.
        """
        from graphcrawl.store import remove_columns

        with closing(open_store(self.path)) as store:
            return remove_columns(store, tuple(each(names)))


def _matched(
    file: AttributeFile, found: Iterable[Sequence[Held]]
) -> tuple[dict[int, AttributeRow], list[tuple[int, str]]]:
    """Give the rows by their accounts, and the lines whose account is not there."""
    from graphcrawl.store import listed_accounts

    matched: dict[int, AttributeRow] = {}
    unmatched: list[tuple[int, str]] = []
    for row, held in zip(file.rows, found, strict=True):
        if not held:
            unmatched.append((row.line, str(row.account)))
        elif len(held) > 1:
            names = listed_accounts(held)
            file.complaints.add(row.line, f"{row.account} may be one of several accounts: {names}")
        elif (before := matched.setdefault(held[0].id, row)) is not row:
            file.complaints.add(row.line, f"{held[0]} is in line {before.line} already")
    return matched, unmatched
