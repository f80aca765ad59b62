"""Ready-made queries by name, as data: for ``query --named``, Datasette, and to learn from."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from graphcrawl.errors import InputError
from graphcrawl.wording import printable

_SHOWN: Final = 60


@dataclass(frozen=True, slots=True)
class NamedQuery:
    """A query that many have wanted.

    Attributes
    ----------
    name : str
    title, sentence : str
        What it gives, in a few words and in one sentence.
    sql : str
        Its values are absent where they are NULL or empty: a form on a page leaves them empty.
    parameters : mapping of str to str
        What each value means; all may be left out.
    """

    name: str
    title: str
    sentence: str
    sql: str
    parameters: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def values(self, given: Mapping[str, object]) -> dict[str, object]:
        """Give a value, or none, for each parameter.

        Raises
        ------
        InputError
            If one is given that the query does not have.
        """
        for name in given:
            if name not in self.parameters:
                known = ", ".join(self.parameters) or "none"
                shown = printable(name, _SHOWN)
                raise InputError(f"--param {shown}: {self.name} has no such value; it has {known}")
        return {name: given.get(name) for name in self.parameters}


def named_query(name: str) -> NamedQuery:
    """Find a ready-made query.

    Raises
    ------
    InputError
        If there is none of this name.
    """
    if name in NAMED:
        return NAMED[name]
    near = difflib.get_close_matches(name[:_SHOWN], NAMED, n=1)
    hint = f"did you mean {near[0]}? " if near else ""
    raise InputError(
        f"--named {printable(name, _SHOWN)!r}: there is no such query; {hint}"
        f"there are {', '.join(NAMED)}"
    )


_CRAWL: Final = {"crawl": "A crawl's number; all without it."}
_NETWORK: Final = {"network": "instagram, youtube...; all without it."}
_SINCE: Final = {"since": "A date, 2026-01-31; without it, the start of the newest crawl."}

_ALL: Final = (
    NamedQuery(
        "rim",
        "Accounts at the rim",
        "The outermost accounts of a crawl, which were not asked: by how many listed them.",
        """
SELECT n.network, n.username, n.title, n.subscribers_count AS followers, v.depth, v.crawl_id,
       (SELECT count(*) FROM edges e WHERE e.target_id = n.id AND e.removed_at IS NULL)
           AS listed_by
FROM visits v
JOIN nodes n ON n.id = v.node_id
WHERE v.status = 'skipped' AND v.cause = 'rim'
  AND (nullif(:crawl, '') IS NULL OR v.crawl_id = CAST(:crawl AS INTEGER))
ORDER BY listed_by DESC, followers DESC, n.network, n.username, v.crawl_id
""",
        _CRAWL,
    ),
    NamedQuery(
        "not-asked",
        "Most listed, never asked",
        "Accounts that no crawl has asked about, the most listed first: whom to ask next.",
        """
SELECT n.network, n.username, n.social_id, n.title, n.subscribers_count AS followers,
       count(*) AS listed_by
FROM nodes n
JOIN edges e ON e.target_id = n.id AND e.removed_at IS NULL
WHERE NOT EXISTS (SELECT 1 FROM answers a WHERE a.node_id = n.id)
  AND (nullif(:network, '') IS NULL OR n.network = :network)
GROUP BY n.id
ORDER BY listed_by DESC, followers DESC, n.network, n.username
""",
        _NETWORK,
    ),
    NamedQuery(
        "hubs",
        "Most listed accounts",
        "Accounts by how many list them; whom they list themselves is NULL where it is not known.",
        """
SELECT n.network, n.username, n.title, n.subscribers_count AS followers,
       count(*) AS listed_by,
       CASE WHEN n.expanded_at IS NOT NULL THEN
           (SELECT count(*) FROM edges o WHERE o.source_id = n.id AND o.removed_at IS NULL)
       END AS lists
FROM nodes n
JOIN edges e ON e.target_id = n.id AND e.removed_at IS NULL
WHERE nullif(:network, '') IS NULL OR n.network = :network
GROUP BY n.id
ORDER BY listed_by DESC, followers DESC, n.network, n.username
""",
        _NETWORK,
    ),
    NamedQuery(
        "mutual",
        "Mutual pairs",
        "Pairs of accounts that list each other, by the followers of the smaller one.",
        """
SELECT a.network AS network_1, a.username AS username_1, a.subscribers_count AS followers_1,
       b.network AS network_2, b.username AS username_2, b.subscribers_count AS followers_2
FROM edges e
JOIN edges r ON r.source_id = e.target_id AND r.target_id = e.source_id
            AND r.removed_at IS NULL
JOIN nodes a ON a.id = e.source_id
JOIN nodes b ON b.id = e.target_id
WHERE e.removed_at IS NULL AND e.source_id < e.target_id
ORDER BY min(a.subscribers_count, b.subscribers_count) DESC, e.source_id, e.target_id
""",
    ),
    NamedQuery(
        "networks",
        "Connections between networks",
        "How many connections lead from each network to each, and how sure their way back is.",
        """
SELECT source_network, target_network, count(*) AS connections,
       sum(certainty = 'mutual') AS mutual, sum(certainty = 'one-way') AS one_way,
       sum(certainty = 'unknown') AS unknown
FROM edge_list
GROUP BY source_network, target_network
ORDER BY connections DESC, source_network, target_network
""",
    ),
    NamedQuery(
        "bridges",
        "Accounts that bridge networks",
        "Accounts tied to accounts on other networks than their own: on how many, and to whom.",
        """
WITH ties AS (
    SELECT source_id AS node_id, target_id AS other_id FROM edges WHERE removed_at IS NULL
    UNION
    SELECT target_id, source_id FROM edges WHERE removed_at IS NULL
)
SELECT n.network, n.username, n.title, n.subscribers_count AS followers,
       count(DISTINCT o.network) AS other_networks, count(*) AS accounts_there
FROM ties t
JOIN nodes n ON n.id = t.node_id
JOIN nodes o ON o.id = t.other_id AND o.network <> n.network
GROUP BY n.id
ORDER BY other_networks DESC, accounts_there DESC, followers DESC, n.network, n.username
""",
    ),
    NamedQuery(
        "new",
        "New accounts",
        "Accounts that were first seen since a date.",
        """
SELECT network, username, title, subscribers_count AS followers, first_seen_at
FROM nodes
WHERE first_seen_at >= coalesce(
    replace(nullif(:since, ''), 'T', ' '), (SELECT max(started_at) FROM crawls)
)
ORDER BY followers DESC, network, username
""",
        _SINCE,
    ),
    NamedQuery(
        "lost-connections",
        "Connections that vanished",
        "Connections that a later whole answer no longer held, the latest first.",
        """
SELECT s.network AS source_network, s.username AS source_username,
       t.network AS target_network, t.username AS target_username,
       e.first_seen_at, e.last_seen_at, e.removed_at
FROM edges e
JOIN nodes s ON s.id = e.source_id
JOIN nodes t ON t.id = e.target_id
WHERE e.removed_at IS NOT NULL
ORDER BY e.removed_at DESC, s.network, s.username, t.network, t.username
""",
    ),
    NamedQuery(
        "lost-followers",
        "Lost followers",
        "Accounts with fewer followers than at an earlier answer, the largest loss first.",
        """
SELECT n.network, n.username, n.title, max(h.subscribers_count) AS most_followers,
       n.subscribers_count AS followers,
       n.subscribers_count - max(h.subscribers_count) AS change
FROM nodes n
JOIN node_history h ON h.node_id = n.id
GROUP BY n.id
HAVING followers < most_followers
ORDER BY change, n.network, n.username
""",
    ),
    NamedQuery(
        "renamed",
        "Renamed accounts",
        "Accounts that had another username or title before.",
        """
SELECT n.network, h.username AS former_username, n.username, h.title AS former_title, n.title,
       h.valid_from, h.valid_to
FROM node_history h
JOIN nodes n ON n.id = h.node_id
WHERE h.username <> n.username OR h.title <> n.title
ORDER BY h.valid_to DESC, n.network, n.username, h.id
""",
    ),
    NamedQuery(
        "unanswered-seeds",
        "Seeds without an answer",
        "Seeds that are private, have no report, or failed, with the cause.",
        """
SELECT v.crawl_id, n.network, n.username, n.social_id, v.status, v.cause, v.error
FROM visits v
JOIN nodes n ON n.id = v.node_id
WHERE v.depth = 0 AND v.status IN ('failed', 'deferred', 'skipped')
ORDER BY v.crawl_id, v.cause, n.network, n.username
""",
    ),
    NamedQuery(
        "failures",
        "Failures by cause",
        "How many accounts of each crawl failed or wait, by cause.",
        """
SELECT crawl_id, status, cause, count(*) AS accounts, max(error) AS example
FROM visits
WHERE status IN ('failed', 'deferred')
GROUP BY crawl_id, status, cause
ORDER BY crawl_id, accounts DESC, cause
""",
    ),
    NamedQuery(
        "cluster-sizes",
        "Clusters of the newest clustering",
        "The clusters that graphcrawl clusters found last, by size; it has to be run first.",
        """
SELECT c.clustering_id, c.cluster, c.name, count(*) AS accounts,
       sum(n.subscribers_count) AS sum_of_followers, max(n.subscribers_count) AS most_followers
FROM clusters c
JOIN memberships m ON m.clustering_id = c.clustering_id AND m.cluster = c.cluster
JOIN nodes n ON n.id = m.node_id
WHERE c.clustering_id = (SELECT max(id) FROM clusterings)
GROUP BY c.clustering_id, c.cluster
ORDER BY accounts DESC, c.cluster
""",
    ),
    NamedQuery(
        "creator-networks",
        "Creators and their networks",
        "Owners of accounts on several networks, as graphcrawl creators last found them.",
        """
SELECT c.id, c.name, count(*) AS accounts,
       group_concat(DISTINCT n.network) AS networks,
       sum(n.subscribers_count) AS sum_of_followers_audiences_overlap
FROM creators c
JOIN creator_accounts a ON a.creator_id = c.id
JOIN nodes n ON n.id = a.node_id
GROUP BY c.id
ORDER BY sum_of_followers_audiences_overlap DESC, c.id
""",
    ),
    NamedQuery(
        "certainty",
        "Connections with their certainty",
        "Every standing connection: who lists whom, and what is known of the way back.",
        """
SELECT source_network, source_username, target_network, target_username, certainty, position,
       first_seen_at
FROM edge_list
ORDER BY source_network, source_username, position, source_id, target_id
""",
    ),
    NamedQuery(
        "days",
        "Answers a day",
        "How many answers came each day, how many of them refused, and how many accounts are new.",
        """
SELECT date(a.asked_at) AS day, count(*) AS answers, sum(a.outcome = 'ok') AS ok,
       sum(a.outcome <> 'ok') AS refused, sum(a.rows) AS connections,
       (SELECT count(*) FROM nodes n WHERE date(n.first_seen_at) = date(a.asked_at))
           AS new_accounts
FROM answers a
GROUP BY day
ORDER BY day
""",
    ),
)

NAMED: Final[Mapping[str, NamedQuery]] = MappingProxyType({one.name: one for one in _ALL})
"""By name, in the order of their listing."""
