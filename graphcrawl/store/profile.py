"""All that is stored of one account, by index: values now and before, answers, visits, owner."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, exists, func, select

from graphcrawl.model import OwnValue
from graphcrawl.store.arrivals import VisitFacts, Way, read_visits
from graphcrawl.store.own import stored_value
from graphcrawl.store.reader import gave_no_whole_list
from graphcrawl.store.schema import (
    AnswerRow,
    AvatarRow,
    CreatorAccountRow,
    CreatorRow,
    NodeHistoryRow,
    NodeRow,
    NoteRow,
    OwnColumnRow,
    OwnValueRow,
    TagRow,
    VisitRow,
    table_of,
)


class ProfileFacts(NamedTuple):
    """A row of `nodes`, and whether a picture is kept."""

    id: int
    network: str
    social_id: str | None
    username: str | None
    title: str | None
    avatar_url: str | None
    subscribers_count: int | None
    er: float | None
    state: str | None
    first_seen_at: datetime
    last_seen_at: datetime
    valid_from: datetime
    expanded_at: datetime | None
    has_picture: bool


class FormerFacts(NamedTuple):
    """A row of `node_history`: values that no longer hold."""

    valid_from: datetime
    valid_to: datetime
    username: str | None
    title: str | None
    subscribers_count: int | None
    er: float | None
    state: str | None


class AnswerFacts(NamedTuple):
    """An answer about the account."""

    id: int
    crawl_id: int
    asked_at: datetime
    outcome: str
    rows: int
    skipped_rows: int
    note: str | None


class CreatorFact(NamedTuple):
    """An account of the same creator; evidence as in `creator_accounts`."""

    node_id: int
    confidence: str
    evidence: list[dict[str, Any]]


class OwnerFacts(NamedTuple):
    """The creator, as last found."""

    id: int
    name: str
    accounts: list[CreatorFact]


class AddedFacts(NamedTuple):
    """What users added."""

    tags: tuple[str, ...]
    note: str | None
    columns: dict[str, OwnValue]


class StoredAccount(NamedTuple):
    """An account itself, without its neighbours.

    `visits` come with the way to the account where that can be told; `silent` of all `accounts`
    did not tell whom they list.
    """

    profile: ProfileFacts
    former: list[FormerFacts]
    answers: list[AnswerFacts]
    visits: list[tuple[VisitFacts, Way | None]]
    owner: OwnerFacts | None
    has_creators: bool
    added: AddedFacts
    silent: int
    accounts: int


def read_account(connection: Connection, node_id: int, crawl_id: int | None) -> StoredAccount:
    """Read all of an account, or what one crawl knows of its way here."""
    silent, accounts = _silent(connection, crawl_id)
    return StoredAccount(
        _profile(connection, node_id),
        _former(connection, node_id),
        _answers(connection, node_id),
        read_visits(connection, node_id, crawl_id),
        _owner(connection, node_id),
        _has_creators(connection),
        _added(connection, node_id),
        silent,
        accounts,
    )


def _profile(connection: Connection, node_id: int) -> ProfileFacts:
    """Read an account's values."""
    picture = exists().where(AvatarRow.node_id == NodeRow.id)
    columns = table_of(NodeRow).c
    names = ProfileFacts._fields[:-1]
    query = select(*(columns[name] for name in names), picture).where(NodeRow.id == node_id)
    return ProfileFacts._make(connection.execute(query).one())


def _former(connection: Connection, node_id: int) -> list[FormerFacts]:
    """Read an account's former values, oldest first."""
    columns = table_of(NodeHistoryRow).c
    query = (
        select(*(columns[name] for name in FormerFacts._fields))
        .where(NodeHistoryRow.node_id == node_id)
        .order_by(NodeHistoryRow.valid_to, NodeHistoryRow.id)
    )
    return [FormerFacts(*row) for row in connection.execute(query)]


def _answers(connection: Connection, node_id: int) -> list[AnswerFacts]:
    """Read the answers about an account, oldest first."""
    columns = table_of(AnswerRow).c
    query = (
        select(*(columns[name] for name in AnswerFacts._fields))
        .where(AnswerRow.node_id == node_id)
        .order_by(AnswerRow.id)
    )
    return [AnswerFacts(*row) for row in connection.execute(query)]


def _owner(connection: Connection, node_id: int) -> OwnerFacts | None:
    """Read an account's creator with all its accounts, as it was last found."""
    mine = select(CreatorAccountRow.creator_id).where(CreatorAccountRow.node_id == node_id)
    query = select(CreatorRow.id, CreatorRow.name).where(CreatorRow.id.in_(mine))
    creator = connection.execute(query).first()
    if creator is None:
        return None
    accounts = (
        select(CreatorAccountRow.node_id, CreatorAccountRow.confidence, CreatorAccountRow.evidence)
        .where(CreatorAccountRow.creator_id == creator.id)
        .order_by(CreatorAccountRow.node_id)
    )
    return OwnerFacts(
        creator.id, creator.name, [CreatorFact(*row) for row in connection.execute(accounts)]
    )


def _has_creators(connection: Connection) -> bool:
    """Tell whether any creator is stored: then they have been looked for."""
    return connection.execute(select(CreatorRow.id).limit(1)).first() is not None


def _added(connection: Connection, node_id: int) -> AddedFacts:
    """Read what users added to an account."""
    tags = select(TagRow.tag).where(TagRow.node_id == node_id).order_by(TagRow.tag)
    note = select(NoteRow.text).where(NoteRow.node_id == node_id)
    values = (
        select(OwnColumnRow.name, OwnColumnRow.kind, OwnValueRow.number, OwnValueRow.text)
        .join(OwnValueRow, OwnValueRow.name == OwnColumnRow.name)
        .where(OwnValueRow.node_id == node_id)
        .order_by(OwnColumnRow.name)
    )
    return AddedFacts(
        tuple(connection.execute(tags).scalars()),
        connection.execute(note).scalar(),
        {
            name: stored_value(kind, number, text)
            for name, kind, number, text in connection.execute(values)
        },
    )


def _silent(connection: Connection, crawl_id: int | None) -> tuple[int, int]:
    """Count the accounts that did not tell whom they list, and all accounts."""
    every = select(func.count(), func.count().filter(NodeRow.expanded_at.is_(None)))
    if crawl_id is not None:
        every = (
            select(func.count(), func.count().filter(gave_no_whole_list()))
            .select_from(VisitRow)
            .outerjoin(AnswerRow, AnswerRow.id == VisitRow.answer_id)
            .where(VisitRow.crawl_id == crawl_id)
        )
    accounts, silent = connection.execute(every).one()
    return silent, accounts
