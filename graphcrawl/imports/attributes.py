"""A user's own columns, from a CSV or Parquet file or a workbook whose rows name accounts."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from graphcrawl.addresses import SoughtAccount, parse_sought, stored_network
from graphcrawl.addresses.names import id_fault
from graphcrawl.cells import unguarded
from graphcrawl.csv_files import Columns, Complaints, Heading
from graphcrawl.errors import AccountTextError, InputError
from graphcrawl.graph.kinds import Kind, kind_of, value_of
from graphcrawl.graph.own import LONGEST_COLUMN
from graphcrawl.imports import values
from graphcrawl.imports.delimited import NODES, OUR_NODES, complaints_about, key_of
from graphcrawl.imports.fields import OF_OURS, own_name, usual_column
from graphcrawl.imports.grids import Grid, open_grid
from graphcrawl.imports.records import Records
from graphcrawl.model import OwnValue
from graphcrawl.wording import printable, storable

ACCOUNT: Final = "account"
"""The column that names accounts as people type them."""

OURS: Final = OF_OURS | {
    *("account", "avatar_url", "followers", "name_key", "subscribers", "subscribers_count"),
    *("auto", "tag", "valid_from", "visit"),
}
"""Names that are graphcrawl's own: such a column is passed over, in any case of letters."""

_ADVICE: Final = "; --skip-broken leaves such rows out"


@dataclass(frozen=True, slots=True)
class AttributeRow:
    """An account that a line names, and the texts of its cells; an empty cell is none."""

    line: int
    account: SoughtAccount
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class AttributeFile:
    """What a file of a user's own columns holds.

    Attributes
    ----------
    names : tuple of str
        Of its columns, in the file's order.
    passed_over : tuple of str
        Columns that bear a name of graphcrawl's own; of an export of ours none is named.
    rows : tuple of AttributeRow
    complaints : Complaints
        About broken rows so far.
    texts : frozenset of str
        Columns in which the file itself, unlike CSV, says that there is text.
    """

    names: tuple[str, ...]
    passed_over: tuple[str, ...]
    rows: tuple[AttributeRow, ...]
    complaints: Complaints
    texts: frozenset[str]

    def settle(self, *, skip_broken: bool) -> int:
        """Count the broken rows, or refuse the file for them.

        Raises
        ------
        InputError
            With the first lines and what is wrong there.
        """
        if not skip_broken:
            self.complaints.settle(_ADVICE)
        return self.complaints.count


def read_attributes(path: Path, columns: Columns | None = None) -> AttributeFile:
    """Read CSV, plain or gzipped, Parquet or a workbook's sheet whose rows name accounts.

    Of a workbook it is the sheet ``nodes``, else the only one.

    They do so in a column ``account`` (``instagram:nasa``, a profile's URL, a plain name), or in
    ``network`` with ``social_id``, ``id`` or ``username``; all in any case of letters.

    Parameters
    ----------
    path : Path
    columns : Columns or None
        Which columns are network, username and ID instead of the usual ones.

    Returns
    -------
    AttributeFile

    Raises
    ------
    InputError
        If it cannot be read, names no account, or holds no column of the user's own.
    """
    with open_grid(path, NODES) as table:
        naming = _Naming.of(table, columns or Columns())
        ours = table.said.ours if isinstance(table, Records) else set(table.header) >= OUR_NODES
        mine, passed_over = _own_columns(table, naming, ours=ours)
        complaints, texts = complaints_about(path), set[int]()
        lines = _as_texts(table, naming, complaints, texts)
        is_guarded = ours and not isinstance(table, Records)
        rows = tuple(_rows(lines, naming, mine, complaints, is_guarded=is_guarded))
    return AttributeFile(
        names=tuple(mine),
        passed_over=() if ours else passed_over,
        rows=rows,
        complaints=complaints,
        texts=frozenset(name for name, at in mine.items() if at in texts),
    )


def typed_columns(
    rows: Sequence[tuple[int, Mapping[str, str]]], names: Sequence[str], texts: Collection[str]
) -> dict[str, dict[int, OwnValue]]:
    """Give columns with their values, each as what all of them are.

    Parameters
    ----------
    rows : sequence of (int, mapping of str to str)
        Accounts by `Node.id`, and their cells.
    names : sequence of str
    texts : collection of str
        Columns that are texts, whatever they look like.

    Raises
    ------
    InputError
        If one of those is not there.
    """
    strange = [name for name in texts if name not in names]
    if strange:
        there = printable(", ".join(names), 300)
        raise InputError(f"--text {printable(strange[0], 60)!r}: no such column; there are {there}")
    columns: dict[str, dict[int, OwnValue]] = {}
    for name in names:
        cells = {node_id: cells[name] for node_id, cells in rows if name in cells}
        kind = Kind.TEXT if name in texts else kind_of(cells.values())
        columns[name] = {node_id: value_of(kind, text) for node_id, text in cells.items()}
    return columns


@dataclass(frozen=True, slots=True)
class _Naming:
    """Where a row's cells name its account."""

    account: int | None
    network: int | None
    username: int | None
    social_id: int | None

    @classmethod
    def of(cls, table: Heading, columns: Columns) -> _Naming:
        def place(chosen: str | None, *usual: str) -> int | None:
            if chosen is not None:
                return table.require(chosen, usual[0])
            names = (usual_column(table.header, None, one) for one in usual)
            return next((table.header.index(name) for name in names if name is not None), None)

        naming = cls(
            account=place(None, ACCOUNT),
            network=place(columns.network, "network"),
            username=place(columns.username, "username"),
            # Where a table has both, its id is a database's key.
            social_id=place(columns.id, "social_id", "id"),
        )
        if (naming.account, naming.username, naming.social_id) == (None, None, None):
            raise InputError(
                f"{table.path}: no column names accounts: it takes account, or network with "
                "username or id"
            )
        return naming

    @property
    def places(self) -> set[int]:
        return {
            at
            for at in (self.account, self.network, self.username, self.social_id)
            if at is not None
        }

    def named(self, row: Sequence[str]) -> SoughtAccount:
        def cell(at: int | None) -> str:
            return "" if at is None else row[at].strip()

        network = cell(self.network) or None
        if text := cell(self.account):
            return parse_sought(text, network=network)
        username, social_id = cell(self.username).removeprefix("@"), cell(self.social_id)
        if not (username or social_id):
            raise AccountTextError("it names no account")
        if social_id and (fault := id_fault(social_id)) is not None:
            raise AccountTextError(f"{printable(social_id, 60)!r}: {fault}")
        on = None if network is None else stored_network(network)
        return SoughtAccount(on, username or None, social_id or None)


def _own_columns(
    table: Grid, naming: _Naming, *, ours: bool
) -> tuple[dict[str, int], tuple[str, ...]]:
    mine: dict[str, int] = {}
    passed_over: list[str] = []
    for at, head in enumerate(table.header):
        if at in naming.places:
            continue
        written = unguarded(head) if ours and not isinstance(table, Records) else head
        name = storable(written.strip())
        if name.casefold() in OURS:
            passed_over.append(name)
            continue
        name = own_name(name) if ours else name
        _check_name(table, name, at, mine)
        mine[name] = at
    if not mine:
        raise InputError(
            f"{table.path}: it holds no column of your own beside those that name accounts"
            + (f"; graphcrawl's own names: {', '.join(passed_over)}" if passed_over else "")
        )
    return mine, tuple(passed_over)


def _check_name(table: Heading, name: str, at: int, before: Mapping[str, int]) -> None:
    shown = printable(name, 60)
    if not name:
        raise InputError(f"{table.path}: line 1: column {at + 1} has no name")
    if len(name) > LONGEST_COLUMN:
        raise InputError(
            f"{table.path}: line 1: {shown!r} has more than {LONGEST_COLUMN} characters"
        )
    if name in before:
        raise InputError(f"{table.path}: line 1: two columns are called {shown!r}")


def _as_texts(
    table: Grid, naming: _Naming, complaints: Complaints, texts: set[int]
) -> Iterator[tuple[int, list[str]]]:
    """Give rows as CSV would hold them; where cells have types, note which columns hold texts."""
    if not isinstance(table, Records):
        yield from table.rows(complaints)
        return
    names = naming.places
    for line, row in table.rows(complaints):
        texts.update(at for at, cell in enumerate(row) if isinstance(cell, str))
        yield line, [key_of(cell) if at in names else _text(cell) for at, cell in enumerate(row)]


def _text(cell: object) -> str:
    value = values.own(cell)
    return "" if value is None else str(value)


def _rows(
    lines: Iterator[tuple[int, list[str]]],
    naming: _Naming,
    mine: Mapping[str, int],
    complaints: Complaints,
    *,
    is_guarded: bool,
) -> Iterator[AttributeRow]:
    for line, row in lines:
        try:
            account = naming.named([unguarded(cell) for cell in row] if is_guarded else row)
        except AccountTextError as error:
            complaints.add(line, str(error))
            continue
        cells = {name: storable(text) for name, at in mine.items() if (text := row[at].strip())}
        yield AttributeRow(
            line,
            account,
            {name: unguarded(text) for name, text in cells.items()} if is_guarded else cells,
        )
