"""Rows read back as a graph: nodes, edges, what is known of both, and whose accounts they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphcrawl.doors import door

if TYPE_CHECKING:
    from graphcrawl.graph.connections import ConnectionGraph, Edge, Node
    from graphcrawl.graph.creators import (
        Creator,
        CreatorAccount,
        Decisions,
        Evidence,
        find_creators,
    )
    from graphcrawl.graph.evidence import Confidence
    from graphcrawl.graph.found import Found
    from graphcrawl.graph.seeds import SeedTies, find_seed_ties
else:
    __getattr__ = door(
        __name__,
        {
            "connections": "ConnectionGraph Edge Node",
            "creators": "Creator CreatorAccount Decisions Evidence find_creators",
            "evidence": "Confidence",
            "found": "Found",
            "seeds": "SeedTies find_seed_ties",
        },
    )

__all__ = [
    "Confidence",
    "ConnectionGraph",
    "Creator",
    "CreatorAccount",
    "Decisions",
    "Edge",
    "Evidence",
    "Found",
    "Node",
    "SeedTies",
    "find_creators",
    "find_seed_ties",
]
