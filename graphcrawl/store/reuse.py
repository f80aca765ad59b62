"""Answers of earlier crawls that count for a new one, so that it need not ask again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    String,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
)

from graphcrawl.model import Account, Claim
from graphcrawl.store import dialects
from graphcrawl.store.accounts import name_key
from graphcrawl.store.depths import edge_held_by
from graphcrawl.store.schema import AnswerRow, EdgeRow, NodeRow, VisitRow, alias_of

ANSWERED: Final = "ok"
"""Outcome of an answer that brought connections."""

SETTLED_REFUSALS: Final = ("not-found", "private")
"""Refusals that are answers: nothing is wrong with the asking."""

SETTLED_AT_ONCE: Final = 200
"""Accounts that one transaction settles from stored answers: a crawl stays easy to interrupt."""


def is_whole(answer: type[AnswerRow] = AnswerRow) -> ColumnElement[bool]:
    """Give the condition that an answer held all connections of its account.

    A visit that is done and has a cause all the same says by it what its answer lacks.
    """
    visit = alias_of(VisitRow)
    complete = (
        exists()
        .where(
            visit.crawl_id == answer.crawl_id,
            visit.node_id == answer.node_id,
            visit.answer_id == answer.id,
            visit.cause.is_(None),
        )
        .correlate_except(visit)
    )
    return and_(answer.outcome == ANSWERED, answer.skipped_rows == 0, complete)


_NEWEST: Final = dialects.Prepared(
    select(func.max(AnswerRow.id))
    .where(
        dialects.within(AnswerRow.node_id, "ids"),
        AnswerRow.crawl_id != bindparam("crawl"),
        or_(is_whole(), *(AnswerRow.outcome == refusal for refusal in SETTLED_REFUSALS)),
    )
    .group_by(AnswerRow.node_id)
)
_told: Final = (NodeRow.network, NodeRow.social_id, NodeRow.username)
_ACCOUNT: Final = dialects.Prepared(
    select(*_told).where(NodeRow.id == bindparam("node"), NodeRow.social_id.is_not(None))
)
_LISTED: Final = dialects.Prepared(
    select(*_told)
    .join(EdgeRow, EdgeRow.target_id == NodeRow.id)
    .where(
        EdgeRow.source_id == bindparam("node"),
        edge_held_by(bindparam("answer", type_=Integer)),
        NodeRow.social_id.is_not(None),
    )
    .order_by(EdgeRow.position, EdgeRow.target_id)
)
_ANSWERS: Final = dialects.Prepared(
    select(AnswerRow.node_id, AnswerRow.id, AnswerRow.outcome).where(
        dialects.within(AnswerRow.id, "ids"),
        AnswerRow.asked_at >= bindparam("since", type_=String),
    )
)


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """The newest answer about an account that says all there is to say.

    Attributes
    ----------
    id : int
    node_id : int
        The account that was asked for.
    refusal : str or None
        Its kind; None: connections came.
    """

    id: int
    node_id: int
    refusal: str | None


@dataclass(frozen=True, slots=True)
class Reused:
    """What a crawl took from the database instead of asking.

    Attributes
    ----------
    answers : int
    oldest : datetime or None
        When the oldest of them came.
    """

    answers: int = 0
    oldest: datetime | None = None


NOTHING_REUSED: Final = Reused()


class StoredAnswers:
    """What other crawls were answered since a moment.

    Parameters
    ----------
    crawl_id : int
        Whose own answers do not count: where it asks again, it has a reason.
    since : datetime
    """

    def __init__(self, crawl_id: int, since: datetime) -> None:
        self._crawl_id = crawl_id
        self._since = since

    def find(self, connection: Connection, claims: Sequence[Claim]) -> dict[int, StoredAnswer]:
        """Find the answers that count for some accounts, by the claim's node.

        One that is only known by name may have its answer at the one account of that name.
        """
        namesakes = {
            claim.node_id: node
            for claim in claims
            if claim.ref.social_id is None and (node := _namesake(connection, claim)) is not None
        }
        asked = [claim.node_id for claim in claims if claim.refusal is None]
        found = self._newest(connection, [*asked, *namesakes.values()])
        for claim_node, node in namesakes.items():
            if claim_node not in found and node in found and found[node].refusal is None:
                found[claim_node] = found[node]
        return {node: found[node] for node in asked if node in found}

    def _newest(self, connection: Connection, nodes: Sequence[int]) -> dict[int, StoredAnswer]:
        newest = _NEWEST.run(connection, crawl=self._crawl_id, ids=dialects.as_list(nodes))
        since = dialects.stamp(connection.dialect.name, self._since)
        ids = dialects.as_list(answer_id for (answer_id,) in newest)
        return {
            node_id: StoredAnswer(answer_id, node_id, None if outcome == ANSWERED else outcome)
            for node_id, answer_id, outcome in _ANSWERS.run(connection, ids=ids, since=since)
        }


def _namesake(connection: Connection, claim: Claim) -> int | None:
    """Give the one stored account of a name; with several nobody knows who bears it now."""
    query = (
        select(NodeRow.id)
        .where(
            NodeRow.network == claim.ref.network,
            NodeRow.name_key == name_key(claim.ref.username),
            NodeRow.social_id.is_not(None),
        )
        .limit(2)
    )
    nodes = list(connection.execute(query).scalars())
    return nodes[0] if len(nodes) == 1 else None


def account_of(connection: Connection, node_id: int) -> Account | None:
    """Give an account's identity and name; None where no answer has told its ID."""
    rows = _ACCOUNT.run(connection, node=node_id)
    return Account(*rows[0]) if rows else None


def listed_in(connection: Connection, answer: StoredAnswer) -> list[Account]:
    """Give identity and name of the accounts that an answer listed and that are still stored."""
    rows = _LISTED.run(connection, node=answer.node_id, answer=answer.id)
    return [Account(*row) for row in rows]


def message_of(connection: Connection, answer: StoredAnswer) -> str | None:
    """Give the line that was written down of a refusal when it came."""
    query = (
        select(VisitRow.error)
        .join(
            AnswerRow,
            and_(AnswerRow.crawl_id == VisitRow.crawl_id, AnswerRow.node_id == VisitRow.node_id),
        )
        .where(AnswerRow.id == answer.id, VisitRow.cause == answer.refusal)
    )
    return connection.execute(query).scalar()


def count_reused(connection: Connection, crawl_id: int) -> Reused:
    """Count the answers that a crawl did not ask for itself."""
    taken = select(AnswerRow.asked_at).join(VisitRow, VisitRow.answer_id == AnswerRow.id)
    refused = select(func.max(AnswerRow.asked_at)).join(
        VisitRow,
        and_(
            VisitRow.node_id == AnswerRow.node_id,
            VisitRow.cause == AnswerRow.outcome,
            VisitRow.status == "failed",
            VisitRow.attempts == 0,
        ),
    )
    of_others = and_(VisitRow.crawl_id == crawl_id, AnswerRow.crawl_id != crawl_id)
    moments = [
        *connection.execute(taken.where(of_others)).scalars(),
        *connection.execute(refused.where(of_others).group_by(AnswerRow.node_id)).scalars(),
    ]
    return Reused(len(moments), min(moments, default=None))
