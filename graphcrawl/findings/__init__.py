"""What is found in a database's graph: from its rows to values, and back into its tables."""

from graphcrawl.findings.clusters import Clustering, cluster, communities_of
from graphcrawl.findings.graphs import difference_of, graph_of, held_by, record_of
from graphcrawl.findings.own import own_of
from graphcrawl.findings.owners import (
    KnownCreators,
    creators_of,
    keep_creators,
    known_creators,
    seed_ties_of,
)
from graphcrawl.findings.searching import Hit, search
from graphcrawl.findings.together import found_in

__all__ = [
    "Clustering",
    "Hit",
    "KnownCreators",
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
    "record_of",
    "search",
    "seed_ties_of",
]
