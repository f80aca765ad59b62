"""Which row of `nodes` a person means: by a name that may be borne on several networks."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Select, func, select

from graphcrawl.addresses import Named
from graphcrawl.errors import InputError, NothingFound
from graphcrawl.model import NETWORKS
from graphcrawl.store import dialects
from graphcrawl.store.accounts import name_key
from graphcrawl.store.opening import Store
from graphcrawl.store.schema import NodeRow

MOST_NAMED: Final = 6
"""Candidates that a message names."""

_NEAR: Final = 3
_COMPARED_TEXT: Final = 30
"""Characters of a network's name that are compared, and shown."""

_COMPARED: Final = 2_000
"""Names that are compared with one that was not found: those that begin alike."""


class Held(NamedTuple):
    """An account that the database holds."""

    id: int
    network: str
    username: str | None
    social_id: str | None
    title: str | None
    subscribers_count: int | None

    def __str__(self) -> str:
        name = self.username or f"id:{self.social_id}"
        return f"{self.network}:{name}"


def find_held(connection: Connection, store: Store, sought: Named) -> Held:
    """Find the one account that is meant.

    Raises
    ------
    InputError
        If it may be one of several; the message names them. If there is no such network.
    NothingFound
        If there is none; the message names those that are written nearly alike.
    """
    refuse_strange_network(connection, sought.network)
    found = _meant(_matching(connection, sought), sought.network)
    if not found:
        raise NothingFound(f"{store.path} holds no account {sought}{_near(connection, sought)}")
    if len(found) > 1:
        raise InputError(
            f"{sought} may be one of several accounts; name one of {listed_accounts(found)}"
        )
    return found[0]


def refuse_strange_network(connection: Connection, network: str | None) -> None:
    """Refuse a network that is none of the six, and that no account is on.

    Raises
    ------
    InputError
        With the nearest name, where one is near.
    """
    if network is None or network in NETWORKS:
        return
    held = list(_networks(connection))
    if network in held:
        return
    near = difflib.get_close_matches(network[:_COMPARED_TEXT], sorted({*NETWORKS, *held}), n=1)
    hint = f" (did you mean {near[0]}?)" if near else ""
    there = f"accounts here are on {', '.join(held[:MOST_NAMED])}" if held else "no account is here"
    raise InputError(f"{network[:_COMPARED_TEXT]!r} is no network{hint}; {there}")


def match_accounts(store: Store, wanted: Sequence[Named]) -> list[list[Held]]:
    """Find for each of many accounts those that may be meant; none, one, or several.

    Raises
    ------
    StoreError
        If the database cannot be read.
    """
    ids, names = _keys_by_network(wanted)
    found: dict[tuple[str, str], list[Held]] = {}
    with store.reading() as connection:
        for network, keys in ids.items():
            for held in _within(connection, network, NodeRow.social_id, keys):
                found.setdefault(("id", held.social_id or ""), []).append(held)
        for network, keys in names.items():
            for held in _within(connection, network, NodeRow.name_key, keys):
                found.setdefault(("name", name_key(held.username) or ""), []).append(held)
    return [_meant(found.get(_key(one), ()), one.network) for one in wanted]


def _key(sought: Named) -> tuple[str, str]:
    if sought.social_id is not None:
        return "id", sought.social_id
    return "name", name_key(sought.username) or ""


def _keys_by_network(
    wanted: Iterable[Named],
) -> tuple[dict[str | None, set[str]], dict[str | None, set[str]]]:
    ids: dict[str | None, set[str]] = {}
    names: dict[str | None, set[str]] = {}
    for one in wanted:
        kind, key = _key(one)
        (ids if kind == "id" else names).setdefault(one.network, set()).add(key)
    return ids, names


def _within(
    connection: Connection, network: str | None, column: Any, keys: set[str]
) -> Iterator[Held]:
    query = _all_held().where(dialects.within(column, "keys"))
    if network is not None:
        query = query.where(NodeRow.network == network)
    for part in dialects.in_parts(sorted(keys)):
        for row in connection.execute(query, {"keys": dialects.as_list(part)}):
            yield Held(*row)


def _meant(found: Iterable[Held], network: str | None) -> list[Held]:
    """Leave out seeds that no answer has named, where another account bears the name."""
    there = dict.fromkeys(one for one in found if network in (None, one.network))
    named = {one.network for one in there if one.social_id is not None}
    return [one for one in there if one.social_id is not None or one.network not in named]


def held_by_key(store: Store, node_ids: Sequence[int]) -> list[Held]:
    """Read accounts by their keys, the most followed first.

    Raises
    ------
    StoreError
        If the database cannot be read.
    """
    found: list[Held] = []
    with store.reading() as connection:
        for part in dialects.in_parts(node_ids):
            rows = connection.execute(_all_held().where(NodeRow.id.in_(part)))
            found.extend(Held(*row) for row in rows)
    return sorted(
        found, key=lambda one: (-(one.subscribers_count or 0), one.network, one.social_id or "")
    )


def _matching(connection: Connection, sought: Named) -> list[Held]:
    if sought.social_id is not None:
        same = NodeRow.social_id == sought.social_id
    else:
        same = NodeRow.name_key == name_key(sought.username)
    found: list[Held] = []
    # One network after the other, since the index by name begins with it.
    for network in [sought.network] if sought.network else _networks(connection):
        rows = connection.execute(_all_held().where(NodeRow.network == network, same))
        # Sorted here: for an order in SQL the planner would go through the whole network.
        held = (Held(*row) for row in rows)
        found += sorted(held, key=lambda one: (one.social_id or "", one.id))
    return found


def _networks(connection: Connection) -> Iterator[str]:
    """Give the networks that there are accounts of, in order."""
    network = ""
    query = select(func.min(NodeRow.network))
    while after := connection.execute(query.where(NodeRow.network > network)).scalar():
        network = after
        yield network


def _all_held() -> Select[int, str, str | None, str | None, str | None, int | None]:
    return select(
        NodeRow.id,
        NodeRow.network,
        NodeRow.username,
        NodeRow.social_id,
        NodeRow.title,
        NodeRow.subscribers_count,
    )


def listed_accounts(found: Sequence[Held]) -> str:
    """Name accounts so that each can be told from the others: by ID where the name is shared."""
    names = [str(one) for one in found]
    said = [
        name if names.count(name) == 1 else f"{one.network}:id:{one.social_id}"
        for name, one in zip(names, found, strict=True)
    ]
    more = f" and {len(said) - MOST_NAMED} more" if len(said) > MOST_NAMED else ""
    return ", ".join(said[:MOST_NAMED]) + more


def _near(connection: Connection, sought: Named) -> str:
    key = name_key(sought.username)
    if key is None:
        return ""
    query = _all_held().where(NodeRow.name_key.startswith(key[:2], autoescape=True))
    if sought.network is not None:
        query = query.where(NodeRow.network == sought.network)
    query = query.order_by(NodeRow.network, NodeRow.social_id).limit(_COMPARED)
    held = [Held(*row) for row in connection.execute(query)]
    near = difflib.get_close_matches(key, _keys(held), n=_NEAR)
    names = dict.fromkeys(str(one) for key in near for one in held if name_key(one.username) == key)
    return f"; did you mean {', '.join(list(names)[:_NEAR])}?" if names else ""


def _keys(held: Iterable[Held]) -> list[str]:
    keys = (name_key(one.username) for one in held)
    return list(dict.fromkeys(key for key in keys if key is not None))
