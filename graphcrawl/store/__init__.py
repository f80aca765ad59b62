"""The database: tables, frontier, recorder, permits, reading back. Foreign errors end here."""

from graphcrawl.store.avatars import AvatarAlbum, count_avatars, read_avatars
from graphcrawl.store.boot_clock import BootClock, boot_clock
from graphcrawl.store.clusterings import (
    ClusteringFacts,
    ClusteringSettings,
    highest_cluster,
    newest_clustering,
    save_clustering,
)
from graphcrawl.store.crawls import (
    TRANSIENT,
    CrawlRecord,
    crawl_record,
    finish_crawl,
    list_crawls,
    newest_unfinished,
    seed_outcomes,
    start_crawl,
    take_up,
)
from graphcrawl.store.creators import AccountFacts, CreatorFacts, numbers_of, store_creators
from graphcrawl.store.decisions import (
    DecisionFacts,
    merge_accounts,
    read_decisions,
    split_accounts,
)
from graphcrawl.store.dialects import database_path
from graphcrawl.store.forgetting import Forgotten, forget_account
from graphcrawl.store.frontier import CrawlFrontier
from graphcrawl.store.lock import crawl_lock
from graphcrawl.store.opening import Store, open_for_reading, open_store
from graphcrawl.store.permits import PermitSettings, SharedPermits
from graphcrawl.store.query import QueryResult, run_query
from graphcrawl.store.reader import GraphFacts, read_graph

__all__ = [
    "TRANSIENT",
    "AccountFacts",
    "AvatarAlbum",
    "BootClock",
    "ClusteringFacts",
    "ClusteringSettings",
    "CrawlFrontier",
    "CrawlRecord",
    "CreatorFacts",
    "DecisionFacts",
    "Forgotten",
    "GraphFacts",
    "PermitSettings",
    "QueryResult",
    "SharedPermits",
    "Store",
    "boot_clock",
    "count_avatars",
    "crawl_lock",
    "crawl_record",
    "database_path",
    "finish_crawl",
    "forget_account",
    "highest_cluster",
    "list_crawls",
    "merge_accounts",
    "newest_clustering",
    "newest_unfinished",
    "numbers_of",
    "open_for_reading",
    "open_store",
    "read_avatars",
    "read_decisions",
    "read_graph",
    "run_query",
    "save_clustering",
    "seed_outcomes",
    "split_accounts",
    "start_crawl",
    "store_creators",
    "take_up",
]
