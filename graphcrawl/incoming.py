"""An existing graph on its way into a database: what a file tells of accounts and connections."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from graphcrawl.model import Certainty, Origin


class IncomingNode(NamedTuple):
    """An account; what its file does not tell is None.

    `visit` and `cause` are as in `graphcrawl.graph.Node`: ``done`` alone means that all it lists is
    among the edges. `whole` says whether that is known for sure (None: as the visit tells, and as
    the certainty of edges to it does); `answered_at` when it was asked.
    """

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
    whole: bool | None
    answered_at: datetime | None
    first_seen_at: datetime | None
    last_seen_at: datetime | None


class IncomingEdge(NamedTuple):
    """A connection; both ends are numbers of accounts, which count from 0 as these came.

    `position` is its place among those of its source, None: after the ones before it.
    """

    source: int
    target: int
    position: int | None
    certainty: Certainty | None
    first_seen_at: datetime | None
    last_seen_at: datetime | None


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
