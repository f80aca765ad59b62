"""The database: tables, frontier, recorder, permits, reading back. Foreign errors end here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphcrawl.doors import door

if TYPE_CHECKING:
    from graphcrawl.store.arrivals import Way
    from graphcrawl.store.avatars import AvatarAlbum, count_avatars, read_avatars
    from graphcrawl.store.census import Headcount, levels_after
    from graphcrawl.store.clusterings import (
        ClusteringFacts,
        ClusteringSettings,
        highest_cluster,
        newest_clustering,
        newest_settings,
        save_clustering,
    )
    from graphcrawl.store.crawls import (
        IMPORT,
        CrawlRecord,
        crawl_record,
        list_crawls,
        newest_unfinished,
        seed_outcomes,
    )
    from graphcrawl.store.creators import AccountFacts, CreatorFacts, numbers_of, store_creators
    from graphcrawl.store.decisions import (
        DecisionFacts,
        merge_accounts,
        read_decisions,
        split_accounts,
    )
    from graphcrawl.store.failures import Failure, read_failures
    from graphcrawl.store.forgetting import Forgotten, forget_account
    from graphcrawl.store.formerly import Met
    from graphcrawl.store.frontier import CrawlFrontier
    from graphcrawl.store.grouping import GroupingFacts
    from graphcrawl.store.importing import Imported, open_for_import, store_import
    from graphcrawl.store.known import KnownLevel, KnownSeed, read_known_levels, read_known_seeds
    from graphcrawl.store.listed import ListedFacts, read_listed
    from graphcrawl.store.lock import crawl_lock
    from graphcrawl.store.matching import Match
    from graphcrawl.store.name_index import bring_up_to_date
    from graphcrawl.store.neighbourhood import Neighbourhood, look_around
    from graphcrawl.store.opening import (
        Store,
        open_for_reading,
        open_store,
        origin_held,
        refuse_mixing,
    )
    from graphcrawl.store.own import (
        Marked,
        OwnFacts,
        add_tags,
        read_held,
        read_own,
        remove_columns,
        remove_tags,
        store_columns,
        write_note,
    )
    from graphcrawl.store.past import SideFacts, read_past, read_side
    from graphcrawl.store.permits import PermitSettings, SharedPermits
    from graphcrawl.store.profile import StoredAccount
    from graphcrawl.store.reader import GraphFacts, read_graph
    from graphcrawl.store.refreshing import GOES_NO_DEEPER, RefreshScope, start_refresh
    from graphcrawl.store.reopening import REFRESH
    from graphcrawl.store.retries import TRANSIENT, Retry
    from graphcrawl.store.runs import RunRecord
    from graphcrawl.store.schema.described import Described, DescribedColumn, described
    from graphcrawl.store.search import Scope, search_accounts
    from graphcrawl.store.since_boot import BootClock, boot_clock
    from graphcrawl.store.sought import Held, held_by_key, listed_accounts, match_accounts
    from graphcrawl.store.sqlite_file import database_path
    from graphcrawl.store.starting import finish_crawl, start_crawl, take_up
    from graphcrawl.store.totals import Totals, read_totals
else:
    __getattr__ = door(
        __name__,
        {
            "arrivals": "Way",
            "avatars": "AvatarAlbum count_avatars read_avatars",
            "since_boot": "BootClock boot_clock",
            "census": "Headcount levels_after",
            "clusterings": (
                "ClusteringFacts ClusteringSettings highest_cluster newest_clustering "
                "newest_settings save_clustering"
            ),
            "crawls": (
                "IMPORT CrawlRecord crawl_record list_crawls newest_unfinished seed_outcomes"
            ),
            "creators": "AccountFacts CreatorFacts numbers_of store_creators",
            "decisions": "DecisionFacts merge_accounts read_decisions split_accounts",
            "failures": "Failure read_failures",
            "forgetting": "Forgotten forget_account",
            "formerly": "Met",
            "frontier": "CrawlFrontier",
            "grouping": "GroupingFacts",
            "importing": "Imported open_for_import store_import",
            "known": "KnownLevel KnownSeed read_known_levels read_known_seeds",
            "listed": "ListedFacts read_listed",
            "lock": "crawl_lock",
            "matching": "Match",
            "name_index": "bring_up_to_date",
            "neighbourhood": "Neighbourhood look_around",
            "opening": "Store open_for_reading open_store origin_held refuse_mixing",
            "own": (
                "Marked OwnFacts add_tags read_held read_own remove_columns remove_tags "
                "store_columns write_note"
            ),
            "past": "SideFacts read_past read_side",
            "permits": "PermitSettings SharedPermits",
            "profile": "StoredAccount",
            "reader": "GraphFacts read_graph",
            "refreshing": "GOES_NO_DEEPER RefreshScope start_refresh",
            "reopening": "REFRESH",
            "retries": "TRANSIENT Retry",
            "runs": "RunRecord",
            "schema.described": "Described DescribedColumn described",
            "search": "Scope search_accounts",
            "sought": "Held held_by_key listed_accounts match_accounts",
            "sqlite_file": "database_path",
            "starting": "finish_crawl start_crawl take_up",
            "totals": "Totals read_totals",
        },
    )

__all__ = [
    "GOES_NO_DEEPER",
    "IMPORT",
    "REFRESH",
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
    "Described",
    "DescribedColumn",
    "Failure",
    "Forgotten",
    "GraphFacts",
    "GroupingFacts",
    "Headcount",
    "Held",
    "Imported",
    "KnownLevel",
    "KnownSeed",
    "ListedFacts",
    "Marked",
    "Match",
    "Met",
    "Neighbourhood",
    "OwnFacts",
    "PermitSettings",
    "RefreshScope",
    "Retry",
    "RunRecord",
    "Scope",
    "SharedPermits",
    "SideFacts",
    "Store",
    "StoredAccount",
    "Totals",
    "Way",
    "add_tags",
    "boot_clock",
    "bring_up_to_date",
    "count_avatars",
    "crawl_lock",
    "crawl_record",
    "database_path",
    "described",
    "finish_crawl",
    "forget_account",
    "held_by_key",
    "highest_cluster",
    "levels_after",
    "list_crawls",
    "listed_accounts",
    "look_around",
    "match_accounts",
    "merge_accounts",
    "newest_clustering",
    "newest_settings",
    "newest_unfinished",
    "numbers_of",
    "open_for_import",
    "open_for_reading",
    "open_store",
    "origin_held",
    "read_avatars",
    "read_decisions",
    "read_failures",
    "read_graph",
    "read_held",
    "read_known_levels",
    "read_known_seeds",
    "read_listed",
    "read_own",
    "read_past",
    "read_side",
    "read_totals",
    "refuse_mixing",
    "remove_columns",
    "remove_tags",
    "save_clustering",
    "search_accounts",
    "seed_outcomes",
    "split_accounts",
    "start_crawl",
    "start_refresh",
    "store_columns",
    "store_creators",
    "store_import",
    "take_up",
    "write_note",
]
