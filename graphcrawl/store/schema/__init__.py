"""The tables, each column with its sentence; times are UTC by type.

Accounts are keyed by small integers: 200,000 accounts and a million connections took 54 MB this
way against 91-125 MB with text keys, and neighbours are found faster.
"""

from graphcrawl.store.schema.accounts import AvatarRow, ForgottenRow, NodeHistoryRow, NodeRow
from graphcrawl.store.schema.base import (
    NAMES,
    Base,
    DatabaseSource,
    Key,
    UtcDateTime,
)
from graphcrawl.store.schema.connections import EdgeChangeRow, EdgeGapRow, EdgeRow
from graphcrawl.store.schema.crawls import AnswerRow, CrawlRow, RunRow, VisitRow
from graphcrawl.store.schema.found import (
    ClusteringRow,
    ClusterRow,
    CreatorAccountRow,
    CreatorDecisionRow,
    CreatorRow,
    MembershipRow,
)
from graphcrawl.store.schema.own import NoteRow, OwnColumnRow, OwnValueRow, TagRow
from graphcrawl.store.schema.rows import RowClass, alias_of, column, table_of
from graphcrawl.store.schema.search import (
    SEARCH,
    SEARCH_COLUMNS,
    SEARCH_SENTENCE,
    SearchWaitingRow,
    create_triggers,
    drop_triggers,
)
from graphcrawl.store.schema.views import EDGE_LIST, create_views, drop_views

__all__ = [
    "EDGE_LIST",
    "NAMES",
    "SEARCH",
    "SEARCH_COLUMNS",
    "SEARCH_SENTENCE",
    "AnswerRow",
    "AvatarRow",
    "Base",
    "ClusterRow",
    "ClusteringRow",
    "CrawlRow",
    "CreatorAccountRow",
    "CreatorDecisionRow",
    "CreatorRow",
    "DatabaseSource",
    "EdgeChangeRow",
    "EdgeGapRow",
    "EdgeRow",
    "ForgottenRow",
    "Key",
    "MembershipRow",
    "NodeHistoryRow",
    "NodeRow",
    "NoteRow",
    "OwnColumnRow",
    "OwnValueRow",
    "RowClass",
    "RunRow",
    "SearchWaitingRow",
    "TagRow",
    "UtcDateTime",
    "VisitRow",
    "alias_of",
    "column",
    "create_triggers",
    "create_views",
    "drop_triggers",
    "drop_views",
    "table_of",
]
