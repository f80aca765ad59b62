"""What is found in a database's graph: from its rows to values, and back into its tables."""

from graphcrawl.findings.clusters import Clustering, cluster, communities_of
from graphcrawl.findings.graphs import difference_of, graph_of, held_by, read_arrays, record_of
from graphcrawl.findings.own import chosen_in, own_of
from graphcrawl.findings.owners import (
    KnownCreators,
    creators_of,
    keep_creators,
    known_creators,
    seed_ties_of,
)
from graphcrawl.findings.together import found_in

__all__ = [
    "Clustering",
    "KnownCreators",
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
    "read_arrays",
    "record_of",
    "seed_ties_of",
]
