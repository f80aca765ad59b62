"""Accounts of an answer become rows of `nodes`; what changed becomes history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Final, NamedTuple

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

TRUSTED_FOR: Final = SEEN_PRECISION / 2
"""How long what was looked up is believed; it was fresh enough when it was read."""

MOST_KNOWN: Final = 100_000
"""Accounts kept in memory (about 60 MB); then it starts anew."""


class KnownNode(NamedTuple):
    """A stored account, with its depth in this crawl (None: not in it)."""

    id: int
    username: str | None
    title: str | None
    subscribers_count: int | None
    er: float | None
    state: str | None
    avatar_url: str | None
    stale: bool
    depth: int | None


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


class KnownAccounts:
    """The accounts of a crawl's last answers: most accounts of the next one are among them.

    Looking up each account of each answer would take a third of the time of recording it. What is
    kept here is believed only while nobody else has written to the database.

    Parameters
    ----------
    crawl_id : int
    """

    def __init__(self, crawl_id: int) -> None:
        self._crawl_id = crawl_id
        self._known: dict[Identity, KnownNode] = {}
        self._state: object = None
        self._since: datetime | None = None
        self._anyone_forgotten: bool | None = None

    def begin(self, connection: Connection, moment: datetime) -> None:
        """Begin a transaction: forget everything, if any of it may be out of date."""
        state = dialects.state_of(connection)
        aged = self._since is None or not timedelta(0) <= moment - self._since < TRUSTED_FOR
        if state != self._state or aged or len(self._known) > MOST_KNOWN:
            self.forget_all()
            self._state, self._since = state, moment

    def end(self, connection: Connection) -> None:
        """End a transaction: what it wrote is known, unless it has been doubted meanwhile."""
        if self._state is not None:
            self._state = dialects.state_of(connection)

    def forget_all(self) -> None:
        """Believe nothing that was kept."""
        self._known = {}
        self._state = None
        self._anyone_forgotten = None

    def get(self, identity: Identity) -> KnownNode | None:
        """Give an account if it is kept; None says nothing of the database."""
        return self._known.get(identity)

    def is_anyone_forgotten(self, connection: Connection) -> bool:
        """Tell whether there is any tombstone, which only another writer can set."""
        if self._anyone_forgotten is None:
            self._anyone_forgotten = bool(_ANY_FORGOTTEN.run(connection))
        return self._anyone_forgotten

    def keep(self, identity: Identity, node: KnownNode) -> None:
        """Keep an account as it is stored now."""
        self._known[identity] = node

    def find(
        self, connection: Connection, accounts: Iterable[Account], moment: datetime
    ) -> dict[Identity, KnownNode]:
        """Find those of the accounts that are stored."""
        found: dict[Identity, KnownNode] = {}
        wanted: dict[str, list[str]] = {}
        for account in accounts:
            identity = (account.network, account.social_id)
            node = self._known.get(identity)
            if node is None:
                wanted.setdefault(account.network, []).append(account.social_id)
            else:
                found[identity] = node
        for network, ids in wanted.items():
            found |= self._look_up(connection, network, ids, moment)
        return found

    def look_up_again(
        self, connection: Connection, identity: Identity, moment: datetime
    ) -> KnownNode:
        """Read a stored account anew."""
        network, social_id = identity
        return self._look_up(connection, network, [social_id], moment)[identity]

    def _look_up(
        self, connection: Connection, network: str, ids: Sequence[str], moment: datetime
    ) -> dict[Identity, KnownNode]:
        stale = dialects.stamp(connection.dialect.name, moment - SEEN_PRECISION + TRUSTED_FOR)
        rows = _LOOKUP.run(
            connection, crawl=self._crawl_id, net=network, ids=dialects.as_list(ids), stale=stale
        )
        found = {(network, social_id): KnownNode(*values) for social_id, *values in rows}
        self._known |= found
        return found


def store_accounts(
    connection: Connection,
    known_accounts: KnownAccounts,
    accounts: Sequence[Account],
    moment: datetime,
) -> dict[Identity, KnownNode]:
    """Insert the new accounts, bring the changed ones up to date, and touch the rest.

    What an answer leaves out (None) does not erase what another told.

    Returns
    -------
    dict
        Every account given, by identity, as it is known now; a new one has no depth.
    """
    known = known_accounts.find(connection, accounts, moment)
    fresh: dict[Identity, Account] = {}
    for identity, touched in _touch(connection, known, moment).items():
        known[identity] = touched
        known_accounts.keep(identity, touched)
    for account in accounts:
        identity = (account.network, account.social_id)
        node = known.get(identity)
        if node is None:
            fresh.setdefault(identity, account)
        elif tells_more(node, account):
            _change(connection, node, account, moment)
            known[identity] = _told(node, account)
            known_accounts.keep(identity, known[identity])
    for identity, inserted in insert_accounts(connection, list(fresh.values()), moment).items():
        known[identity] = inserted
        known_accounts.keep(identity, inserted)
    return known


def _told(node: KnownNode, account: Account) -> KnownNode:
    """Give an account as it stands after another answer told of it."""
    told = {name: getattr(account, name) for name in (*TOLD, "avatar_url")}
    return node._replace(**{name: value for name, value in told.items() if value is not None})


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
    keys = dialects.next_keys(connection, _nodes.name, len(accounts))
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
    )


def _touch(
    connection: Connection, known: Mapping[Identity, KnownNode], moment: datetime
) -> dict[Identity, KnownNode]:
    """Write when the stale ones were seen, and give them as they are now."""
    stale = {identity: node for identity, node in known.items() if node.stale}
    if stale:
        seen = dialects.stamp(connection.dialect.name, moment)
        ids = dialects.as_list(node.id for node in stale.values())
        _TOUCH.run(connection, ids=ids, seen=seen)
    return {identity: node._replace(stale=False) for identity, node in stale.items()}


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


def without_forgotten(
    connection: Connection, known_accounts: KnownAccounts, accounts: Sequence[Account]
) -> Sequence[Account]:
    """Leave out the accounts whose data was deleted for good."""
    if not known_accounts.is_anyone_forgotten(connection):
        return accounts
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
