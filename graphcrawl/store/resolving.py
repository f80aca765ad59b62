"""From an account as somebody names it to the stored one: by ID, by username, by a former one."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Row, func, or_, select

from graphcrawl.addresses import SoughtAccount
from graphcrawl.errors import InputError, NothingFound
from graphcrawl.store.accounts import name_key
from graphcrawl.store.schema import NodeHistoryRow, NodeRow

_COLUMNS: Final = (NodeRow.id, NodeRow.network, NodeRow.social_id, NodeRow.username)
_MOST_NAMED: Final = 8
"""Accounts that a message names."""

_PREFIX: Final = 2
"""Characters that a near name has in common with the one that was typed."""

_MOST_NEAR: Final = 500
"""Names of one network that are compared."""

_BEYOND_ASCII: Final = "*[^ -~]*"


class Resolved(NamedTuple):
    """A stored account; `former` is the username it had, where nobody bears it now."""

    node_id: int
    former: str | None = None


def resolve(connection: Connection, path: Path, sought: SoughtAccount) -> Resolved:
    """Find the one stored account that is meant; where nobody bears the name, who bore it last.

    Raises
    ------
    InputError
        If it may be one of several; the message names them.
    NothingFound
        If there is none; the message gives names that are near.
    """
    found = _matching(connection, sought)
    if found:
        return Resolved(_only(found, sought).id)
    former = _formerly(connection, sought)
    if former:
        return Resolved(_only(former, sought).id, sought.username)
    near = _near_names(connection, sought)
    hint = f"; near it are {', '.join(near)}" if near else ""
    raise NothingFound(f"{path} holds no account {sought}{hint}")


def stored_account(connection: Connection, path: Path, sought: SoughtAccount) -> int:
    """Find the one stored account of this ID or present name; raises as `resolve` does."""
    found = _matching(connection, sought)
    if not found:
        raise NothingFound(f"{path} holds no account {sought}")
    node_id: int = _only(found, sought).id
    return node_id


def _matching(connection: Connection, sought: SoughtAccount) -> list[Row[Any]]:
    if sought.social_id is not None:
        same = NodeRow.social_id == sought.social_id
    else:
        same = NodeRow.name_key == name_key(sought.username)
    found: list[Row[Any]] = []
    # One network after the other: so the index serves, which begins with it.
    for network in [sought.network] if sought.network else _networks(connection):
        query = select(*_COLUMNS).where(NodeRow.network == network, same).order_by(NodeRow.id)
        there = connection.execute(query).all()
        # A seed that no answer has named is another account only when nothing else bears the name.
        found += [row for row in there if row.social_id is not None] or there
    return found


def _networks(connection: Connection) -> Iterator[str]:
    newest = ""
    while True:
        query = select(func.min(NodeRow.network)).where(NodeRow.network > newest)
        network = connection.execute(query).scalar_one()
        if network is None:
            return
        yield network
        newest = network


def _only(found: Sequence[Row[Any]], sought: SoughtAccount) -> Row[Any]:
    if len(found) == 1:
        return found[0]
    borne = Counter((row.network, name_key(row.username)) for row in found)
    names = [
        f"{row.network}:{row.username}"
        if row.username and borne[row.network, name_key(row.username)] == 1
        else f"{row.network}:id:{row.social_id}"
        for row in found[:_MOST_NAMED]
    ]
    more = f" and {len(found) - _MOST_NAMED:,} more" if len(found) > _MOST_NAMED else ""
    raise InputError(f"{sought} may be one of several accounts; name one of {', '.join(names)}{more}")


def _formerly(connection: Connection, sought: SoughtAccount) -> list[Row[Any]]:
    """Give the accounts that bore a name when it was last told of."""
    key = name_key(sought.username)
    if key is None:
        return []
    name = NodeHistoryRow.username
    query = (
        select(*_COLUMNS, name.label("former"), NodeHistoryRow.valid_to)
        .join(NodeRow, NodeRow.id == NodeHistoryRow.node_id)
        # SQLite folds ASCII alone: names of other scripts are compared below.
        .where(or_(func.lower(name) == key, name.op("GLOB")(_BEYOND_ASCII)))
        .order_by(NodeHistoryRow.valid_to.desc(), NodeRow.id)
    )
    if sought.network is not None:
        query = query.where(NodeRow.network == sought.network)
    bore: dict[str, Row[Any]] = {}
    for row in connection.execute(query):
        if name_key(row.former) == key:
            bore.setdefault(row.network, row)
    return [bore[network] for network in sorted(bore)]


def _near_names(connection: Connection, sought: SoughtAccount) -> list[str]:
    """Give accounts whose names begin alike and are near, as they can be typed."""
    key = name_key(sought.username)
    if key is None:
        return []
    beginning = key[:_PREFIX]
    held: dict[str, list[str]] = {}
    for network in [sought.network] if sought.network else _networks(connection):
        query = (
            select(NodeRow.name_key, NodeRow.username)
            .where(
                NodeRow.network == network,
                NodeRow.name_key >= beginning,
                NodeRow.name_key < f"{beginning}\U0010ffff",
            )
            .order_by(NodeRow.name_key, NodeRow.id)
            .limit(_MOST_NEAR)
        )
        for one, username in connection.execute(query):
            held.setdefault(one, []).append(f"{network}:{username}")
    near = difflib.get_close_matches(key, held, n=3)
    return [name for one in near for name in held[one]][:_MOST_NAMED]
