"""An account by the name that it once had, where nobody bears it now."""

from __future__ import annotations

from typing import Final, NamedTuple

from sqlalchemy import Connection, func, or_, select

from graphcrawl.addresses import Named, SoughtAccount
from graphcrawl.errors import InputError, NothingFound
from graphcrawl.store.accounts import name_key
from graphcrawl.store.opening import Store
from graphcrawl.store.schema import NodeHistoryRow, NodeRow
from graphcrawl.store.sought import Held, find_held

_BEYOND_ASCII: Final = "*[^ -~]*"


class Met(NamedTuple):
    """An account that was looked for; `former` is the name it had, where it was found by that."""

    account: Held
    former: str | None = None


def find_met(connection: Connection, store: Store, sought: Named) -> Met:
    """Find the one account that is meant: who bears the name or, if nobody does, who last did.

    Raises
    ------
    InputError
        If it may be one of several; the message names them.
    NothingFound
        If there is none; the message names those that are written nearly alike.
    """
    try:
        return Met(find_held(connection, store, sought))
    except NothingFound:
        owners = _owners(connection, sought)
        if not owners:
            raise
    ids = [f"{network}:id:{social_id}" for network, social_id in sorted(owners.items())]
    if len(ids) > 1:
        raise InputError(f"{sought} was the name of several accounts; name one of {', '.join(ids)}")
    ((network, social_id),) = owners.items()
    held = find_held(connection, store, SoughtAccount(network, social_id=social_id))
    return Met(held, sought.username)


def _owners(connection: Connection, sought: Named) -> dict[str, str]:
    """Give, by network, the ID of the account that last bore a name."""
    key = name_key(sought.username)
    if key is None or sought.social_id is not None:
        return {}
    name = NodeHistoryRow.username
    query = (
        select(NodeRow.network, NodeRow.social_id, name)
        .join(NodeRow, NodeRow.id == NodeHistoryRow.node_id)
        # SQLite folds ASCII alone: names of other scripts are compared below.
        .where(or_(func.lower(name) == key, name.op("GLOB")(_BEYOND_ASCII)))
        .order_by(NodeHistoryRow.valid_to.desc(), NodeRow.id)
    )
    if sought.network is not None:
        query = query.where(NodeRow.network == sought.network)
    owners: dict[str, str] = {}
    for network, social_id, former in connection.execute(query):
        if social_id is not None and name_key(former) == key:
            owners.setdefault(network, social_id)
    return owners
