"""Rows read back as a graph: nodes, edges and what is known of both."""

from graphcrawl.graph.connections import ConnectionGraph, Edge, Node

__all__ = ["ConnectionGraph", "Edge", "Node"]
