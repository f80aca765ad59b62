"""Clusters as rows: which account is in which, and what they are called."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    func,
    insert,
    literal,
    select,
    tuple_,
    update,
)

from graphcrawl.store import dialects
from graphcrawl.store.opening import Store
from graphcrawl.store.schema import (
    ClusteringRow,
    ClusterRow,
    MembershipRow,
    NodeRow,
    alias_of,
    table_of,
)


@dataclass(frozen=True, slots=True)
class ClusteringSettings:
    """What was asked for; clusterings of equal settings share their numbers.

    Attributes
    ----------
    method, weight : str
    resolution : float
    rng_seed : int
    crawl_id : int or None
        The crawl whose graph it is; None: the whole database.
    """

    method: str
    weight: str
    resolution: float
    rng_seed: int
    crawl_id: int | None


@dataclass(frozen=True, slots=True)
class ClusteringFacts:
    """What was found.

    Attributes
    ----------
    engine : str
    modularity : float or None
    numbers : mapping of int to int
        Each account's cluster, by the account's key.
    names : mapping of int to (str or None)
        Each cluster's name, by its number.
    """

    engine: str
    modularity: float | None
    numbers: Mapping[int, int]
    names: Mapping[int, str | None]


def newest_clustering(
    store: Store, settings: ClusteringSettings
) -> tuple[int, ClusteringFacts] | None:
    """Read the newest clustering of these settings, with its key, if there is one.

    Raises
    ------
    StoreError
        If the database cannot be read.
    """
    with store.reading() as connection:
        return _newest(connection, settings)


def newest_settings(store: Store, crawl_id: int | None) -> tuple[ClusteringSettings, str] | None:
    """Say by what settings, and by which engine, clusters of a crawl, or of all, were last found.

    Raises
    ------
    StoreError
        If the database cannot be read.
    """
    query = select(
        *(ClusteringRow.method, ClusteringRow.weight, ClusteringRow.resolution),
        *(ClusteringRow.rng_seed, ClusteringRow.crawl_id, ClusteringRow.engine),
    )
    with store.reading() as connection:
        row = connection.execute(newest_first(query, crawl_id)).first()
    return None if row is None else (ClusteringSettings(*row[:-1]), row.engine)


def highest_cluster(store: Store, settings: ClusteringSettings) -> int:
    """Give the largest number that clusters of these settings ever had; 0 where none had one.

    Raises
    ------
    StoreError
        If the database cannot be read.
    """
    query = (
        select(func.coalesce(func.max(ClusterRow.cluster), 0))
        .join(ClusteringRow, ClusteringRow.id == ClusterRow.clustering_id)
        .where(_of(settings), ClusteringRow.crawl_id.is_not_distinct_from(settings.crawl_id))
    )
    with store.reading() as connection:
        return connection.execute(query).scalar_one()


def save_clustering(store: Store, settings: ClusteringSettings, found: ClusteringFacts) -> int:
    """Store a clustering, unless the newest one of its crawl, or of all, is the same.

    So what was asked for last is the newest, whatever other settings have found. Accounts that were
    forgotten, or became one with another, since they were read are left out.

    Returns
    -------
    int
        Its key.

    Raises
    ------
    StoreError
        If the database cannot be written.
    """
    with store.writing() as connection:
        newest = _newest(connection, settings)
        last = connection.scalar(newest_first(select(ClusteringRow.id), settings.crawl_id))
        if newest is not None and newest == (last, found):
            return newest[0]
        return _insert(connection, settings, found)


def newest_first(query: Select[*tuple[Any, ...]], crawl_id: int | None) -> Select[*tuple[Any, ...]]:
    """Let a query for clusterings give the newest one of a crawl, or of the whole database."""
    of_this = ClusteringRow.crawl_id.is_not_distinct_from(crawl_id)
    return query.where(of_this).order_by(ClusteringRow.id.desc()).limit(1)


def _of(settings: ClusteringSettings) -> ColumnElement[bool]:
    return and_(
        ClusteringRow.method == settings.method,
        ClusteringRow.weight == settings.weight,
        ClusteringRow.resolution == settings.resolution,
        ClusteringRow.rng_seed == settings.rng_seed,
    )


def _newest(
    connection: Connection, settings: ClusteringSettings
) -> tuple[int, ClusteringFacts] | None:
    query = select(ClusteringRow.id, ClusteringRow.engine, ClusteringRow.modularity)
    row = connection.execute(newest_first(query.where(_of(settings)), settings.crawl_id)).first()
    if row is None:
        return None
    numbers = select(MembershipRow.node_id, MembershipRow.cluster).where(
        MembershipRow.clustering_id == row.id
    )
    names = select(ClusterRow.cluster, ClusterRow.name).where(ClusterRow.clustering_id == row.id)
    return row.id, ClusteringFacts(
        engine=row.engine,
        modularity=row.modularity,
        numbers={node_id: cluster for node_id, cluster in connection.execute(numbers)},
        names={cluster: name for cluster, name in connection.execute(names)},
    )


def _insert(connection: Connection, settings: ClusteringSettings, found: ClusteringFacts) -> int:
    clustering_id = connection.execute(
        insert(ClusteringRow)
        .values(
            crawl_id=settings.crawl_id,
            method=settings.method,
            engine=found.engine,
            weight=settings.weight,
            resolution=settings.resolution,
            rng_seed=settings.rng_seed,
            modularity=found.modularity,
            created_at=dialects.now(),
        )
        .returning(ClusteringRow.id)
    ).scalar_one()
    there = _store_members(connection, clustering_id, found.numbers)
    gone = {cluster for node_id, cluster in found.numbers.items() if node_id not in there}
    dialects.insertion(table_of(ClusterRow), "clustering_id", "cluster", "name").run_tuples(
        connection,
        [
            (clustering_id, cluster, name)
            for cluster, name in sorted(_names_without(found.names, gone).items())
        ],
    )
    return clustering_id


def _store_members(
    connection: Connection, clustering_id: int, numbers: Mapping[int, int]
) -> Collection[int]:
    """Store the clusters of the accounts that are there; give the keys of these."""
    given = dialects.pairs("numbers")
    members = select(literal(clustering_id), NodeRow.id, given.c.other).join_from(
        given, NodeRow, NodeRow.id == given.c.one
    )
    stored = connection.execute(
        insert(MembershipRow).from_select(["clustering_id", "node_id", "cluster"], members),
        {"numbers": dialects.as_pairs({key: numbers[key] for key in sorted(numbers)})},
    )
    if stored.rowcount == len(numbers):
        return numbers.keys()
    of_this = MembershipRow.clustering_id == clustering_id
    return set(connection.execute(select(MembershipRow.node_id).where(of_this)).scalars())


def _names_without(names: Mapping[int, str | None], gone: set[int]) -> dict[int, str | None]:
    """Leave out the names that may be made of a forgotten account's title."""
    return {cluster: None if cluster in gone else name for cluster, name in names.items()}


def unname_clusters(connection: Connection, nodes: Iterable[int]) -> None:
    """Take their names from all clusters that hold one of the accounts, which they may tell of."""
    held = select(MembershipRow.clustering_id, MembershipRow.cluster).where(
        MembershipRow.node_id.in_(list(nodes))
    )
    _unname(connection, held)


def _unname(connection: Connection, held: object) -> None:
    key = tuple_(ClusterRow.clustering_id, ClusterRow.cluster)
    connection.execute(update(ClusterRow).where(key.in_(held)).values(name=None))  # type: ignore[arg-type]


def move_memberships(connection: Connection, provisional: int, real: int) -> None:
    """Let an account have the place of another that turned out to be the same.

    Where both have one, the real account's stays, and the other's cluster loses its name: it may
    be made of a name that nobody could connect with the account any more.
    """
    both = alias_of(MembershipRow)
    twice = select(both.clustering_id).where(both.node_id == real)
    mine = MembershipRow.node_id == provisional
    left = select(MembershipRow.clustering_id, MembershipRow.cluster).where(
        mine, MembershipRow.clustering_id.in_(twice)
    )
    _unname(connection, left)
    connection.execute(
        update(MembershipRow)
        .where(mine, MembershipRow.clustering_id.not_in(twice))
        .values(node_id=real)
    )
