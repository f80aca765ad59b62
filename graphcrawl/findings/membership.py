"""In which stored cluster accounts are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from graphcrawl.store import Neighbourhood


@dataclass(frozen=True, slots=True)
class Membership:
    """An account's place in the newest clustering that is stored of a graph.

    Attributes
    ----------
    clustering_id : int
    cluster : int
        The cluster's number.
    name : str or None
        The cluster's name; None where it has none.
    """

    clustering_id: int
    cluster: int
    name: str | None


def memberships(around: Neighbourhood, ids: Iterable[int]) -> dict[int, Membership]:
    """Give the places of some accounts, by key; those without one are left out.

    The clustering is the one that `account_page_of` shows: the newest of this crawl, or of the
    whole database, whatever its options.
    """
    grouping = around.grouping(ids)
    if grouping is None:
        return {}
    return {
        key: Membership(grouping.id, cluster, grouping.names.get(cluster))
        for key, cluster in grouping.clusters.items()
    }
