"""Lists of accounts: one a line, or a CSV."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from graphcrawl.addresses.accounts import STORED, TO_ASK, Rules, account_by
from graphcrawl.addresses.names import shown
from graphcrawl.errors import AccountTextError, InputError
from graphcrawl.model import AccountRef
from graphcrawl.wording import printable

_DELIMITERS: Final = (",", ";", "\t")
_COLUMNS: Final[tuple[str, ...]] = ("network", "username", "id", "social_id")
_NAMING: Final = frozenset({"username", "id", "social_id"})
_GZIP_MAGIC: Final = b"\x1f\x8b"
_SHOWN_SOURCE: Final = 200


def read_seed_file(
    path: str | Path,
    *,
    network: str | None = None,
    by_id: bool = False,
    stored: bool = False,
    stdin: BinaryIO | None = None,
) -> list[AccountRef]:
    """Read a list of accounts from a file; see `read_seed_lines` for its form.

    Parameters
    ----------
    path : str or Path
        ``-`` is the standard input.
    network, by_id, stored
        As in `read_seed_lines`.
    stdin : binary file or None
        What ``-`` reads; None is the process's own.

    Returns
    -------
    list of AccountRef

    Raises
    ------
    InputError
        Where the file cannot be read or is not UTF-8 text; `AccountTextError` at the first
        line that names no account.
    """
    if str(path) == "-":
        source = "standard input"
        content = (stdin or sys.stdin.buffer).read()
    else:
        source = printable(str(path), _SHOWN_SOURCE)
        content = _bytes_of(Path(path), source)
    # Not str.splitlines: it would also part lines where a title holds U+2028 or a form feed.
    lines = io.StringIO(_decoded(content, source), newline=None)
    return read_seed_lines(lines, source=source, network=network, by_id=by_id, stored=stored)


def _bytes_of(path: Path, source: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"Cannot read {source}: {error.strerror or 'it failed'}") from error
    except ValueError as error:
        raise InputError(f"Cannot read {source}: no file can have this name") from error


def _decoded(content: bytes, source: str) -> str:
    if content.startswith(_GZIP_MAGIC):
        raise InputError(f"Cannot read {source}: it is compressed; unpack it first")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise InputError(
            f"Cannot read {source}: line {line} is not UTF-8 text; save the file as UTF-8"
        ) from error


def read_seed_lines(
    lines: Iterable[str],
    *,
    source: str,
    network: str | None = None,
    by_id: bool = False,
    stored: bool = False,
) -> list[AccountRef]:
    """Read a list of accounts: one a line, or a CSV.

    A CSV begins with a line that names its columns, in any case and order, parted by comma,
    semicolon or tab: ``network``, ``username``, ``id``; others are left aside. A row needs one
    of username and id. ``social_id`` means the same as ``id`` and wins over it: where a table
    has both, its ``id`` is a database's key. Blank lines and lines that begin with ``#`` are
    passed over.

    Parameters
    ----------
    lines : iterable of str
    source : str
        What a message calls the list.
    network, by_id
        As in `parse_account`; in a CSV the columns tell names from IDs.
    stored : bool
        Read them as `parse_sought` does, since a database may hold others than can be asked.

    Returns
    -------
    list of AccountRef
        In the list's order, each account once.

    Raises
    ------
    AccountTextError
        At the first line that names no account, with source and line.
    """
    rules = STORED if stored else TO_ASK
    chosen = None if network is None else rules.network(network)
    numbered = _SeedLines(lines)
    found: dict[tuple[str, str, str], AccountRef] = {}
    try:
        for ref in _refs(numbered, chosen, rules, by_id=by_id):
            found.setdefault(_identity(ref), ref)
    except AccountTextError as error:
        where = f"{printable(source, _SHOWN_SOURCE)}, line {numbered.start}"
        raise AccountTextError(f"{where}: {error}") from error
    return list(found.values())


def _identity(ref: AccountRef) -> tuple[str, str, str]:
    if ref.social_id:
        return ref.network, "id", ref.social_id
    return ref.network, "name", (ref.username or "").casefold()


class _SeedLines:
    """Lines without comments and blanks, counted.

    The csv module asks for another line while a quoted cell is open. There, a line that begins
    with # is a part of the cell; so comments are passed over between records only.

    Attributes
    ----------
    start : int
        Number of the line that the present record began on, from 1.
    between : bool
        Set it before each record.
    """

    def __init__(self, lines: Iterable[str]) -> None:
        self._counted = enumerate(lines, 1)
        self.start = 0
        self.between = True

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        for number, raw in self._counted:
            line = raw.removeprefix("\ufeff") if number == 1 else raw
            if not self.between:
                return line
            text = line.strip()
            if text and not text.startswith("#"):
                self.start, self.between = number, False
                return line
        raise StopIteration


def _refs(
    lines: _SeedLines, network: str | None, rules: Rules, *, by_id: bool
) -> Iterator[AccountRef]:
    first = next(lines, None)
    if first is None:
        return
    header = _header(first)
    if header is not None:
        for row in _rows(lines, header.delimiter):
            yield _ref_in_row(row, header, network, rules)
        return
    line: str | None = first
    while line is not None:
        yield account_by(rules, line, network=network, by_id=by_id)
        lines.between = True
        line = next(lines, None)


@dataclass(frozen=True, slots=True)
class _Header:
    """How a CSV is parted, how many columns it has, and which of them are ours."""

    delimiter: str
    width: int
    columns: dict[str, int]


def _header(line: str) -> _Header | None:
    readings = [_header_parted_by(delimiter, line) for delimiter in _DELIMITERS]
    best = max(readings, key=lambda header: len(header.columns))
    if not _NAMING & best.columns.keys():
        return None
    return best


def _header_parted_by(delimiter: str, line: str) -> _Header:
    try:
        cells = next(csv.reader([line], delimiter=delimiter, strict=True), [])
    except csv.Error:
        cells = []
    names = [cell.strip().casefold() for cell in cells]
    columns = {name: names.index(name) for name in _COLUMNS if name in names}
    return _Header(delimiter=delimiter, width=len(names), columns=columns)


def _rows(lines: _SeedLines, delimiter: str) -> Iterator[list[str]]:
    # strict, or a quote left open would swallow the rest of the list without a word.
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        lines.between = True
        try:
            row = next(reader, None)
        except csv.Error as error:
            raise AccountTextError(f"this is no row of a CSV ({printable(str(error))})") from error
        if row is None:
            return
        if any(cell.strip() for cell in row):
            yield row


def _ref_in_row(row: list[str], header: _Header, network: str | None, rules: Rules) -> AccountRef:
    if any(cell.strip() for cell in row[header.width :]):
        raise AccountTextError("the row has more cells than the header names")
    cells = {name: row[at].strip() for name, at in header.columns.items() if at < len(row)}
    named = cells.get("network")
    chosen = rules.network(named) if named else network
    username = cells.get("username", "").removeprefix("@")
    social_id = cells.get("social_id" if "social_id" in header.columns else "id", "")
    _refuse_cell(username, rules.name_fault(username) if username else None)
    _refuse_cell(social_id, rules.id_fault(social_id) if social_id else None)
    if not (username or social_id):
        raise AccountTextError("the row has neither a username nor an ID")
    if chosen is None:
        raise AccountTextError("the row names no network: fill that column, or pass --network")
    return AccountRef(chosen, username=username or None, social_id=social_id or None)


def _refuse_cell(cell: str, fault: str | None) -> None:
    if fault is not None:
        raise AccountTextError(f"{shown(cell)} names no account: {fault}")
