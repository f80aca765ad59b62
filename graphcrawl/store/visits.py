"""A crawl's visits: how accounts join it, stand in it, and what an outcome makes of that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, String, bindparam, null, select, update

from graphcrawl.model import NETWORKS, Outcome, OutcomeKind
from graphcrawl.store import dialects
from graphcrawl.store.depths import RIM
from graphcrawl.store.schema import NodeRow, VisitRow, table_of
from graphcrawl.store.waiting import ANOTHER_WAY

CLAIMED: Final = "claimed"
"""Status of a visit whose request is under way."""

UNKNOWN_NETWORK: Final = "unknown-network"
"""Cause of a skipped visit: a network that the API cannot be asked about."""

_visits: Final = table_of(VisitRow)
_nodes: Final = table_of(NodeRow)

_INSERT: Final = dialects.insertion(
    _visits, "crawl_id", "node_id", "depth", "status", "attempts", "postponed", "cause"
)
_SOURCE: Final = dialects.Prepared(
    select(_nodes.c.social_id, _nodes.c.username, _visits.c.depth, _visits.c.status)
    .join(_visits, _visits.c.node_id == _nodes.c.id)
    .where(_nodes.c.id == bindparam("node"), _visits.c.crawl_id == bindparam("crawl"))
)
_COMPLETE: Final = dialects.Prepared(
    update(_visits)
    .where(_visits.c.crawl_id == bindparam("crawl"), _visits.c.node_id == bindparam("node"))
    .values(
        status="done",
        attempts=_visits.c.attempts + bindparam("sent"),
        answer_id=bindparam("answer"),
        retry_at=null(),
        cause=bindparam("cause", type_=String),
        error=null(),
        failed_at=null(),
    )
)


@dataclass(frozen=True, slots=True)
class Source:
    """The asked account: its node as it is called now, and how its visit stands."""

    node_id: int
    social_id: str | None
    username: str | None
    depth: int
    status: str


class Visits:
    """The visits of one crawl.

    Parameters
    ----------
    crawl_id : int
    depth_limit : int or None
        Accounts nearer than this are asked; None: all.
    """

    def __init__(self, crawl_id: int, depth_limit: int | None) -> None:
        self._crawl_id = crawl_id
        self._depth_limit = depth_limit

    def new(
        self, node_id: int, network: str, depth: int, refused: str | None = None
    ) -> dict[str, object]:
        """Give the visit of an account that joins the crawl: to be asked, or not.

        Parameters
        ----------
        refused : str or None
            The cause for which a filter leaves it alone.
        """
        status, cause = "queued", None
        if network not in NETWORKS:
            status, cause = "skipped", UNKNOWN_NETWORK
        elif refused is not None and not self._is_beyond_all(depth):
            status, cause = "skipped", refused
        elif self._depth_limit is not None and depth >= self._depth_limit:
            status, cause = "skipped", RIM
        return {
            "crawl_id": self._crawl_id,
            "node_id": node_id,
            "depth": depth,
            "status": status,
            "attempts": 0,
            "postponed": 0,
            "cause": cause,
        }

    def _is_beyond_all(self, depth: int) -> bool:
        """Tell whether a refresh has only come across it: then no filter is why it is not asked."""
        return self._depth_limit == 0 < depth

    def insert(self, connection: Connection, rows: Sequence[Mapping[str, object]]) -> None:
        """Let accounts join the crawl, each as `new` gave it."""
        _INSERT.run_many(connection, rows)

    def source(self, connection: Connection, node_id: int) -> Source | None:
        """Give an account as it is called and stands now; None: the crawl does not hold it."""
        rows = _SOURCE.run(connection, node=node_id, crawl=self._crawl_id)
        return Source(node_id, *rows[0]) if rows else None

    def complete(
        self, connection: Connection, node_id: int, *, sent: int, answer_id: int, cause: str | None
    ) -> None:
        """Note that an account's connections are there.

        Parameters
        ----------
        sent : int
            Requests that it took.
        cause : str or None
            What the answer lacks all the same.
        """
        _COMPLETE.run(
            connection,
            crawl=self._crawl_id,
            node=node_id,
            sent=sent,
            answer=answer_id,
            cause=cause,
        )

    def update(self, connection: Connection, node_id: int, **values: object) -> None:
        """Change an account's visit."""
        connection.execute(
            update(VisitRow)
            .where(VisitRow.crawl_id == self._crawl_id, VisitRow.node_id == node_id)
            .values(**values)
        )


def standing(outcome: Outcome, source: Source, moment: datetime) -> dict[str, object]:
    """Say how a visit stands after an outcome that brought no connections."""
    failure = {"cause": outcome.cause, "error": outcome.message, "retry_at": None}
    match outcome.kind:
        case OutcomeKind.POSTPONED:
            retry_at = moment + timedelta(seconds=outcome.wait)
            postponed = VisitRow.postponed + 1
            return {"status": "queued", "postponed": postponed, **failure, "retry_at": retry_at}
        case OutcomeKind.DEFERRED:
            return {"status": "deferred", **failure, "failed_at": moment}
        case OutcomeKind.RETURNED:
            return {"status": "queued"}
        case OutcomeKind.BY_NAME:
            return {"status": "queued", **failure}
    if outcome.claim.ref.social_id is None and source.social_id is not None:
        # Asked by a name, while another answer told the account's ID: that is a new question.
        return {"status": "queued", "retry_at": None}
    if is_nameless_refusal(outcome) and source.username is not None:
        # Asked by an ID that the vendor does not take, while another answer told the name.
        return {"status": "queued", **failure}
    return {"status": "failed", **failure, "failed_at": moment}


def is_nameless_refusal(outcome: Outcome) -> bool:
    """Tell whether an ID was refused while the claim knew no name to ask by."""
    return outcome.cause in ANOTHER_WAY and outcome.claim.ref.username is None
