"""The second view of a page, without what the first already tells: two views, hardly more bytes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphcrawl.graph.contraction import CREATOR


def folded(accounts: Mapping[str, Any], creators: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out of the view by creator what stands in the one by account.

    Parameters
    ----------
    accounts, creators : mapping
        Both views as `graphcrawl.map.page.payload` makes them, over the same table of words.

    Returns
    -------
    dict
        Entries that differ. Of an account's node only what differs, by its ``id``, null where
        only the other view has it; of the edges only those at a creator. `unfolded` in
        by_creator.js is the way back.
    """
    known = {node["id"]: node for node in accounts["nodes"]}
    nodes = creators["nodes"]
    differing = {
        key: value
        for key, value in creators.items()
        if key not in ("nodes", "edges", "owners", "words") and value != accounts.get(key)
    }
    return {
        **differing,
        "nodes": [_difference(node, known[node["id"]]) for node in nodes],
        "edges": [
            edge
            for edge in creators["edges"]
            if CREATOR in (nodes[edge[0]]["kind"], nodes[edge[1]]["kind"])
        ],
    }


def _difference(node: Mapping[str, Any], known: Mapping[str, Any]) -> Mapping[str, Any]:
    # A creator bears the key of its most followed account, and shares nothing else with it.
    if node["kind"] == CREATOR:
        return node
    new = {key: value for key, value in node.items() if known.get(key) != value or key == "id"}
    return {**new, **{key: None for key in known if key not in node}}
