"""Small pictures of accounts: kept once, read for a map.

They are stored by network and ID, beside the transactions that record answers: an account that was
forgotten meanwhile is not there any more, and its picture goes nowhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Final

from sqlalchemy import Connection, LargeBinary, String, bindparam, exists, func, insert, select

from graphcrawl.model import Account, Thumbnail
from graphcrawl.store import dialects
from graphcrawl.store.opening import Store
from graphcrawl.store.schema import AvatarRow, NodeRow, table_of

_avatars: Final = table_of(AvatarRow)
_nodes: Final = table_of(NodeRow)

_ILLUSTRATED: Final = dialects.Prepared(
    select(_nodes.c.social_id)
    .join(_avatars, _avatars.c.node_id == _nodes.c.id)
    .where(_nodes.c.network == bindparam("net"), dialects.within(_nodes.c.social_id, "ids"))
)

_KEEP: Final = dialects.Prepared(
    insert(_avatars)
    .from_select(
        ["node_id", "media_type", "content", "fetched_at"],
        select(
            _nodes.c.id,
            bindparam("kind", type_=String),
            bindparam("bytes", type_=LargeBinary),
            bindparam("now", type_=String),
        ).where(
            _nodes.c.network == bindparam("net"),
            _nodes.c.social_id == bindparam("one"),
            # Another crawl may have stored it since it was looked for.
            ~exists().where(_avatars.c.node_id == _nodes.c.id),
        ),
    )
    .returning(_avatars.c.node_id)
)


class AvatarAlbum:
    """The pictures of a database that a crawl fills.

    Parameters
    ----------
    store : Store
        Open for writing.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def lacking(self, accounts: Sequence[Account]) -> list[Account]:
        """Give those of some accounts that have no picture yet, in their order.

        Raises
        ------
        StoreError
            If the database cannot be read.
        """
        by_network = sorted({(account.network, account.social_id) for account in accounts})
        known: set[tuple[str, str]] = set()
        with self._store.writing() as connection:
            for network, pairs in groupby(by_network, key=lambda pair: pair[0]):
                ids = dialects.as_list(social_id for _, social_id in pairs)
                rows = _ILLUSTRATED.run(connection, net=network, ids=ids)
                known.update((network, social_id) for (social_id,) in rows)
        return [one for one in accounts if (one.network, one.social_id) not in known]

    def keep(self, pictures: Iterable[tuple[Account, Thumbnail]]) -> int:
        """Store pictures, in one transaction.

        Returns
        -------
        int
            How many: an account that is not there, or has one already, gets none.

        Raises
        ------
        StoreError
            If the database cannot be written.
        """
        with self._store.writing() as connection:
            now = dialects.stamp(connection.dialect.name, dialects.now())
            rows = [
                _KEEP.run(
                    connection,
                    net=account.network,
                    one=account.social_id,
                    kind=picture.media_type,
                    bytes=picture.content,
                    now=now,
                )
                for account, picture in pictures
            ]
        return sum(map(len, rows))


def count_avatars(store: Store, node_ids: Iterable[int]) -> int:
    """Count the accounts, of some, that have a picture.

    Raises
    ------
    StoreError
        If the database cannot be read.
    """
    query = select(func.count()).where(dialects.within(_avatars.c.node_id, "ids"))
    with store.reading() as connection:
        return connection.execute(query, {"ids": dialects.as_list(node_ids)}).scalar_one()


def read_avatars(
    store: Store, node_ids: Sequence[int], *, most_bytes: int
) -> Mapping[int, Thumbnail]:
    """Read the pictures of accounts, the first ones first.

    Parameters
    ----------
    node_ids : sequence of int
        Keys of nodes, the most important first.
    most_bytes : int
        Reading ends before the pictures take more than this together.

    Returns
    -------
    mapping of int to Thumbnail
        By node; accounts without a picture are not in it.

    Raises
    ------
    StoreError
        If the database cannot be read.
    """
    chosen: dict[int, Thumbnail] = {}
    left = most_bytes
    with store.reading() as connection:
        for part in dialects.in_parts(node_ids):
            found = _read(connection, part)
            for node_id in part:
                if (one := found.get(node_id)) is None:
                    continue
                left -= len(one.content)
                if left < 0:
                    return chosen
                chosen[node_id] = one
    return chosen


def _read(connection: Connection, node_ids: Sequence[int]) -> dict[int, Thumbnail]:
    query = select(_avatars.c.node_id, _avatars.c.media_type, _avatars.c.content).where(
        dialects.within(_avatars.c.node_id, "ids")
    )
    rows = connection.execute(query, {"ids": dialects.as_list(node_ids)})
    return {node_id: Thumbnail(kind, content) for node_id, kind, content in rows}
