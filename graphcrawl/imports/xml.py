"""XML read as a stream, line by line named, without anything that a file may make a reader fetch.

A DTD is refused: what it declares may grow without end or name other files.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO, Final, Protocol
from xml.parsers import expat

from graphcrawl.csv_files import UNREADABLE, Complaints, open_bytes, unreadable
from graphcrawl.errors import InputError
from graphcrawl.imports.raw import About, Ends, Raw, RawGraph, Source

_PIECE: Final = 1 << 16
_LONGEST_NUMBER: Final = 40

Attributes = Mapping[str, str]


class Handler(Protocol):
    """What understands one format; names come without their namespaces."""

    found: list[Raw]

    def start(self, name: str, attributes: Attributes, line: int) -> None:
        """Meet an element's beginning."""

    def end(self, name: str, text: str) -> None:
        """Meet its end; the text is what stood in it, outside of other elements."""


class HandlerOf(Protocol):
    """Makes the handler of one file."""

    def __call__(self, about: About, complaints: Complaints) -> Handler:
        """Make it."""


def read_xml(path: Path, format: str, handler: HandlerOf) -> RawGraph:
    """Give a graph from an XML file, plain or gzipped."""
    about, complaints = About(), Complaints(path)
    items = _items(path, handler(about, complaints))
    return RawGraph(
        format, (path.name,), str(path), iter([Source(items, complaints, Ends.LATER)]), about
    )


def root_of(path: Path) -> str | None:
    """Give the name of an XML file's first element; None if it is no XML.

    Raises
    ------
    InputError
        If it has a DTD, or cannot be read.
    """
    first: list[str] = []

    class _First(Exception):
        pass

    def start(name: str, attributes: Attributes) -> None:
        first.append(_local(name))
        raise _First

    parser = _parser(path)
    parser.StartElementHandler = start
    try:
        with open_bytes(path) as file:
            parser.ParseFile(file)
    except _First:
        return first[0]
    except expat.ExpatError:
        return None
    except UNREADABLE as error:
        raise unreadable(path, error) from error
    return None


def typed(kind: str, text: str) -> object:
    """Give a text as the type that it was declared to have, if it is of that."""
    try:
        match kind:
            case "boolean" if text.casefold() in ("true", "false"):
                return text.casefold() == "true"
            case "int" | "integer" | "long" if len(text) < _LONGEST_NUMBER:
                return int(text)
            case "float" | "double":
                return float(text)
    except ValueError:
        pass
    return text


def _items(path: Path, handler: Handler) -> Iterator[Raw]:
    try:
        with open_bytes(path) as file:
            yield from _parsed(path, file, handler)
    except UNREADABLE as error:
        raise unreadable(path, error) from error


def _parsed(path: Path, file: BinaryIO, handler: Handler) -> Iterator[Raw]:
    parser = _parser(path)
    # Of each open element, what stands in it outside of others.
    texts: list[list[str]] = [[]]

    def start(name: str, attributes: Attributes) -> None:
        texts.append([])
        plain = {_local(key): value for key, value in attributes.items()}
        handler.start(_local(name), plain, parser.CurrentLineNumber)

    def end(name: str) -> None:
        handler.end(_local(name), "".join(texts.pop()))

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = lambda text: texts[-1].append(text)
    try:
        while piece := file.read(_PIECE):
            parser.Parse(piece, False)
            yield from handler.found
            handler.found.clear()
        parser.Parse(b"", True)
        yield from handler.found
    except expat.ExpatError as error:
        reason = expat.ErrorString(error.code)
        raise InputError(f"{path}: line {error.lineno}: no sound XML: {reason}") from error


def _parser(path: Path) -> expat.XMLParserType:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True

    def refuse(*_: object) -> None:
        raise InputError(
            f"{path}: line {parser.CurrentLineNumber}: it has a DTD (<!DOCTYPE), which is not "
            "read, since it may name other files; take that out of the file"
        )

    parser.StartDoctypeDeclHandler = refuse
    return parser


def _local(name: str) -> str:
    return name.rpartition(" ")[2]
