"""The database: tables, frontier, recorder, permits, reading back. Foreign errors end here."""

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
    "ClusteringFacts",
    "ClusteringSettings",
    "CrawlFrontier",
    "CrawlRecord",
    "Forgotten",
    "GraphFacts",
    "PermitSettings",
    "QueryResult",
    "SharedPermits",
    "Store",
    "crawl_lock",
    "crawl_record",
    "database_path",
    "finish_crawl",
    "forget_account",
    "highest_cluster",
    "list_crawls",
    "newest_clustering",
    "newest_unfinished",
    "open_for_reading",
    "open_store",
    "read_graph",
    "run_query",
    "save_clustering",
    "seed_outcomes",
    "start_crawl",
    "take_up",
]
