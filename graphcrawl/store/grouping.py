"""Where some accounts are in the newest clustering that is stored."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, select

from graphcrawl.store import dialects
from graphcrawl.store.clusterings import newest_first
from graphcrawl.store.schema import ClusteringRow, ClusterRow, MembershipRow, table_of


class GroupingFacts(NamedTuple):
    """A clustering, and where in it some accounts are."""

    id: int
    method: str
    created_at: datetime
    clusters: dict[int, int]
    names: dict[int, str | None]


def read_grouping(
    connection: Connection, crawl_id: int | None, node_ids: Iterable[int]
) -> GroupingFacts | None:
    """Read where accounts are in the newest clustering of a crawl, or of the whole database."""
    query = select(ClusteringRow.id, ClusteringRow.method, ClusteringRow.created_at)
    row = connection.execute(newest_first(query, crawl_id)).first()
    if row is None:
        return None
    members = select(MembershipRow.node_id, MembershipRow.cluster).where(
        MembershipRow.clustering_id == row.id,
        dialects.within(table_of(MembershipRow).c.node_id, "ids"),
    )
    clusters = {
        node_id: cluster
        for node_id, cluster in connection.execute(members, {"ids": dialects.as_list(node_ids)})
    }
    names = select(ClusterRow.cluster, ClusterRow.name).where(
        ClusterRow.clustering_id == row.id,
        dialects.within(table_of(ClusterRow).c.cluster, "numbers"),
    )
    held = {"numbers": dialects.as_list(sorted(set(clusters.values())))}
    return GroupingFacts(
        row.id,
        row.method,
        row.created_at,
        clusters,
        {cluster: name for cluster, name in connection.execute(names, held)},
    )
