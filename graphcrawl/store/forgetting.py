"""Deleting an account's data for good, and keeping it from coming back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, func, insert, or_, select, update
from sqlalchemy.exc import DBAPIError

from graphcrawl.errors import NothingFound
from graphcrawl.model import AccountRef
from graphcrawl.store import dialects
from graphcrawl.store.accounts import digests, name_key
from graphcrawl.store.opening import Store, unusable
from graphcrawl.store.schema import CrawlRow, EdgeRow, ForgottenRow, NodeRow


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was deleted.

    Attributes
    ----------
    accounts : int
        More than one where several bore the name.
    connections : int
        From or to them.
    """

    accounts: int
    connections: int


def forget_account(store: Store, ref: AccountRef) -> Forgotten:
    """Delete an account: profile, history, visits, answers and connections.

    What remains is a digest, so that no later answer brings the account back. The file is
    rewritten, so that nothing of it is left in unused pages.

    Raises
    ------
    NothingFound
        If the database holds no such account.
    StoreError
        If the database cannot be written.
    """
    try:
        with store.engine.begin() as connection:
            nodes = _matching(connection, ref)
            if not nodes:
                raise NothingFound(f"{store.path} holds no account {ref}")
            forgotten = Forgotten(len(nodes), _connections(connection, list(nodes)))
            for node_id, account in nodes.items():
                _leave_tombstone(connection, account)
                connection.execute(delete(NodeRow).where(NodeRow.id == node_id))
            _clean_seeds(connection, list(nodes.values()))
        dialects.erase_traces(store.engine)
    except DBAPIError as error:
        raise unusable(store.path, error) from error
    return forgotten


def _matching(connection: Connection, ref: AccountRef) -> dict[int, AccountRef]:
    if ref.social_id is not None:
        same = NodeRow.social_id == ref.social_id
    else:
        same = NodeRow.name_key == name_key(ref.username)
    query = select(NodeRow.id, NodeRow.username, NodeRow.social_id).where(
        NodeRow.network == ref.network, same
    )
    return {
        node_id: AccountRef(ref.network, username, social_id)
        for node_id, username, social_id in connection.execute(query)
    }


def _connections(connection: Connection, nodes: list[int]) -> int:
    query = (
        select(func.count())
        .select_from(EdgeRow)
        .where(or_(EdgeRow.source_id.in_(nodes), EdgeRow.target_id.in_(nodes)))
    )
    return connection.execute(query).scalar_one()


def _leave_tombstone(connection: Connection, account: AccountRef) -> None:
    for digest in digests(account.network, social_id=account.social_id, username=account.username):
        connection.execute(delete(ForgottenRow).where(ForgottenRow.digest == digest))
        connection.execute(insert(ForgottenRow).values(digest=digest, forgotten_at=dialects.now()))


def _clean_seeds(connection: Connection, accounts: list[AccountRef]) -> None:
    """Take the accounts out of the lists of seeds; that there was one stays visible."""
    for crawl_id, seeds in connection.execute(select(CrawlRow.id, CrawlRow.seeds)).all():
        cleaned = [{} if _names_any(seed, accounts) else seed for seed in seeds]
        if cleaned != seeds:
            connection.execute(
                update(CrawlRow).where(CrawlRow.id == crawl_id).values(seeds=cleaned)
            )


def _names_any(seed: dict[str, Any], accounts: list[AccountRef]) -> bool:
    return any(
        seed.get("network") == account.network
        and (
            (seed.get("id") is not None and seed["id"] == account.social_id)
            or (
                name_key(seed.get("username")) is not None
                and name_key(seed["username"]) == name_key(account.username)
            )
        )
        for account in accounts
    )
