"""Deleting an account's data for good, and keeping it from coming back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, insert, or_, select

from graphcrawl.errors import InputError, NothingFound
from graphcrawl.model import AccountRef
from graphcrawl.store import dialects, name_index
from graphcrawl.store.accounts import digests, name_key, seed_digests
from graphcrawl.store.clusterings import unname_clusters
from graphcrawl.store.creators import forget_in_creators
from graphcrawl.store.dialects import DATABASE_ERRORS
from graphcrawl.store.faults import unusable
from graphcrawl.store.formerly import find_met
from graphcrawl.store.opening import Store
from graphcrawl.store.schema import EdgeRow, ForgottenRow, NodeHistoryRow, NodeRow
from graphcrawl.store.traces import Traces, clean_crawls


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
    """Delete an account: profile, history, visits, answers, connections and owner.

    What remains is a digest, so that no later answer brings the account back. The file is
    rewritten, so that nothing of it is left in unused pages.

    Raises
    ------
    NothingFound
        If the database holds no such account.
    StoreError
        If the database cannot be written, or if the file could not be rewritten since others read
        it all the while: then the account is forgotten, and doing it again cleans the file.
    """
    try:
        _finish_earlier(store, ref)
        with store.engine.begin() as connection:
            nodes = _matching(connection, ref)
            if not nodes:
                raise NothingFound(
                    f"{store.path} holds no account {ref}{_now(connection, store, ref)}"
                )
            traces = [_traces(connection, key, account) for key, account in nodes.items()]
            nodes |= _nameless(connection, traces)
            forgotten = Forgotten(len(nodes), _connections(connection, list(nodes)))
            for account in _to_remember(list(nodes.values())):
                _leave_tombstone(connection, account)
            unname_clusters(connection, nodes)
            connection.execute(delete(NodeRow).where(NodeRow.id.in_(nodes)))
            forget_in_creators(connection, nodes)
            for one in traces:
                clean_crawls(connection, one)
            name_index.erase(connection)
        dialects.erase_traces(store.engine)
    except DATABASE_ERRORS as error:
        raise unusable(store.path, error) from error
    return forgotten


def _finish_earlier(store: Store, ref: AccountRef) -> None:
    """Clean the file once more if the account was forgotten before: that may have failed."""
    query = select(ForgottenRow.digest).where(ForgottenRow.digest.in_(seed_digests(ref)))
    with store.engine.begin() as connection:
        was_forgotten = connection.execute(query).first() is not None
    if was_forgotten:
        dialects.erase_traces(store.engine)


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


def _now(connection: Connection, store: Store, ref: AccountRef) -> str:
    """Say whose former name it is: what cannot be undone is done to a name of today alone."""
    try:
        met = find_met(connection, store, ref)
    except (InputError, NothingFound):
        return ""
    return f"; it is a former name of {met.account}"


def _nameless(connection: Connection, traces: Iterable[Traces]) -> dict[int, AccountRef]:
    """Find the seeds without an ID that bear, or bore, the accounts' names: maybe the same ones."""
    found: dict[int, AccountRef] = {}
    for one in traces:
        query = select(NodeRow.id, NodeRow.username).where(
            NodeRow.network == one.network,
            NodeRow.name_key.in_(one.name_keys),
            NodeRow.social_id.is_(None),
        )
        for node_id, username in connection.execute(query):
            found[node_id] = AccountRef(one.network, username)
    return found


def _to_remember(accounts: list[AccountRef]) -> list[AccountRef]:
    """Give those that tombstones stand for: a name alone only where there is no ID."""
    return [account for account in accounts if account.social_id is not None] or accounts


def _connections(connection: Connection, nodes: list[int]) -> int:
    query = (
        select(func.count())
        .select_from(EdgeRow)
        .where(or_(EdgeRow.source_id.in_(nodes), EdgeRow.target_id.in_(nodes)))
    )
    return connection.execute(query).scalar_one()


def _traces(connection: Connection, node_id: int, account: AccountRef) -> Traces:
    former = select(NodeHistoryRow.username).where(NodeHistoryRow.node_id == node_id)
    return Traces.of(account, *connection.execute(former).scalars())


def _leave_tombstone(connection: Connection, account: AccountRef) -> None:
    for digest in digests(account.network, social_id=account.social_id, username=account.username):
        connection.execute(delete(ForgottenRow).where(ForgottenRow.digest == digest))
        connection.execute(insert(ForgottenRow).values(digest=digest, forgotten_at=dialects.now()))
