"""An existing graph on its way into a database: what a file tells of accounts and connections."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

from graphcrawl.model import Certainty, Origin, OwnValue

NOT_ALL_IMPORTED: Final = "the imported file does not say that this is all it lists"
"""What is noted of an account whose connections may be more than those that came."""


class IncomingNode(NamedTuple):
    """An account; what its file does not tell is None.

    `key` is to be its key in the database, from 1. `visit` and `cause` are as in
    `graphcrawl.graph.Node`: ``done`` alone means that it was asked. `whole` says whether all that
    it lists is among the edges, unless the certainty of edges to it tells otherwise; `answered_at`
    when it was asked. `tags` and `note` are the user's, `own` the user's columns.
    """

    key: int
    network: str
    social_id: str | None
    username: str | None
    title: str | None
    avatar_url: str | None
    subscribers_count: int | None
    er: float | None
    state: str | None
    depth: int | None
    visit: str
    cause: str | None
    whole: bool
    answered_at: datetime | None
    first_seen_at: datetime | None
    last_seen_at: datetime | None
    tags: tuple[str, ...] = ()
    note: str | None = None
    own: Mapping[str, OwnValue] | None = None


class IncomingEdge(NamedTuple):
    """A connection; both ends are `IncomingNode.key`.

    `position` is its place among those of its source, None: after the ones before it.
    """

    source: int
    target: int
    position: int | None = None
    certainty: Certainty | None = None
    first_seen_at: datetime | None = None
    last_seen_at: datetime | None = None
    removed_at: datetime | None = None


Incoming = IncomingNode | IncomingEdge


@dataclass(frozen=True, slots=True)
class Ending:
    """What is known of a graph only when all of it has come.

    Attributes
    ----------
    origin : Origin
        Whom its data comes from, if it says so.
    settings : mapping
        What the database keeps of where it came from.
    """

    origin: Origin
    settings: Mapping[str, Any]
