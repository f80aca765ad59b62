"""What a file holds before anybody asks what it means: accounts and connections as written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Final, NamedTuple

from graphcrawl.csv_files import Complaints

NOTHING_TOLD: Final[Mapping[str, object]] = {}


class RawNode(NamedTuple):
    """An account: where it stands in its file, what edges call it, and its attributes."""

    place: int
    key: str
    values: Mapping[str, object]


class RawEdge(NamedTuple):
    """A connection: where it stands, what its ends are called, attributes, whether both list."""

    place: int
    source: str
    target: str
    values: Mapping[str, object] = NOTHING_TOLD
    undirected: bool = False


Raw = RawNode | RawEdge


class Ends(Enum):
    """Where the ends of connections are told of."""

    BEFORE = auto()
    """In an earlier file."""

    LATER = auto()
    """In this one, maybe behind the connections."""

    NEW = auto()
    """Nowhere: an end that was not met before is an account."""


@dataclass(frozen=True, slots=True)
class Source:
    """One file's accounts and connections, in its order.

    Attributes
    ----------
    items : iterable of RawNode and RawEdge
        Readable once.
    complaints : Complaints
        Of this file; the reader's own are in it too.
    ends : Ends
        Where the ends of its connections are told of.
    """

    items: Iterable[Raw]
    complaints: Complaints
    ends: Ends


@dataclass(slots=True)
class About:
    """What a graph's files say of themselves, while they are read.

    Attributes
    ----------
    ours : bool
        Whether graphcrawl wrote them: then names, keys and guards of texts are ours.
    origins : set of str
        Whom they say that their data came from.
    """

    ours: bool = False
    origins: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class RawGraph:
    """A graph in files.

    Attributes
    ----------
    format : str
    names : tuple of str
        Of its files, without folders.
    path : str
        What to call it in messages.
    sources : iterator of Source
        Accounts first, where files are apart.
    about : About
        True once the sources are read.
    typed : bool
        Whether its values have types; if not, all are texts.
    """

    format: str
    names: tuple[str, ...]
    path: str
    sources: Iterator[Source]
    about: About
    typed: bool = True
