"""A graph from a file becomes a crawl like any other: one transaction, all of it or nothing.

What comes is staged in tables of SQLite's own, on disk, in the order of the file; what follows
from it (answers, visits, places in lists) is then made by a few statements over all of it, so
memory does not grow with the connections.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, Final

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Integer,
    Select,
    String,
    Table,
    case,
    func,
    insert,
    literal,
    null,
    select,
    update,
)

from graphcrawl.errors import StoreError
from graphcrawl.filters import RING
from graphcrawl.incoming import NOT_ALL_IMPORTED, Ending, Incoming, IncomingEdge, IncomingNode
from graphcrawl.model import Certainty, Origin
from graphcrawl.store import dialects
from graphcrawl.store.accounts import name_key
from graphcrawl.store.incoming_own import STAGED, OwnStage, store_own
from graphcrawl.store.opening import Store, is_there, open_store, origin_held
from graphcrawl.store.reuse import ANSWERED
from graphcrawl.store.schema import (
    AnswerRow,
    CrawlRow,
    DatabaseSource,
    EdgeRow,
    NodeRow,
    RunRow,
    UtcDateTime,
    VisitRow,
    table_of,
)
from graphcrawl.store.starting import insert_crawl

_BATCH: Final = 5_000
_standings: Final = Table(
    "incoming_standings",
    STAGED,
    Column("node_id", Integer, primary_key=True),
    Column("depth", Integer),
    Column("visit", String),
    Column("cause", String),
    Column("whole", Boolean),
    Column("answered_at", UtcDateTime),
    prefixes=["TEMPORARY"],
)
_listings: Final = Table(
    "incoming_listings",
    STAGED,
    Column("sequence", Integer, primary_key=True),
    Column("source_id", Integer),
    Column("target_id", Integer),
    Column("position", Integer),
    Column("certainty", String),
    Column("first_seen_at", UtcDateTime),
    Column("last_seen_at", UtcDateTime),
    Column("removed_at", UtcDateTime),
    prefixes=["TEMPORARY"],
)
_INSERT_NODE: Final = dialects.insertion(
    table_of(NodeRow),
    *("id", "network", "social_id", "username", "name_key", "title", "avatar_url"),
    *("subscribers_count", "er", "state", "first_seen_at", "last_seen_at", "valid_from"),
)
_INSERT_STANDING: Final = dialects.insertion(
    _standings, *("node_id", "depth", "visit", "cause", "whole", "answered_at")
)
_INSERT_LISTING: Final = dialects.insertion(
    _listings,
    *("source_id", "target_id", "position", "certainty"),
    *("first_seen_at", "last_seen_at", "removed_at"),
)


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import brought.

    Attributes
    ----------
    crawl_id : int
        Its record among the crawls.
    accounts, connections : int
        Stored.
    asked : int
        Accounts whose connections are known.
    repeated : int
        Connections that came more than once; each is stored once.
    """

    crawl_id: int
    accounts: int
    connections: int
    asked: int
    repeated: int


@contextmanager
def open_for_import(path: Path) -> Iterator[Store]:
    """Open a database that a graph is to come into, or make it.

    One that was made is taken away again, with the folders made for it, if anything is raised.

    Raises
    ------
    StoreError
        If it holds something, or cannot be made or opened.
    """
    made = [one for one in (path, *path.parents) if not is_there(one)]
    try:
        origin = Origin.IMPORTED if origin_held(path) is None else None
        with closing(open_store(path, origin=origin)) as store:
            _refuse_full(store)
            yield store
    except BaseException:
        for one in made:
            _take_away(one)
        raise


def _take_away(path: Path) -> None:
    with suppress(OSError):
        if path.is_dir():
            path.rmdir()
            return
        for suffix in ("", "-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)


def _refuse_full(store: Store) -> None:
    with store.reading() as connection:
        if _is_empty(connection):
            return
    raise StoreError(
        f"{store.path} holds accounts already, and an imported graph never mixes with others: "
        "name a new database with --db"
    )


def _is_empty(connection: Connection) -> bool:
    held = (select(table.id).limit(1) for table in (NodeRow, CrawlRow))
    return all(connection.execute(query).first() is None for query in held)


def store_import(
    store: Store,
    incoming: Iterable[Incoming],
    ending: Callable[[int], Ending],
    *,
    guess_own: bool = False,
) -> Imported:
    """Write a graph into an empty database, with the crawl that tells where it came from.

    See `open_for_import`, which makes sure that it is empty.

    Parameters
    ----------
    store : Store
    incoming : iterable of IncomingNode and IncomingEdge
        An edge after both of its ends. What iterating raises undoes everything.
    ending : callable
        Is given the number of connections stored when all has come.
    guess_own : bool
        Whether values of users' own columns are texts all, and of what kind is to be found out.

    Returns
    -------
    Imported

    Raises
    ------
    StoreError
        If the database cannot be written.
    """
    moment = dialects.now()
    with store.reading() as connection:
        dialects.stage_on_disk(connection)
        with connection.begin():
            STAGED.create_all(connection, checkfirst=False)
            came = _Stage(connection, moment, guess=guess_own).take(incoming)
            imported = _settle(connection, came, ending, moment)
            STAGED.drop_all(connection, checkfirst=False)
    return imported


class _Stage:
    """Takes what comes, a batch at a time."""

    def __init__(self, connection: Connection, moment: datetime, *, guess: bool) -> None:
        self._connection = connection
        self._dialect = connection.dialect.name
        self._now = dialects.stamp(self._dialect, moment)
        self._own = OwnStage(connection, moment, guess=guess)

    def take(self, incoming: Iterable[Incoming]) -> tuple[int, int]:
        """Take everything, and give how many accounts and connections came."""
        accounts = connections = 0
        for batch in _batches(incoming):
            nodes = [one for one in batch if type(one) is IncomingNode]
            _INSERT_NODE.run_tuples(self._connection, [self._node(one) for one in nodes])
            _INSERT_STANDING.run_tuples(self._connection, [self._standing(one) for one in nodes])
            self._own.stage(nodes)
            self._stage_edges([one for one in batch if type(one) is IncomingEdge])
            accounts += len(nodes)
            connections += len(batch) - len(nodes)
        return accounts, connections

    def _node(self, node: IncomingNode) -> tuple[object, ...]:
        seen = self._stamp(node.last_seen_at)
        return (
            node.key,
            *(node.network, node.social_id, node.username, name_key(node.username)),
            *(node.title, node.avatar_url, node.subscribers_count, node.er, node.state),
            *(self._stamp(node.first_seen_at or node.last_seen_at), seen, seen),
        )

    def _standing(self, node: IncomingNode) -> tuple[object, ...]:
        answered_at = node.answered_at and self._stamp(node.answered_at)
        return (node.key, node.depth, node.visit, node.cause, node.whole, answered_at)

    def _stage_edges(self, edges: list[IncomingEdge]) -> None:
        stamp, now = self._stamp, self._now
        rows = [
            (source, target, position, certainty, now, now, removed and stamp(removed))
            if last is None is first
            else (
                *(source, target, position, certainty),
                *(stamp(first or last), stamp(last), removed and stamp(removed)),
            )
            for source, target, position, certainty, first, last, removed in edges
        ]
        _INSERT_LISTING.run_tuples(self._connection, rows)

    def _stamp(self, moment: datetime | None) -> object:
        return self._now if moment is None else dialects.stamp(self._dialect, moment)


def _batches(incoming: Iterable[Incoming]) -> Iterator[list[Incoming]]:
    rest = iter(incoming)
    while batch := list(islice(rest, _BATCH)):
        yield batch


def _settle(
    connection: Connection, came: tuple[int, int], ending: Callable[[int], Ending], moment: datetime
) -> Imported:
    crawl_id = insert_crawl(connection, (), {}, moment)
    _judge(connection)
    _write_answers(connection, crawl_id, moment)
    _write_visits(connection, crawl_id)
    _expand(connection)
    connections = _write_edges(connection)
    store_own(connection, moment)
    told = ending(connections)
    connection.execute(update(DatabaseSource).values(origin=told.origin.value))
    ended = {"status": "complete", "finished_at": dialects.now(), "settings": dict(told.settings)}
    connection.execute(update(CrawlRow).where(CrawlRow.id == crawl_id).values(ended))
    connection.execute(update(RunRow).where(RunRow.crawl_id == crawl_id).values(ended))
    asked = select(func.count()).where(VisitRow.crawl_id == crawl_id, VisitRow.status == "done")
    return Imported(
        crawl_id=crawl_id,
        accounts=came[0],
        connections=connections,
        asked=connection.execute(asked).scalar_one(),
        repeated=came[1] - connections,
    )


def _judge(connection: Connection) -> None:
    """Let the certainty of the connections to an account say whether all it lists is known.

    Where they disagree (an account that was asked for some of its connections only) it is not.
    """
    for certainty, whole in ((Certainty.ONE_WAY, True), (Certainty.UNKNOWN, False)):
        listed = select(_listings.c.target_id).where(_listings.c.certainty == certainty.value)
        connection.execute(
            update(_standings).where(_standings.c.node_id.in_(listed)).values(whole=whole)
        )


def _write_answers(connection: Connection, crawl_id: int, moment: datetime) -> None:
    """Write an answer for each account that was asked, or that lists others all the same."""
    lists = (
        select(_listings.c.source_id, func.count(func.distinct(_listings.c.target_id)).label("n"))
        .group_by(_listings.c.source_id)
        .subquery()
    )
    whole = _standings.c.whole
    rows = (
        select(
            literal(crawl_id),
            _standings.c.node_id,
            func.coalesce(_standings.c.answered_at, literal(moment, UtcDateTime())),
            literal(ANSWERED),
            func.coalesce(lists.c.n, 0),
            case((whole, 0), else_=1),
            case((whole, null()), else_=NOT_ALL_IMPORTED),
        )
        .outerjoin(lists, lists.c.source_id == _standings.c.node_id)
        .where((_standings.c.visit == "done") | lists.c.n.is_not(None))
        .order_by(_standings.c.node_id)
    )
    columns = ("crawl_id", "node_id", "asked_at", "outcome", "rows", "skipped_rows", "note")
    connection.execute(insert(table_of(AnswerRow)).from_select(list(columns), rows))


def _write_visits(connection: Connection, crawl_id: int) -> None:
    rows = (
        select(
            *(literal(crawl_id), _standings.c.node_id, _standings.c.depth, _standings.c.visit),
            *(literal(0), literal(0), _standings.c.cause, AnswerRow.id),
        )
        .outerjoin(AnswerRow, AnswerRow.node_id == _standings.c.node_id)
        .order_by(_standings.c.node_id)
    )
    columns = ("crawl_id", "node_id", "depth", "status", "attempts", "postponed", "cause")
    connection.execute(insert(table_of(VisitRow)).from_select([*columns, "answer_id"], rows))


def _expand(connection: Connection) -> None:
    """Mark the accounts whose whole list is known; that of a ring is so among these alone."""
    whole = select(_standings.c.node_id).where(
        _standings.c.whole, func.coalesce(_standings.c.cause, "") != RING
    )
    # There is no other crawl; naming this one would offer SQLite an index that finds all answers.
    asked_at = select(AnswerRow.asked_at).where(AnswerRow.node_id == NodeRow.id).scalar_subquery()
    connection.execute(update(NodeRow).where(NodeRow.id.in_(whole)).values(expanded_at=asked_at))


def _write_edges(connection: Connection) -> int:
    """Write each connection once, and give their number."""
    columns = (
        *("source_id", "target_id", "position", "first_seen_at", "last_seen_at", "removed_at"),
        "answer_id",
    )
    rows = _placed().order_by("source_id", "target_id")
    statement = insert(table_of(EdgeRow)).from_select(list(columns), rows)
    return connection.execute(statement).rowcount


def _placed() -> Select[Any]:
    """Give the connections with their places; of a repeated one the first counts."""
    pair = (_listings.c.source_id, _listings.c.target_id)
    time = func.row_number().over(partition_by=pair, order_by=_listings.c.sequence)
    once = select(_listings, time.label("time")).subquery()
    place = func.row_number().over(partition_by=once.c.source_id, order_by=once.c.sequence)
    return (
        select(
            once.c.source_id.label("source_id"),
            once.c.target_id.label("target_id"),
            func.coalesce(once.c.position, place - 1),
            once.c.first_seen_at,
            once.c.last_seen_at,
            once.c.removed_at,
            AnswerRow.id,
        )
        .join(AnswerRow, AnswerRow.node_id == once.c.source_id)
        .where(once.c.time == 1)
    )
