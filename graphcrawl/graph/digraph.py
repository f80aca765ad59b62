"""A graph as networkx has it, for people: engines take arrays, which are not made from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from graphcrawl.graph.connections import ConnectionGraph, Node
from graphcrawl.model import Origin

if TYPE_CHECKING:
    import networkx as nx

_TOLD: Final = (
    *("network", "social_id", "username", "title", "subscribers_count", "er", "state"),
    *("depth", "visit", "cause"),
)


def digraph_of(graph: ConnectionGraph) -> nx.DiGraph:
    """Give a graph as a `networkx.DiGraph`.

    Its nodes are `Node.id`, the key in the database's tables: a name need not be unique, and an
    account that no answer has named yet has no ID of its network's.

    Attributes of nodes are those of `Node`, and `asked`: only where it is true is it known whom an
    account lists. Those of edges are `position` and `certainty` (as text). What is not known is no
    attribute at all, since writers of GEXF and GraphML refuse None. The graph's own are `origin`
    and `simulated`.
    """
    import networkx as nx

    made = nx.DiGraph(origin=graph.origin.value, simulated=graph.origin is Origin.SIMULATED)
    made.add_nodes_from((node.id, _told(node)) for node in graph.nodes)
    made.add_edges_from(
        (edge.source, edge.target, {"position": edge.position, "certainty": edge.certainty.value})
        for edge in graph.edges
    )
    return made


def _told(node: Node) -> dict[str, Any]:
    values = {name: getattr(node, name) for name in _TOLD}
    known = {name: value for name, value in values.items() if value is not None}
    return {**known, "asked": node.visit == "done"}
