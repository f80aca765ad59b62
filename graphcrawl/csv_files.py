"""Reading files of rows: plain and gzipped CSV, broken rows named by their line."""

from __future__ import annotations

import csv
import gzip
import re
import zlib
from bisect import insort
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO, TextIOWrapper
from itertools import chain
from operator import itemgetter
from pathlib import Path
from typing import BinaryIO, Final, TextIO, cast

from graphcrawl.errors import InputError
from graphcrawl.wording import printable

_GZIP_MAGIC: Final = b"\x1f\x8b"
_NAMED_ROWS: Final = 10
_LARGEST_COUNT_DIGITS: Final = 15
_COMMA: Final = ","
_OTHER_DELIMITERS: Final = ";\t"
_LONGEST_HEADER: Final = 300
_QUOTED: Final = re.compile(r'"[^"]*"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Which columns hold what; None means the usual name, which may then be absent.

    Attributes
    ----------
    id, username, title, network, subscribers : str or None
        Of the nodes' file; the usual names are the attributes'. `id` must be there.
    source, target : str or None
        Of the edges' file; both must be there.
    """

    id: str | None = None
    username: str | None = None
    title: str | None = None
    network: str | None = None
    subscribers: str | None = None
    source: str | None = None
    target: str | None = None


class Complaints:
    """Broken rows of one file: the first few are named, all are counted.

    Parameters
    ----------
    path : Path
        The file, for messages.
    unit : str
        What it is counted in.
    """

    def __init__(self, path: Path, unit: str = "line") -> None:
        self._path = path
        self._unit = unit
        self._named: list[tuple[int, str]] = []
        self.count = 0

    def add(self, line: int, problem: str) -> None:
        """Note what is wrong with a line."""
        self.count += 1
        # Whether an account is there is looked up after the rows are read.
        insort(self._named, (line, f"{self._unit} {line}: {problem}"), key=itemgetter(0))
        del self._named[_NAMED_ROWS:]

    def settle(self, advice: str = "") -> None:
        """Raise InputError when there was anything to complain about.

        Parameters
        ----------
        advice : str
            What to do next, for the end of the line.
        """
        if not self.count:
            return
        rest = self.count - len(self._named)
        more = f"; and {rest} more" if rest else ""
        named = "; ".join(problem for _, problem in self._named)
        raise InputError(f"{self._path}: {named}{more}{advice}")


class Heading:
    """The names of a table's columns, and where they stand.

    Parameters
    ----------
    path : Path
        Its file, for messages.
    header : list of str
        At least one.
    """

    def __init__(self, path: Path, header: list[str]) -> None:
        self.path = path
        self.header = header

    def index(self, chosen: str | None, usual: str) -> int | None:
        """Find a column that may be absent unless it was chosen.

        Raises
        ------
        InputError
            When the chosen column is not there.
        """
        if chosen is None:
            return self.header.index(usual) if usual in self.header else None
        return self.require(chosen, usual)

    def require(self, chosen: str | None, usual: str) -> int:
        """Find a column that must be there, or raise InputError."""
        name = usual if chosen is None else chosen
        if name not in self.header:
            columns = printable(", ".join(self.header), _LONGEST_HEADER)
            raise InputError(f"{self.path}: no column {name!r}; it has {columns}; see --{usual}")
        return self.header.index(name)


class Table(Heading):
    """A CSV file's header and rows; where no comma parts the names, semicolons or tabs may.

    Parameters
    ----------
    path : Path
        The file, for messages.
    lines : iterator of str
        Its text.
    """

    def __init__(self, path: Path, lines: Iterator[str]) -> None:
        super().__init__(path, [])
        first = next(lines, "")
        self._reader = csv.reader(chain([first], lines), delimiter=delimiter_of(first))
        with self._named():
            self.header = next(self._reader, [])
        if not self.header:
            raise InputError(f"{path}: line 1: no column names")

    def rows(self, complaints: Complaints) -> Iterator[tuple[int, list[str]]]:
        """Yield line numbers and rows; blank lines are passed over, wrong lengths noted."""
        width = len(self.header)
        with self._named():
            for row in self._reader:
                if len(row) == width:
                    yield self._reader.line_num, row
                elif row:
                    complaints.add(self._reader.line_num, f"{len(row)} fields, not {width}")

    @contextmanager
    def _named(self) -> Iterator[None]:
        try:
            yield
        except csv.Error as error:
            raise InputError(f"{self.path}: line {self._reader.line_num}: {error}") from error


@contextmanager
def open_table(path: Path) -> Iterator[Table]:
    """Open a plain or gzipped CSV file in UTF-8; the content says which, not the name.

    Parameters
    ----------
    path : Path
        With a first line of column names.

    Yields
    ------
    Table
        Readable once, from its beginning.

    Raises
    ------
    InputError
        When the file cannot be read, or is no CSV: also from reading its rows.
    """
    try:
        with _open_text(path) as text:
            yield Table(path, iter(text))
    except UnicodeDecodeError as error:
        raise InputError(
            f"{path}: line {_line_not_utf8(path)}: not UTF-8; save it in that encoding"
        ) from error
    except UNREADABLE as error:
        raise unreadable(path, error) from error


UNREADABLE: Final = (OSError, EOFError, zlib.error)
"""What reading a file may raise, one that claims to be gzipped too."""


def unreadable(path: Path, error: Exception) -> InputError:
    """Say in one line why a file cannot be read."""
    reason = getattr(error, "strerror", None) or error
    return InputError(f"{path}: cannot be read: {reason}")


def delimiter_of(header: str) -> str:
    """Tell what parts the names in a CSV file's first line.

    Examples
    --------
    >>> delimiter_of('id;"a, b";title')
    ';'
    """
    bare = _QUOTED.sub("", header)
    if _COMMA in bare:
        return _COMMA
    return max(_OTHER_DELIMITERS, key=bare.count) if set(bare) & set(_OTHER_DELIMITERS) else _COMMA


def is_count(text: str) -> bool:
    """Whether a text is a whole number that can be followers: 15 digits at most."""
    return text.isascii() and text.isdigit() and len(text) <= _LARGEST_COUNT_DIGITS


def cell(row: Sequence[str], index: int | None) -> str | None:
    """Give a row's value in a column; None where it is empty, or there is no such column."""
    return row[index] or None if index is not None else None


def _open_text(path: Path) -> TextIO:
    return TextIOWrapper(open_bytes(path), encoding="utf-8-sig", newline="")


def open_bytes(path: Path) -> BinaryIO:
    """Open a plain or gzipped file; the content says which, not the name."""
    if not path.is_file():
        # A pipe gives what it holds only once.
        held = path.read_bytes()
        if held.startswith(_GZIP_MAGIC):
            return cast(BinaryIO, gzip.GzipFile(fileobj=BytesIO(held)))
        return BytesIO(held)
    with path.open("rb") as file:
        gzipped = file.read(2) == _GZIP_MAGIC
    return cast(BinaryIO, gzip.open(path, "rb")) if gzipped else path.open("rb")


def _line_not_utf8(path: Path) -> int:
    """Find the line: text is decoded in large pieces, so the reader does not know it."""
    with open_bytes(path) as file:
        for number, line in enumerate(file, start=1):
            try:
                line.decode()
            except UnicodeDecodeError:
                return number
    return 1
