"""What a file holds, before anybody has asked what it means: accounts and connections as written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from graphcrawl.tables import Complaints


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
    values: Mapping[str, object]
    undirected: bool


Raw = RawNode | RawEdge


@dataclass(frozen=True, slots=True)
class Source:
    """One file's accounts and connections, in its order.

    Attributes
    ----------
    items : iterable of RawNode and RawEdge
        Readable once.
    complaints : Complaints
        Of this file; the reader's own are in it too.
    tells_accounts : bool
        Whether accounts are told at all; if not, the ends of connections are the accounts.
    """

    items: Iterable[Raw]
    complaints: Complaints
    tells_accounts: bool = True
