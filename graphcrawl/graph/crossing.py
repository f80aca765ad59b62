"""The edges by which accounts of one owner may be found, told apart before any name is read."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from graphcrawl.graph.columns import MUTUAL, ONE_WAY, EdgeColumns
from graphcrawl.graph.connections import ConnectionGraph
from graphcrawl.graph.keys import Places


def that_may_link(graph: ConnectionGraph) -> ConnectionGraph:
    """Keep all nodes, and the edges that `graphcrawl.graph.evidence.find_links` may make links of.

    They lead to another network, and it is not known of their two ends that one of them does not
    list the other. In a crawl in which most were asked these are few.
    """
    nodes, edges = graph.nodes, EdgeColumns.of(graph.edges)
    numbers: dict[str, int] = {}
    networks = np.fromiter(
        (numbers.setdefault(node.network, len(numbers)) for node in nodes), np.int64, len(nodes)
    )
    places = Places(np.fromiter((node.id for node in nodes), np.int64, len(nodes)))
    sources, targets = places.of(edges.sources), places.of(edges.targets)
    crossing = networks[sources] != networks[targets]
    pairs = np.minimum(sources, targets) * len(nodes) + np.maximum(sources, targets)
    denied = pairs[crossing & (edges.certainties == ONE_WAY)]
    granted = pairs[crossing & (edges.certainties == MUTUAL)]
    crossing &= ~np.isin(pairs, np.setdiff1d(denied, granted))
    return replace(graph, edges=edges.only(crossing))
