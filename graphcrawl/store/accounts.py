"""Accounts of an answer become rows of `nodes`; what changed becomes history."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Final

from sqlalchemy import Connection, String, and_, bindparam, insert, select, update

from graphcrawl.model import Account, AccountRef
from graphcrawl.store import dialects
from graphcrawl.store.schema import ForgottenRow, NodeHistoryRow, NodeRow, VisitRow, table_of

Identity = tuple[str, str]
"""Network and social_id: what makes an account one account."""

TOLD: Final = ("username", "title", "subscribers_count", "er", "state")
"""What answers tell of an account and history keeps; the avatar's address is signed anew in
every answer and says nothing by changing."""


SEEN_PRECISION: Final = timedelta(hours=1)
"""How exact `nodes.last_seen_at` is. Writing it for each of the 37 accounts of an answer would
rewrite as many pages; edges and answers have their exact times."""


@dataclass(frozen=True, slots=True)
class KnownNode:
    """A stored account, with what this crawl knows of it (depth and status None: nothing)."""

    id: int
    username: str | None
    title: str | None
    subscribers_count: int | None
    er: float | None
    state: str | None
    avatar_url: str | None
    stale: bool
    depth: int | None
    status: str | None


_nodes: Final = table_of(NodeRow)
_visits: Final = table_of(VisitRow)

_LOOKUP: Final = dialects.Prepared(
    select(
        _nodes.c.social_id,
        _nodes.c.id,
        *(_nodes.c[name] for name in TOLD),
        _nodes.c.avatar_url,
        _nodes.c.last_seen_at < bindparam("stale", type_=String),
        _visits.c.depth,
        _visits.c.status,
    )
    .outerjoin(
        _visits, and_(_visits.c.node_id == _nodes.c.id, _visits.c.crawl_id == bindparam("crawl"))
    )
    .where(_nodes.c.network == bindparam("net"), dialects.within(_nodes.c.social_id, "ids"))
)
_TOUCH: Final = dialects.Prepared(
    update(_nodes)
    .where(dialects.within(_nodes.c.id, "ids"))
    .values(last_seen_at=bindparam("seen", type_=String))
)
_INSERT: Final = dialects.insertion(
    _nodes,
    *("id", "network", "social_id", "username", "name_key", "title", "avatar_url"),
    *("subscribers_count", "er", "state", "first_seen_at", "last_seen_at", "valid_from"),
)
_ANY_FORGOTTEN: Final = dialects.Prepared(select(ForgottenRow.digest).limit(1))


def name_key(username: str | None) -> str | None:
    """Give the form of a username that two spellings of one name share."""
    return username.casefold() if username else None


def lookup(
    connection: Connection, crawl_id: int, accounts: Iterable[Account], moment: datetime
) -> dict[Identity, KnownNode]:
    """Find the accounts that are stored already."""
    found: dict[Identity, KnownNode] = {}
    stale = dialects.stamp(connection.dialect.name, moment - SEEN_PRECISION)
    wanted: dict[str, list[str]] = {}
    for account in accounts:
        wanted.setdefault(account.network, []).append(account.social_id)
    for network, ids in wanted.items():
        rows = _LOOKUP.run(
            connection, crawl=crawl_id, net=network, ids=dialects.as_list(ids), stale=stale
        )
        for social_id, *values in rows:
            found[network, social_id] = KnownNode(*values)
    return found


def store_accounts(
    connection: Connection,
    crawl_id: int,
    accounts: Sequence[Account],
    moment: datetime,
) -> dict[Identity, KnownNode]:
    """Insert the new accounts, bring the changed ones up to date, and touch the rest.

    What an answer leaves out (None) does not erase what another told.

    Returns
    -------
    dict
        Every account given, by identity, as it was known before; a new one has no depth.
    """
    known = lookup(connection, crawl_id, accounts, moment)
    fresh: dict[Identity, Account] = {}
    changed: list[tuple[KnownNode, Account]] = []
    for account in accounts:
        identity = (account.network, account.social_id)
        node = known.get(identity)
        if node is None:
            fresh.setdefault(identity, account)
        elif tells_more(node, account):
            changed.append((node, account))
    _touch(connection, [node.id for node in known.values() if node.stale], moment)
    for node, account in changed:
        _change(connection, node, account, moment)
    return known | insert_accounts(connection, list(fresh.values()), moment)


def tells_more(node: KnownNode, account: Account) -> bool:
    """Tell whether an account's row holds anything that the stored one does not."""
    return (
        (account.username is not None and account.username != node.username)
        or (account.title is not None and account.title != node.title)
        or (
            account.subscribers_count is not None
            and account.subscribers_count != node.subscribers_count
        )
        or (account.er is not None and account.er != node.er)
        or (account.state is not None and account.state != node.state)
        or (account.avatar_url is not None and account.avatar_url != node.avatar_url)
    )


def insert_accounts(
    connection: Connection, accounts: Sequence[Account], moment: datetime
) -> dict[Identity, KnownNode]:
    """Insert accounts that are not stored yet."""
    if not accounts:
        return {}
    keys = dialects.next_keys(connection, NodeRow.__tablename__, len(accounts))
    now = dialects.stamp(connection.dialect.name, moment)
    _INSERT.run_many(
        connection,
        [_row(key, account, now) for key, account in zip(keys, accounts, strict=True)],
    )
    return {
        (account.network, account.social_id): _as_known(key, account)
        for key, account in zip(keys, accounts, strict=True)
    }


def _row(key: int, account: Account, now: object) -> dict[str, object]:
    return {
        "id": key,
        "network": account.network,
        "social_id": account.social_id,
        "username": account.username,
        "name_key": name_key(account.username),
        "title": account.title,
        "avatar_url": account.avatar_url,
        "subscribers_count": account.subscribers_count,
        "er": account.er,
        "state": account.state,
        "first_seen_at": now,
        "last_seen_at": now,
        "valid_from": now,
    }


def _as_known(key: int, account: Account) -> KnownNode:
    return KnownNode(
        id=key,
        username=account.username,
        title=account.title,
        subscribers_count=account.subscribers_count,
        er=account.er,
        state=account.state,
        avatar_url=account.avatar_url,
        stale=False,
        depth=None,
        status=None,
    )


def _touch(connection: Connection, ids: Sequence[int], moment: datetime) -> None:
    if ids:
        seen = dialects.stamp(connection.dialect.name, moment)
        _TOUCH.run(connection, ids=dialects.as_list(ids), seen=seen)


def _change(connection: Connection, node: KnownNode, account: Account, moment: datetime) -> None:
    told = {name: getattr(account, name) for name in TOLD}
    new = {name: value for name, value in told.items() if value is not None}
    old = {name: getattr(node, name) for name in TOLD}
    values: dict[str, object] = {**new}
    if account.avatar_url is not None:
        values["avatar_url"] = account.avatar_url
    # What was not known before has not changed by becoming known.
    if any(old[name] not in (None, value) for name, value in new.items()):
        since = connection.execute(
            select(NodeRow.valid_from).where(NodeRow.id == node.id)
        ).scalar_one()
        connection.execute(
            insert(NodeHistoryRow).values(node_id=node.id, valid_from=since, valid_to=moment, **old)
        )
        values["valid_from"] = moment
    if "username" in new:
        values["name_key"] = name_key(account.username)
    connection.execute(update(NodeRow).where(NodeRow.id == node.id).values(**values))


def digests(network: str, *, social_id: str | None, username: str | None) -> tuple[str, ...]:
    """Give the tombstone marks of an account: of its ID where known, else of its name.

    A name changes hands, so answers are held against it only while nothing better is known. As a
    seed, though, the name that was forgotten is refused, whoever bears it by now.
    """
    key = name_key(username)
    if social_id is None:
        return (_digest(network, "name", key or ""),)
    as_seed = (_digest(network, "seed", key),) if key else ()
    return (_digest(network, "id", social_id), *as_seed)


def seed_digests(seed: AccountRef) -> tuple[str, ...]:
    """Give the tombstone marks that forbid a seed."""
    if seed.social_id is not None:
        return (_digest(seed.network, "id", seed.social_id),)
    key = name_key(seed.username) or ""
    return (_digest(seed.network, "name", key), _digest(seed.network, "seed", key))


def _digest(network: str, kind: str, name: str) -> str:
    return blake2b("\n".join((network, kind, name)).encode(), digest_size=32).hexdigest()


def without_forgotten(connection: Connection, accounts: Sequence[Account]) -> list[Account]:
    """Leave out the accounts whose data was deleted for good."""
    if not _ANY_FORGOTTEN.run(connection):
        return list(accounts)
    marks = [
        {_digest(account.network, "id", account.social_id), *_name_mark(account)}
        for account in accounts
    ]
    gone: set[str] = set()
    for part in dialects.in_parts(sorted(set().union(*marks))):
        query = select(ForgottenRow.digest).where(ForgottenRow.digest.in_(part))
        gone.update(connection.execute(query).scalars())
    return [account for account, own in zip(accounts, marks, strict=True) if gone.isdisjoint(own)]


def _name_mark(account: Account) -> tuple[str, ...]:
    key = name_key(account.username)
    return (_digest(account.network, "name", key),) if key else ()
