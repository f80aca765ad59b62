"""Edges as columns are the same edges; and those left out before creators are found change none."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphcrawl.graph import ConnectionGraph, Edge, Node
from graphcrawl.graph.columns import EdgeColumns
from graphcrawl.graph.creators import find_creators
from graphcrawl.graph.crossing import that_may_link
from graphcrawl.graph.evidence import find_links
from graphcrawl.graph.likeness import NamesOf
from graphcrawl.model import Certainty, Origin

KEYS = (2, 3, 5, 900, 901)


@st.composite
def graphs(draw: st.DrawFn) -> ConnectionGraph:
    """Accounts that are called alike, on few networks, each pair joined in any way."""
    nodes = tuple(
        Node(
            key,
            draw(st.sampled_from(["instagram", "youtube", "tiktok"])),
            f"id{key}",
            draw(st.sampled_from(["same", "samee", "samestring", "samestrinh", "other", None])),
            draw(st.sampled_from(["Title", "Other", None])),
            draw(st.one_of(st.none(), st.integers(0, 9))),
            None,
            None,
            visit=draw(st.sampled_from(["done", "skipped"])),
        )
        for key in KEYS
    )
    ends = st.tuples(st.sampled_from(KEYS), st.sampled_from(KEYS))
    pairs = draw(st.lists(ends.filter(lambda pair: pair[0] != pair[1]), unique=True))
    edges = tuple(
        Edge(source, target, at, draw(st.sampled_from(Certainty)))
        for at, (source, target) in enumerate(sorted(pairs))
    )
    return ConnectionGraph(nodes, edges, Origin.SIMULATED)


@given(graphs())
def test_columns_are_the_edges(graph: ConnectionGraph) -> None:
    columns = EdgeColumns.of(graph.edges)
    assert tuple(columns) == graph.edges
    assert len(columns) == len(graph.edges)
    for at in range(-len(columns), len(columns)):
        assert columns[at] == graph.edges[at]
    for beyond in (len(columns), -len(columns) - 1):
        with pytest.raises(IndexError):
            columns[beyond]
    assert tuple(columns[1:3]) == graph.edges[1:3]
    assert EdgeColumns.of(columns) is columns
    assert tuple(columns.only(columns.sources == KEYS[0])) == tuple(
        edge for edge in graph.edges if edge.source == KEYS[0]
    )


@given(graphs())
def test_what_is_left_out_links_nobody(graph: ConnectionGraph) -> None:
    names = NamesOf({node.id: node for node in graph.nodes})
    fewer = that_may_link(graph)
    assert find_links(fewer, names) == find_links(graph, names)
    found, expected = find_creators(fewer), find_creators(graph)
    assert [one.accounts for one in found] == [one.accounts for one in expected]
    assert find_creators(replace(graph, edges=EdgeColumns.of(graph.edges))) == expected
    networks = {node.id: node.network for node in graph.nodes}
    assert all(networks[edge.source] != networks[edge.target] for edge in fewer.edges)
