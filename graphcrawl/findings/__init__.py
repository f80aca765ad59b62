"""What is found in a database's graph: from its rows to values, and back into its tables."""

from graphcrawl.findings.account import AccountPage, account_page_of
from graphcrawl.findings.between import Bonds, bonds_of
from graphcrawl.findings.clusters import Clustering, cluster, communities_of
from graphcrawl.findings.graphs import difference_of, graph_of, held_by, record_of
from graphcrawl.findings.likeness import Comparison, Similar, similar_to
from graphcrawl.findings.own import chosen_in, own_of
from graphcrawl.findings.owners import (
    KnownCreators,
    creators_of,
    keep_creators,
    known_creators,
    seed_ties_of,
)
from graphcrawl.findings.together import found_in
from graphcrawl.findings.vicinity import Link, Scope, Subject
from graphcrawl.findings.ways import Paths, paths_of

__all__ = [
    "AccountPage",
    "Bonds",
    "Clustering",
    "Comparison",
    "KnownCreators",
    "Link",
    "Paths",
    "Scope",
    "Similar",
    "Subject",
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
    "record_of",
    "seed_ties_of",
    "similar_to",
]
