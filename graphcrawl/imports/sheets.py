"""The parts of a workbook, understood one by one: sheets, texts, styles, rows of cells."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from graphcrawl.imports.xml import Attributes

MOST_COLUMNS: Final = 16_384
"""Excel's own limit."""

_ESCAPED: Final = re.compile("_x([0-9A-Fa-f]{4})_")
_WHOLE: Final = re.compile(r"-?\d{1,18}", re.ASCII)
_LETTERS: Final = re.compile("[A-Z]{1,3}")
_FIRST_DAY: Final = datetime(1899, 12, 30, tzinfo=UTC)
_FIRST_DAY_OF_1904: Final = datetime(1904, 1, 1, tzinfo=UTC)
_BUILT_IN_DATES: Final = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
_IN_DOUBT: Final = 2
"""Microseconds by which a moment in days may be wrong."""
_QUOTED: Final = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')


class Cell(NamedTuple):
    """A cell as it is written: where it stands, from 0, its kind, its style, its text."""

    column: int
    kind: str
    style: int
    text: str


class Relations:
    """Understands which part has which key."""

    def __init__(self) -> None:
        self.found: list[tuple[str, str]] = []

    def start(self, name: str, attributes: Attributes, line: int) -> None:
        """Meet an element's beginning."""
        if name == "Relationship":
            target = attributes.get("Target", "")
            part = target[1:] if target.startswith("/") else f"xl/{target}"
            self.found.append((attributes.get("Id", ""), part))

    def end(self, name: str, text: str) -> None:
        """Meet its end."""


class Sheets:
    """Understands the workbook: its sheets by name, with the key of each, and its first day."""

    def __init__(self) -> None:
        self.found: list[tuple[str, str]] = []
        self.epoch = _FIRST_DAY

    def start(self, name: str, attributes: Attributes, line: int) -> None:
        """Meet an element's beginning."""
        if name == "sheet":
            self.found.append((attributes.get("name", ""), attributes.get("id", "")))
        elif name == "workbookPr" and attributes.get("date1904", "0") in ("1", "true"):
            self.epoch = _FIRST_DAY_OF_1904

    def end(self, name: str, text: str) -> None:
        """Meet its end."""


class Texts:
    """Joins the runs of a text; how it is pronounced is no part of it."""

    def __init__(self) -> None:
        self._runs: list[str] = []
        self._spoken = 0

    def begin(self) -> None:
        """Start anew."""
        self._runs, self._spoken = [], 0

    def start(self, name: str) -> None:
        """Meet an element's beginning."""
        self._spoken += name == "rPh"

    def end(self, name: str, text: str) -> None:
        """Meet its end."""
        self._spoken -= name == "rPh"
        if name == "t" and not self._spoken:
            self._runs.append(text)

    def joined(self) -> str:
        """Give the whole, its escapes undone."""
        return unescaped("".join(self._runs))


class Strings:
    """Understands the texts that cells name by number."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self._texts = Texts()

    def start(self, name: str, attributes: Attributes, line: int) -> None:
        """Meet an element's beginning."""
        if name == "si":
            self._texts.begin()
        self._texts.start(name)

    def end(self, name: str, text: str) -> None:
        """Meet its end."""
        self._texts.end(name, text)
        if name == "si":
            self.found.append(self._texts.joined())


class Styles:
    """Understands which styles of cells, by number, show a date."""

    def __init__(self) -> None:
        self.found: list[bool] = []
        self._formats: dict[str, str] = {}
        self._in_cells = False

    def start(self, name: str, attributes: Attributes, line: int) -> None:
        """Meet an element's beginning."""
        if name == "numFmt":
            self._formats[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif name == "cellXfs":
            self._in_cells = True
        elif name == "xf" and self._in_cells:
            self.found.append(self._is_date(attributes.get("numFmtId", "0")))

    def end(self, name: str, text: str) -> None:
        """Meet its end."""
        if name == "cellXfs":
            self._in_cells = False

    def _is_date(self, number: str) -> bool:
        if number in self._formats:
            plain = _QUOTED.sub("", self._formats[number]).casefold()
            return plain != "general" and any(sign in plain for sign in "ymdhs")
        return number.isascii() and number.isdigit() and int(number[:9]) in _BUILT_IN_DATES


class Rows:
    """Understands a sheet: its rows, each with its number and its cells that hold something."""

    def __init__(self) -> None:
        self.found: list[tuple[int, Sequence[Cell]]] = []
        self._texts = Texts()
        self._row = 0
        self._cells: list[Cell] = []
        self._cell = Cell(0, "n", 0, "")
        self._column = -1

    def start(self, name: str, attributes: Attributes, line: int) -> None:
        """Meet an element's beginning."""
        if name == "row":
            self._row = _number(attributes.get("r", ""), self._row + 1)
            self._cells, self._column = [], -1
        elif name == "c":
            self._column = _column(attributes.get("r", ""), self._column + 1)
            style = _number(attributes.get("s", ""), 0)
            self._cell = Cell(self._column, attributes.get("t", "n"), style, "")
            self._texts.begin()
        self._texts.start(name)

    def end(self, name: str, text: str) -> None:
        """Meet its end."""
        self._texts.end(name, text)
        if name == "v":
            self._cell = self._cell._replace(text=text)
        elif name == "c":
            self._close()
        elif name == "row":
            self.found.append((self._row, self._cells))

    def _close(self) -> None:
        cell = self._cell
        if cell.kind == "inlineStr":
            cell = cell._replace(text=self._texts.joined())
        if cell.text and cell.column < MOST_COLUMNS:
            self._cells.append(cell)


def value_of(cell: Cell, strings: Sequence[str], dates: Sequence[bool], epoch: datetime) -> object:
    """Give what a cell holds: a text, a truth, a number, a moment in UTC; None where an error is.

    Parameters
    ----------
    cell : Cell
    strings : sequence of str
        Those that cells name by number.
    dates : sequence of bool
        Which styles show a date.
    epoch : datetime
        The day 0 of dates.
    """
    match cell.kind:
        case "s":
            at = _number(cell.text, len(strings))
            return strings[at] if at < len(strings) else None
        case "inlineStr":
            return cell.text
        case "str":
            return unescaped(cell.text)
        case "b":
            return cell.text == "1"
        case "e":
            return None
        case "d":
            return cell.text
    shows_date = cell.style < len(dates) and dates[cell.style]
    return _moment(cell.text, epoch) if shows_date else _as_number(cell.text)


def unescaped(text: str) -> str:
    """Undo what workbooks write for signs that XML does not hold.

    Examples
    --------
    >>> unescaped("a_x0009_b_x005F_x0009_")
    'a\\tb_x0009_'
    """
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def _as_number(text: str) -> object:
    if _WHOLE.fullmatch(text):
        return int(text)
    try:
        return float(text)
    except ValueError:
        return text


def _moment(text: str, epoch: datetime) -> object:
    try:
        moment = epoch + timedelta(days=float(text))
    except (ValueError, OverflowError):
        return text
    # Days to 16 digits miss a microsecond or two; programs that know milliseconds mean these.
    beside = (moment.microsecond + _IN_DOUBT) % 1_000 - _IN_DOUBT
    return moment - timedelta(microseconds=beside) if abs(beside) <= _IN_DOUBT else moment


def _number(text: str, otherwise: int) -> int:
    """Give a whole number that counts something."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else otherwise


def _column(reference: str, otherwise: int) -> int:
    """Give the place, from 0, of a cell named like ``B3``."""
    found = _LETTERS.match(reference)
    if found is None:
        return otherwise
    at = 0
    for letter in found[0]:
        at = at * 26 + ord(letter) - ord("A") + 1
    return at - 1
