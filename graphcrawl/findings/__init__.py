"""What is found in a database's graph: from its rows to values, and back into its tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphcrawl.doors import door

if TYPE_CHECKING:
    from graphcrawl.findings.account import AccountPage, account_page_of
    from graphcrawl.findings.between import Bonds, bonds_of
    from graphcrawl.findings.clusters import Clustering, cluster, communities_of
    from graphcrawl.findings.graphs import difference_of, graph_of, held_by, read_arrays, record_of
    from graphcrawl.findings.likeness import Comparison, Similar, similar_to
    from graphcrawl.findings.membership import Membership
    from graphcrawl.findings.own import chosen_in, own_of
    from graphcrawl.findings.owners import (
        KnownCreators,
        creators_of,
        keep_creators,
        known_creators,
        seed_ties_of,
    )
    from graphcrawl.findings.rankings import Ranked, Top, top_of
    from graphcrawl.findings.searching import Hit, search
    from graphcrawl.findings.together import found_in
    from graphcrawl.findings.vicinity import Link, Scope, Subject
    from graphcrawl.findings.ways import Paths, paths_of
else:
    __getattr__ = door(
        __name__,
        {
            "account": "AccountPage account_page_of",
            "between": "Bonds bonds_of",
            "clusters": "Clustering cluster communities_of",
            "graphs": "difference_of graph_of held_by read_arrays record_of",
            "likeness": "Comparison Similar similar_to",
            "membership": "Membership",
            "own": "chosen_in own_of",
            "owners": "KnownCreators creators_of keep_creators known_creators seed_ties_of",
            "rankings": "Ranked Top top_of",
            "searching": "Hit search",
            "together": "found_in",
            "vicinity": "Link Scope Subject",
            "ways": "Paths paths_of",
        },
    )

__all__ = [
    "AccountPage",
    "Bonds",
    "Clustering",
    "Comparison",
    "Hit",
    "KnownCreators",
    "Link",
    "Membership",
    "Paths",
    "Ranked",
    "Scope",
    "Similar",
    "Subject",
    "Top",
    "account_page_of",
    "bonds_of",
    "chosen_in",
    "cluster",
    "communities_of",
    "creators_of",
    "difference_of",
    "found_in",
    "graph_of",
    "held_by",
    "keep_creators",
    "known_creators",
    "own_of",
    "paths_of",
    "read_arrays",
    "record_of",
    "search",
    "seed_ties_of",
    "similar_to",
    "top_of",
]
